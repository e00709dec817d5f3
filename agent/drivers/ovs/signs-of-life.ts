/** Whether a switch still answers: it is asked again and again, and looked at when the time for its answer is over. */
import { untilInStep, type WaitClock } from "../wait.js";

/** A switch that hangs forwards nothing in the userspace datapath, so it is asked often; an echo costs it nothing. */
const ECHO_EVERY_MS = 1_000;
/** Silent for so long though asked: it hangs. Taking up many ports at once keeps it from answering for a second or two. */
export const SILENT_MS = 3_000;
/** An agent that was itself held up finds the time over before it has read the answer: it looks once more. */
export const SECOND_LOOK_MS = 500;

export interface SignsOfLife {
  /** Asks the switch for an answer, whatever it is. */
  ask(): void;
  /** When something was heard last, on the clock of `nowMs`. */
  lastHeardMs(): number;
  /** Milliseconds of a monotonic clock. */
  nowMs(): number;
  readonly clock: WaitClock;
}

/** Resolves when the switch was silent for too long, at most `SECOND_LOOK_MS` after that, or when the signal aborts. */
export async function untilSilent(signs: SignsOfLife, signal: AbortSignal): Promise<void> {
  const { clock, nowMs } = signs;
  const leftMs = () => signs.lastHeardMs() + SILENT_MS - nowMs();
  while (!signal.aborted) {
    signs.ask();
    // A timer may end a little early, and what is left then is not to be asked for again and again.
    await clock.delay(Math.min(untilInStep(ECHO_EVERY_MS, nowMs()), Math.ceil(leftMs()) + 1), signal);
    if (leftMs() > 0) continue;
    await clock.delay(SECOND_LOOK_MS, signal);
    if (leftMs() <= 0) return;
  }
}
