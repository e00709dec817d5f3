/** Between the loop's memory of functions and the journal: writes what changed, and gives back what an earlier life of the agent knew. */
import type { FunctionMemory } from "./domain/supervision.js";
import { type KeptMemory, keptOf, revived } from "./domain/supervision-kept.js";
import type { MemoryStore } from "./store/memory.js";

export interface MemoryKeeper {
  /** `memory` null: the function is wanted no more. Nothing is written before `revive`. */
  remembered(functionId: string, digest: string, memory: FunctionMemory | null): void;
  /** Of these functions, by id with digest, what was known. */
  revive(functions: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, FunctionMemory>>;
}

/** `monotonic` is the memory's clock, `clock` the time of day. */
export function createMemoryKeeper(
  store: MemoryStore,
  clock: () => number,
  monotonic: () => number,
): MemoryKeeper {
  /** As JSON, by function; null before it was read. */
  let stored: Map<string, string> | null = null;
  const put = (functionId: string, kept: KeptMemory | null): void => {
    const text = kept && JSON.stringify(kept);
    if (!stored || (stored.get(functionId) ?? null) === text) return;
    if (text === null) stored.delete(functionId);
    else stored.set(functionId, text);
    // What the disk does not take is known until the agent ends; the recorder tells of the disk.
    void store.put(functionId, kept).catch(() => stored?.delete(functionId));
  };
  return {
    remembered: (functionId, digest, memory) =>
      put(functionId, memory && keptOf(memory, digest, monotonic(), clock())),
    async revive(functions) {
      const all = await store.all();
      stored = new Map([...all].map(([id, kept]) => [id, JSON.stringify(kept)]));
      const found = new Map<string, FunctionMemory>();
      for (const [id, kept] of all)
        if (functions.get(id) === kept.digest) found.set(id, revived(kept, monotonic(), clock()));
        else if (functions.has(id)) put(id, null); // others may come yet, with a hub that was not heard so far
      return found;
    },
  };
}
