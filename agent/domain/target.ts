/**
 * From services to what the node must have: the target. Pure; what a service asks for and this node cannot
 * give is a problem of that service, and the others are not touched by it.
 */
import { digestOf } from "../../model/digest.js";
import { type Problem, problem } from "../../model/errors.js";
import type { ServiceRequest } from "../../model/messages/desired.js";
import type {
  ConnectionPoint,
  ContainerDescriptor,
  CpRef,
  FlowMatch,
  FunctionDescriptor,
  HandlerDeclaration,
  LvnfDescriptor,
  NsDescriptor,
} from "../../model/service.js";
import { bridgeDevice, containerInterface, functionDevice, functionId } from "./names.js";

/** A service as the journal holds it: the request, and its descriptor with the inputs put in, or why not. */
export interface DesiredService {
  readonly request: ServiceRequest;
  readonly revision: number;
  /** When the node first heard of it, ms since the epoch; absent: it has not yet. */
  readonly since?: number;
  readonly descriptor: NsDescriptor | null;
  readonly problems: readonly Problem[];
}

/** What agent.yaml says of the node's bridge and ports. */
export interface NodeLayout {
  readonly bridge: string;
  readonly datapathType: "netdev" | "system";
  /** SAP name → interface. */
  readonly ports: Readonly<Record<string, string>>;
}

export interface Target {
  readonly bridge: { readonly name: string; readonly datapathType: "netdev" | "system" };
  /** Interfaces of the node that some service uses. */
  readonly nodePorts: readonly string[];
  readonly functions: ReadonlyMap<string, FunctionTarget>;
  readonly chains: readonly ChainTarget[];
  readonly services: ReadonlyMap<string, ServiceTarget>;
  /** Services of which it is known that they are not to be. */
  readonly gone: ReadonlySet<string>;
}

export interface ServiceTarget {
  readonly request: ServiceRequest;
  readonly revision: number;
  readonly functionIds: readonly string[];
  readonly chainIds: readonly string[];
  readonly problems: readonly Problem[];
  /** What it is made of is not known: its package has not come, or cannot be read. */
  readonly unread: boolean;
}

export type FunctionTarget = LvnfTarget | ContainerTarget;

interface FunctionTargetCommon {
  readonly id: string;
  readonly name: string;
  readonly serviceId: string;
  /** Over all that makes the running thing what it is: where it differs, the function is replaced. */
  readonly digest: string;
  readonly ports: readonly PortTarget[];
}

export type LvnfTarget = FunctionTargetCommon &
  Pick<LvnfDescriptor, "kind" | "parameters" | "handlers" | "runMode"> & { readonly script: string };

export type ContainerTarget = FunctionTargetCommon &
  Pick<
    ContainerDescriptor,
    "kind" | "image" | "command" | "environment" | "memoryBytes" | "cpus" | "readyPorts"
  >;

export interface PortTarget {
  readonly bridgeDevice: string;
  readonly functionDevice: string;
  /** Interface name inside a container. */
  readonly interfaceName: string;
  readonly point: ConnectionPoint;
}

export interface ChainTarget {
  /** `<service>.<path>` */
  readonly id: string;
  readonly serviceId: string;
  readonly name: string;
  /** Functions that it passes: all of them must be usable for it to carry traffic. */
  readonly functionIds: readonly string[];
  readonly hops: readonly HopTarget[];
}

export interface HopTarget {
  readonly fromDevice: string;
  readonly toDevice: string;
  readonly match: FlowMatch;
  readonly priority: number;
}

/** `terminated`: services that are not to be. Others that are not among `services` nobody knows anything of. */
export function targetOf(
  services: readonly DesiredService[],
  layout: NodeLayout,
  terminated: Iterable<string> = [],
): Target {
  const wantedIds = new Set(services.map(({ request }) => request.id as string));
  const placed = services.map((service) => place(service, layout));
  reportSharedKernel(placed);
  reportSharedTraffic(placed);
  const usable = placed.filter(({ problems }) => problems.length === 0);
  const used = usable.flatMap(({ chains }) =>
    chains.flatMap(({ hops }) => hops.flatMap((hop) => [hop.fromDevice, hop.toDevice])),
  );
  const nodeInterfaces = new Set(Object.values(layout.ports));
  return {
    bridge: { name: layout.bridge, datapathType: layout.datapathType },
    nodePorts: [...new Set(used)].filter((device) => nodeInterfaces.has(device)).sort(),
    functions: new Map(usable.flatMap(({ functions }) => functions.map((f) => [f.id, f] as const))),
    chains: usable.flatMap(({ chains }) => chains),
    services: new Map(
      placed.map(({ service, functions, chains, problems }) => [
        service.request.id,
        {
          request: service.request,
          revision: service.revision,
          functionIds: functions.map(({ id }) => id),
          chainIds: chains.map(({ id }) => id),
          problems,
          unread: service.descriptor === null,
        },
      ]),
    ),
    gone: new Set([...terminated].filter((id) => !wantedIds.has(id))),
  };
}

interface Placed {
  readonly service: DesiredService;
  readonly functions: readonly FunctionTarget[];
  readonly chains: readonly ChainTarget[];
  readonly problems: Problem[];
}

