import fc from "fast-check";
import t from "tap";
import { type Figures, type Told, worthTelling } from "../../../agent/telemetry.js";

const MIB = 1024 ** 2;
const HOUR_MS = 3_600_000;
const REST: Figures = {
  agent: { rssBytes: 60 * MIB, uptimeS: 1 },
  node: { load1: 0.1, memoryAvailableBytes: 800 * MIB },
  functions: [
    { id: "s.a", state: "running", memoryBytes: 2 * MIB, cpuSeconds: 1 },
    { id: "s.b", state: "running", memoryBytes: 3 * MIB, cpuSeconds: 5 },
  ],
};
const first = worthTelling(null, REST, 0, HOUR_MS) as Told;
const withFirst = (change: Partial<Figures["functions"][number]>): Figures => ({
  ...REST,
  functions: REST.functions.map((one, i) => (i === 0 ? { ...one, ...change } : one)),
});
const isTold = (figures: Figures, atMs = 60_000): boolean =>
  worthTelling(first, figures, atMs, HOUR_MS) !== null;

t.test("the first figures are told, the same again only after the longest time", async (t) => {
  t.same(first.figures, REST);
  t.notOk(isTold(REST));
  t.notOk(isTold(REST, HOUR_MS - 1));
  t.ok(isTold(REST, HOUR_MS));
});

t.test("what a node at rest does is no news", async (t) => {
  t.notOk(isTold({ ...REST, node: { load1: 0.5, memoryAvailableBytes: 780 * MIB } }));
  t.notOk(isTold({ ...REST, agent: { rssBytes: 66 * MIB, uptimeS: 61 } }));
  t.notOk(isTold(withFirst({ cpuSeconds: 1.5, memoryBytes: 2.5 * MIB })));
});

t.test("news: a state, an end, one more, memory, load, CPU", async (t) => {
  t.ok(isTold(withFirst({ state: "backoff" })));
  t.ok(isTold(withFirst({ memoryBytes: null, cpuSeconds: null })));
  t.ok(isTold({ ...REST, functions: REST.functions.slice(1) }));
  t.ok(isTold(withFirst({ memoryBytes: 4 * MIB })));
  t.ok(isTold({ ...REST, agent: { rssBytes: 90 * MIB, uptimeS: 61 } }));
  t.ok(isTold({ ...REST, node: { ...REST.node, load1: 0.7 } }));
  const writes = (writtenPerDayBytes: number | null) => ({
    ...REST,
    agent: { ...REST.agent, writtenBytes: 5, writtenPerDayBytes },
  });
  t.notOk(isTold(writes(null)), "the same as before it was counted");
  t.notOk(isTold(writes(MIB / 2)), "what an idle agent writes");
  t.ok(isTold(writes(3 * MIB)));
  t.ok(isTold({ ...REST, node: { ...REST.node, memoryAvailableBytes: 500 * MIB } }));
  t.ok(isTold(withFirst({ cpuSeconds: 1 + 60 * 0.1 })), "a tenth of a core for a minute");
});

t.test("steady work is told once, its end again", async (t) => {
  const busy = (s: number) => withFirst({ cpuSeconds: 1 + s * 0.5 });
  const begun = worthTelling(first, busy(60), 60_000, HOUR_MS) as Told;
  t.ok(begun);
  t.equal(worthTelling(begun, busy(120), 120_000, HOUR_MS), null);
  t.ok(worthTelling(begun, busy(70), 120_000, HOUR_MS), "it used less");
});

t.test("a step at a time, however small, is told in the end: the error stays bounded", async () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -MIB, max: MIB }), { maxLength: 50 }), (steps) => {
      let told = first;
      let memoryBytes = 16 * MIB;
      for (const [i, step] of steps.entries()) {
        memoryBytes = Math.max(MIB, memoryBytes + step);
        told = worthTelling(told, withFirst({ memoryBytes }), i, HOUR_MS) ?? told;
        const shown = told.figures.functions[0]?.memoryBytes ?? 0;
        if (Math.abs(shown - memoryBytes) > Math.max(MIB, 0.1 * shown)) return false;
      }
      return true;
    }),
  );
});
