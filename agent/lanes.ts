/**
 * How much is done at once. A node with 500 functions to start would fork and ask for everything in one instant, and
 * whatever else it has to do would wait behind that. So steps go in lanes, each with room for so many at a time;
 * what waits in one holds up nothing in another.
 *
 * - `container`, `local`: first starts, what goes to dockerd apart from the rest, for dockerd may hang.
 * - `container.heal`, `local.heal`: what brings traffic back that flowed before. Never behind first starts.
 *
 * Images are in none: one may take half an hour over a bad link, and another be there already. dockerd itself
 * limits its downloads.
 */
import type { Step } from "./domain/steps.js";

export type LaneName = "container" | "container.heal" | "local" | "local.heal";

/** Steps at a time. Open vSwitch and `ip` take what comes together in one transaction, so few would be slower. */
export const ROOM: Readonly<Record<LaneName, number>> = {
  container: 8,
  "container.heal": 8,
  local: 32,
  "local.heal": 32,
};

/** Null: it waits for nothing. */
export function laneOf({ do: name }: Step, heals: boolean): LaneName | null {
  if (name === "image.ensure") return null;
  const kind = name.startsWith("container.") ? "container" : "local";
  return heals ? `${kind}.heal` : kind;
}

export interface Lanes {
  /** Does the work when there is room. Rejects with the signal's reason, and does nothing, when it aborts before that. */
  within<T>(lane: LaneName | null, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createLanes(room: Readonly<Record<LaneName, number>> = ROOM): Lanes {
  const busy = new Map<LaneName, number>();
  /** A Set keeps the order of arrival, and lets go of one that gave up from its middle. */
  const waiting = new Map<LaneName, Set<() => void>>();

  const leave = (lane: LaneName): void => {
    const [next] = waiting.get(lane) ?? [];
    if (next) return next(); // it takes the place over: the number of the busy stays
    busy.set(lane, (busy.get(lane) ?? 1) - 1);
  };
  const enter = (lane: LaneName, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    const inside = busy.get(lane) ?? 0;
    if (inside < room[lane]) {
      busy.set(lane, inside + 1);
      return Promise.resolve();
    }
    const queue = waiting.get(lane) ?? new Set();
    waiting.set(lane, queue);
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        queue.delete(go);
        reject(signal.reason);
      };
      const go = (): void => {
        queue.delete(go);
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      queue.add(go);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  };

  return {
    async within(lane, signal, work) {
      if (lane === null) return work();
      await enter(lane, signal);
      try {
        return await work();
      } finally {
        leave(lane);
      }
    },
  };
}
