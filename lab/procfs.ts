/**
 * Facts about processes from /proc. Everything here is synchronous: /proc is memory, and a process
 * that ends between two reads is the normal case, told by `undefined`.
 */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number;
  readonly state: string;
  /** Clock ticks after boot; with the pid it names one process for ever (proc(5), field 22). */
  readonly startTime: number;
}

export function readProcess(pid: number): ProcessFacts | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name may hold spaces and brackets, so fields count from the last ')'.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    pid,
    state: fields[0] ?? "X",
    parentPid: Number(fields[1]),
    startTime: Number(fields[19]),
  };
}

/** Is this very process (not a later one with the same pid) still there? A zombie is not. */
export function isAlive(pid: number, startTime: number): boolean {
  const facts = readProcess(pid);
  return facts !== undefined && facts.startTime === startTime && facts.state !== "Z" && facts.state !== "X";
}

export function listProcesses(): readonly ProcessFacts[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

export function commandLine(pid: number): string {
  return (readText(`/proc/${pid}/cmdline`) ?? "").split("\0").join(" ").trim();
}

export function hasEnvironment(pid: number, entry: string): boolean {
  return (readText(`/proc/${pid}/environ`) ?? "").split("\0").includes(entry);
}

/** Is the process in this control group or one below it, in any hierarchy? */
export function inControlGroup(pid: number, group: string): boolean {
  const lines = (readText(`/proc/${pid}/cgroup`) ?? "").split("\n");
  return lines.some((line) => line.endsWith(`:${group}`) || line.includes(`:${group}/`));
}

/** Inode of the network namespace a process lives in. */
export function netnsOf(pid: number): number | undefined {
  try {
    return Number(/\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[1]);
  } catch {
    return undefined;
  }
}

/** Inode of a named network namespace, as `ip netns` keeps it. */
export function namedNetns(name: string): number | undefined {
  try {
    const inode = statSync(`/run/netns/${name}`).ino;
    // A name whose mount has gone is a plain file of no use; nsfs is the only one that has inodes up there.
    return inode >= 0xf0000000 ? inode : undefined;
  } catch {
    return undefined;
  }
}

/** `pid` and all its ancestors. */
export function lineage(pid: number): ReadonlySet<number> {
  const seen = new Set<number>();
  for (let at = pid; at > 0 && !seen.has(at); at = readProcess(at)?.parentPid ?? 0) seen.add(at);
  return seen;
}

/** Mount points at or below a folder, deepest first. */
export function mountsBelow(folder: string): readonly string[] {
  const lines = (readText("/proc/self/mountinfo") ?? "").split("\n");
  return lines
    .flatMap((line) => line.split(" ")[4] ?? [])
    .filter((point) => point === folder || point.startsWith(`${folder}/`))
    .reverse();
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
