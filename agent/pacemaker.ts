/**
 * When the loop makes its next pass: soon after it is asked to, any number of askings making one; after a long pass
 * with a pause; at a time that it asked for itself. A pass that throws costs itself, and the loop goes on.
 */
import { problemOf } from "../model/errors.js";
import type { Part } from "./watchdog/parts.js";

export interface PacemakerOptions {
  readonly pass: () => void;
  /** A pass threw: told once for each error, however often it comes again. */
  readonly failed: (error: unknown, detail: string, retryMs: number) => void;
  /** Told when a pass is wanted and when one is done. */
  readonly progress?: Pick<Part, "begin" | "end"> | undefined;
  readonly signal: AbortSignal;
}

export interface Pacemaker {
  /** Something may have changed: pass soon. */
  kick(): void;
  /** For who died: it waits for no pause. */
  kickNow(): void;
  /** In place of the time asked for before; null: no more. */
  wakeIn(ms: number | null): void;
}

/** A pass that takes longer is followed by a pause as long as itself… */
const LONG_PASS_MS = 5;
/** …but no longer than this. */
const LONGEST_PAUSE_MS = 100;
/** When planning itself failed: nothing may happen that would make us try again. */
const PASS_RETRY_MS = 5_000;

export function createPacemaker({ pass, failed, progress, signal }: PacemakerOptions): Pacemaker {
  let scheduled = false;
  /** What the last pass took. */
  let passMs = 0;
  /** The pass that is scheduled waits for this. */
  let pausing: NodeJS.Timeout | null = null;
  let timer: NodeJS.Timeout | null = null;
  /** Told already. */
  let passError: string | null = null;
  signal.addEventListener("abort", () => timer && clearTimeout(timer), { once: true });

  const guardedPass = (): void => {
    scheduled = false;
    pausing = null;
    if (signal.aborted) return;
    const begun = performance.now();
    try {
      pass();
      passError = null;
    } catch (error) {
      const { detail } = problemOf(error);
      if (detail !== passError) failed(error, detail, PASS_RETRY_MS);
      passError = detail;
      wakeIn(PASS_RETRY_MS);
    }
    passMs = performance.now() - begun;
    if (!scheduled) progress?.end();
  };
  const kick = (): void => {
    if (scheduled || signal.aborted) return;
    scheduled = true;
    progress?.begin();
    // A pass over hundreds of functions takes long, and each of them kicks: others get their turn in between.
    if (passMs < LONG_PASS_MS) setImmediate(guardedPass);
    else pausing = setTimeout(guardedPass, Math.min(passMs, LONGEST_PAUSE_MS));
  };
  const wakeIn = (ms: number | null): void => {
    if (timer) clearTimeout(timer);
    timer = ms === null ? null : setTimeout(kick, Math.max(1, ms));
  };
  return {
    kick,
    kickNow() {
      if (!pausing) return kick();
      clearTimeout(pausing);
      pausing = null;
      setImmediate(guardedPass);
    },
    wakeIn,
  };
}
