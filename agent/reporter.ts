/** Which services' states are news: each is told when it differs from what was told last, and its end once. */
import type { ServiceStatus } from "../model/messages/node.js";

export interface News {
  readonly changed: readonly ServiceStatus[];
  readonly removed: readonly string[];
}

export interface Reporter {
  /** Services that are not to be, also such as never ran here: whoever asked wants to hear of their end. */
  bury(ids: readonly string[]): void;
  /** A service of this id is wanted again. */
  raise(id: string): void;
  /** `left`: functions that nothing wants and that are still there; their services are not removed yet. */
  news(statuses: readonly ServiceStatus[], left: readonly string[]): News;
}

export function createReporter(): Reporter {
  /** What was told last, by service. */
  const told = new Map<string, string>();
  const buried = new Set<string>();
  return {
    bury(ids) {
      for (const id of ids) {
        if (!buried.has(id) && !told.has(id)) told.set(id, "never ran here");
        buried.add(id);
      }
    },
    raise: (id) => void buried.delete(id),
    news(statuses, left) {
      const changed = statuses.filter((status) => {
        const text = JSON.stringify(status);
        if (told.get(status.id) === text) return false;
        told.set(status.id, text);
        return true;
      });
      const wanted = new Set(statuses.map(({ id }) => id as string));
      const removed = [...told.keys()].filter(
        (id) => !wanted.has(id) && !left.some((functionId) => functionId.startsWith(`${id}.`)),
      );
      for (const id of removed) told.delete(id);
      return { changed, removed };
    },
  };
}
