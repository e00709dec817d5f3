#!/usr/bin/env node
// Runs golden tests of lclick: `node run.mjs [FILTER]` prints `ok`/`not ok` a test and exits 1 if one failed.
//
// A NAME.clicktest file is made of sections, each begun by a line with a percent sign:
//   %test NAME       begins a test of its own; sections before the first one hold for all tests of the file. A file without is one test
//   %info            what is tested, for people
//   %require         shell; if it fails the test is skipped
//   %file NAME       a file made in the test's empty directory
//   %script          shell, run there with $LCLICK (a command: not to be quoted), $PYTHON and $SOURCE (click-elements/) set; 30 seconds
//   %expect          what it must print on standard output
//   %expect stderr   and on standard error (not looked at if absent)
//   %expect FILE     and in a file it makes
//   %exit N          its exit code, 0 if not given
// In what is expected, trailing space and empty lines at the end do not count; `{{RE}}` stands for what the regular
// expression matches; a line `...` stands for any lines. LCLICK_JOBS tests run at a time, four if not given.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
// May be a command, such as `qemu-aarch64-static build/click-aarch64/lclick`; the program is its last word.
const words = (process.env.LCLICK ?? join(root, "build/click/lclick")).split(" ");
const lclick = [...words.slice(0, -1), resolve(words.at(-1))].join(" ");

