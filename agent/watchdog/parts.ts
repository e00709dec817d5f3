/**
 * Which parts of the agent get on. A part says when it has begun something and when it is done, or that it waits and for how
 * long; one that is overdue is stuck. The event loop itself is watched from outside (watchdog/watchdog.c): while it is blocked nothing
 * here runs.
 */
import type { Wait } from "../../bus/wait.js";
import type { WaitClock } from "../drivers/wait.js";
import type { Journal } from "../store/journal.js";

export interface Part {
  /** Something has begun that is to be over within the part's bound. Begun twice it counts from the first time. */
  begin(): void;
  end(): void;
  /** Goes on within so many ms and the part's bound: as a loop says it before it waits. Of several waits the longest counts. */
  waits(ms: number): void;
}

export interface StuckPart {
  readonly name: string;
  /** Since when it should have been done. */
  readonly overdueMs: number;
}

export interface Parts {
  part(name: string, boundMs: number): Part;
  stuck(): readonly StuckPart[];
  names(): readonly string[];
}

/** `now` in ms, of a clock that does not jump. */
export function createParts(now: () => number): Parts {
  const due = new Map<string, number | null>();
  return {
    part(name, boundMs) {
      due.set(name, null);
      return {
        begin() {
          if (due.get(name) === null) due.set(name, now() + boundMs);
        },
        end: () => void due.set(name, null),
        waits: (ms) => void due.set(name, Math.max(due.get(name) ?? 0, now() + ms + boundMs)),
      };
    },
    stuck: () =>
      [...due].flatMap(([name, at]) => (at !== null && now() > at ? [{ name, overdueMs: now() - at }] : [])),
    names: () => [...due.keys()],
  };
}

/** A clock whose waits are a part's signs of life. What waits for it in several loops is alive while one of them goes on. */
export function watchedClock(clock: WaitClock, part: Part): WaitClock {
  return {
    random: clock.random,
    delay(ms, signal) {
      part.waits(ms);
      return clock.delay(ms, signal);
    },
  };
}

/** The same for waits of the bus. */
export const watchedWait =
  (wait: Wait, part: Part): Wait =>
  (ms, signal) => {
    part.waits(ms);
    return wait(ms, signal);
  };

/** A commit has begun and is to come to an end, well or not. */
export const watchedJournal = (journal: Journal, part: Part): Journal => ({
  ...journal,
  async append(events, reports, marks) {
    part.begin();
    try {
      await journal.append(events, reports, marks);
    } finally {
      part.end();
    }
  },
});
