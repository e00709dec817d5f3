/**
 * LVNFs of run mode kernel: the router of Click's kernel module, of which a node has one. It outlives the agent as
 * processes do, and is found again by the first line of its configuration.
 */
import { mkdir, readdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { LightmanoError, problem, problemOf } from "../../../model/errors.js";
import type { ObservedClick, ObservedLvnf, View } from "../../domain/observed.js";
import { createNotifier } from "../notifier.js";
import { abortable } from "../wait.js";
import type { ClickDriver, LvnfExit } from "./api.js";
import type { ControlSocket } from "./control-socket.js";
import {
  findKernelClick,
  type Installed,
  install,
  installed,
  type KernelClick,
  type KernelMark,
  markLine,
  outputOf,
  readHandler,
  uninstall,
  writeHandler,
} from "./kernel-fs.js";
import { composeKernelScript } from "./script.js";
import { createStateKeeper } from "./state.js";

export interface KernelClickOptions {
  readonly nodeId: string;
  /** Where the file system may be mounted. */
  readonly paths: readonly string[];
  /** For saved state, beside that of processes. */
  readonly runDir: string;
  readonly log: (message: string) => void;
  readonly clock?: () => number;
}

/** click-install mounts it on the first; the module makes the second a link to it. */
export const KERNEL_CLICK_PATHS: readonly string[] = ["/click", "/proc/click"];

/** The kernel tells nobody that its configuration is another one. */
const LOOK_PERIOD_MS = 1_000;

interface Running {
  readonly click: KernelClick;
  readonly mark: KernelMark;
  readonly observed: ObservedLvnf;
  /** Its handlers, for who keeps its state. */
  readonly control: ControlSocket;
}

export function createKernelClickDriver(options: KernelClickOptions): ClickDriver {
  const { nodeId, paths, runDir, log, clock = Date.now } = options;
  const { notify, begin } = createNotifier();
  const state = createStateKeeper(runDir, log);
  const exitListeners: ((exit: LvnfExit) => void)[] = [];
  const stopHooks: ((functionId: string) => Promise<void>)[] = [];
  let running: Running | null = null;
  let starting: ObservedLvnf | null = null;
  let adopted = false;
  let saved = new Set<string>();
  /** Which handlers hold the state of the functions that are wanted. */
  const wanted = new Map<string, Parameters<ClickDriver["keepState"]>[1]>();

  const isOurs = (found: Installed | null): found is KernelMark =>
    typeof found === "object" && found !== null && found.node === nodeId && found.runDir === runDir;
  const view = (): View<ObservedClick> => {
    if (!adopted) return { state: "starting", reason: "looking for the kernel's router", last: null };
    const seen = running?.observed ?? starting;
    return {
      state: "ready",
      now: {
        version: null,
        processes: new Map(seen ? [[seen.functionId, seen]] : []),
        files: new Set(saved),
      },
    };
  };
  const entryFor = (click: KernelClick, mark: KernelMark): Running => {
    const { functionId, digest, at } = mark;
    const read = (handler: string, signal: AbortSignal): Promise<string> =>
      abortable(readHandler(click, handler), signal, `reading ${handler}`);
    return {
      click,
      mark,
      observed: { functionId, digest, pid: 0, startTicks: at, state: "running", controlSocket: click.path },
      control: {
        read,
        readBytes: async (handler, signal) => Buffer.from(await read(handler, signal)),
        write: (handler, value, signal) =>
          abortable(writeHandler(click, handler, value.toString()), signal, `writing ${handler}`),
        closed: new Promise(() => undefined),
        close: () => undefined,
      },
    };
  };
  const supervise = (entry: Running): void => {
    running = entry;
    keepIfHere(entry.mark.functionId);
    notify();
  };
  /** Only what runs here is asked for its state; of all others the keeper of processes takes care. */
  const keepIfHere = (functionId: string): void =>
    state.keep(
      functionId,
      running?.mark.functionId === functionId || starting?.functionId === functionId
        ? (wanted.get(functionId) ?? [])
        : [],
    );
  const adopt = async (signal: AbortSignal): Promise<void> => {
    await mkdir(runDir, { recursive: true, mode: 0o700 });
    saved = new Set((await readdir(runDir)).flatMap((name) => /^(.+)\.state$/.exec(name)?.[1] ?? []));
    const click = await findKernelClick(paths, signal).catch((error: unknown) => {
      if (error instanceof LightmanoError) return null;
      throw error;
    });
    const found = click && (await installed(click));
    if (click && isOurs(found)) {
      supervise(entryFor(click, found));
      log(`adopted LVNF ${found.functionId}, in the kernel`);
    }
    adopted = true;
    notify();
  };

  /** Tells of a router that is ours no more, once. */
  const look = async (): Promise<void> => {
    const present = running;
    if (present === null) return;
    const found = await installed(present.click);
    if (running !== present || (isOurs(found) && found.at === present.mark.at)) return;
    running = null;
    keepIfHere(present.mark.functionId);
    const words =
      found === null
        ? "is gone: the module was unloaded"
        : found === "none"
          ? "was removed"
          : "was replaced by another configuration";
    const exit: LvnfExit = {
      functionId: present.mark.functionId,
      pid: 0,
      at: clock(),
      problem: problem("click.exited", `the kernel's router ${words}`),
      status: Promise.resolve(`in the kernel, ${words}`),
    };
    for (const listener of exitListeners) listener(exit);
    notify();
  };
  const watch = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await delay(LOOK_PERIOD_MS, undefined, { signal, ref: false });
      await look();
    }
  };

  const entryOf = (functionId: string): Running => {
    if (running?.mark.functionId !== functionId)
      throw new LightmanoError("click.not-answering", `LVNF ${functionId} does not run in the kernel`);
    return running;
  };
  const forget = async (functionId: string): Promise<void> => {
    keepIfHere(functionId);
    if (!wanted.has(functionId)) {
      await state.forgetUnkept(functionId);
      saved.delete(functionId);
    }
    notify();
  };

  return {
    name: "click",
    view,
    watch(changed, signal) {
      begin(changed, signal);
      adopt(signal).catch((error: unknown) => log(`the kernel's Click: ${problemOf(error).detail}`));
      watch(signal).catch((error: unknown) => {
        if (!signal.aborted) log(`the kernel's Click is not watched any more: ${problemOf(error).detail}`);
      });
      state.watch((functionId) => (running?.mark.functionId === functionId ? running.control : null), signal);
    },
    async start(target, { signal }) {
      const begun = performance.now();
      const click = await findKernelClick(paths, signal);
      const found = await installed(click);
      if (found !== "none" && !(isOurs(found) && found.functionId === target.id))
        throw new LightmanoError(
          "click.kernel-busy",
          isOurs(found)
            ? `the kernel still runs ${found.functionId}`
            : `${click.path}/config holds a configuration that is not this node's`,
        );
      const mark = { node: nodeId, runDir, functionId: target.id, digest: target.digest, at: clock() };
      starting = {
        functionId: target.id,
        digest: target.digest,
        pid: 0,
        startTicks: mark.at,
        state: "starting",
        controlSocket: click.path,
      };
      notify();
      try {
        await install(click, composeKernelScript(target, markLine(mark)));
        const spawnMs = performance.now() - begun;
        const entry = entryFor(click, mark);
        keepIfHere(target.id);
        await state.restore(target.id, entry.control, signal);
        saved.add(target.id);
        supervise(entry);
        return { spawnMs };
      } finally {
        starting = null;
        keepIfHere(target.id);
        notify();
      }
    },
    async stop(functionId, _pid, startTicks) {
      const present = running;
      if (present?.mark.functionId === functionId && present.mark.at === startTicks) {
        const saving = state.saveNow(functionId, present.control);
        await Promise.all([saving, ...stopHooks.map((hook) => hook(functionId))]);
        running = null;
        const found = await installed(present.click);
        if (isOurs(found) && found.at === startTicks) await uninstall(present.click);
      }
      await forget(functionId);
    },
    async forget(functionId) {
      if (running?.mark.functionId !== functionId && starting?.functionId !== functionId)
        await forget(functionId);
    },
    checkProgram: async ({ signal }) => (await findKernelClick(paths, signal)).version,
    withoutFastPath: async () => "the kernel's own Click has none beside it",
    withoutKernel: ({ signal }) =>
      findKernelClick(paths, signal).then(
        () => null,
        (error: unknown) => problemOf(error).detail,
      ),
    read: async (functionId, handler, { signal }) => entryOf(functionId).control.read(handler, signal),
    write: async (functionId, handler, value, { signal }) =>
      entryOf(functionId).control.write(handler, value, signal),
    logTail: async (functionId, lines) =>
      (await outputOf(entryOf(functionId).click)).trimEnd().split("\n").slice(-lines).join("\n"),
    stats: async () => null,
    keepState(functionId, handlers) {
      if (handlers.length > 0) wanted.set(functionId, handlers);
      else wanted.delete(functionId);
      keepIfHere(functionId);
    },
    beforeStop: (hook) => void stopHooks.push(hook),
    onExit: (listener) => void exitListeners.push(listener),
  };
}
