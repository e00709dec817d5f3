/**
 * What the agent does between its journal, its drivers and the controller: the recorder, the loop, the catalogue, the
 * operations, the link. Without API, metrics, watchdogs and the real drivers, so that the simulation runs this
 * and no copy of it.
 */
import type { TimeAndChance } from "../bus/envelope.js";
import type { Log } from "../bus/log.js";
import type { OpenSession } from "../bus/session.js";
import { realWait, type Wait } from "../bus/wait.js";
import { type Catalogue, createCatalogue } from "./catalogue.js";
import { type EventFields, eventAt } from "./chronicle.js";
import { correctTimes, watchClock } from "./clock-watch.js";
import type { AgentConfig } from "./config.js";
import type { Observed } from "./domain/observed.js";
import { latest } from "./domain/planning.js";
import { systemWaitClock } from "./drivers/wait.js";
import { createExecutor, type Drivers } from "./executor.js";
import { createFunctionEvents } from "./function-events.js";
import type { JoinedSite, JoinOptions } from "./hub/join.js";
import { type ControllerLink, type LinkOptions, startLink } from "./link.js";
import { createMemoryKeeper } from "./memory-keeper.js";
import { createOperations, type Operations, type OperationsOptions } from "./operations.js";
import { createReconciler } from "./reconciler.js";
import type { Reconciler, ReconcilerOptions } from "./reconciler-api.js";
import { createRecorder, type Recorder, type RecorderOptions } from "./recorder.js";
import type { Journal } from "./store/journal.js";
import { noticing } from "./store/noticing.js";

