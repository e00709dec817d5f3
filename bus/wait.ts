import { setTimeout as sleep } from "node:timers/promises";

/** Resolves after so many milliseconds; rejects as soon as the signal aborts. A parameter, for simulation. */
export type Wait = (delayMs: number, signal: AbortSignal) => Promise<void>;

export const realWait: Wait = async (delayMs, signal) => {
  await sleep(delayMs, undefined, { signal });
};

/** As `wait`, but an abort ends the wait instead of throwing. True when the whole time went by. */
export async function pause(wait: Wait, delayMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(delayMs, signal);
    return !signal.aborted;
  } catch (cause) {
    if (signal.aborted) return false;
    throw cause;
  }
}
