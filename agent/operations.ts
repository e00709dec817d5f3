/**
 * What can be asked of an agent. One table for all who ask: REST on the local socket, the CLI behind it, and
 * commands over MQTT.
 */
import { ERRORS, LightmanoError, problemOf } from "../model/errors.js";
import type { AgentEvent } from "../model/messages/node.js";
import { chainViews, portViews } from "./bridge-views.js";
import type { ApplyRequest, Catalogue } from "./catalogue.js";
import type { AgentConfig } from "./config.js";
import type { Observed } from "./domain/observed.js";
import { latest } from "./domain/planning.js";
import type { DesiredService } from "./domain/target.js";
import { driverStates } from "./driver-states.js";
import type { Drivers } from "./executor.js";
import type { SiteView } from "./hub/view.js";
import type { Hardware } from "./inventory/hardware.js";
import { createLookup } from "./lookup.js";
import { planText } from "./plan-text.js";
import type { Reconciler } from "./reconciler-api.js";
import type { EventQuery, Journal } from "./store/journal.js";
import { createWhy } from "./why.js";
import { readWritten, type Written } from "./written.js";

export interface LinkState {
  readonly controller: string | null;
  readonly connected: boolean;
  readonly pendingReports: number;
  /** Whether this node holds what the controller wants; null: the controller has not said since it was connected. */
  readonly inStep: boolean | null;
}

export interface OperationsOptions {
  readonly config: AgentConfig;
  readonly version: string;
  readonly catalogue: Catalogue;
  readonly reconciler: Reconciler;
  readonly drivers: Drivers;
  readonly journal: Journal;
  readonly observe: () => Observed;
  readonly linkState: () => Promise<LinkState>;
  /** In a site of several nodes: what this node knows of it. */
  readonly site?: (() => SiteView) | null;
  /** Why the journal cannot be written, or null. */
  readonly journalProblem: () => string | null;
  readonly hardware: () => Promise<Hardware>;
  readonly startedAt: number;
  /** What was written to the disk; without it, what the kernel counts of this process. */
  readonly written?: () => Promise<Written | null>;
  /** What the watchdogs see, in words. */
  readonly watchdog?: () => string;
  readonly clock: () => number;
}

export type Operations = ReturnType<typeof createOperations>;

const UNKNOWN_USAGE = { bytes: null, freeBytes: null, commits: null };
const HANDLER_TIMEOUT_MS = 5_000;