export interface CoreOptions extends TimeAndChance {
  readonly config: AgentConfig;
  readonly version: string;
  readonly journal: Journal;
  readonly drivers: Drivers;
  readonly hardware: OperationsOptions["hardware"];
  readonly watchdog?: OperationsOptions["watchdog"];
  readonly written?: OperationsOptions["written"];
  /** Names this boot of the machine: a process of an earlier one may have had the same pid. */
  readonly bootId: string;
  readonly startedAt: number;
  readonly recorder?: Pick<RecorderOptions, "left" | "stuck">;
  /** ms since the machine started, never set: where it is given, what a clock notes that is not set is corrected later. */
  readonly uptimeMs?: () => number;
  readonly progress?: ReconcilerOptions["progress"];
  /** Told of what the loop records, before it is in the journal. */
  readonly noted?: Recorder["record"];
  /** In a site of several nodes. */
  readonly join?: (options: Omit<JoinOptions, "hub">) => Promise<JoinedSite>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface AgentCore {
  readonly recorder: Recorder;
  readonly reconciler: Reconciler;
  readonly catalogue: Catalogue;
  readonly operations: Operations;
  readonly site: JoinedSite | null;
  observe(): Observed;
  note(event: EventFields): void;
  /** Reads what is wanted, and then has the drivers look: what runs already is wanted, and adopted, not removed. */
  begin(): Promise<void>;
  /** Starts the link to the controller, where one is configured. `open`, `wait`: others than the real ones. */
  connect(how?: { readonly open?: OpenSession; readonly wait?: Wait }): Promise<void>;
  connected(): boolean;
  /** Whether this node holds what the controller wants; null: not known. */
  inStep(): boolean | null;
  /** Says goodbye to the controller, then leaves the site. What was recorded is to be flushed afterwards. */
  leave(): Promise<void>;
}

export async function createCore(options: CoreOptions): Promise<AgentCore> {
  const { config, version, drivers, clock, random, bootId, log, signal } = options;
  const { url } = config.controller;
  const journal = noticing(options.journal, (reason) => recorder.failed(reason));
  const monotonic = (): number => performance.now();
  const observe = (): Observed => ({
    ovs: drivers.ovs.view(),
    docker: drivers.docker.view(),
    click: drivers.click.view(),
    link: drivers.link.view(),
  });
  let link: ControllerLink | null = null;
  const reported = url === null ? null : () => link?.wake();
  const clockWatch = options.uptimeMs
    ? watchClock({
        clock,
        uptimeMs: options.uptimeMs,
        bootId,
        wait: realWait,
        signal,
        onSet: (bootedAt) =>
          void correctTimes({ journal, recorder, bootId, bootedAt, clock, wait: realWait, signal }),
      })
    : null;
  const unset = () => clockWatch?.unset() ?? null;
  const recorder = createRecorder(journal, log, reported, { ...options.recorder, clock, unset });
  const functionEvents = createFunctionEvents({
    read: drivers.click.read,
    processOf(functionId) {
      const process = latest(drivers.click.view())?.processes.get(functionId);
      return process?.state === "running" ? `${bootId}/${process.pid}/${process.startTicks}` : null;
    },
    recordTold: recorder.recordTold,
    record: (event) => recorder.record([event], [], []),
    clock,
    wait: systemWaitClock,
    signal,
  });
  const keeper = createMemoryKeeper(journal.memory, clock, monotonic);
  const reconciler = createReconciler({
    remembered: keeper.remembered,
    layout: { bridge: config.bridge.name, datapathType: config.bridge.datapathType, ports: config.ports },
    observe,
    execute: createExecutor(drivers),
    containerOutput: (containerId) =>
      drivers.docker.logTail(containerId, 20, { signal: AbortSignal.timeout(5_000) }),
    useHandlers(functionId, handlers) {
      drivers.click.keepState(
        functionId,
        handlers.filter(({ state }) => state),
      );
      functionEvents.follow(functionId, handlers);
    },
    clock,
    monotonic,
    random,
    record(...what) {
      options.noted?.(...what);
      recorder.record(...what);
    },
    ...(options.progress && { progress: options.progress }),
    signal,
  });
  const note = (event: EventFields): void => recorder.record([eventAt(clock(), event)], [], []);
  const site =
    (await options.join?.({
      config,
      journal,
      originOf: (serviceId) => catalogue.originOf(serviceId),
      observe,
      setServices: reconciler.setServices,
      note,
      bootId,
      clock,
      random,
      log,
      signal,
    })) ?? null;
  const catalogue = createCatalogue(journal, site?.changed ?? reconciler.setServices);
  const operations = createOperations({
    config,
    version,
    catalogue,
    reconciler,
    drivers,
    journal,
    observe,
    linkState: async () => ({
      controller: url,
      connected: link?.connected() ?? false,
      pendingReports: await journal.pendingCount(),
      inStep: link?.inStep() ?? null,
    }),
    site: site?.view ?? null,
    journalProblem: recorder.problem,
    hardware: options.hardware,
    startedAt: options.startedAt,
    ...(options.watchdog && { watchdog: options.watchdog }),
    ...(options.written && { written: options.written }),
    clock,
  });
  const linkOptions: LinkOptions = {
    config,
    version,
    catalogue,
    journal,
    operations,
    note,
    tellAgain: reconciler.tellAgain,
    journalProblem: recorder.problem,
    ...(options.written && { written: options.written }),
    ...(site && { connect: site.connect }),
    clock,
    random,
    monotonic,
    log,
    signal,
  };
  return {
    recorder,
    reconciler,
    catalogue,
    operations,
    site,
    observe,
    note,
    async begin() {
      await catalogue.load();
      functionEvents.begin(await journal.eventMarks([...reconciler.snapshot().target.functions.keys()]));
      const wanted = [...reconciler.snapshot().target.functions.values()];
      reconciler.revive(await keeper.revive(new Map(wanted.map(({ id, digest }) => [id, digest]))));
      drivers.click.onExit(reconciler.lvnfExited);
      drivers.click.beforeStop(functionEvents.askNow);
      for (const driver of Object.values(drivers)) driver.watch(reconciler.kick, signal);
    },
    async connect(how) {
      await site?.start();
      if (url !== null) link = await startLink(url, { ...linkOptions, ...how });
    },
    connected: () => link?.connected() ?? false,
    inStep: () => link?.inStep() ?? null,
    async leave() {
      await link?.stop();
      await site?.stop();
    },
  };
}
