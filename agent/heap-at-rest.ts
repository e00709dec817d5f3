/**
 * Gives the memory of past work back while there is none. V8 collects when it needs room, not when there is nothing else to do: what a
 * burst of work left, ten megabytes for some services started and ended, would stay for as long as the node is at rest.
 */
import { performance } from "node:perf_hooks";
import { getHeapSpaceStatistics } from "node:v8";
import { untilInStep, type WaitClock } from "./drivers/wait.js";

export interface Heap {
  /** Taken from the system for the heap, in use or not. */
  heldBytes(): number;
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

/** Ends with the signal. */
export async function collectAtRest({ heap, busyShare, clock, signal }: HeapAtRestOptions): Promise<void> {
  if (heap === null) return;
  let leastBytes = 0;
  while (!signal.aborted) {
    await clock.delay(untilInStep(LOOK_EVERY_MS), signal);
    const isAtRest = busyShare() < REST_SHARE;
    const held = heap.heldBytes();
    leastBytes = Math.min(leastBytes, held); // V8 gave back by itself
    if (signal.aborted || !isAtRest || held - leastBytes < WORTH_BYTES) continue;
    heap.collect();
    leastBytes = heap.heldBytes();
  }
}

/** Of this process, which has to be started with --expose-gc (bin/lightmano); null where it was not. */
export function ownHeap(): Heap | null {
  const { gc } = globalThis as { readonly gc?: () => void };
  // The space of the young grows and shrinks by itself, by as much as is worth a collection elsewhere.
  const heldBytes = (): number =>
    getHeapSpaceStatistics().reduce(
      (sum, { space_name, physical_space_size }) =>
        space_name === "new_space" ? sum : sum + physical_space_size,
      0,
    );
  return gc ? { heldBytes, collect: gc } : null;
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
