/** The Click runtimes that are compared, and how one run of one of them is measured. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Runtime } from "./configurations.js";

export interface Program {
  readonly runtime: Runtime;
  readonly path: string;
}

/** A runtime that did not do what it was measured for; the message has its name and its own words. */
export class RuntimeError extends Error {}

/** The first program of that name on PATH. */
export function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Time that process `pid`, with its threads' leader only, has run on a CPU, in ns (proc(5), schedstat). */
export function cpuNs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, "latin1").split(" ")[0]);
}

export async function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((resolve) => child.once("exit", (code) => resolve(code)));
}

/**
 * Runs `text` for `ms` and returns the CPU time that each packet took, in ns: CPU time of the process over what
 * `counter` says at its end. Starting and ending count too; they are a few ms.
 * Errors: `RuntimeError` with what the program wrote, when it does not run to its end or counts nothing.
 */
export async function nsPerPacket(
  program: Program,
  text: string,
  counter: string,
  ms: number,
): Promise<number> {
  const child = spawn(program.path, ["-e", text, "-h", counter], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const over = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await Promise.race([delay(ms), over]);
  const spent = child.pid !== undefined && child.exitCode === null ? cpuNs(child.pid) : Number.NaN;
  child.kill("SIGINT");
  await over;
  const packets = Number(output.trim());
  if (!(packets > 0) || Number.isNaN(spent))
    throw new RuntimeError(`${program.path}: ${errors.trim() || `counted ${JSON.stringify(output)}`}`);
  return spent / packets;
}

/** Starts a program of which only its ControlSocket is wanted. */
export function startRuntime(path: string, args: readonly string[]): ChildProcess {
  return spawn(path, args, { stdio: ["ignore", "ignore", "inherit"] });
}

/** Waits until `child` answers on its ControlSocket. Errors: `RuntimeError` when it ends before, or does not in 10 s. */
export async function untilGreeting(child: ChildProcess, socketPath: string): Promise<void> {
  const begin = performance.now();
  while (!(await greeting(socketPath))) {
    if (child.exitCode !== null) throw new RuntimeError(`it ended with ${child.exitCode}`);
    if (performance.now() - begin > 10_000) throw new RuntimeError("it does not answer");
  }
}

/** From spawn to the ControlSocket's greeting, in ms. The process is ended again. */
export async function bootMs(program: Program, text: string, socketPath: string): Promise<number> {
  const begin = performance.now();
  const child = spawn(program.path, ["-u", socketPath, "-e", text], { stdio: "ignore" });
  try {
    await untilGreeting(child, socketPath);
    return performance.now() - begin;
  } catch (error) {
    throw new RuntimeError(`${program.path}: ${String(error)}`, { cause: error });
  } finally {
    child.kill("SIGTERM");
    await exited(child);
  }
}

/** Does something on the socket greet? False where nothing listens yet. */
async function greeting(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("data", () => end(true));
    socket.once("error", () => setImmediate(end, false));
  });
}
