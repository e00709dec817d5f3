/**
 * Programs that outlive the command which started them. Each has a record on disk with its pid and
 * start time (together they name one process for ever), a log, and a mark in its environment; so any
 * later `lightmano lab` finds it, and never mistakes another process for it.
 */
import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environment } from "./command.js";
import { inNamespace, type LabContext, netnsName, ownershipMark } from "./context.js";
import { LabError } from "./errors.js";
import {
  commandLine,
  hasEnvironment,
  isAlive,
  listProcesses,
  namedNetns,
  netnsOf,
  readProcess,
} from "./procfs.js";
import type { Namespace } from "./topology.js";
import { waitUntil } from "./wait.js";

export interface ProcessSpec {
  readonly name: string;
  readonly ns: Namespace;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Standard output and error; default LOGDIR/NAME.log. */
  readonly logPath?: string;
}

export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  readonly startTime: number;
  readonly argv: readonly string[];
  readonly logPath: string;
  /** Where in the log this start begins; what stands before it is of an earlier one. */
  readonly logFrom: number;
}

/** Starts the program unless it runs already in the right namespace. */
export async function ensureProcess(
  lab: LabContext,
  spec: ProcessSpec,
): Promise<ProcessRecord & { readonly started: boolean }> {
  const found = (await findProcess(lab, spec.name)) ?? (await adoptProcess(lab, spec));
  if (found !== undefined) {
    // After `ip netns del` and a repair the old one still lives, in a namespace nobody can reach.
    if (netnsOf(found.pid) === namedNetns(netnsName(lab, spec.ns))) return { ...found, started: false };
    await stopProcess(lab, spec.name);
  }
  return { ...(await startProcess(lab, spec)), started: true };
}

/**
 * A command that was killed between starting a program and writing its record leaves one that runs and that
 * nobody knows; a second one beside it would find its sockets and locks taken.
 */
async function adoptProcess(lab: LabContext, spec: ProcessSpec): Promise<ProcessRecord | undefined> {
  const mark = `LIGHTMANO_LAB=${ownershipMark(lab).LIGHTMANO_LAB}`;
  // nsenter becomes the program, and may not have done so yet.
  const lines = [spec.argv, inNamespace(lab, spec.ns, spec.argv)].map((argv) => argv.join(" "));
  const orphan = listProcesses().find(
    ({ pid, startTime }) =>
      lines.includes(commandLine(pid)) && hasEnvironment(pid, mark) && isAlive(pid, startTime),
  );
  if (orphan === undefined) return undefined;
  const { pid, startTime } = orphan;
  const record = {
    name: spec.name,
    pid,
    startTime,
    argv: spec.argv,
    logPath: logPathOf(lab, spec),
    logFrom: 0,
  };
  await writeRecord(lab, record);
  return record;
}

export async function startProcess(lab: LabContext, spec: ProcessSpec): Promise<ProcessRecord> {
  const [program, ...args] = inNamespace(lab, spec.ns, spec.argv) as [string, ...string[]];
  const logPath = logPathOf(lab, spec);
  const log = openSync(logPath, "a");
  const logFrom = fstatSync(log).size;
  const child = spawn(program, args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...environmentOfService(), ...spec.env, ...ownershipMark(lab) },
    cwd: spec.cwd ?? lab.paths.runDir,
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) =>
      reject(
        new LabError({ code: "lab.program", message: `cannot start ${spec.name}: ${cause.message}`, cause }),
      ),
    );
  });
  child.unref();
  const pid = child.pid ?? 0;
  const record: ProcessRecord = {
    name: spec.name,
    pid,
    startTime: readProcess(pid)?.startTime ?? 0,
    argv: spec.argv,
    logPath,
    logFrom,
  };
  await writeRecord(lab, record);
  return record;
}

