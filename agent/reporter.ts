/** Which services' states are news: each is told when it differs from what was told last, and its end once. */
import type { ServiceStatus } from "../model/messages/node.js";

export interface News {
  readonly changed: readonly ServiceStatus[];
  readonly removed: readonly string[];
  /** All services of which something is here, said once when all is told anew; null: not now. */
  readonly present: readonly string[] | null;
  /** When to ask again, by the clock of `now`: something changed that is not told yet; null: nothing did. */
  readonly askAgainAt: number | null;
}

export interface Reporter {
  /** Services that are not to be, also such as never ran here: whoever asked wants to hear of their end. */
  bury(ids: readonly string[]): void;
  /** A service of this id is wanted again. */
  raise(id: string): void;
  /** Whoever was told has lost it, or had it from another: all is news again. */
  tellAgain(): void;
  /**
   * `statuses`: of all services that are wanted, or of which something is left. `left`: functions that nothing wants and that are
   * still there; their services are not removed yet. `isSeen`: whatever is there was looked at, so what is not among these
   * is not there; before that nothing is told as removed, for an earlier life of the agent may have left it half done.
   */
  news(statuses: readonly ServiceStatus[], left: readonly string[], now: number, isSeen?: boolean): News;
}

/**
 * While a service of hundreds of functions starts, its state changes hundreds of times, and is large: told each time it would fill
 * the journal and the memory. So after each telling of a large one there is a pause, the longer the more there was to tell.
 */
const PAUSE_MS_PER_BYTE = 1 / 100;
/** Of a few functions: it is told at once, however often it changes. */
const SMALL_BYTES = 8 * 1024;

export function createReporter(): Reporter {
  /** What was told last, by service. */
  const told = new Map<string, { readonly text: string; readonly nextAt: number }>();
  const buried = new Set<string>();
  /** The whole is to be told: at first, and when it was asked for. */
  let isWhole = true;
  return {
    bury(ids) {
      for (const id of ids) {
        if (!buried.has(id) && !told.has(id)) told.set(id, { text: "never ran here", nextAt: 0 });
        buried.add(id);
      }
    },
    raise: (id) => void buried.delete(id),
    tellAgain() {
      for (const id of [...told.keys(), ...buried]) told.set(id, { text: "to be told again", nextAt: 0 });
      isWhole = true;
    },
    news(statuses, left, now, isSeen = false) {
      const later: number[] = [];
      const changed = statuses.filter((status) => {
        const text = JSON.stringify(status);
        const before = told.get(status.id);
        if (before?.text === text) return false;
        if (before && before.nextAt > now) {
          later.push(before.nextAt);
          return false;
        }
        const pauseMs = text.length <= SMALL_BYTES ? 0 : text.length * PAUSE_MS_PER_BYTE;
        told.set(status.id, { text, nextAt: now + pauseMs });
        return true;
      });
      const wanted = new Set(statuses.map(({ id }) => id as string));
      const removed = [...told.keys()].filter(
        (id) => isSeen && !wanted.has(id) && !left.some((functionId) => functionId.startsWith(`${id}.`)),
      );
      for (const id of removed) told.delete(id);
      // Told with the rest, which comes at once: nothing of it was told so shortly before.
      const present = isWhole && isSeen ? [...new Set([...wanted, ...left.map(serviceOf)])] : null;
      if (present) isWhole = false;
      return { changed, removed, present, askAgainAt: later.length > 0 ? Math.min(...later) : null };
    },
  };
}

const serviceOf = (functionId: string): string => functionId.slice(0, functionId.indexOf("."));
