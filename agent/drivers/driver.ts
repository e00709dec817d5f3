import type { View } from "../domain/observed.js";

/**
 * What every driver is. The constructor function does nothing but hold its options; `watch` begins to
 * watch and returns at once, also when the daemon behind it is not running: that is a state (`degraded`,
 * with a reason), not an error, and it ends by itself when the daemon comes back.
 */
export interface Driver<T> {
  readonly name: string;
  /** Begins watching until the signal aborts. Calls `changed` (never synchronously) when `view` may differ. */
  watch(changed: () => void, signal: AbortSignal): void;
  /** The latest snapshot. Never waits. */
  view(): View<T>;
}

/** The work of a driver takes a signal and rejects with a LightmanoError that says what, where and why. */
export interface StepContext {
  readonly signal: AbortSignal;
}
