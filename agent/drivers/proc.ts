/** Processes as /proc(5) shows them. A process is named by pid and start time, for pids are used again. */
import { readdir, readFile } from "node:fs/promises";

export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks after boot. */
  readonly startTicks: number;
}

/** The identity of a running process, or null: not there, or a zombie that nobody has reaped. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return state === "Z" || state === "X" ? null : { pid, startTicks: Number(fields[19]) };
}

export async function isRunning({ pid, startTicks }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.startTicks === startTicks;
}

export interface FoundProcess extends ProcessIdentity {
  readonly environment: ReadonlyMap<string, string>;
}

/** Sends a signal; a process that is gone meanwhile is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** All processes whose environment has this variable with this value, with their whole environment. */
export async function findByEnvironment(name: string, value: string): Promise<readonly FoundProcess[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      if (!text.includes(`${name}=${value}`)) return null;
      const environment = new Map(
        text
          .split("\0")
          .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const),
      );
      const identity = environment.get(name) === value ? await identify(pid) : null;
      return identity && { ...identity, environment };
    }),
  );
  return found.flatMap((process) => process ?? []);
}

export interface ProcessStats {
  /** Proportional set size. */
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
}

/** Memory and CPU time of a process and its children (a confined lclick has one, that opens devices for it); null when it is gone. */
export async function processStats(pid: number): Promise<ProcessStats | null> {
  const [own, children] = await Promise.all([
    statsOf(pid),
    readFile(`/proc/${pid}/task/${pid}/children`, "latin1").catch(() => ""),
  ]);
  if (own === null) return null;
  const parts = await Promise.all(children.split(" ").filter(Boolean).map(Number).map(statsOf));
  return [own, ...parts.flatMap((part) => part ?? [])].reduce((sum, part) => ({
    memoryBytes: sum.memoryBytes + part.memoryBytes,
    cpuSeconds: sum.cpuSeconds + part.cpuSeconds,
  }));
}

async function statsOf(pid: number): Promise<ProcessStats | null> {
  const [rollup, stat] = await Promise.all([
    readFile(`/proc/${pid}/smaps_rollup`, "latin1").catch(() => null),
    readFile(`/proc/${pid}/stat`, "latin1").catch(() => null),
  ]);
  if (rollup === null || stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const pssKib = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
  return {
    memoryBytes: pssKib * 1024,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
  };
}

/** CPU time that a process has used, in clock ticks; null when it is gone. */
export async function cpuTicks(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** USER_HZ, 100 on every architecture that LightMANO runs on (sysconf(_SC_CLK_TCK)). */
const TICKS_PER_SECOND = 100;
