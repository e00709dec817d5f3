/** One incarnation of an agent: what agent/main.ts makes, with the simulation's clock, disk, network and drivers. */
import { setMaxListeners } from "node:events";
import { type Catalogue, createCatalogue } from "../../../agent/catalogue.js";
import { eventAt } from "../../../agent/chronicle.js";
import type { AgentConfig } from "../../../agent/config.js";
import type { Observed } from "../../../agent/domain/observed.js";
import { latest } from "../../../agent/domain/planning.js";
import { systemWaitClock } from "../../../agent/drivers/wait.js";
import { createExecutor, type Drivers } from "../../../agent/executor.js";
import { createFunctionEvents } from "../../../agent/function-events.js";
import { type ControllerLink, startLink } from "../../../agent/link.js";
import { createOperations, type Operations } from "../../../agent/operations.js";
import { createReconciler, type Reconciler } from "../../../agent/reconciler.js";
import { createRecorder } from "../../../agent/recorder.js";
import { type Journal, openJournal } from "../../../agent/store/journal.js";
import type { Log } from "../../../bus/log.js";
import type { OpenSession } from "../../../bus/session.js";
import type { AgentEvent } from "../../../model/messages/node.js";
import type { Engine } from "../../../store/engine.js";
import { BRIDGE, type Machine } from "./machine.js";
import { PORTS } from "./packages.js";

export interface AgentOptions {
  readonly site: string;
  readonly node: string;
  readonly controllerUrl: string;
  readonly machine: Machine;
  readonly drivers: Drivers;
  readonly engine: Engine;
  readonly openSession: OpenSession;
  readonly clock: () => number;
  readonly random: () => number;
  readonly log: Log;
  /** Told of each event that the loop notes, before it is in the journal. */
  readonly noted: (event: AgentEvent) => void;
  /** Wraps the journal, to see what it promises. */
  readonly watched: (journal: Journal) => Journal;
}

export interface Agent {
  readonly operations: Operations;
  readonly catalogue: Catalogue;
  readonly journal: Journal;
  readonly reconciler: Reconciler;
  connected(): boolean;
  /** Asked to end, as by SIGTERM. */
  stop(): Promise<void>;
}

const HARDWARE = {
  os: "Debian GNU/Linux 12",
  kernel: "6.1",
  architecture: "x64",
  cpu: { model: "simulated", cores: 4 },
  memoryBytes: 4_000_000_000,
  system: { manufacturer: "none", model: "none", virtual: true },
  disks: [],
};

/** Rejects as agent/main.ts does: then whoever supervises starts it again. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { drivers, clock, random, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  setMaxListeners(0, signal); // all that runs listens for the end
  const config: AgentConfig = {
    site: options.site,
    node: options.node,
    ports: { ...PORTS },
    bridge: { name: BRIDGE, datapathType: "netdev" },
    controller: {
      url: options.controllerUrl,
      keptReports: 50_000,
      keptReportBytes: 16_777_216,
      keepaliveSeconds: 60,
    },
    stateDir: "/state",
    runDir: "/run",
    ovs: { database: "", runDir: "" },
    docker: { socket: "" },
    click: { program: "" },
    metrics: { port: null, host: "127.0.0.1" },
    telemetrySeconds: 60,
  } as AgentConfig;
  const journal = options.watched(await openJournal("/state/journal.db", clock, options.engine));
  const observe = (): Observed => ({
    ovs: drivers.ovs.view(),
    docker: drivers.docker.view(),
    click: drivers.click.view(),
    link: drivers.link.view(),
  });
  let link: ControllerLink | null = null;
  const recorder = createRecorder(journal, log, () => link?.wake(), { clock });
  const functionEvents = createFunctionEvents({
    read: drivers.click.read,
    processOf(functionId) {
      const process = latest(drivers.click.view())?.processes.get(functionId);
      return process?.state === "running" ? `boot/${process.pid}/${process.startTicks}` : null;
    },
    recordTold: recorder.recordTold,
    record: (event) => recorder.record([event], [], []),
    clock,
    wait: systemWaitClock,
    signal,
  });
  const reconciler = createReconciler({
    layout: { bridge: BRIDGE, datapathType: "netdev", ports: config.ports },
    observe,
    execute: createExecutor(drivers),
    containerOutput: (id) => drivers.docker.logTail(id, 20, { signal: AbortSignal.timeout(5_000) }),
    useHandlers(functionId, handlers) {
      drivers.click.keepState(
        functionId,
        handlers.filter(({ state }) => state),
      );
      functionEvents.follow(functionId, handlers);
    },
    clock,
    monotonic: () => performance.now(),
    random,
    record(events, services, removed, present) {
      for (const event of events) options.noted(event);
      recorder.record(events, services, removed, present);
    },
    signal,
  });
  const catalogue = createCatalogue(journal, reconciler.setServices);
  const operations = createOperations({
    config,
    version: "simulated",
    catalogue,
    reconciler,
    drivers,
    journal,
    observe,
    linkState: async () => ({
      controller: config.controller.url,
      connected: link?.connected() ?? false,
      inStep: link?.inStep() ?? null,
      pendingReports: await journal.pendingCount(),
    }),
    journalProblem: recorder.problem,
    hardware: async () => HARDWARE,
    startedAt: clock(),
    clock,
  });
  await catalogue.load();
  functionEvents.begin(await journal.eventMarks([...reconciler.snapshot().target.functions.keys()]));
  drivers.click.onExit(reconciler.lvnfExited);
  drivers.click.beforeStop(functionEvents.askNow);
  for (const driver of Object.values(drivers)) driver.watch(reconciler.kick, signal);
  link = await startLink(options.controllerUrl, {
    config,
    version: "simulated",
    catalogue,
    journal,
    operations,
    note: (event) => recorder.record([eventAt(clock(), event)], [], []),
    tellAgain: reconciler.tellAgain,
    clock,
    random,
    log,
    signal,
    monotonic: () => performance.now(),
    open: options.openSession,
  });
  recorder.record(
    [eventAt(clock(), { object: "agent", type: "agent.started", detail: "agent started" })],
    [],
    [],
  );
  return {
    operations,
    catalogue,
    journal,
    reconciler,
    connected: () => link?.connected() ?? false,
    async stop() {
      stopping.abort();
      await link?.stop();
      await recorder.flush();
      await journal.close();
    },
  };
}