const parse = (text) => {
  const sections = [];
  for (const line of text.split("\n")) {
    const head = /^%(\w+)(?:\s+(.*?))?\s*$/.exec(line);
    if (head) sections.push({ kind: head[1], argument: head[2] ?? "", lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map((s) => ({ ...s, body: s.lines.join("\n") }));
};

/** The tests of a file: its name and that of each `%test`, with the sections that hold for it. */
const testsOf = (file) => {
  const sections = parse(readFileSync(join(here, file), "utf8"));
  const name = file.replace(/\.clicktest$/, "");
  const starts = sections.flatMap(({ kind }, i) => (kind === "test" ? [i] : []));
  if (starts.length === 0) return [{ name, sections }];
  const common = sections.slice(0, starts[0]);
  return starts.map((start, i) => ({
    name: `${name}: ${sections[start].argument}`,
    sections: [...common, ...sections.slice(start + 1, starts[i + 1])],
  }));
};

const tidy = (text) => text.replace(/[ \t\r]+$/gm, "").replace(/\n+$/, "");
const quote = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const pattern = (expected) =>
  new RegExp(
    `^${tidy(expected)
      .split("\n")
      .map((line) =>
        line === "..."
          ? "(?:.*\\n)*?"
          : `${line
              .split(/\{\{(.*?)\}\}/)
              .map((part, i) => (i % 2 ? part : quote(part)))
              .join("")}\\n`,
      )
      .join("")}$`,
  );
const agrees = (actual, expected) => {
  const text = tidy(actual);
  return pattern(expected).test(text === "" && tidy(expected) === "" ? "\n" : `${text}\n`);
};

/** Expected and actual text without the lines that both begin and end with. */
const difference = (expected, actual) => {
  const [a, b] = [expected.split("\n"), actual.split("\n")];
  const same = (x, y) => x !== undefined && y !== undefined && agrees(y, x);
  let before = 0;
  while (same(a[before], b[before])) before += 1;
  let after = 0;
  while (after < Math.min(a.length, b.length) - before && same(a.at(-1 - after), b.at(-1 - after)))
    after += 1;
  const part = (lines) => lines.slice(before, lines.length - after).join("\n");
  return `--- expected, from line ${before + 1} on\n${part(a)}\n--- actual\n${part(b)}\n--- and ${after} equal lines`;
};

const runTest = async (sections) => {
  const of = (kind) => sections.filter((s) => s.kind === kind);
  const directory = mkdtempSync(join(tmpdir(), "clicktest-"));
  const env = {
    ...process.env,
    LCLICK: lclick,
    PYTHON: process.env.PYTHON ?? "/usr/bin/python3",
    SOURCE: join(root, "click-elements"),
    PYTHONPATH: here,
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const sh = (script) =>
    new Promise((done) => {
      const child = spawn("sh", ["-c", script], { cwd: directory, env, detached: true });
      const result = { status: null, signal: null, stdout: "", stderr: "", error: null };
      const end = () => {
        try {
          process.kill(-child.pid, "SIGKILL"); // what a failed test left running, in the group that was its own
        } catch {
          // nothing was
        }
      };
      const timer = setTimeout(() => {
        result.error = new Error("took longer than 30 seconds");
        end();
      }, 30_000);
      for (const stream of ["stdout", "stderr"])
        child[stream].setEncoding("latin1").on("data", (text) => {
          result[stream] += text;
        });
      child.stdin.end();
      child.on("close", (status, signal) => {
        clearTimeout(timer);
        end();
        done(Object.assign(result, { status, signal }));
      });
    });
  try {
    for (const { body } of of("require"))
      if ((await sh(body)).status !== 0) return { skip: "requirement not met" };
    for (const { argument, body } of of("file")) {
      mkdirSync(dirname(join(directory, argument)), { recursive: true });
      writeFileSync(join(directory, argument), `${body.replace(/\n+$/, "")}\n`);
    }
    const problems = [];
    if (of("script").length === 0 || of("expect").length === 0)
      problems.push("a test needs a %script and something to %expect");
    const result = await sh(
      of("script")
        .map((s) => s.body)
        .join("\n"),
    );
    if (result.error) problems.push(String(result.error.message));
    const status = Number(of("exit")[0]?.argument ?? 0);
    if (result.status !== status)
      problems.push(`exit ${result.status ?? result.signal}, expected ${status}\n${result.stderr}`);
    // A sanitizer's report fails the test even where what the report is about goes unnoticed.
    const report = /^.*(: runtime error: |Sanitizer:)[\s\S]*/m.exec(result.stderr ?? "");
    if (report) problems.push(report[0]);
    for (const { argument, body } of of("expect")) {
      let actual;
      try {
        actual =
          argument === "" || argument === "stdout"
            ? result.stdout
            : argument === "stderr"
              ? result.stderr
              : readFileSync(join(directory, argument), "latin1");
      } catch {
        actual = "(no such file)";
      }
      if (!agrees(actual, body))
        problems.push(`${argument || "stdout"}:\n${difference(tidy(body), tidy(actual))}`);
    }
    return { problems };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const filter = process.argv[2] ?? "";
const tests = readdirSync(here)
  .filter((name) => name.endsWith(".clicktest"))
  .sort()
  .flatMap(testsOf)
  .filter(({ name }) => name.includes(filter));
let failed = 0;
// Most of a test is waiting: LCLICK_JOBS of them at a time, told in their order.
const results = tests.map(() => null);
let next = 0;
let told = 0;
const tell = () => {
  for (; results[told]; told += 1) {
    const { skip, problems = [], ms } = results[told];
    const ok = problems.length === 0;
    failed += ok ? 0 : 1;
    console.log(
      `${ok ? "ok" : "not ok"} ${told + 1} - ${tests[told].name} ${skip ? `# SKIP ${skip}` : `# time=${ms}ms`}`,
    );
    for (const problem of problems) console.log(problem.replace(/^/gm, "  # "));
  }
};
const work = async () => {
  while (next < tests.length) {
    const i = next;
    next += 1;
    const begun = performance.now();
    const result = await runTest(tests[i].sections);
    results[i] = { ...result, ms: Math.round(performance.now() - begun) };
    tell();
  }
};
await Promise.all(Array.from({ length: Number(process.env.LCLICK_JOBS ?? 4) }, work));
console.log(`1..${tests.length}`);
if (failed) console.log(`# ${failed} of ${tests.length} failed`);
process.exitCode = failed || !tests.length ? 1 : 0;
