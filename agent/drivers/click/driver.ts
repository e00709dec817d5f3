/**
 * Click processes (userlevel): started detached, so that they outlive the agent; found again by what stands
 * in their environment; watched by their ControlSocket and, where they are our children, their exit.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LightmanoError, type Problem, problem } from "../../../model/errors.js";
import type { ObservedClick, ObservedLvnf, View } from "../../domain/observed.js";
import type { LvnfTarget } from "../../domain/target.js";
import {
  type FoundProcess,
  findByEnvironment,
  identify,
  isRunning,
  processStats,
  signalProcess,
} from "../proc.js";
import type { ClickDriver, LvnfExit } from "./api.js";
import { type ControlSocket, openControlSocket } from "./control-socket.js";
import { composeScript, parameterArguments } from "./script.js";
import { createStateKeeper } from "./state.js";

export interface ClickDriverOptions {
  /** Which node's processes these are: several agents may run on one machine (the lab). */
  readonly nodeId: string;
  /** The Click program: lclick, or a `click`. */
  readonly program: string;
  /** For control sockets, scripts and logs: `/run/lightmano/lvnf`. */
  readonly runDir: string;
  /** Put before the program, e.g. `["nsenter", "--net=…", "--"]` where the node is a namespace. It must exec. */
  readonly commandPrefix?: readonly string[];
  readonly log: (message: string) => void;
}

const NODE_MARK = "LIGHTMANO_NODE";
const FUNCTION_MARK = "LIGHTMANO_FUNCTION";
const DIGEST_MARK = "LIGHTMANO_DIGEST";
/** A process that has not answered after so long is not going to. */
const READY_TIMEOUT_MS = 5_000;
/** How often the ControlSocket is tried while the process starts. */
const READY_POLL_MS = 1;
const OUTPUT_LINES = 20;
/** What SIGKILL takes at most: the kernel has packet sockets and memory to let go of. */
const KILL_TIMEOUT_MS = 2_000;
/** A process that closed its ControlSocket and still runs after so long is not going to end by itself. */
const EXIT_STATUS_MS = 1_000;

interface Running {
  readonly observed: ObservedLvnf;
  readonly control: ControlSocket;
  /** Set when we end it ourselves: then its end is no exit to report. */
  stopping: boolean;
}

