import { setTimeout as sleep } from "node:timers/promises";
import { LabError } from "./errors.js";

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** First pause between two probes; it doubles up to 100 ms. */
  readonly intervalMs?: number;
  readonly hint?: string;
  readonly logPath?: string;
}

/**
 * Calls `probe` until it gives something other than `undefined` or `false`, and resolves with that.
 * The lab waits on facts (a socket answers, a device is there), never for a fixed time.
 * Errors: `lab.timeout` after `timeoutMs`, `lab.aborted` when the signal fires; what `probe` throws.
 */
export async function waitUntil<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + options.timeoutMs;
  let pauseMs = options.intervalMs ?? 5;
  for (;;) {
    throwIfAborted(options.signal, what);
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() >= deadline) {
      const { hint, logPath } = options;
      throw new LabError({
        code: "lab.timeout",
        message: `${what}: not within ${options.timeoutMs} ms`,
        ...(hint ? { hint } : {}),
        ...(logPath ? { logPath } : {}),
      });
    }
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, 100);
  }
}

export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw new LabError({ code: "lab.aborted", message: `${what}: stopped on request` });
}
