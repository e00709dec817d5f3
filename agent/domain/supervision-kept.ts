/**
 * What of a function's memory outlives the agent: how often it failed and why, and when it may be tried again. A restart of the agent is
 * no reason to believe that a function that crashed a dozen times will not. Times are of the node's clock, which may have
 * been set meanwhile: what follows from them is kept within what the back-off itself may ask for. Pure.
 */
import type { Problem } from "../../model/errors.js";
import { BACKOFF_LAST_MS, FORGIVE_MS, type FunctionMemory, NEW_FUNCTION } from "./supervision.js";

export interface KeptMemory {
  /** Of the description that it failed with: another one starts from nothing. */
  readonly digest: string;
  readonly failures: number;
  readonly restarts: number;
  readonly problem: Problem | null;
  /** When it may be tried again, ms since the epoch. */
  readonly tryAt: number;
  /** Since when it ran, if it did, ms since the epoch: running forgives. */
  readonly runningAt: number | null;
}

/** Null: nothing of it is worth keeping. `now` is of the memory's own clock, `time` is the time of day. */
export function keptOf(memory: FunctionMemory, digest: string, now: number, time: number): KeptMemory | null {
  const { failures, restarts, problem, nextAttemptAt, runningSince } = memory;
  if (failures === 0 && restarts === 0) return null;
  const toTime = (at: number): number => Math.round(time + (at - now));
  return {
    digest,
    failures,
    restarts,
    problem: problem && { code: problem.code, detail: problem.detail },
    tryAt: nextAttemptAt > now ? toTime(nextAttemptAt) : 0,
    runningAt: runningSince === null ? null : toTime(runningSince),
  };
}

/** What the next life of the agent begins with. */
export function revived(kept: KeptMemory, now: number, time: number): FunctionMemory {
  const ranMs = kept.runningAt === null ? 0 : Math.max(0, time - kept.runningAt);
  const waitMs = Math.min(BACKOFF_LAST_MS, Math.max(0, kept.tryAt - time));
  return {
    ...NEW_FUNCTION,
    failures: Math.max(0, kept.failures - Math.floor(ranMs / FORGIVE_MS)),
    restarts: kept.restarts,
    problem: kept.problem,
    nextAttemptAt: waitMs > 0 ? now + waitMs : 0,
  };
}