export function createOperations(options: OperationsOptions) {
  const { config, catalogue, reconciler, drivers, journal, observe, clock } = options;
  const context = () => ({ signal: AbortSignal.timeout(HANDLER_TIMEOUT_MS) });

  /** What is there, and left as it is because it may be wanted. */
  const heldFunctions = () => [...reconciler.snapshot().plan.held].map(([id, reason]) => ({ id, reason }));
  const drivings = () => driverStates(observe());
  const find = createLookup(reconciler);

  return {
    async status() {
      const { services } = reconciler.snapshot();
      return {
        site: config.site,
        node: config.node,
        version: options.version,
        uptimeS: Math.round((clock() - options.startedAt) / 1000),
        rssBytes: process.memoryUsage.rss(),
        journal: {
          state: options.journalProblem() === null ? "ready" : "degraded",
          reason: options.journalProblem(),
          ...(await journal.usage().catch(() => UNKNOWN_USAGE)), // it may be damaged, and this is asked then
        },
        written: await (options.written ?? readWritten)(),
        link: await options.linkState(),
        hub: hubState(),
        drivers: drivings(),
        services,
        held: heldFunctions(),
      };
    },
    /** Hub, term, nodes and who owns what. */
    site(): SiteView {
      if (options.site) return options.site();
      throw new LightmanoError(
        "object.not-found",
        `site ${config.site} has no hub: "hub" in agent.yaml names the nodes of a site of several`,
      );
    },
    services: () => reconciler.snapshot().services,
    /** A service as the journal has it; null: it is not wanted. */
    wanted: (id: string): DesiredService | null =>
      catalogue.services().find(({ request }) => request.id === id) ?? null,
    /** Which process or container a function is, null where it has none; nothing where its driver has not looked, or there is no such function. */
    identity(name: string): { readonly is: string | null } | null {
      const found = find.functions().find((f) => f.id === name || f.name === name);
      const view = found?.kind === "lvnf" ? drivers.click.view() : drivers.docker.view();
      if (!found || view.state !== "ready") return null;
      const process = latest(drivers.click.view())?.processes.get(found.id);
      const container = latest(drivers.docker.view())?.containers.get(found.id);
      if (found.kind === "lvnf") return { is: process ? `${process.pid}/${process.startTicks}` : null };
      return { is: container?.containerId ?? null };
    },
    service: find.service,
    async apply(request: ApplyRequest) {
      await placeable(request);
      const { request: stored, revision } = await catalogue.apply(request);
      return { id: stored.id, packageDigest: stored.packageDigest, revision };
    },
    /** What would be done for this service, and what it would leave alone. Nothing is changed. */
    async plan(request: ApplyRequest) {
      return planText(reconciler.preview(await placeable(request)).plan);
    },
    /** Also one that nothing is known of but that something is left of; of one that is terminating it is done. */
    async terminate(id: string): Promise<void> {
      if (reconciler.snapshot().services.some((s) => s.id === id && s.state === "terminating")) return;
      const isHeld = heldFunctions().some((f) => f.id.startsWith(`${id}.`));
      return isHeld && catalogue.originOf(id) === null ? catalogue.bury(id) : catalogue.terminate(id);
    },
    /** Forgives the failures of the service's functions, and tries those that do not run now. */
    heal(id: string) {
      const all = find.service(id).functions.map((f) => ({ id: f.id, runs: f.state === "running" }));
      const tried = all.filter((f) => !f.runs && reconciler.reset(f.id));
      const forgiven = all.filter((f) => f.runs && reconciler.forgive(f.id));
      return { tried: tried.map((f) => f.id), forgiven: forgiven.map((f) => f.id) };
    },
    lvnfs: () => find.functions().filter(({ kind }) => kind === "lvnf"),
    lvnf(name: string) {
      const { id } = find.lvnf(name);
      return { ...find.function(id), handlers: this.handlers(id) };
    },
    async readHandler(name: string, handler: string) {
      const found = find.handler(name, handler, "read");
      return { value: await drivers.click.read(found.id, found.handler, context()) };
    },
    async writeHandler(name: string, handler: string, value: string) {
      const found = find.handler(name, handler, "write");
      await drivers.click.write(found.id, found.handler, value, context());
    },
    handlers: (name: string) =>
      find.lvnf(name).handlers.map(({ name: handler, access, state }) => ({ name: handler, access, state })),
    /** Ends a function's process or container; the loop starts it again, as after any death. */
    async restart(name: string) {
      const { id, kind } = find.wanted(name);
      const process = kind === "lvnf" ? latest(drivers.click.view())?.processes.get(id) : undefined;
      const container = kind === "container" ? latest(drivers.docker.view())?.containers.get(id) : undefined;
      if (process)
        await reconciler.restart(id, () =>
          drivers.click.stop(id, process.pid, process.startTicks, 2_000, context()),
        );
      else if (container)
        await reconciler.restart(id, () => drivers.docker.remove(container.containerId, 2_000, context()));
      if (!process && container?.state !== "running") reconciler.reset(id);
      reconciler.kick();
      return { id };
    },
    /** Host pid of a running container's first process, for a console. */
    containerPid(name: string): number {
      const { id, kind, state } = find.function(name);
      if (kind !== "container")
        throw new LightmanoError("usage.invalid", `${id} is an LVNF: it has handlers, no shell`);
      const pid = latest(drivers.docker.view())?.containers.get(id)?.pid ?? null;
      if (pid === null)
        throw new LightmanoError("object.conflict", `${id} is ${state}: it has no process to go into`);
      return pid;
    },
    async logs(name: string, lines: number) {
      const { id, kind } = find.function(name);
      if (kind === "lvnf") return { text: await drivers.click.logTail(id, lines) };
      const container = latest(drivers.docker.view())?.containers.get(id);
      return { text: container ? await drivers.docker.logTail(container.containerId, lines, context()) : "" };
    },
    async stats(name: string) {
      const { id, kind } = find.function(name);
      if (kind === "lvnf") return drivers.click.stats(id);
      const container = latest(drivers.docker.view())?.containers.get(id);
      return container ? drivers.docker.stats(container.containerId, context()) : null;
    },
    async images(name: string) {
      const target = reconciler.snapshot().target.functions.get(find.function(name).id);
      return target?.kind === "container"
        ? { image: target.image, bytes: await drivers.docker.imageBytes(target.image, context()) }
        : null;
    },
    ports: () => portViews(reconciler.snapshot(), latest(drivers.ovs.view()), config.ports),
    chains: async () => chainViews(reconciler.snapshot()),
    events: (query: EventQuery): Promise<readonly AgentEvent[]> => journal.events(query),
    /** The chain cause → rule → action of an object's state, newest last, and what it is now. */
    why: createWhy({ ...options, find, drivings }),
    async inventory() {
      const ports = Object.entries(config.ports).map(([name, device]) => ({ name, interface: device }));
      return { ...(await options.hardware()), ports, drivers: drivings() };
    },
    async doctor() {
      const program = await clickProgram();
      const found = drivings().map((d) =>
        d.name === "click" && d.state === "ready" ? { ...d, ...program } : d,
      );
      const [fastPath, kernelClick] = await Promise.all([
        drivers.click.withoutFastPath(context()),
        drivers.click.withoutKernel(context()),
      ]);
      return {
        drivers: found,
        ports: nodePorts(),
        journal: options.journalProblem(),
        watchdog: options.watchdog?.() ?? null,
        fastPath,
        kernelClick,
      };
    },
  };

  /** Its driver is ready without a program, for what runs needs none; what is to be started does. */
  async function clickProgram() {
    try {
      return { version: await drivers.click.checkProgram(context()) };
    } catch (error) {
      const { detail } = problemOf(error, "click.missing");
      return {
        state: "failed" as const,
        reason: `${detail}. ${ERRORS["click.missing"].remedy}`,
        version: null,
      };
    }
  }

  function hubState() {
    const view = options.site?.();
    return view ? { role: view.role, hub: view.hub, term: view.term, lease: view.lease } : null;
  }

  /** The services that there would be; throws when this node cannot have the new one beside the others. */
  async function placeable(request: ApplyRequest): Promise<readonly DesiredService[]> {
    const checked = await catalogue.check(request);
    const { id } = checked.request;
    const known = reconciler.services().find((service) => service.request.id === id);
    const service = known?.since === undefined ? checked : { ...checked, since: known.since };
    const services = [...reconciler.services().filter((other) => other.request.id !== id), service];
    const problems = reconciler.preview(services).target.services.get(id)?.problems ?? [];
    const [first] = problems;
    if (first) throw new LightmanoError(first.code, first.detail, { problems });
    return services;
  }

  function nodePorts() {
    const links = latest(observe().link)?.names;
    return Object.entries(config.ports).map(([sap, device]) => ({
      sap,
      interface: device,
      present: links?.has(device) ?? false,
    }));
  }
}