/** The record of a process that is alive. */
export async function findProcess(lab: LabContext, name: string): Promise<ProcessRecord | undefined> {
  const record = await readRecord(lab, name);
  return record !== undefined && isAlive(record.pid, record.startTime) ? record : undefined;
}

export async function listRecords(lab: LabContext): Promise<readonly ProcessRecord[]> {
  const files = await readdir(lab.paths.processDir).catch(() => []);
  const names = files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
  const records = await Promise.all(names.sort().map((name) => readRecord(lab, name)));
  return records.flatMap((record) => record ?? []);
}

export interface StopOptions {
  readonly signal?: NodeJS.Signals;
  /** Until SIGKILL. */
  readonly graceMs?: number;
}

/** Ends a process of the lab and waits until it is gone. True when there was one. */
export async function stopProcess(
  lab: LabContext,
  name: string,
  options: StopOptions = {},
): Promise<boolean> {
  const record = await findProcess(lab, name);
  if (record !== undefined) await endProcess(record, options);
  await rm(recordPath(lab, name), { force: true });
  return record !== undefined;
}

/** Sends a signal to a process of the lab, if it is alive. */
export async function signalProcess(lab: LabContext, name: string, signal: NodeJS.Signals): Promise<boolean> {
  const record = await findProcess(lab, name);
  return record !== undefined && sendSignal(record.pid, signal);
}

export async function endProcess(
  process: Pick<ProcessRecord, "pid" | "startTime">,
  options: StopOptions = {},
): Promise<void> {
  const gone = () => !isAlive(process.pid, process.startTime);
  if (gone()) return;
  sendSignal(process.pid, options.signal ?? "SIGTERM");
  const graceMs = options.graceMs ?? 3000;
  await waitUntil("process ends", gone, { timeoutMs: graceMs }).catch(() =>
    sendSignal(process.pid, "SIGKILL"),
  );
  await waitUntil(`process ${process.pid} is gone after SIGKILL`, gone, { timeoutMs: 5000 });
}

/**
 * Waits until `ready` says so, and gives up at once when the process has ended, with the tail of its log.
 */
export async function waitReady<T>(
  lab: LabContext,
  record: ProcessRecord,
  what: string,
  ready: () => Promise<T | undefined | false>,
  timeoutMs = 10_000,
): Promise<T> {
  const probe = async () => {
    const result = await ready();
    // In this order: what answers may be another one, to which this one lost its socket.
    if (isAlive(record.pid, record.startTime)) return result;
    throw new LabError({
      code: "lab.process",
      message: `${record.name} ended before ${what}`,
      command: record.argv.join(" "),
      stderr: await logTail(record.logPath),
      logPath: record.logPath,
    });
  };
  return waitUntil(what, probe, { timeoutMs, signal: lab.signal, logPath: record.logPath });
}

/** Has the process written this to its log since it was started? */
export async function logHas(record: ProcessRecord, text: string): Promise<boolean> {
  const bytes = await readFile(record.logPath).catch(() => Buffer.alloc(0));
  return bytes.subarray(record.logFrom).includes(text);
}

export async function logTail(path: string, lines = 12): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}

export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Ours, less what a test runner means for its own Node processes only. */
function environmentOfService(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...rest } = environment();
  return rest;
}

function logPathOf(lab: LabContext, { name, logPath }: ProcessSpec): string {
  return logPath ?? join(lab.paths.logDir, `${name}.log`);
}

function recordPath(lab: LabContext, name: string): string {
  return join(lab.paths.processDir, `${name}.json`);
}

async function writeRecord(lab: LabContext, record: ProcessRecord): Promise<void> {
  const path = recordPath(lab, record.name);
  await mkdir(lab.paths.processDir, { recursive: true });
  await writeFile(`${path}.part`, JSON.stringify(record));
  await rename(`${path}.part`, path);
}

async function readRecord(lab: LabContext, name: string): Promise<ProcessRecord | undefined> {
  const text = await readFile(recordPath(lab, name), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ProcessRecord);
}