export function createClickDriver(options: ClickDriverOptions): ClickDriver {
  const { nodeId, program, runDir, log } = options;
  const running = new Map<string, Running>();
  const starting = new Map<string, ObservedLvnf>();
  const exitListeners: ((exit: LvnfExit) => void)[] = [];
  const state = createStateKeeper(runDir, log);
  let view: View<ObservedClick> = { state: "starting", reason: "looking for running LVNFs", last: null };
  let changed: () => void = () => undefined;
  let version: string | null = null;
  /** Until all that runs is adopted the view must not show a part of it: what is missing would be started again. */
  let adopted = false;

  const path = (functionId: string, suffix: string): string => join(runDir, `${functionId}.${suffix}`);
  const refresh = (): void => {
    if (!adopted) return;
    const processes = new Map([
      ...starting,
      ...[...running].map(([id, { observed }]) => [id, observed] as const),
    ]);
    view = { state: "ready", now: { version, processes } };
    queueMicrotask(changed);
  };

  /** Takes a process whose ControlSocket answers under supervision until the connection ends. */
  const supervise = (observed: ObservedLvnf, control: ControlSocket, child: ChildProcess | null): void => {
    const entry: Running = { observed, control, stopping: false };
    running.set(observed.functionId, entry);
    refresh();
    void control.closed.then(async () => {
      const at = Date.now();
      const output = await logTail(observed.functionId, OUTPUT_LINES); // before a new process has a new log
      if (running.get(observed.functionId) === entry) running.delete(observed.functionId);
      if (!entry.stopping) {
        const exit: LvnfExit = {
          functionId: observed.functionId,
          pid: observed.pid,
          at,
          problem: exitProblem(observed.pid, output),
          status: exitStatus(observed, child),
        };
        for (const listener of exitListeners) listener(exit);
      }
      refresh();
    });
  };

  const logTail = async (functionId: string, lines: number): Promise<string> => {
    const text = await readFile(path(functionId, "log"), "utf8").catch(() => "");
    return text.trimEnd().split("\n").slice(-lines).join("\n");
  };

  const adopt = async (): Promise<void> => {
    await mkdir(runDir, { recursive: true, mode: 0o700 });
    // Side by side: one that hangs is waited for, and must not hold up the others.
    const found = await findByEnvironment(NODE_MARK, nodeId);
    await Promise.all([readVersion(), ...found.map(adoptOne)]);
    adopted = true;
    refresh();
  };
  const readVersion = async (): Promise<void> => {
    version = await programVersion(program);
  };
  const adoptOne = async ({ pid, startTicks, environment }: FoundProcess): Promise<void> => {
    const functionId = environment.get(FUNCTION_MARK);
    const digest = environment.get(DIGEST_MARK);
    if (!functionId || !digest) return;
    const controlSocket = path(functionId, "sock");
    try {
      const control = await openControlSocket(controlSocket, AbortSignal.timeout(READY_TIMEOUT_MS));
      supervise({ functionId, digest, pid, startTicks, state: "running", controlSocket }, control, null);
      log(`adopted LVNF ${functionId}, pid ${pid}`);
    } catch (error) {
      log(
        `LVNF ${functionId}, pid ${pid}, runs but does not answer: it is stopped (${error instanceof Error ? error.message : error})`,
      );
      signalProcess(pid, "SIGKILL");
    }
  };

  const entryOf = (functionId: string): Running => {
    const entry = running.get(functionId);
    if (!entry) throw new LightmanoError("click.not-answering", `LVNF ${functionId} does not run`);
    return entry;
  };

  return {
    name: "click",
    view: () => view,
    watch(onChange, signal) {
      changed = onChange;
      adopt().catch((error: unknown) => {
        view = {
          state: "degraded",
          reason: `cannot look for running LVNFs: ${error instanceof Error ? error.message : error}`,
          last: null,
        };
        changed();
      });
      state.watch((functionId) => running.get(functionId)?.control ?? null, signal);
    },
    onExit: (listener) => void exitListeners.push(listener),
    async start(target, context) {
      const begun = performance.now();
      const child = await launch(target, options, path);
      const pid = child.pid as number;
      const identity = await identify(pid);
      const observed: ObservedLvnf = {
        functionId: target.id,
        digest: target.digest,
        pid,
        startTicks: identity?.startTicks ?? 0,
        state: "starting",
        controlSocket: path(target.id, "sock"),
      };
      starting.set(target.id, observed);
      refresh();
      try {
        const control = await awaitReady(observed.controlSocket, child, context.signal);
        const spawnMs = performance.now() - begun;
        await state.restore(target.id, control, context.signal);
        starting.delete(target.id);
        supervise({ ...observed, state: "running" }, control, child);
        return { spawnMs };
      } catch (error) {
        child.kill("SIGKILL");
        const output = await logTail(target.id, OUTPUT_LINES);
        if (error instanceof LightmanoError && error.code === "click.script-invalid")
          throw new LightmanoError("click.script-invalid", output || error.detail);
        throw error;
      } finally {
        if (starting.delete(target.id)) refresh();
      }
    },
    async stop(functionId, pid, startTicks, graceMs, context) {
      const present = running.get(functionId);
      const entry = present?.observed.pid === pid ? present : null;
      if (entry) entry.stopping = true;
      const identity = { pid, startTicks };
      const ended = async (withinMs: number): Promise<boolean> => {
        const deadline = performance.now() + withinMs;
        while (await isRunning(identity)) {
          if (performance.now() > deadline) return false;
          await delay(5, undefined, { signal: context.signal });
        }
        return true;
      };
      if (await isRunning(identity)) {
        if (entry) await state.saveNow(functionId, entry.control); // a replacement begins where this one ends
        signalProcess(pid, "SIGTERM");
        if (!(await ended(graceMs))) {
          signalProcess(pid, "SIGKILL");
          await ended(KILL_TIMEOUT_MS);
        }
      }
      if (present && !entry) return; // another of that function runs by now: its files are not ours to remove
      entry?.control.close();
      await state.forgetUnkept(functionId);
      await Promise.all(
        ["sock", "click", "log"].map((suffix) => rm(path(functionId, suffix), { force: true })),
      );
    },
    read: async (functionId, handler, { signal }) => entryOf(functionId).control.read(handler, signal),
    write: async (functionId, handler, value, { signal }) =>
      entryOf(functionId).control.write(handler, value, signal),
    logTail,
    stats: async (functionId) => {
      const entry = running.get(functionId);
      return entry ? processStats(entry.observed.pid) : null;
    },
    keepState: (functionId, handlers) => state.keep(functionId, handlers),
  };
}

