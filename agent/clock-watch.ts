/**
 * A node without a battery clock starts in 1970, or when its system was made, and is told the time minutes or days later. What it notes until
 * then carries the time since the machine started besides, which no clock that is set changes; once the time is known, what was noted
 * is corrected by it. While the clock is right nothing of this costs anything.
 */
import { pause, type Wait } from "../bus/wait.js";
import type { AgentEvent } from "../model/messages/node.js";
import { clockSetEvent, eventAt } from "./chronicle.js";
import type { Recorder } from "./recorder.js";
import type { Journal } from "./store/journal.js";

/** Before this program was made no clock can be right. */
export const MADE_AT = Date.UTC(2026, 0, 1);

/** When something was noted by a clock that was not set. */
export type Unset = NonNullable<AgentEvent["clock"]>;

export interface ClockWatchOptions {
  /** ms since the epoch, as the node has it. */
  readonly clock: () => number;
  /** ms since the machine started, suspend included; never set. */
  readonly uptimeMs: () => number;
  readonly bootId: string;
  readonly wait: Wait;
  readonly signal: AbortSignal;
  /** The clock was set: the machine started then, ms since the epoch. Called once. */
  readonly onSet: (bootedAt: number) => void;
}

export interface ClockWatch {
  /** What to mark an event of now with; null: its time can be believed. */
  unset(): Unset | null;
}

const LOOK_MS = 1_000;

export function watchClock({ clock, uptimeMs, bootId, wait, signal, onSet }: ClockWatchOptions): ClockWatch {
  let isSet = clock() >= MADE_AT;
  const look = (): boolean => {
    if (!isSet && clock() >= MADE_AT) {
      isSet = true;
      onSet(Math.round(clock() - uptimeMs()));
    }
    return isSet;
  };
  const looking = async (): Promise<void> => {
    while (!look() && (await pause(wait, LOOK_MS, signal)));
  };
  if (!isSet) void looking();
  return { unset: () => (look() ? null : { boot: bootId, atMs: Math.round(uptimeMs()) }) };
}

export interface CorrectionOptions {
  readonly journal: Pick<Journal, "correctTimes">;
  readonly recorder: Pick<Recorder, "correct" | "flush" | "record">;
  readonly bootId: string;
  readonly bootedAt: number;
  readonly clock: () => number;
  readonly wait: Wait;
  readonly signal: AbortSignal;
}

const RETRY_MS = 5_000;

/** Corrects what waits, then what is in the journal, then tells it: who has had it wrong corrects it by that. */
export async function correctTimes(options: CorrectionOptions): Promise<void> {
  const { journal, recorder, bootId, bootedAt, clock, wait, signal } = options;
  const tryOnce = async (): Promise<boolean> => {
    recorder.correct((event) => corrected(event, bootId, bootedAt));
    await recorder.flush(); // what was under way to the journal is in it
    return journal.correctTimes(bootId, bootedAt).then(
      () => true,
      () => false, // the recorder tells of the disk
    );
  };
  while (!(await tryOnce())) if (!(await pause(wait, RETRY_MS, signal))) return;
  recorder.record([eventAt(clock(), clockSetEvent(bootId, bootedAt))], [], []);
}

/** The event as it should have been noted: the same where it is of another start of the machine. Pure. */
export function corrected(event: AgentEvent, bootId: string, bootedAt: number): AgentEvent {
  const { clock, ...rest } = event;
  if (clock?.boot !== bootId) return event;
  return { ...rest, ts: new Date(bootedAt + clock.atMs).toISOString() };
}
