/**
 * Goes round many processes in one waking of the agent. A loop for each of them, with a timer, a promise and a listener on a signal
 * for each wait, would cost more than what it looks at: 20 functions at rest half a percent of a core.
 */
import { linkSignal, type WaitClock } from "../wait.js";

export interface RoundsClock extends Pick<WaitClock, "delay"> {
  /** Monotonic, ms. */
  now(): number;
}

/** Who is visited. */
export interface Visited {
  /** When; Infinity: not until that changes. */
  dueMs: number;
  /** Puts `dueMs` later. What takes time goes on by itself. */
  visit(nowMs: number): void;
}

export interface Rounds {
  add(one: Visited): void;
  remove(one: Visited): void;
  /** `dueMs` of one that was added is another. */
  changed(one: Visited): void;
}

/** Without a reason an exception would be made, with its stack, a time. */
const AWAKE = "awake";

/** Go on until the signal aborts. A visit that throws ends them: `failed` is told. */
export function createRounds(
  clock: RoundsClock,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Rounds {
  const all = new Set<Visited>();
  let untilMs = 0;
  let wake: () => void = () => undefined;

  const go = async (): Promise<void> => {
    while (!signal.aborted) {
      const now = clock.now();
      for (const one of all) if (one.dueMs <= now) one.visit(now);
      untilMs = Number.POSITIVE_INFINITY;
      for (const one of all) untilMs = Math.min(untilMs, one.dueMs);
      const sleep = linkSignal(signal);
      wake = () => sleep.abort(AWAKE);
      await (untilMs === Number.POSITIVE_INFINITY
        ? aborted(sleep.signal)
        : clock.delay(untilMs - now, sleep.signal));
      sleep.abort(AWAKE);
    }
  };
  go().catch(failed);

  const changed = (one: Visited): void => {
    if (one.dueMs >= untilMs) return;
    untilMs = one.dueMs;
    wake();
  };
  return {
    add(one) {
      all.add(one);
      changed(one);
    },
    remove: (one) => void all.delete(one),
    changed,
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
