/**
 * Gives the memory of past work back while there is none. V8 collects when it needs room, not when there is nothing else to do: what a
 * burst of work left, ten megabytes for some services started and ended, would stay for as long as the node is at rest.
 *
 * A collection empties pages, and gives back those alone in which nothing is left; which ones are worth to be emptied by moving what
 * is left in them V8 knows only at the next one. So there may be two, a look apart.
 */
import { performance } from "node:perf_hooks";
import { getHeapSpaceStatistics } from "node:v8";
import { untilInStep, type WaitClock } from "./drivers/wait.js";

export interface Heap {
  /** Taken from the system for the heap, in use or not. */
  heldBytes(): number;
  /** Of these, in use: since the last collection, or garbage. */
  usedBytes(): number;
  /** Collects all garbage; nothing else runs meanwhile, some 20 ms. */
  collect(): void;
}

export interface HeapAtRestOptions {
  /** Null: this process cannot be asked to collect. */
  readonly heap: Heap | null;
  /** How much of the time since it was asked last the event loop was busy, from 0 to 1. */
  readonly busyShare: () => number;
  readonly clock: Pick<WaitClock, "delay">;
  readonly signal: AbortSignal;
}

export const LOOK_EVERY_MS = 1_000;
/** An agent that has more to do is not at rest: whoever waits for it would wait for the collection too. */
export const REST_SHARE = 0.1;
/** Growth since the last collection that is worth one. */
export const WORTH_BYTES = 750_000;
/** Held and not in use after a collection: worth a second one. */
export const FRAGMENTED_BYTES = 2_000_000;

/** Ends with the signal. */
export async function collectAtRest({ heap, busyShare, clock, signal }: HeapAtRestOptions): Promise<void> {
  if (heap === null) return;
  let leastBytes = 0;
  let collectedJustNow = false;
  while (!signal.aborted) {
    await clock.delay(untilInStep(LOOK_EVERY_MS), signal);
    const isAtRest = busyShare() < REST_SHARE;
    const held = heap.heldBytes();
    leastBytes = Math.min(leastBytes, held); // V8 gave back by itself
    if (signal.aborted || !isAtRest) continue;
    const isFragmented: boolean = collectedJustNow && held - heap.usedBytes() >= FRAGMENTED_BYTES;
    if (held - leastBytes < WORTH_BYTES && !isFragmented) {
      collectedJustNow = false;
      continue;
    }
    collectedJustNow = !isFragmented;
    heap.collect();
    leastBytes = heap.heldBytes();
  }
}

/** Of this process, which has to be started with --expose-gc (bin/lightmano); null where it was not. */
export function ownHeap(): Heap | null {
  const { gc } = globalThis as { readonly gc?: () => void };
  // The space of the young grows and shrinks by itself, by as much as is worth a collection elsewhere.
  const old = (of: "physical_space_size" | "space_used_size") => (): number =>
    getHeapSpaceStatistics().reduce(
      (sum, space) => (space.space_name === "new_space" ? sum : sum + space[of]),
      0,
    );
  return gc
    ? { heldBytes: old("physical_space_size"), usedBytes: old("space_used_size"), collect: gc }
    : null;
}

/** Of this process's event loop. */
export function ownBusyShare(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}
