/**
 * What can be asked of an agent. One table for all who ask: REST on the local socket, the CLI behind it, and
 * commands over MQTT.
 */
import { ERRORS, LightmanoError, problemOf } from "../model/errors.js";
import type { AgentEvent, FunctionStatus, ServiceStatus } from "../model/messages/node.js";
import { chainViews, portViews } from "./bridge-views.js";
import type { ApplyRequest, Catalogue } from "./catalogue.js";
import type { AgentConfig } from "./config.js";
import type { Observed } from "./domain/observed.js";
import { latest } from "./domain/planning.js";
import type { DesiredService, FunctionTarget, LvnfTarget } from "./domain/target.js";
import { driverStates } from "./driver-states.js";
import type { Drivers } from "./executor.js";
import { crashLoop, type Explanation, explainOther } from "./explain.js";
import { ownerText, type SiteView } from "./hub/view.js";
import type { Hardware } from "./inventory/hardware.js";
import { planText } from "./plan-text.js";
import type { Reconciler } from "./reconciler-api.js";
import type { EventQuery, Journal } from "./store/journal.js";
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
  const serviceOf = (id: string): ServiceStatus => {
    const found = reconciler.snapshot().services.find((service) => service.id === id);
    if (!found) throw new LightmanoError("object.not-found", `no service ${id}`);
    return found;
  };
  const functions = (): readonly FunctionStatus[] =>
    reconciler.snapshot().services.flatMap((service) => service.functions);
  /** By id, or by the function's name alone where only one has it. */
  const functionOf = (name: string): FunctionStatus => {
    const all = functions();
    const found = all.filter((f) => f.id === name || f.name === name);
    const [only] = found;
    if (!only)
      throw new LightmanoError(
        "object.not-found",
        `no function ${name}; there are ${all.map(({ id }) => id).join(", ") || "none"}`,
      );
    if (found.length > 1)
      throw new LightmanoError(
        "usage.invalid",
        `${name} is ambiguous: ${found.map(({ id }) => id).join(", ")}`,
      );
    return only;
  };
  /** One that is to run: of what its service has no longer, only its state can be asked. */
  const wantedOf = (name: string): FunctionTarget => {
    const { id, state } = functionOf(name);
    const target = reconciler.snapshot().target.functions.get(id);
    if (!target) throw new LightmanoError("object.conflict", `${id} is ${state}: it is wanted no more`);
    return target;
  };
  const lvnfOf = (name: string): LvnfTarget => {
    const target = wantedOf(name);
    if (target.kind !== "lvnf") throw new LightmanoError("object.not-found", `${target.id} is no LVNF`);
    return target;
  };
  const handlerOf = (
    name: string,
    handler: string,
    access: "read" | "write",
  ): { readonly id: string; readonly handler: string } => {
    const { id, handlers } = lvnfOf(name);
    const declared = handlers.find((h) => h.name === handler);
    if (!declared || (declared.access !== access && declared.access !== "both")) {
      const names = handlers.filter((h) => h.access === access || h.access === "both").map((h) => h.name);
      throw new LightmanoError(
        "handler.not-declared",
        `${id} declares no handler "${handler}" to ${access}; it declares ${names.join(", ") || "none"}`,
      );
    }
    return { id, handler: declared.handler };
  };

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
      const found = functions().find((f) => f.id === name || f.name === name);
      const view = found?.kind === "lvnf" ? drivers.click.view() : drivers.docker.view();
      if (!found || view.state !== "ready") return null;
      const process = latest(drivers.click.view())?.processes.get(found.id);
      const container = latest(drivers.docker.view())?.containers.get(found.id);
      if (found.kind === "lvnf") return { is: process ? `${process.pid}/${process.startTicks}` : null };
      return { is: container?.containerId ?? null };
    },
    service: (id: string) => serviceOf(id),
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
      const all = serviceOf(id).functions.map((f) => ({ id: f.id, runs: f.state === "running" }));
      const tried = all.filter((f) => !f.runs && reconciler.reset(f.id));
      const forgiven = all.filter((f) => f.runs && reconciler.forgive(f.id));
      return { tried: tried.map((f) => f.id), forgiven: forgiven.map((f) => f.id) };
    },
    lvnfs: () => functions().filter(({ kind }) => kind === "lvnf"),
    lvnf(name: string) {
      const { id } = lvnfOf(name);
      return { ...functionOf(id), handlers: this.handlers(id) };
    },
    async readHandler(name: string, handler: string) {
      const found = handlerOf(name, handler, "read");
      return { value: await drivers.click.read(found.id, found.handler, context()) };
    },
    async writeHandler(name: string, handler: string, value: string) {
      const found = handlerOf(name, handler, "write");
      await drivers.click.write(found.id, found.handler, value, context());
    },
    handlers: (name: string) =>
      lvnfOf(name).handlers.map(({ name: handler, access, state }) => ({ name: handler, access, state })),
    /** Ends a function's process or container; the loop starts it again, as after any death. */
    async restart(name: string) {
      const { id, kind } = wantedOf(name);
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
      const { id, kind, state } = functionOf(name);
      if (kind !== "container")
        throw new LightmanoError("usage.invalid", `${id} is an LVNF: it has handlers, no shell`);
      const pid = latest(drivers.docker.view())?.containers.get(id)?.pid ?? null;
      if (pid === null)
        throw new LightmanoError("object.conflict", `${id} is ${state}: it has no process to go into`);
      return pid;
    },
    async logs(name: string, lines: number) {
      const { id, kind } = functionOf(name);
      if (kind === "lvnf") return { text: await drivers.click.logTail(id, lines) };
      const container = latest(drivers.docker.view())?.containers.get(id);
      return { text: container ? await drivers.docker.logTail(container.containerId, lines, context()) : "" };
    },
    async stats(name: string) {
      const { id, kind } = functionOf(name);
      if (kind === "lvnf") return drivers.click.stats(id);
      const container = latest(drivers.docker.view())?.containers.get(id);
      return container ? drivers.docker.stats(container.containerId, context()) : null;
    },
    async images(name: string) {
      const target = reconciler.snapshot().target.functions.get(functionOf(name).id);
      return target?.kind === "container"
        ? { image: target.image, bytes: await drivers.docker.imageBytes(target.image, context()) }
        : null;
    },
    ports: () => portViews(reconciler.snapshot(), latest(drivers.ovs.view()), config.ports),
    chains: async () => chainViews(reconciler.snapshot()),
    events: (query: EventQuery): Promise<readonly AgentEvent[]> => journal.events(query),
    /** The chain cause → rule → action of an object's state, newest last, and what it is now. */
    async why(name: string) {
      const { objects, now } = await explained(name);
      const events = (await Promise.all(objects.map((object) => journal.events({ object, limit: 20 }))))
        .flat()
        .toSorted((a, b) => a.seq - b.seq);
      return { object: name, now, events: events.slice(-20) };
    },
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

  /** A service of the site that another node has is known here by its owner alone. */
  function siteService(id: string): { readonly objects: readonly string[]; readonly now: string } | null {
    const view = options.site?.();
    const known = view && [...view.unowned, ...view.nodes.flatMap(({ services }) => services)].includes(id);
    return known
      ? { objects: [`service/${id}`, "site"], now: `service ${id} is ${ownerText(view, id)}` }
      : null;
  }

  function explainable(asked: string): Explanation | null {
    const { services, plan, target } = reconciler.snapshot();
    const name = asked.replace(/^(service|function|chain)\//, "");
    const service = services.find(({ id }) => id === name);
    const view = options.site?.();
    if (view && name === "site")
      return { objects: ["site"], now: view.hub ? `node ${view.hub} is hub` : "no hub is heard" };
    if (service) {
      const objects = [
        ...(view ? [`service/${name}`] : []),
        ...service.functions.map(({ id }) => `function/${id}`),
        ...service.chains.map((chain) => `chain/${service.id}.${chain.name}`),
        ...target.nodePorts.map((device) => `port/${device}`),
        "bridge",
      ];
      return {
        objects,
        now: `service ${name} is ${service.state}${service.reason ? `: ${service.reason}` : ""}${view && catalogue.originOf(name) !== "local" ? `; ${ownerText(view, name)}` : ""}`,
      };
    }
    const driver = drivings().find(
      (d) => (d.name === name && name !== "link") || `driver/${d.name}` === name, // the link is the controller's, too
    );
    if (driver)
      return {
        objects: [`driver/${driver.name}`],
        now: `${driver.name} is ${driver.state}${driver.reason ? `: ${driver.reason}` : ""}`,
      };
    const chain = plan.chains.get(name);
    if (chain)
      return {
        objects: [`chain/${name}`, "flows"],
        now: `path ${name} is ${chain.state}${chain.reason ? `: ${chain.reason}` : ""}`,
      };
    const elsewhere = siteService(name);
    if (elsewhere) return elsewhere;
    if (!functions().some((f) => f.id === name || f.name === name)) return null;
    const f = functionOf(name);
    const { memory, now } = reconciler.snapshot();
    const remembered = memory.get(f.id);
    const loop = remembered ? crashLoop(remembered, now) : null;
    return {
      objects: [`function/${f.id}`],
      now: `${f.kind} ${f.id} is ${f.state}${f.reason ? `: ${f.reason}` : ""}, ${f.restarts} restarts${loop ? `; ${loop}` : ""}`,
    };
  }

  /** Every object of the node; one that is there no more is known by its history. */
  async function explained(name: string): Promise<Explanation> {
    const found =
      explainable(name) ??
      explainOther(name, {
        target: reconciler.snapshot().target,
        observed: observe(),
        nodePorts: config.ports,
        link: await options.linkState(),
        journalProblem: options.journalProblem(),
        agent: {
          version: options.version,
          upMinutes: Math.round((clock() - options.startedAt) / 60_000),
          watchdog: options.watchdog?.() ?? "no watchdog",
        },
      });
    if (found) return found;
    const past = await journal.events({ object: name, limit: 1 });
    if (past.length > 0)
      return { objects: [name], now: `${name} is not there now; this is what happened to it` };
    throw new LightmanoError(
      "object.not-found",
      `nothing here is called ${name}; ask for a service, function, path, driver, port, interface or image, or for bridge, link, journal or agent`,
    );
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
