/**
 * Whether a process has run since it last answered. One that has not sleeps where it slept then: it does not hang, and what it
 * holds is what it held. To see that costs a few bytes of /proc; to ask costs the process and the agent a waking each, every
 * second for each function of a node at rest.
 *
 * An answer is given within a slice of time on a processor, and in what is left of that slice, some 50 µs, the process may
 * do more. So nobody relies on it alone: who reads values reads once more after a rest, and both ask now and then all the same.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";

/** How much a process has run so far. */
export interface Ran {
  /** How often it was given a processor. */
  readonly slices: number;
  readonly ns: number;
}

export interface RunMeter {
  /** Null where it cannot be known: the process is gone, has several threads, or the kernel does not count (CONFIG_SCHED_INFO). */
  read(): Ran | null;
  close(): void;
}

/** A slice that goes on for longer is no end of an answer. */
const SLICE_NS = 20_000_000;

/** Only its slice of the answer can have gone on: it was given a processor no more since. */
export const restedSince = (before: Ran | null, now: Ran | null): boolean =>
  before !== null && now !== null && now.slices === before.slices && now.ns - before.ns < SLICE_NS;

const UNKNOWN: RunMeter = { read: () => null, close: () => undefined };
/** "RUN-NS WAIT-NS SLICES\n" (Documentation/scheduler/sched-stats.rst). */
const LINE_BYTES = 80;

/** Keeps the file open: then it is of this process and no later one of the same pid, and reading it takes one system call. */
export function runMeter(pid: number): RunMeter {
  let file: number;
  try {
    if (statSync(`/proc/${pid}/task`).nlink !== 3) return UNKNOWN; // the file is of the first thread alone
    file = openSync(`/proc/${pid}/schedstat`, "r");
  } catch {
    return UNKNOWN; // it is gone, or the kernel has no such file
  }
  const line = Buffer.alloc(LINE_BYTES);
  let isOpen = true;
  return {
    read() {
      if (!isOpen) return null;
      try {
        const ran = parse(line.toString("latin1", 0, readSync(file, line, 0, LINE_BYTES, 0)));
        return ran.slices > 0 ? ran : null;
      } catch {
        return null; // ESRCH: it has ended
      }
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}

function parse(line: string): Ran {
  const [ns, , slices] = line.split(" ");
  return { slices: Number(slices), ns: Number(ns) };
}
