import type { NodeId, ServiceId, SiteId } from "../model/ids.js";
import type { StoredEvent } from "./store/reports.js";

/** What changed, said to whoever shows it. Names, not contents: the one who shows it reads what it needs. */
export type Change =
  | { readonly type: "node"; readonly site: SiteId; readonly node: NodeId }
  | { readonly type: "service"; readonly site: SiteId; readonly service: ServiceId }
  | { readonly type: "events"; readonly events: readonly StoredEvent[] };

export interface Feed {
  publish(change: Change): void;
  subscribe(listener: (change: Change) => void): () => void;
}

export function createFeed(): Feed {
  const listeners = new Set<(change: Change) => void>();
  return {
    publish(change) {
      for (const listener of [...listeners]) listener(change);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
