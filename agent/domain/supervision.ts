/**
 * What the agent remembers of each function between passes of the loop: how often it failed, when it may be
 * tried again, since when it is in its state. A reducer: pure, the clock comes in.
 */
import type { ErrorCode, Problem } from "../../model/errors.js";

export interface FunctionMemory {
  /** Starts that failed or processes that died, less what running forgave. Decides the back-off. */
  readonly failures: number;
  /** Not before this time, by a clock that is never set. */
  readonly nextAttemptAt: number;
  /** When it last became running, or null. */
  readonly runningSince: number | null;
  /** When it last stopped running by itself, or null when it has not since its last start. */
  readonly diedAt: number | null;
  readonly restarts: number;
  readonly bootMs: number | null;
  /** Why it does not run: of its last failure; cleared when it runs. */
  readonly problem: { readonly code: ErrorCode; readonly detail: string } | null;
}

export const NEW_FUNCTION: FunctionMemory = {
  failures: 0,
  nextAttemptAt: 0,
  runningSince: null,
  diedAt: null,
  restarts: 0,
  bootMs: null,
  problem: null,
};

/** A function that dies is started again at once this many times… */
export const IMMEDIATE_RESTARTS = 10;
/** …each stretch of this length that it runs gives one of them back… */
export const FORGIVE_MS = 10_000;
/** …and after that the waiting time doubles from the first to the second of these. */
const BACKOFF_FIRST_MS = 1_000;
export const BACKOFF_LAST_MS = 60_000;

export type SupervisionEvent =
  | { readonly type: "running"; readonly bootMs: number | null }
  | { readonly type: "died"; readonly problem: Problem }
  | { readonly type: "start-failed"; readonly problem: Problem }
  /** It is ended on purpose, to be started again (another description, an operator's wish): all is forgiven. */
  | { readonly type: "reset" }
  /** Somebody mended what made it fail: it is let run, and its failures do not count any more. */
  | { readonly type: "forgiven" };

/** `random` in [0, 1) spreads the tries of many functions that failed together. */
export function supervise(
  memory: FunctionMemory,
  event: SupervisionEvent,
  now: number,
  random: number,
): FunctionMemory {
  switch (event.type) {
    case "running":
      return {
        ...memory,
        runningSince: now,
        diedAt: null,
        bootMs: event.bootMs ?? memory.bootMs,
        problem: null,
      };
    case "died": {
      const ranMs = memory.runningSince === null ? 0 : now - memory.runningSince;
      const failures = Math.max(0, memory.failures - Math.floor(ranMs / FORGIVE_MS)) + 1;
      return {
        ...memory,
        failures,
        nextAttemptAt: now + waitAfterDeath(failures, random),
        runningSince: null,
        diedAt: now,
        restarts: memory.restarts + 1,
        problem: event.problem,
      };
    }
    case "start-failed": {
      const failures = memory.failures + 1;
      return {
        ...memory,
        failures,
        nextAttemptAt: now + backoff(failures, random),
        runningSince: null,
        problem: event.problem,
      };
    }
    case "reset":
      return { ...memory, failures: 0, nextAttemptAt: 0, runningSince: null, diedAt: null, problem: null };
    case "forgiven":
      return { ...memory, failures: 0, nextAttemptAt: 0 };
  }
}

function waitAfterDeath(failures: number, random: number): number {
  return failures <= IMMEDIATE_RESTARTS ? 0 : backoff(failures - IMMEDIATE_RESTARTS, random);
}

/** Exponential with equal jitter: half fixed, half random. */
function backoff(failures: number, random: number): number {
  const full = Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** (failures - 1));
  return full / 2 + (full / 2) * random;
}
