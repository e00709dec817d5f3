/** Two rows of `npm run chaos`: what the traffic lost, and what the node said. Its heal times are the table's, not this test's. */
import t from "tap";
import { createBed } from "../../lab/chaos/bed.js";
import { runRound } from "../../lab/chaos/round.js";
import { ROWS } from "../../lab/chaos/rows/index.js";
import { labTest, root, startLab } from "../support/lab.js";

const FILES = ["dist/agent.mjs", "dist/cli.mjs", "dist/controller.mjs", "build/click/lclick"];

t.test("chaos", labTest(150_000, ...FILES), async (t) => {
  const lab = await startLab(t, "lmx2-");
  const bed = await createBed(lab, root, () => undefined);
  const round = (name: string) => {
    const row = ROWS.find((one) => one.name === name);
    if (!row) throw new Error(`there is no row ${name}`);
    return runRound(bed, row, name);
  };

  await t.test(
    "kill -9 of the agent: no packet is lost, no page passes the cache, nothing is done",
    async (t) => {
      const { broken, lost, pages, stream, writes, told } = await round("agent-kill");
      t.same(broken, []);
      t.ok(stream.sent > 1_000, "there was something to lose");
      t.equal(lost, 0);
      t.match(pages, { failed: 0, pastCache: 0 });
      t.ok(writes.acknowledged > 0);
      t.equal(writes.lost, 0);
      t.equal(told["function.adopted"], 2);
    },
  );

  await t.test("kill -9 of the LVNF: traffic comes back, and the node says why it was away", async (t) => {
    const { pid } = await bed.functionOf("lvnf");
    const { broken, lost, trafficMs, healed, told } = await round("lvnf-kill");
    t.same(broken, []);
    t.not((await bed.functionOf("lvnf")).pid, pid, "it was another process's turn");
    t.ok(healed);
    // The next process may have the devices before anything is lost.
    t.ok(lost === 0 || Number.isFinite(trafficMs), `back after ${trafficMs} ms`);
    t.match(told, { "function.died": 1, "function.running": 1 });
  });

  await t.test("kill -9 of the container: its pages come from it again", async (t) => {
    const { broken, lost, cachedMs, told } = await round("container-kill");
    t.same(broken, []);
    t.equal(lost, 0, "what does not go to the cache notices nothing");
    t.ok(Number.isFinite(cachedMs), "its peers find it under the address that they know");
    t.match(told, { "function.died": 1, "function.running": 1 });
  });
});
