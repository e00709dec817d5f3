/**
 * Click processes (userlevel): started detached, so that they outlive the agent; found again by what stands
 * in their environment; watched by their ControlSocket and, where they are our children, their exit.
 */
import type { ChildProcess } from "node:child_process";
import { setMaxListeners } from "node:events";
import { mkdir, readdir, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { LightmanoError, type Problem, problem, problemOf } from "../../../model/errors.js";
import type { ObservedClick, ObservedLvnf, View } from "../../domain/observed.js";
import {
  cpuTicks,
  type FoundProcess,
  findByEnvironment,
  identify,
  isRunning,
  type ProcessStats,
  processStats,
} from "../proc.js";
import { linkSignal, systemWaitClock, untilInStep, type WaitClock } from "../wait.js";
import type { ClickDriver, LvnfExit } from "./api.js";
import { openControlSocket, type ProcessSocket } from "./control-socket.js";
import { figuresOf } from "./figures.js";
import { createLiveness, type Liveness } from "./liveness.js";
import { boundOutput, outputTail } from "./output.js";
import {
  awaitReady,
  DIGEST_MARK,
  exitStatus,
  FUNCTION_MARK,
  launch,
  NODE_MARK,
  type ProcessOptions,
  programVersion,
  READY_TIMEOUT_MS,
  RUN_DIR_MARK,
  signalIfRunning,
  withoutFastPath,
} from "./process.js";
import { createStandby } from "./standby.js";
import { createStateKeeper } from "./state.js";

export interface ClickDriverOptions extends ProcessOptions {
  readonly clock?: WaitClock;
  readonly log: (message: string) => void;
}

const OUTPUT_LINES = 20;
/** So long after a start a process is made that the next one can have. */
const STANDBY_AFTER_MS = 500;
/** How often the lengths of the outputs are looked at. */
const OUTPUT_PERIOD_MS = 1_000;
/** What SIGKILL takes at most: the kernel has packet sockets and memory to let go of. */
const KILL_TIMEOUT_MS = 2_000;
/** How often a process that is to end is looked at. */
const ENDED_POLL_MS = 5;
const LIVENESS_CLOCK = { delay: systemWaitClock.delay, now: () => performance.now() };
/** What of a function lies in the run directory: these, and its saved state (state.ts). */
const FILE = /^(.+)\.(?:sock|click|log|state|state\.new)$/;

interface Running {
  readonly observed: ObservedLvnf;
  readonly control: ProcessSocket;
  /** Set when we end it ourselves: then its end is no exit to report. */
  stopping: boolean;
  /** Why it was taken for hung and ended. */
  hung: string | null;
  readonly figures: () => Promise<ProcessStats | null>;
}

export function createClickDriver(options: ClickDriverOptions): ClickDriver {
  const { nodeId, program, runDir, log, clock = systemWaitClock } = options;
  const running = new Map<string, Running>();
  const starting = new Map<string, ObservedLvnf>();
  const exitListeners: ((exit: LvnfExit) => void)[] = [];
  const stopHooks: ((functionId: string) => Promise<void>)[] = [];
  const state = createStateKeeper(runDir, log);
  const standby = createStandby();
  let preparing: NodeJS.Timeout | null = null;
  /** Not at once: what was started has still to be told, and its traffic to be sent to it. */
  const prepareSoon = (): void => {
    preparing ??= setTimeout(() => {
      preparing = null;
      standby.prepare();
    }, STANDBY_AFTER_MS).unref();
  };
  let view: View<ObservedClick> = { state: "starting", reason: "looking for running LVNFs", last: null };
  let changed: () => void = () => undefined;
  let version: string | null = null;
  /** Functions that have files in the run directory. */
  const files = new Set<string>();
  /** How often each function was started: whoever ends one must not take away what the next one has made meanwhile. */
  const starts = new Map<string, number>();
  /** Files that are being removed: a start waits for that. */
  const removals = new Map<string, Promise<void>>();
  /** Until all that runs is adopted the view must not show a part of it: what is missing would be started again. */
  let adopted = false;
  let liveness: Liveness = { untilHung: () => new Promise(() => undefined) };

  // Every second for each function: `join` would look at every character.
  const path = (functionId: string, suffix: string): string => `${runDir}/${functionId}.${suffix}`;
  const refresh = (): void => {
    if (!adopted) return;
    const processes = new Map([
      ...starting,
      ...[...running].map(([id, { observed }]) => [id, observed] as const),
    ]);
    view = { state: "ready", now: { version, processes, files: new Set(files) } };
    queueMicrotask(changed);
  };

  /** Takes a process whose ControlSocket answers under supervision until the connection ends. */
  const supervise = (observed: ObservedLvnf, control: ProcessSocket, child: ChildProcess | null): void => {
    const figures = figuresOf(() => processStats(observed.pid), control.ran);
    const entry: Running = { observed, control, stopping: false, hung: null, figures };
    running.set(observed.functionId, entry);
    prepareSoon();
    refresh();
    const cpuTime = (): Promise<number | null> => cpuTicks(observed.pid);
    void liveness.untilHung({ control, cpuTime }).then(async (hung) => {
      if (hung === null || entry.stopping) return;
      entry.hung = hung;
      log(`LVNF ${observed.functionId}, pid ${observed.pid}: ${hung}`);
      await signalIfRunning(observed, "SIGKILL");
    });
    void control.closed.then(() => {
      const at = Date.now();
      const output = lastOutput(observed.functionId); // before a new process has a new file
      if (running.get(observed.functionId) === entry) running.delete(observed.functionId);
      if (!entry.stopping) {
        const exit: LvnfExit = {
          functionId: observed.functionId,
          pid: observed.pid,
          at,
          problem: entry.hung
            ? problem("click.not-answering", `pid ${observed.pid} hung: ${entry.hung}`)
            : exitProblem(observed.pid, output),
          status: exitStatus(observed, child),
        };
        for (const listener of exitListeners) listener(exit);
      }
      refresh();
    });
  };

  /** For the reason of an end, which must be told also where its output cannot be had. */
  const lastOutput = (functionId: string): string => {
    try {
      return outputTail(path(functionId, "log"), OUTPUT_LINES);
    } catch (error) {
      return `(its output cannot be read: ${problemOf(error).detail})`;
    }
  };
  const boundOutputs = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await clock.delay(untilInStep(OUTPUT_PERIOD_MS), signal);
      for (const functionId of files)
        try {
          boundOutput(path(functionId, "log"));
        } catch (error) {
          log(`output of ${functionId} not cut: ${problemOf(error).detail}`);
        }
    }
  };

  const removeFiles = (functionId: string): Promise<void> => {
    const removal = removeTheFiles(functionId).finally(() => {
      if (removals.get(functionId) === removal) removals.delete(functionId);
    });
    removals.set(functionId, removal);
    return removal;
  };
  const removeTheFiles = async (functionId: string): Promise<void> => {
    await state.forgetUnkept(functionId);
    await Promise.all(
      ["sock", "click", "log"].map((suffix) => rm(path(functionId, suffix), { force: true })),
    );
    if (!state.isKept(functionId)) files.delete(functionId);
    refresh();
  };

  const adopt = async (signal: AbortSignal): Promise<void> => {
    await mkdir(runDir, { recursive: true, mode: 0o700 });
    for (const name of await readdir(runDir)) {
      const functionId = FILE.exec(name)?.[1];
      if (functionId !== undefined) files.add(functionId);
    }
    const checked = programVersion(program, signal).then(
      (words) => {
        version = words;
      },
      (error: unknown) => log(`Click cannot be used: ${problemOf(error).detail}`),
    );
    // Side by side: one that hangs is waited for, and must not hold up the others.
    await Promise.all([checked, ...(await newestOfEach()).map(adoptOne)]);
    adopted = true;
    refresh();
  };
  /** Of two processes of one function the newer has the ControlSocket; what is left of the older is ended. */
  const newestOfEach = async (): Promise<readonly FoundProcess[]> => {
    const newest = new Map<string, FoundProcess>();
    const found = (await findByEnvironment(NODE_MARK, nodeId)).filter(
      ({ environment }) => environment.get(RUN_DIR_MARK) === runDir,
    );
    for (const process of found.toSorted((a, b) => a.startTicks - b.startTicks || a.pid - b.pid)) {
      const functionId = process.environment.get(FUNCTION_MARK);
      if (!functionId) continue;
      const older = newest.get(functionId);
      newest.set(functionId, process);
      if (!older) continue;
      log(`LVNF ${functionId} runs twice: pid ${older.pid}, the older, is stopped`);
      await signalIfRunning(older, "SIGKILL");
    }
    return [...newest.values()];
  };
  const adoptOne = async (found: FoundProcess): Promise<void> => {
    const { pid, startTicks, environment } = found;
    const functionId = environment.get(FUNCTION_MARK);
    const digest = environment.get(DIGEST_MARK);
    if (!functionId || !digest) return;
    const controlSocket = path(functionId, "sock");
    try {
      const control = await openControlSocket(controlSocket, AbortSignal.timeout(READY_TIMEOUT_MS), pid);
      supervise({ functionId, digest, pid, startTicks, state: "running", controlSocket }, control, null);
      log(`adopted LVNF ${functionId}, pid ${pid}`);
    } catch (error) {
      log(
        `LVNF ${functionId}, pid ${pid}, runs but does not answer: it is stopped (${problemOf(error).detail})`,
      );
      await signalIfRunning(found, "SIGKILL");
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
      // Each LVNF that runs listens for the end, on a signal of this driver's: not a listener each on everybody's.
      const watching = linkSignal(signal).signal;
      setMaxListeners(0, watching);
      liveness = createLiveness(LIVENESS_CLOCK, watching, (error) =>
        log(`LVNFs are not watched for hanging any more: ${problemOf(error).detail}`),
      );
      adopt(signal).catch((error: unknown) => {
        view = {
          state: "degraded",
          reason: `cannot look for running LVNFs: ${problemOf(error).detail}`,
          last: null,
        };
        changed();
      });
      boundOutputs(signal).catch((error: unknown) => {
        if (!signal.aborted) log(`outputs are not bounded any more: ${problemOf(error).detail}`);
      });
      state.watch((functionId) => running.get(functionId)?.control ?? null, watching);
      const stopped = (): void => {
        clearTimeout(preparing ?? undefined);
        standby.close();
      };
      if (watching.aborted) stopped();
      else watching.addEventListener("abort", stopped, { once: true });
    },
    onExit: (listener) => void exitListeners.push(listener),
    beforeStop: (hook) => void stopHooks.push(hook),
    async start(target, context) {
      const begun = performance.now();
      starts.set(target.id, (starts.get(target.id) ?? 0) + 1);
      await removals.get(target.id);
      files.add(target.id);
      const child = await launch(target, options, path, version, standby);
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
        const output = lastOutput(target.id);
        if (error instanceof LightmanoError && error.code === "click.script-invalid")
          throw new LightmanoError("click.script-invalid", output || error.detail);
        throw error;
      } finally {
        if (starting.delete(target.id)) refresh();
      }
    },
    async stop(functionId, pid, startTicks, graceMs, context) {
      const startsBefore = starts.get(functionId);
      const present = running.get(functionId);
      const same = present?.observed.pid === pid && present.observed.startTicks === startTicks;
      const entry = same ? present : null;
      if (entry) entry.stopping = true;
      const identity = { pid, startTicks };
      const ended = async (withinMs: number): Promise<boolean> => {
        const deadline = performance.now() + withinMs;
        while (await isRunning(identity)) {
          context.signal.throwIfAborted();
          if (performance.now() > deadline) return false;
          await delay(ENDED_POLL_MS);
        }
        return true;
      };
      if (await isRunning(identity)) {
        if (entry) {
          const saved = state.saveNow(functionId, entry.control); // a replacement begins where this one ends
          await Promise.all([saved, ...stopHooks.map((hook) => hook(functionId))]);
        }
        await signalIfRunning(identity, "SIGTERM");
        if (!(await ended(graceMs))) {
          await signalIfRunning(identity, "SIGKILL");
          await ended(KILL_TIMEOUT_MS);
        }
      }
      if (present && !entry) return; // another of that function runs by now: its files are not ours to remove
      entry?.control.close();
      // Its ControlSocket closed before the kernel had let go of it, and the next one was started then.
      if (starts.get(functionId) === startsBefore) await removeFiles(functionId);
    },
    async forget(functionId) {
      if (!running.has(functionId) && !starting.has(functionId)) await removeFiles(functionId);
    },
    async checkProgram({ signal }) {
      version = await programVersion(program, signal);
      refresh();
      return version;
    },
    withoutFastPath: ({ signal }) => withoutFastPath(program, signal),
    withoutKernel: async () => "the agent runs processes only",
    read: async (functionId, handler, { signal }) => entryOf(functionId).control.read(handler, signal),
    write: async (functionId, handler, value, { signal }) =>
      entryOf(functionId).control.write(handler, value, signal),
    logTail: async (functionId, lines) => outputTail(path(functionId, "log"), lines),
    stats: async (functionId) => running.get(functionId)?.figures() ?? null,
    keepState: (functionId, handlers) => state.keep(functionId, handlers),
  };
}

function exitProblem(pid: number, output: string): Problem {
  return problem(
    "click.exited",
    output === "" ? `pid ${pid} ended` : `pid ${pid} ended; its last output: ${output}`,
  );
}
