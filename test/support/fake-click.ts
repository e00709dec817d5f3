/** Stateful Click processes in memory; they pass test/contract/click.test.ts like the real ones. */
import type { ObservedLvnf } from "../../agent/domain/observed.js";
import type { LvnfTarget } from "../../agent/domain/target.js";
import type { ClickDriver, LvnfExit } from "../../agent/drivers/click/api.js";
import { createNotifier } from "../../agent/drivers/notifier.js";
import { LightmanoError } from "../../model/errors.js";
import { createFaults, type FaultOptions, type Faults } from "./faults.js";

export type ClickOperation = "start" | "stop" | "forget" | "read" | "write";

export interface FakeClickControl extends Faults<ClickOperation> {
  /** The process ends by itself, as by this signal. */
  kill(functionId: string, signal?: string): void;
  /** It closes its ControlSocket although it runs: no longer to be relied on. */
  wedge(functionId: string): void;
  /** The program is not installed (or is again). */
  setInstalled(installed: boolean): void;
  processOf(functionId: string): ObservedLvnf | undefined;
  /** What a handler answers from now on. */
  answer(functionId: string, handler: string, value: string): void;
  savedState(functionId: string): string | undefined;
  /** Ids of functions of which there are files. */
  files(): readonly string[];
  /** Another driver over the same processes, as after a restart of the agent. */
  another(): ClickDriver;
}

export interface FakeClickOptions extends FaultOptions {
  /** Which interfaces the node has; every one when left out. */
  readonly hasInterface?: (name: string) => boolean;
  readonly clock?: () => number;
}

interface FakeProcess {
  observed: ObservedLvnf;
  readonly values: Map<string, string>;
  /** The drivers that hold its ControlSocket; each is told when it closes. */
  readonly connections: Set<(status: string | null) => void>;
  log: string;
}

const CLASSES =
  /^(Idle|Discard|InfiniteSource|Counter|Queue|Null|GTP\w+|IPClassifier|Classifier|Check\w+|SetIPAddress|ARP\w+|Strip|IP6?Reassembler|IP6?Fragmenter|MarkIP6?Header|TCPMSSClamp)$/;
/** Which handlers an element has: name → what it answers at first, and whether it can be written. */
const READABLE: Readonly<Record<string, string>> = {
  count: "0",
  capacity: "1000",
  state: "",
  sessions: "",
  stats: "",
  events: "[]",
};
const WRITABLE = ["capacity", "state", "reset"];

