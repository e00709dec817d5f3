/** The lab by its command, killed half-way on the way up: it can be taken down, or brought up, and nothing is left of it. */
import t from "tap";
import { labTest, traces } from "../support/lab.js";
import { labCommand } from "../support/lab-command.js";

const PREFIX = "lmw-";
const { lab, status, interrupt } = labCommand(PREFIX);

t.test("lightmano lab, killed half-way", labTest(120_000, "dist/lab.mjs"), async (t) => {
  t.teardown(() => lab("down"));
  await lab("down");

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
});
