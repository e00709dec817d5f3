/** A shell that waits to become the next process: what it becomes is what was asked for, word for word, and nothing of the agent's. */
import { once } from "node:events";
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
    for (const program of [join(at, "none"), "node", ...(process.getuid?.() === 0 ? [] : [plain])])
      t.equal(standby.become(program, [], {}, join(at, "log")), null, program);
    t.ok(standby.become(process.execPath, ["-e", "0"], {}, join(at, "log")), "it waits still");
  },
);

t.test("one that was killed is none, and another can be prepared; no shell is no harm", async (t) => {
  const at = await folder(t);
  const log = join(at, "log");
  const mark = `standby-${process.pid}-${Date.now()}`;
  const shell = join(at, mark);
  await writeFile(shell, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
  const ends = createStandby(shell);
  t.teardown(() => ends.close());
  ends.prepare();
  await until("the shell has ended", () => {
    const child = ends.become(process.execPath, ["-e", "0"], {}, log);
    if (child === null) return true;
    ends.prepare();
    return false;
  });
  const none = createStandby(join(at, "no-shell"));
  none.prepare();
  t.equal(none.become(process.execPath, [], {}, log), null);
  none.prepare();
  none.close();
  none.prepare();
  t.equal(none.become(process.execPath, [], {}, log), null, "closed");
});

t.test("it ends with its standby, and takes nobody with it", async (t) => {
  const log = join(await folder(t), "log");
  const standby = createStandby();
  standby.prepare();
  const running = standby.become(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], {}, log);
  standby.prepare();
  standby.close();
  t.equal(standby.become(process.execPath, [], {}, log), null);
  t.ok(running && running.exitCode === null && running.kill("SIGTERM"));
  running?.ref();
  if (running) t.strictSame(await once(running, "exit"), [null, "SIGTERM"]);
});