async function launch(
  target: LvnfTarget,
  { nodeId, program, runDir, commandPrefix = [] }: ClickDriverOptions,
  path: (id: string, suffix: string) => string,
): Promise<ChildProcess> {
  await mkdir(runDir, { recursive: true, mode: 0o700 });
  await Promise.all([
    rm(path(target.id, "sock"), { force: true }),
    writeFile(path(target.id, "click"), composeScript(target), { mode: 0o600 }),
  ]);
  const output = openSync(path(target.id, "log"), "w", 0o600);
  try {
    const [command = program, ...before] = [...commandPrefix, program];
    const child = spawn(
      command,
      [
        ...before,
        "-u",
        path(target.id, "sock"),
        "-f",
        path(target.id, "click"),
        ...parameterArguments(target.parameters),
      ],
      {
        detached: true,
        stdio: ["ignore", output, output],
        env: {
          PATH: process.env.PATH,
          [NODE_MARK]: nodeId,
          [FUNCTION_MARK]: target.id,
          [DIGEST_MARK]: target.digest,
        },
      },
    );
    child.unref();
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (cause) =>
        reject(new LightmanoError("click.missing", `cannot run ${program}: ${cause.message}`, { cause })),
      );
    });
    return child;
  } finally {
    closeSync(output);
  }
}

/** Waits for the greeting. An exit before it is an invalid script, or an element that cannot be configured. */
async function awaitReady(
  socketPath: string,
  child: ChildProcess,
  signal: AbortSignal,
): Promise<ControlSocket> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    signal.throwIfAborted();
    if (child.signalCode !== null)
      throw new LightmanoError("click.exited", `Click was ended by ${child.signalCode} before it was ready`);
    if (child.exitCode !== null)
      throw new LightmanoError(
        "click.script-invalid",
        `Click ended with exit code ${child.exitCode} before it was ready`,
      );
    try {
      return await openControlSocket(
        socketPath,
        AbortSignal.any([signal, AbortSignal.timeout(READY_TIMEOUT_MS)]),
      );
    } catch (cause) {
      if (performance.now() > deadline)
        throw new LightmanoError(
          "click.not-answering",
          `no answer on ${socketPath} within ${READY_TIMEOUT_MS} ms`,
          { cause },
        );
      await delay(READY_POLL_MS, undefined, { signal });
    }
  }
}

function exitProblem(pid: number, output: string): Problem {
  return problem(
    "click.exited",
    output === "" ? `pid ${pid} ended` : `pid ${pid} ended; its last output: ${output}`,
  );
}

/**
 * How the process ended. Healing does not wait for this: its ControlSocket closes first, and the kernel then
 * takes tens of milliseconds to let go of its packet sockets (packet(7) release waits for a grace period).
 */
async function exitStatus({ pid, startTicks }: ObservedLvnf, child: ChildProcess | null): Promise<string> {
  const deadline = performance.now() + EXIT_STATUS_MS;
  while ((await isRunning({ pid, startTicks })) && performance.now() < deadline) await delay(10);
  if (await isRunning({ pid, startTicks })) {
    signalProcess(pid, "SIGKILL");
    return "closed its ControlSocket and went on: it was killed";
  }
  if (child && child.exitCode === null && child.signalCode === null) {
    await Promise.race([new Promise((resolve) => child.once("exit", resolve)), delay(EXIT_STATUS_MS)]);
  }
  if (child?.signalCode) return `was ended by ${child.signalCode}`;
  return child
    ? `ended with exit code ${child.exitCode}`
    : "ended (it was adopted: only its parent has its exit status)";
}

async function programVersion(program: string): Promise<string | null> {
  const child = spawn(program, ["--version"], { stdio: ["ignore", "pipe", "ignore"], timeout: 2_000 });
  const chunks: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", () => resolve(chunks.join("").trim().split("\n")[0] || null));
  });
}