function place(service: DesiredService, layout: NodeLayout): Placed {
  const { descriptor, request } = service;
  if (!descriptor) return { service, functions: [], chains: [], problems: [...service.problems] };
  const problems: Problem[] = [];
  for (const { name } of descriptor.saps) {
    if (!Object.hasOwn(layout.ports, name)) {
      problems.push(
        problem(
          "sap.unknown",
          `SAP "${name}": this node has no port of that name (it has ${Object.keys(layout.ports).join(", ") || "none"}); add it to "ports" in agent.yaml`,
        ),
      );
    }
  }
  const functions = descriptor.functions.map((descriptor) => functionTarget(request.id, descriptor));
  const deviceOf = (ref: CpRef): string => {
    if (ref.kind === "sap") return layout.ports[ref.sap] ?? "";
    const owner = functions.find((f) => f.name === ref.function);
    return owner?.ports.find(({ point }) => point.name === ref.port)?.bridgeDevice ?? "";
  };
  const chains = descriptor.chains.map((chain): ChainTarget => {
    const passed = chain.hops
      .flatMap(({ from, to }) => [from, to])
      .flatMap((ref) => (ref.kind === "function" ? [functionId(request.id, ref.function)] : []));
    return {
      id: functionId(request.id, chain.name),
      serviceId: request.id,
      name: chain.name,
      functionIds: [...new Set(passed)],
      hops: chain.hops.map(({ from, to, match, priority }) => ({
        fromDevice: deviceOf(from),
        toDevice: deviceOf(to),
        match,
        priority,
      })),
    };
  });
  return { service, functions, chains, problems };
}

function functionTarget(serviceId: string, descriptor: FunctionDescriptor): FunctionTarget {
  const id = functionId(serviceId, descriptor.name);
  const ports = descriptor.ports.map(
    (point): PortTarget => ({
      bridgeDevice: bridgeDevice(id, point.order),
      functionDevice: functionDevice(id, point.order),
      interfaceName: containerInterface(point.order),
      point,
    }),
  );
  const common = { id, name: descriptor.name, serviceId, ports };
  return descriptor.kind === "lvnf" ? lvnfTarget(common, descriptor) : containerTarget(common, descriptor);
}

type Common = Omit<FunctionTargetCommon, "digest">;

function lvnfTarget(
  common: Common,
  { script, parameters, handlers, runMode, ports }: LvnfDescriptor,
): LvnfTarget {
  const body = { kind: "lvnf" as const, script: script.text, parameters };
  const digest = digestOf({
    ...body,
    handlers: handlers.map(reached),
    ports: ports.map(({ order }) => order),
    ...(runMode !== "userlevel" && { runMode }),
  });
  return { ...common, ...body, handlers, runMode, digest };
}

/** What else the agent does with a handler changes nothing of the process: it need not be replaced for it. */
const reached = ({ name, handler, access, state }: HandlerDeclaration) => ({ name, handler, access, state });

/** Addresses and routes are part of the digest: a container whose address changes is made anew. */
function containerTarget(
  common: Common,
  { image, command, environment, memoryBytes, cpus, readyPorts, ports }: ContainerDescriptor,
): ContainerTarget {
  const body = { kind: "container" as const, image, command, environment, memoryBytes, cpus, readyPorts };
  return { ...common, ...body, digest: digestOf({ ...body, ports }) };
}

const byAge = ({ service: a }: Placed, { service: b }: Placed): number =>
  (a.since ?? Number.POSITIVE_INFINITY) - (b.since ?? Number.POSITIVE_INFINITY) ||
  a.request.id.localeCompare(b.request.id);

/** The kernel has one router: of the functions that want it the one that the node heard of first has it. */
function reportSharedKernel(placed: readonly Placed[]): void {
  let owner: string | null = null;
  for (const { functions, problems } of placed.toSorted(byAge)) {
    if (problems.length > 0) continue;
    const wanting = functions.filter((f) => f.kind === "lvnf" && f.runMode === "kernel").map(({ id }) => id);
    const first: string | undefined = owner ?? wanting[0];
    for (const id of wanting.filter((one) => one !== first))
      problems.push(
        problem(
          "object.conflict",
          `function ${id} wants run mode kernel, which ${first} has: the kernel has one Click router; use run mode userlevel for one of them`,
        ),
      );
    if (problems.length === 0) owner = first ?? null;
  }
}

/**
 * Two services may share a node port as long as they want different traffic of it. Where both want the
 * same, the one that the node heard of first has it: what comes later takes nothing from what runs.
 */
function reportSharedTraffic(placed: readonly Placed[]): void {
  const taken = new Map<string, string>();
  for (const { service, chains, problems } of placed.toSorted(byAge)) {
    if (problems.length > 0) continue;
    const { id } = service.request;
    const wanted = chains.flatMap(({ name, hops }) =>
      hops.map((hop) => ({
        path: name,
        fromDevice: hop.fromDevice,
        key: JSON.stringify([hop.fromDevice, hop.priority, Object.entries(hop.match).sort()]),
      })),
    );
    for (const { path, fromDevice, key } of wanted) {
      const owner = taken.get(key);
      if (owner === undefined) continue;
      problems.push(
        problem(
          "object.conflict",
          `path "${path}" wants traffic from port ${fromDevice} that service ${owner} already has, with the same match and priority`,
        ),
      );
    }
    // Only now: one that is refused has nothing.
    if (problems.length === 0) for (const { key } of wanted) taken.set(key, id);
  }
}
