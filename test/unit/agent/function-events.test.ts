/** When the handlers of events are asked; what is made of their answers is in test/contract/function-events.test.ts. */
import t, { type Test } from "tap";
import { createFunctionEvents } from "../../../agent/function-events.js";
import { LightmanoError } from "../../../model/errors.js";
import type { AgentEvent } from "../../../model/messages/node.js";
import { declared } from "../../support/real-click.js";
import { until } from "../../support/until.js";

const EVENTS = declared("t.events", { events: true });

/** A function that keeps its last four events; a test lets the waiting end. */
function given(t: Test) {
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  const waits: number[] = [];
  const told: AgentEvent[] = [];
  const reads: string[] = [];
  const fn = { process: "p1" as string | null, count: 0, onRead: async () => undefined as undefined };
  let wake: () => void = () => undefined;
  const events = createFunctionEvents({
    async read(_id, handler) {
      reads.push(handler);
      await fn.onRead();
      const first = Math.max(1, fn.count - 3);
      const numbers = Array.from({ length: fn.count - first + 1 }, (_, i) => first + i);
      return JSON.stringify(numbers.map((number) => ({ number, event: "x" })));
    },
    processOf: () => fn.process,
    recordTold: (event) => told.push(event),
    record: (event) => told.push(event),
    clock: () => 0,
    wait: {
      random: () => 0,
      delay: (ms, signal) =>
        new Promise((resolve) => {
          waits.push(ms);
          wake = resolve;
          signal.addEventListener("abort", () => resolve(), { once: true });
        }),
    },
    signal: stop.signal,
  });
  const round = async (): Promise<number> => {
    const before = waits.length;
    wake();
    await until("it waits again", () => waits.length > before);
    return waits.at(-1) ?? 0;
  };
  const begun = () => until("it waits", () => waits.length > 0);
  return { events, fn, told, reads, waits, round, begun };
}

t.test("a handler is asked once a second; less often while it tells more than it keeps", async (t) => {
  const { events, fn, round, begun, waits, told } = given(t);
  events.follow("s.f", [EVENTS, declared("t.count")]);
  await begun();
  t.same(waits, [1_000]);
  const flood = async (): Promise<number> => {
    fn.count += 100;
    return round();
  };
  t.same(
    [await flood(), await flood(), await flood(), await flood(), await flood()],
    [2_000, 4_000, 8_000, 10_000, 10_000],
  );
  fn.count += 4;
  t.equal(await round(), 1_000, "what it keeps is what it told");
  t.equal(told.length, 5 * 5 + 4);
  t.equal(told.filter(({ type }) => type === "function.events-lost").length, 5);
});

t.test("one that does not run is not asked", async (t) => {
  const { events, fn, reads, round, begun } = given(t);
  fn.process = null;
  events.follow("s.f", [EVENTS]);
  await begun();
  await round();
  t.same(reads, []);
  fn.process = "p1";
  await round();
  t.same(reads, ["t.events"]);
});

t.test("an answer that may be another process' than the one that was looked at is not taken", async (t) => {
  const { events, fn, told, round, begun } = given(t);
  events.follow("s.f", [EVENTS]);
  await begun();
  fn.count = 2;
  fn.onRead = async () => {
    fn.process = "p2";
    return undefined;
  };
  await round();
  t.same(told, []);
  fn.onRead = async () => undefined;
  await round();
  t.same(
    told.map(({ data }) => data?.number),
    [1, 2],
  );
});

t.test("that it is busy or just ends is no news; that the handler is not there is", async (t) => {
  const { events, fn, told, round, begun } = given(t);
  events.follow("s.f", [EVENTS]);
  await begun();
  for (const code of ["operation.timeout", "click.not-answering"] as const) {
    fn.onRead = () => Promise.reject(new LightmanoError(code, "no"));
    await round();
  }
  t.same(told, []);
  fn.onRead = () => Promise.reject(new LightmanoError("handler.failed", "t.events: 511 No handler"));
  await round();
  await round();
  t.match(told, [{ type: "function.events-unreadable", cause: "t.events: 511 No handler" }]);
  t.equal(told.length, 1);
});

t.test("who ends a function that does not answer does not wait for it long", async (t) => {
  const { events, fn, begun } = given(t);
  events.follow("s.f", [EVENTS]);
  await begun();
  let letGo: () => void = () => undefined;
  fn.onRead = () =>
    new Promise((resolve) => {
      letGo = () => resolve(undefined);
    });
  const alive = setTimeout(() => undefined, 60_000); // a signal's time-out alone keeps no test running
  const begunAt = performance.now();
  await events.askNow("s.f");
  clearTimeout(alive);
  t.ok(performance.now() - begunAt < 10_000);
  letGo();
  await events.askNow("s.none");
});
