/** The lab by its command: twice up, killed half-way, and nothing left of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import t from "tap";
import { run } from "../../lab/command.js";
import type { LabStatus } from "../../lab/status.js";
import { labTest, root, traces } from "../support/lab.js";

const PREFIX = "lmu-";
const command = `${root}bin/lightmano`;

const lab = (...words: readonly string[]) =>
  run([command, "lab", ...words, "--prefix", PREFIX], { timeoutMs: 60_000 });
const status = async (): Promise<LabStatus> =>
  JSON.parse((await lab("status", "--json")).stdout) as LabStatus;

/** Starts `up` and sends it signals as soon as it tells of this step; resolves with its exit code. */
async function interrupt(step: string, ...signals: readonly NodeJS.Signals[]): Promise<number | null> {
  const child = spawn(command, ["lab", "up", "--prefix", PREFIX], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes(`] ${step} `)) for (const signal of signals) child.kill(signal);
  const [code] = (await ended) as [number | null];
  return code;
}

t.test("lightmano lab", labTest(120_000, "dist/lab.mjs"), async (t) => {
  t.teardown(() => lab("down"));
  await lab("down");

  await t.test("up, and up again finds it there; down twice leaves nothing", async (t) => {
    t.equal((await lab("up")).code, 0);
    t.equal((await status()).state, "up");
    const again = await lab("up");
    t.equal(again.code, 0);
    t.match(again.stdout, /already so/);
    t.ok(traces(PREFIX).length > 0);
    t.equal((await lab("down")).code, 0);
    t.same(traces(PREFIX), []);
    t.equal((await lab("down")).code, 0, "where there is none, there is nothing to do");
    t.equal((await status()).state, "down");
  });

  await t.test("an up that is killed half-way can be taken down, or brought up", async (t) => {
    for (const step of ["machine", "namespaces", "links", "EPC", "Open vSwitch"]) {
      t.equal(await interrupt(step, "SIGKILL"), null, `killed after ${step}`);
      t.equal((await lab("up")).code, 0);
      t.equal((await status()).state, "up");
      t.equal((await lab("down")).code, 0);
      t.equal(await interrupt(step, "SIGKILL"), null, `killed after ${step}`);
      t.equal((await lab("down")).code, 0);
      t.same(traces(PREFIX), []);
    }
  });

  await t.test("Ctrl-C, which npm sends on, ends up at its next step; down leaves nothing", async (t) => {
    t.equal(await interrupt("namespaces", "SIGINT", "SIGINT"), 1);
    t.equal((await lab("down")).code, 0);
    t.same(traces(PREFIX), []);
  });

  await t.test("a process started by an up that was killed before it noted it is found again", async (t) => {
    t.equal((await lab("up")).code, 0);
    const before = await status();
    for (const { name } of before.processes) await rm(`${before.runDir}/processes/${name}.json`);
    t.equal((await status()).state, "partly");
    t.equal((await lab("up")).code, 0);
    const after = await status();
    t.equal(after.state, "up");
    t.same(after.processes, before.processes);
    t.equal((await lab("down")).code, 0);
    t.same(traces(PREFIX), []);
  });

  await t.test("wrong usage is said, with exit code 2", async (t) => {
    const wrong = await run([command, "lab", "sideways"]);
    t.equal(wrong.code, 2);
    t.match(wrong.stderr, /usage: lightmano lab <up\|down\|status>/);
    for (const prefix of ["", "..", "../../tmp/lightmano-not-a-lab", "x".repeat(13)]) {
      const refused = await run([command, "lab", "status", "--prefix", prefix]);
      t.equal(refused.code, 2, `prefix "${prefix}"`);
      t.match(refused.stderr, /cannot be the prefix of a lab/);
    }
  });
});
