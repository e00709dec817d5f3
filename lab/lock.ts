import { linkSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LabError } from "./errors.js";
import { commandLine, isAlive, readProcess } from "./procfs.js";

/**
 * Runs `work` while nobody else changes the same lab. The lock is a file with the holder's pid and
 * start time, so a holder that was killed holds nothing.
 * Errors: `lab.busy` when another `up` or `down` is at work.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  take(path);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
    removeIfEmpty(dirname(path));
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another lab's run folder lies beside, or this one's: then it is to stay.
  }
}

/** What a process left that was killed between writing its claim and linking it. */
function removeDeadClaims(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(`${basename(path)}.`) ? Number(name.slice(basename(path).length + 1)) : 0;
    if (pid > 0 && readProcess(pid) === undefined) rmSync(join(folder, name), { force: true });
  }
}

function take(path: string): void {
  removeDeadClaims(path);
  // Written first and linked then, so that nobody ever reads a lock without its holder.
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, `${process.pid} ${readProcess(process.pid)?.startTime ?? 0}`);
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (tryLink(mine, path)) return;
      const [pid, startTime] = readHolder(path);
      if (isAlive(pid, startTime)) throw busy(pid);
      rmSync(path, { force: true });
    }
    throw busy(readHolder(path)[0]);
  } finally {
    rmSync(mine, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

function readHolder(path: string): readonly [number, number] {
  try {
    const [pid, startTime] = readFileSync(path, "utf8").split(" ").map(Number);
    return [pid ?? 0, startTime ?? 0];
  } catch {
    return [0, 0];
  }
}

function busy(pid: number): LabError {
  return new LabError({
    code: "lab.busy",
    message: `process ${pid} is changing this lab (${commandLine(pid)})`,
    hint: "wait until it is done, or stop it",
  });
}
