/** The lab by its command: twice up, interrupted, and nothing left of it. */
import { rm } from "node:fs/promises";
import t from "tap";
import { run } from "../../lab/command.js";
import { labTest, traces } from "../support/lab.js";
import { command, labCommand } from "../support/lab-command.js";

const PREFIX = "lmu-";
const { lab, status, interrupt } = labCommand(PREFIX);

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
