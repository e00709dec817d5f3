/**
 * Finds out that a container's process is stopped (SIGSTOP): Docker calls it running, its ports listen, and nobody
 * answers there. One that Docker itself has paused is in another state and not looked at.
 */
import { processState } from "../proc-state.js";
import { untilInStep, type WaitClock } from "../wait.js";

export interface StoppedOptions {
  readonly procRoot: string;
  readonly clock: Pick<WaitClock, "delay">;
  /** Containers that run, with the pid of each. */
  running(): Iterable<{ readonly containerId: string; readonly pid: number }>;
  /** It has been stopped for two looks; told once. */
  stopped(containerId: string, pid: number): void;
}

/** A debugger stops a process for moments, too: only who is found so twice in a row is taken for hung. */
export const LOOK_EVERY_MS = 2_000;

/** Looks until the signal aborts. */
export async function watchStopped(options: StoppedOptions, signal: AbortSignal): Promise<void> {
  const { procRoot, clock, running, stopped } = options;
  /** By container and pid: how many looks in a row it has been stopped. */
  let looks = new Map<string, number>();
  while (!signal.aborted) {
    await clock.delay(untilInStep(LOOK_EVERY_MS), signal);
    const next = new Map<string, number>();
    for (const { containerId, pid } of running()) {
      if ((await processState(procRoot, pid)) !== "T") continue;
      const key = `${containerId} ${pid}`;
      const count = (looks.get(key) ?? 0) + 1;
      next.set(key, count);
      if (count === 2 && !signal.aborted) stopped(containerId, pid);
    }
    looks = next;
  }
}