export function createFakeClick(options: FakeClickOptions = {}): {
  driver: ClickDriver;
  control: FakeClickControl;
} {
  const { clock = Date.now, hasInterface = () => true } = options;
  const faults = createFaults<ClickOperation>(options);
  const processes = new Map<string, FakeProcess>();
  const logs = new Map<string, string>();
  const saved = new Map<string, Map<string, string>>();
  const kept = new Map<string, readonly string[]>();
  const files = new Set<string>();
  let installed = true;
  let nextPid = 5_000;
  const another = (): ClickDriver => createDriver();

  /** `status`: how it ended, null where it was asked to. */
  const end = (functionId: string, status: string | null): void => {
    const ended = processes.get(functionId);
    if (!ended) return;
    processes.delete(functionId);
    for (const connection of [...ended.connections]) connection(status);
  };
  const removeFiles = (functionId: string): void => {
    logs.delete(functionId);
    if (kept.has(functionId)) return;
    saved.delete(functionId);
    files.delete(functionId);
  };
  const save = (functionId: string): void => {
    const values = processes.get(functionId)?.values;
    const handlers = kept.get(functionId) ?? [];
    if (values && handlers.length > 0)
      saved.set(functionId, new Map(handlers.map((name) => [name, values.get(name) ?? ""])));
  };

  function createDriver(): ClickDriver {
    const { notify, begin } = createNotifier();
    const listeners: ((exit: LvnfExit) => void)[] = [];
    const stopHooks: ((functionId: string) => Promise<void>)[] = [];
    const starting = new Map<string, ObservedLvnf>();
    const stopping = new Set<number>();
    let watching = false;

    const supervise = (process: FakeProcess): void => {
      const { functionId, pid } = process.observed;
      process.connections.add((status) => {
        notify();
        if (stopping.delete(pid) || status === null) return;
        const problem = { code: "click.exited", detail: `pid ${pid} ended` } as const;
        for (const listener of listeners)
          listener({ functionId, pid, at: clock(), problem, status: Promise.resolve(status) });
      });
      notify();
    };
    const known = (functionId: string): FakeProcess => {
      const process = processes.get(functionId);
      if (!process || process.connections.size === 0)
        throw new LightmanoError("click.not-answering", `LVNF ${functionId} does not run`);
      return process;
    };
    return {
      name: "click",
      watch(changed, signal) {
        begin(changed, signal);
        setImmediate(() => {
          for (const process of processes.values()) supervise(process);
          watching = true;
          notify();
        });
      },
      view() {
        if (!watching) return { state: "starting", reason: "looking for running LVNFs", last: null };
        const running = [...processes].map(([id, { observed }]) => [id, observed] as const);
        const shown = new Map([...starting, ...running]);
        return { state: "ready", now: { version: "fake", processes: shown, files: new Set(files) } };
      },
      async start(target, { signal }) {
        const observed: ObservedLvnf = {
          functionId: target.id,
          digest: target.digest,
          pid: nextPid++,
          startTicks: 7,
          state: "starting",
          controlSocket: `/fake/${target.id}.sock`,
        };
        starting.set(target.id, observed);
        files.add(target.id);
        notify();
        try {
          await faults.before("start", [target], signal);
          if (!installed) throw new LightmanoError("click.missing", "cannot run lclick: ENOENT");
          const process: FakeProcess = {
            observed: { ...observed, state: "running" },
            values: handlersOf(target),
            connections: new Set(),
            log: "",
          };
          const complaint = configure(target, hasInterface);
          logs.set(target.id, complaint ?? "");
          if (complaint !== null) throw new LightmanoError("click.script-invalid", complaint);
          const handlers = kept.get(target.id) ?? [];
          for (const [name, value] of saved.get(target.id) ?? [])
            if (handlers.includes(name)) process.values.set(name, value);
          processes.set(target.id, process);
          supervise(process);
          return { spawnMs: 1 };
        } finally {
          starting.delete(target.id);
          notify();
        }
      },
      async stop(functionId, pid, startTicks, graceMs, { signal }) {
        await faults.before("stop", [functionId, pid, startTicks, graceMs], signal);
        const observed = processes.get(functionId)?.observed;
        if (observed?.pid !== pid || observed.startTicks !== startTicks) return;
        await Promise.all(stopHooks.map((hook) => hook(functionId)));
        stopping.add(pid);
        save(functionId);
        end(functionId, null);
        removeFiles(functionId);
      },
      async forget(functionId, { signal }) {
        await faults.before("forget", [functionId], signal);
        if (!processes.has(functionId) && !starting.has(functionId)) removeFiles(functionId);
        notify();
      },
      async checkProgram() {
        if (!installed)
          throw new LightmanoError("click.missing", "`lclick --version`: cannot be run: ENOENT");
        return "fake";
      },
      withoutFastPath: async () => "the fake has none",
      withoutKernel: async () => "the fake has none",
      async read(functionId, handler, { signal }) {
        await faults.before("read", [functionId, handler], signal);
        const value = known(functionId).values.get(handler);
        if (value === undefined)
          throw new LightmanoError("handler.failed", `${handler}: 511 No handler named '${handler}'`);
        return value;
      },
      async write(functionId, handler, value, { signal }) {
        await faults.before("write", [functionId, handler, value], signal);
        const { values } = known(functionId);
        const name = handler.slice(handler.lastIndexOf(".") + 1);
        if (!values.has(handler) || !WRITABLE.includes(name))
          throw new LightmanoError("handler.failed", `${handler}: 511 No write handler named '${handler}'`);
        if (name === "capacity" && !/^\d+$/.test(value))
          throw new LightmanoError("handler.failed", `${handler}: 520 bad capacity`);
        values.set(handler, value);
        save(functionId);
      },
      logTail: async (functionId, lines) =>
        (logs.get(functionId) ?? "").trimEnd().split("\n").slice(-lines).join("\n"),
      stats: async (functionId) =>
        processes.has(functionId) ? { memoryBytes: 1_000_000, cpuSeconds: 0 } : null,
      keepState(functionId, handlers) {
        if (handlers.length > 0)
          kept.set(
            functionId,
            handlers.map(({ handler }) => handler),
          );
        else kept.delete(functionId);
        save(functionId);
      },
      onExit: (listener) => void listeners.push(listener),
      beforeStop: (hook) => void stopHooks.push(hook),
    };
  }

  const control: FakeClickControl = {
    ...faults,
    another,
    kill: (functionId, signal = "SIGKILL") => end(functionId, `was ended by ${signal}`),
    wedge: (functionId) => end(functionId, "closed its ControlSocket and went on: it was killed"),
    setInstalled(value) {
      installed = value;
    },
    processOf: (functionId) => processes.get(functionId)?.observed,
    answer(functionId, handler, value) {
      processes.get(functionId)?.values.set(handler, value);
    },
    files: () => [...files],
    savedState: (functionId) => {
      const values = saved.get(functionId);
      return values && JSON.stringify(Object.fromEntries(values));
    },
  };
  return { driver: createDriver(), control };
}

/** What Click would say of the script, in its words, or null. */
function configure(target: LvnfTarget, hasInterface: (name: string) => boolean): string | null {
  const declared = new Set([...target.script.matchAll(/\belementclass\s+(\w+)/g)].map(([, name]) => name));
  for (const [at, line] of target.script.split("\n").entries()) {
    const classes = [...line.replace(/\/\/.*/, "").matchAll(/(?:::|->)\s*([A-Z]\w*)/g)];
    const unknown = classes.find(([, name]) => !CLASSES.test(name ?? "") && !declared.has(name));
    if (unknown) return `${target.id}:${at + 1}: undeclared element '${unknown[1]}'`;
  }
  const absent = target.ports.find(({ functionDevice }) => !hasInterface(functionDevice));
  return absent
    ? `${target.id}: While initializing 'in${absent.point.order} :: FromDevice':\n  ${absent.functionDevice}: no such device`
    : null;
}

function handlersOf({ script }: LvnfTarget): Map<string, string> {
  const elements = [...script.matchAll(/(\w+)\s*::\s*\w+(?:\(\s*(\d+))?/g)];
  return new Map(
    elements.flatMap(([, element, argument]) =>
      Object.entries(READABLE).map(([name, value]) => [
        `${element}.${name}`,
        name === "capacity" && argument ? argument : value,
      ]),
    ),
  );
}
