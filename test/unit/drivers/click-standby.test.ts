/** A shell that waits to become the next process: what it becomes is what was asked for, word for word, and nothing of the agent's. */
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createStandby } from "../../../agent/drivers/click/standby.js";
import { until } from "../../support/real.js";

async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "standby-"));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}

const PRINT = `process.stdout.write(JSON.stringify([process.argv.slice(1), process.env, process.pid])); process.stderr.write("\\nto standard error");`;
const WORDS = ["", "a b", "it's", '"', "$HOME `id` \\", "two\nlines", "ü *"];

t.test(
  "it becomes the program, with these words, this environment and this output, as the process that waited",
  async (t) => {
    const at = await folder(t);
    const output = join(at, "it's the log");
    await writeFile(output, "before\n");
    process.env.LIGHTMANO_TEST_OURS = "1";
    t.teardown(() => delete process.env.LIGHTMANO_TEST_OURS);
    const standby = createStandby();
    t.teardown(() => standby.close());
    t.equal(standby.become(process.execPath, [], {}, output), null, "there is none yet");
    standby.prepare();
    const child = standby.become(
      process.execPath,
      ["-e", PRINT, ...WORDS],
      { MARK: "x'\n$y", LEFT_OUT: undefined },
      output,
    );
    t.ok(child?.pid);
    if (!child) return;
    child.ref(); // the driver's do not keep the agent
    const [code, signal] = await once(child, "exit");
    t.strictSame([code, signal], [0, null]);
    const [said, ...rest] = (await readFile(output, "utf8")).split("\n").slice(1);
    const [words, env, pid] = JSON.parse(said ?? "");
    t.strictSame(words, WORDS);
    t.equal(env.MARK, "x'\n$y");
    t.notOk("LIGHTMANO_TEST_OURS" in env || "LEFT_OUT" in env, "nothing of ours");
    t.equal(pid, child.pid);
    t.strictSame(rest, ["to standard error"]);
    t.equal(standby.become(process.execPath, [], {}, output), null, "one is one process");
  },
);

t.test(
  "a program that is not there, or is none, is left to the caller; so is one that is sought in PATH",
  async (t) => {
    const at = await folder(t);
    const plain = join(at, "plain");
    await writeFile(plain, "no program");
    await chmod(plain, 0o644);
    const standby = createStandby();
    t.teardown(() => standby.close());
    standby.prepare();
    for (const program of [join(at, "none"), "node", plain])
      t.equal(standby.become(program, [], {}, join(at, "log")), null, program);
    t.ok(standby.become(process.execPath, ["-e", "0"], {}, join(at, "log")), "it waits still");
  },
);

/** A shell that leaves its pid in a file; the first of its lives is over at once if it is to be. */
async function tellingShell(
  at: string,
  first: "ends" | "waits",
): Promise<{ readonly shell: string; pid(): number }> {
  const shell = join(at, "shell");
  const note = join(at, "pid");
  const end = first === "ends" ? `[ -e ${note} ] || { echo $$ >${note}; exit 3; }\n` : "";
  await writeFile(shell, `#!/bin/sh\n${end}echo $$ >${note}\nexec /bin/sh "$@"\n`, { mode: 0o755 });
  return { shell, pid: () => (existsSync(note) ? Number(readFileSync(note, "utf8")) : 0) };
}
/** Until Node has seen its end. */
const untilGone = (pid: () => number): Promise<unknown> =>
  until("the shell has ended", () => pid() > 0 && !existsSync(`/proc/${pid()}`));

t.test("one that has ended is none, and another can be prepared", async (t) => {
  const at = await folder(t);
  const { shell, pid } = await tellingShell(at, "ends");
  const standby = createStandby(shell);
  t.teardown(() => standby.close());
  standby.prepare();
  await untilGone(pid);
  t.equal(standby.become(process.execPath, [], {}, join(at, "log")), null);
  standby.prepare();
  const child = standby.become(process.execPath, ["-e", "process.exitCode = 7"], {}, join(at, "log"));
  t.ok(child);
  child?.ref();
  if (child) t.strictSame(await once(child, "exit"), [7, null]);
});

t.test("without a shell there is none, and no harm", async (t) => {
  const at = await folder(t);
  const standby = createStandby(join(at, "no-shell"));
  standby.prepare();
  t.equal(standby.become(process.execPath, [], {}, join(at, "log")), null);
  standby.close();
});

t.test("the one that waits ends with its standby, and takes nobody with it", async (t) => {
  const at = await folder(t);
  const { shell, pid } = await tellingShell(at, "waits");
  const standby = createStandby(shell);
  standby.prepare();
  const running = standby.become(
    process.execPath,
    ["-e", "setTimeout(() => {}, 60_000)"],
    {},
    join(at, "log"),
  );
  t.ok(running);
  standby.prepare();
  await until("another one waits", () => pid() > 0 && pid() !== running?.pid);
  standby.close();
  await untilGone(pid);
  standby.prepare();
  t.equal(standby.become(process.execPath, [], {}, join(at, "log")), null, "closed it prepares none");
  t.ok(running?.exitCode === null && running.kill("SIGTERM"));
  running?.ref();
  if (running) t.strictSame(await once(running, "exit"), [null, "SIGTERM"]);
});
