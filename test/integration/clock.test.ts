/** A node that starts with a wrong clock: what it notes is right in the end, in its journal, on its way and at the controller. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { eventAt } from "../../agent/chronicle.js";
import { correctTimes, MADE_AT, watchClock } from "../../agent/clock-watch.js";
import { createRecorder } from "../../agent/recorder.js";
import { openJournal } from "../../agent/store/journal.js";
import { silentLog } from "../../bus/log.js";
import { openStore } from "../../controller/store/store.js";
import { asNodeId, asSiteId } from "../../model/ids.js";
import { until } from "../support/until.js";

const DAY_MS = 24 * 3_600_000;
const TRUE_START = MADE_AT + 300 * DAY_MS;
const key = { site: asSiteId("s"), node: asNodeId("n"), store: "j" };

/** Time goes on by so much, the clock is set to that (before the program was made), and something happens. */
const happenings = fc.array(
  fc.record({ afterMs: fc.nat(3_600_000), setTo: fc.option(fc.nat(MADE_AT - 2 * DAY_MS)) }),
  { minLength: 1, maxLength: 12 },
);

t.test("whatever the clock said before it was right, and wherever an event was by then", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "lmt-clock-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  let run = 0;
  await fc.assert(
    fc.asyncProperty(happenings, fc.nat(12), async (happened, reportedUpTo) => {
      run += 1;
      const state = { up: 5_000, wall: 0 };
      const clock = (): number => state.wall + state.up;
      const journal = await openJournal(join(folder, `${run}.db`), clock);
      const store = await openStore(join(folder, String(run)), Date.now);
      const end = new AbortController();
      let look: () => void = () => undefined;
      const done: { corrected?: Promise<void> } = {};
      const watch = watchClock({
        clock,
        uptimeMs: () => state.up,
        bootId: "b1",
        wait: () => new Promise((resolve) => (look = resolve)),
        signal: end.signal,
        onSet(bootedAt) {
          const common = { journal, recorder, bootId: "b1", bootedAt, clock, signal: end.signal };
          done.corrected = correctTimes({ ...common, wait: async () => undefined });
        },
      });
      const recorder = createRecorder(journal, silentLog, () => undefined, { clock, unset: watch.unset });
      const report = async () =>
        store.reports.take([
          { key, receivedAt: "2026-01-01T00:00:00Z", items: await journal.pendingReports(100, 0) },
        ]);
      const expected: number[] = [];
      for (const { afterMs, setTo } of happened) {
        state.up += afterMs;
        if (setTo !== null) state.wall = setTo - state.up;
        expected.push(TRUE_START + state.up);
        recorder.record([eventAt(clock(), { object: "o", type: "happened", detail: "" })], [], []);
        if (expected.length === reportedUpTo) {
          await recorder.flush();
          await report();
          await journal.acknowledgeReports(reportedUpTo);
        }
      }
      state.wall = TRUE_START;
      look();
      await until("it was noticed", () => done.corrected !== undefined);
      await done.corrected;
      state.up += 1;
      recorder.record([eventAt(clock(), { object: "o", type: "happened", detail: "after" })], [], []);
      await recorder.flush();
      await report();
      expected.push(TRUE_START + state.up);
      const here = (await journal.events({ limit: 100 })).filter(({ type }) => type === "happened");
      const there = (await store.reports.latestEvents(100)).map(({ event }) => event);
      end.abort();
      await journal.close();
      await store.close();
      for (const events of [here, there.filter(({ type }) => type === "happened")]) {
        t.same(
          events.map(({ clock: mark }) => mark),
          expected.map(() => undefined),
        );
        const off = events.map(({ ts }, index) => Math.abs(Date.parse(ts) - (expected[index] ?? 0)));
        t.ok(Math.max(...off) <= 1, `off by ${off} ms`);
      }
    }),
    { numRuns: 25 },
  );
});

t.test("what another node, or another start of the machine, noted stays as it is", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "lmt-clock-"));
  const store = await openStore(folder, Date.now);
  t.teardown(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const ts = "1970-01-01T00:00:10.000Z";
  const noted = (boot: string) => ({
    ...eventAt(10_000, { object: "o", type: "happened", detail: boot }),
    clock: { boot, atMs: 10_000 },
  });
  const set = eventAt(TRUE_START, {
    object: "agent",
    type: "clock.set",
    detail: "",
    data: { boot: "b1", bootedAt: TRUE_START },
  });
  const take = (node: string, ...events: readonly ReturnType<typeof eventAt>[]) =>
    store.reports.take([
      {
        key: { ...key, node: asNodeId(node) },
        receivedAt: ts,
        items: events.map((event, index) => ({ seq: index + 1, ts, event })),
      },
    ]);
  await take("other", noted("b1"));
  await take("n", noted("b0"), noted("b1"), set);
  const found = (await store.reports.latestEvents(10)).map(({ node, event }) => [node, event.ts.slice(0, 4)]);
  t.same(found, [
    ["other", "1970"],
    ["n", "1970"],
    ["n", "2026"],
    ["n", "2026"],
  ]);
  await take("n", { ...set, data: { boot: "b0", bootedAt: Number.MAX_VALUE } });
  t.equal((await store.reports.latestEvents(10))[1]?.event.ts, ts, "nonsense corrects nothing");
});

t.test("a clock that is right marks nothing and is not looked at", (t) => {
  let waits = 0;
  const watch = watchClock({
    clock: () => TRUE_START,
    uptimeMs: () => 1,
    bootId: "b",
    async wait() {
      waits += 1;
    },
    signal: new AbortController().signal,
    onSet: () => t.fail("it was set before"),
  });
  t.equal(watch.unset(), null);
  t.equal(waits, 0);
  t.end();
});
