/** Waiting, as the drivers do it: every wait has a signal, time and chance come in, retries spread out. */
import { backoffMs } from "../../model/backoff.js";
import { LightmanoError } from "../../model/errors.js";

export interface WaitClock {
  /** Resolves after the time, or as soon as the signal aborts. Keeps no process alive. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
}

export const systemWaitClock: WaitClock = {
  delay: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      timer.unref();
      signal.addEventListener("abort", done, { once: true });
    }),
  random: Math.random,
};

/** A process that is at rest wakes for all that it looks at by the clock at once: a waking costs more than most looks. */
const STEP_MS = 1_000;
/** A timer may end so much early. */
const EARLY_MS = 5;

/** When to look again, on a monotonic clock: the last whole step within the period, which is `periodMs` later but for the first time. */
export const inStepMs = (nowMs: number, periodMs: number, stepMs: number = STEP_MS): number =>
  Math.floor((nowMs + periodMs + EARLY_MS) / stepMs) * stepMs;

/** How long to wait until then. A period that is shorter than a step is kept as it is. */
export const untilInStep = (periodMs: number, nowMs: number = performance.now()): number =>
  periodMs < STEP_MS ? periodMs : inStepMs(nowMs, periodMs) - nowMs;

/** What an operation rejects with when its signal aborted: the signal's own LightmanoError, or a timeout. */
export function abortError(signal: AbortSignal, what: string): LightmanoError {
  const reason: unknown = signal.reason;
  if (reason instanceof LightmanoError) return reason;
  const words = reason instanceof Error ? reason.message : String(reason);
  return new LightmanoError("operation.timeout", `${what} was given up: ${words}`, { cause: reason });
}

/** The promise's outcome, or a rejection as soon as the signal aborts. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      promise.catch((late: unknown) => void late);
      return reject(abortError(signal, what));
    }
    const onAbort = () => reject(abortError(signal, what));
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/**
 * A signal that aborts with its source, or before. To be aborted when its use is over, which lets go of the
 * source: what AbortSignal.any makes stays for as long as the source lives, and ours live as long as the agent.
 */
export function linkSignal(source: AbortSignal): LinkedSignal {
  const controller = new AbortController();
  const follow = () => controller.abort(source.reason);
  if (source.aborted) follow();
  else source.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    abort(reason) {
      source.removeEventListener("abort", follow);
      controller.abort(reason);
    },
  };
}

/** Does the work with a signal that aborts, with `late()` as its reason, after a time. */
export function withDeadline<T>(
  signal: AbortSignal,
  timeoutMs: number,
  late: () => LightmanoError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limited = linkSignal(signal);
  const timer = setTimeout(() => limited.abort(late()), timeoutMs);
  return work(limited.signal).finally(() => {
    clearTimeout(timer);
    limited.abort();
  });
}

export interface ReconnectOptions {
  readonly signal: AbortSignal;
  readonly clock: WaitClock;
  readonly firstMs: number;
  readonly maxMs: number;
  /**
   * One life of the connection: calls `up` when it is usable, and resolves with the reason when it has ended
   * (or rejects with it).
   */
  connect(up: () => void, signal: AbortSignal): Promise<string>;
  /** It ended or could not be made; `failures` counts attempts since it was last up. */
  down(reason: string, failures: number): void;
}

/** Keeps a connection for as long as the signal lives. Never rejects. */
export async function keepConnected(options: ReconnectOptions): Promise<void> {
  const { signal, clock } = options;
  let failures = 0;
  while (!signal.aborted) {
    let reason: string;
    try {
      reason = await options.connect(() => {
        failures = 0;
      }, signal);
    } catch (thrown) {
      reason = thrown instanceof Error ? thrown.message : String(thrown);
    }
    if (signal.aborted) return;
    failures += 1;
    options.down(reason, failures);
    await clock.delay(
      backoffMs(failures - 1, { baseMs: options.firstMs, capMs: options.maxMs }, clock.random),
      signal,
    );
  }
}
