/**
 * What a process uses, read anew only when it has done something: adding up its pages takes the kernel more time than all else that is
 * asked of a function at rest.
 */
import type { ProcessStats } from "../proc.js";
import type { Ran } from "./rest.js";

/** In less time a process takes no memory that anybody would miss, and the CPU time is counted in steps of ten times as much. */
const LITTLE_NS = 1_000_000;
/** What shares its pages may end: then its share is larger, without its doing. */
const HOLD_MS = 60_000;

export function figuresOf(
  read: () => Promise<ProcessStats | null>,
  ran: () => Ran | null,
  now: () => number = () => performance.now(),
): () => Promise<ProcessStats | null> {
  let held: { readonly stats: ProcessStats; readonly ns: number; readonly atMs: number } | null = null;
  return async () => {
    const before = ran();
    if (held && before && before.ns - held.ns < LITTLE_NS && now() - held.atMs < HOLD_MS) return held.stats;
    const atMs = now();
    const stats = await read();
    held = stats && before && { stats, ns: before.ns, atMs };
    return stats;
  };
}
