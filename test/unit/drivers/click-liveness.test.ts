import t from "tap";
import type { ProcessSocket } from "../../../agent/drivers/click/control-socket.js";
import {
  ANSWER_WITHIN_MS,
  ASK_EVERY_MS,
  ASK_RESTING_EVERY_MS,
  BUSY_ANSWER_WITHIN_MS,
  createLiveness,
} from "../../../agent/drivers/click/liveness.js";
import { LightmanoError } from "../../../model/errors.js";

/** A process on a clock that jumps to the next thing to happen; the answer to a question comes after `answersIn(n)`. */
function world(answersIn: (question: number) => number, busy = false, rests = () => false) {
  let now = 0;
  let heard = 0;
  let questions = 0;
  const timers = new Map<() => void, number>();
  const at = (ms: number, act: () => void): void => void timers.set(act, ms);
  const control: ProcessSocket = {
    read: (_handler, signal) =>
      new Promise((resolve, reject) => {
        const ms = answersIn(++questions);
        signal.addEventListener("abort", () => reject(new LightmanoError("operation.timeout", "late")));
        if (Number.isFinite(ms))
          at(now + ms, () => {
            heard = now;
            resolve("lclick 1");
          });
      }),
    readBytes: async () => Buffer.alloc(0),
    write: async () => undefined,
    heardAtMs: () => heard,
    ran: () => null,
    hasRested: () => rests(),
    closed: new Promise(() => undefined),
    close: () => undefined,
  };
  const clock = {
    now: () => now,
    delay: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve();
        const done = (): void => {
          signal.removeEventListener("abort", done);
          resolve();
        };
        signal.addEventListener("abort", done);
        at(now + ms, done);
      }),
  };
  const step = async (): Promise<boolean> => {
    for (let i = 0; i < 40; i++) await Promise.resolve();
    const [next] = [...timers].toSorted(([, a], [, b]) => a - b);
    if (!next) return false;
    timers.delete(next[0]);
    now = Math.max(now, next[1]);
    next[0]();
    return true;
  };
  return {
    options: { control, clock, cpuTime: async () => (busy ? now : 7) },
    clock,
    questions: () => questions,
    now: () => now,
    speak() {
      heard = now;
    },
    /** Until this time, or until what is waited for has ended. */
    async runUntil(ms: number, ended: () => boolean) {
      while (now < ms && !ended() && (await step()));
    },
  };
}

async function run(w: ReturnType<typeof world>, ms: number, signal = new AbortController().signal) {
  let verdict: string | null | undefined;
  const { clock, ...watched } = w.options;
  const liveness = createLiveness(clock, signal, (error) => {
    throw error;
  });
  void liveness.untilHung(watched).then((hung) => {
    verdict = hung;
  });
  await w.runUntil(ms, () => verdict !== undefined);
  return verdict;
}

t.test("a process that answers no more is found out, and no sooner than it may be", async (t) => {
  const w = world((question) => (question < 3 ? 5 : Number.POSITIVE_INFINITY));
  t.match(await run(w, 60_000), /did not answer for 3\.0 s, and did nothing/);
  t.equal(w.questions(), 3);
  t.ok(w.now() >= 3 * ASK_EVERY_MS + ANSWER_WITHIN_MS);
});

t.test("one that is slow, and one whose answer was there before it was read, are left alone", async (t) => {
  t.equal(
    await run(
      world(() => ANSWER_WITHIN_MS - 1),
      60_000,
    ),
    undefined,
  );
  t.equal(
    await run(
      world(() => ANSWER_WITHIN_MS + 1),
      60_000,
    ),
    undefined,
    "the second look finds it",
  );
});

t.test("one that uses the processor has longer", async (t) => {
  t.equal(
    await run(
      world(() => BUSY_ANSWER_WITHIN_MS - 1, true),
      100_000,
    ),
    undefined,
  );
  t.match(
    await run(
      world(() => Number.POSITIVE_INFINITY, true),
      100_000,
    ),
    /did not answer for 3\d\.\d s:/,
  );
});

t.test("one that speaks by itself is not asked", async (t) => {
  const w = world(() => Number.POSITIVE_INFINITY);
  const delay = w.clock.delay;
  w.clock.delay = async (ms, signal) => {
    await delay(ms, signal);
    w.speak();
  };
  t.equal(await run(w, 60_000), undefined);
  t.equal(w.questions(), 0);
});

t.test("one that has not run since it answered is asked seldom; once it runs, as any other", async (t) => {
  let rests = true;
  const w = world(
    () => (rests ? 1 : Number.POSITIVE_INFINITY),
    false,
    () => rests,
  );
  t.equal(await run(w, 4 * ASK_RESTING_EVERY_MS), undefined);
  t.ok(w.questions() >= 2 && w.questions() <= 4, "it may have been caught in a wait without end");
  rests = false;
  t.match(await run(w, 8 * ASK_RESTING_EVERY_MS), /did nothing/);
  t.ok(w.now() < 4 * ASK_RESTING_EVERY_MS + 4 * ASK_EVERY_MS + ANSWER_WITHIN_MS);
});

t.test("it ends with its signal", async (t) => {
  const stop = new AbortController();
  const running = run(
    world(() => 1),
    60_000,
    stop.signal,
  );
  stop.abort();
  t.equal(await running, null);
});
