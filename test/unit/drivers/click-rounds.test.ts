import t from "tap";
import { createRounds, type Visited } from "../../../agent/drivers/click/rounds.js";
import { until } from "../../support/until.js";

/** Rounds on a clock that jumps to where they sleep until. */
function given() {
  let now = 0;
  let asleep: { readonly atMs: number; readonly wake: () => void } | null = null;
  const sleeps: number[] = [];
  const errors: unknown[] = [];
  const stop = new AbortController();
  const clock = {
    now: () => now,
    delay: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const wake = (): void => {
          asleep = null;
          resolve();
        };
        sleeps.push(ms);
        asleep = { atMs: now + ms, wake };
        signal.addEventListener("abort", wake, { once: true });
      }),
  };
  const rounds = createRounds(clock, stop.signal, (error) => void errors.push(error));
  const visits: string[] = [];
  return {
    rounds,
    visits,
    sleeps,
    errors,
    stop,
    /** Is visited every so often, from then on. */
    visited(name: string, everyMs: number, act: (nowMs: number) => void = () => undefined): Visited {
      const one: Visited = {
        dueMs: now + everyMs,
        visit(nowMs) {
          visits.push(`${name}@${nowMs}`);
          one.dueMs = nowMs + everyMs;
          act(nowMs);
        },
      };
      return one;
    },
    async passUntil(ms: number) {
      for (;;) {
        for (let i = 0; i < 20; i++) await Promise.resolve();
        if (!asleep || asleep.atMs > ms) break;
        now = asleep.atMs;
        asleep.wake();
      }
      now = ms;
    },
  };
}

t.test("each is visited when it is due, all that are due in one waking", async (t) => {
  const { rounds, visits, sleeps, visited, passUntil } = given();
  for (const one of [visited("a", 100), visited("b", 100), visited("c", 250)]) rounds.add(one);
  await passUntil(300);
  t.same(visits, ["a@100", "b@100", "a@200", "b@200", "c@250", "a@300", "b@300"]);
  t.same(sleeps, [100, 100, 50, 50, 100]);
});

t.test("who is due sooner than anybody else wakes it; who was removed is not visited", async (t) => {
  const { rounds, visits, visited, passUntil } = given();
  const slow = visited("slow", 1_000);
  rounds.add(slow);
  await passUntil(10);
  const quick = visited("quick", 5);
  rounds.add(quick);
  await passUntil(21);
  t.same(visits, ["quick@15", "quick@20"]);
  rounds.remove(quick);
  slow.dueMs = 40;
  rounds.changed(slow);
  await passUntil(100);
  t.same(visits.slice(2), ["slow@40"]);
});

t.test("one that is busy is not visited until it says so, whoever else is there", async (t) => {
  const { rounds, visits, visited, passUntil } = given();
  const busy = visited("busy", 10, () => {
    busy.dueMs = Number.POSITIVE_INFINITY;
  });
  rounds.add(busy);
  await passUntil(1_000);
  t.same(visits, ["busy@10"]);
  busy.dueMs = 1_010;
  rounds.changed(busy);
  await passUntil(2_000);
  t.same(visits, ["busy@10", "busy@1010"]);
});

t.test("they end with their signal, and with a visit that throws, which is told", async (t) => {
  const ended = given();
  ended.rounds.add(ended.visited("a", 100));
  await ended.passUntil(100);
  ended.stop.abort();
  await ended.passUntil(1_000);
  t.same(ended.visits, ["a@100"]);
  t.same(ended.errors, []);
  const broken = given();
  broken.rounds.add(
    broken.visited("a", 100, () => {
      throw new Error("no more");
    }),
  );
  await broken.passUntil(1_000);
  t.same(broken.visits, ["a@100"]);
  await until("it is told", () => broken.errors.length > 0);
  t.match(broken.errors, [{ message: "no more" }]);
});
