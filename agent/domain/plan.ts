/**
 * The planner: from what is wanted and what is seen, to what is to be done and what is to be said. Pure and
 * total. Everything that differs is planned at once, an object a work; the loop calls it again whenever
 * something changed, until nothing differs.
 */
import type { ObservedBridge } from "./observed.js";
import { planChains } from "./plan-chains.js";
import { planContainer } from "./plan-container.js";
import { type Leaving, planLeaving } from "./plan-leaving.js";
import { planLvnf } from "./plan-lvnf.js";
import { planOrphans } from "./plan-orphans.js";
import {
  type ChainView,
  type FunctionPlan,
  type FunctionView,
  isBound,
  latest,
  type PlanInput,
} from "./planning.js";
import type { Work } from "./steps.js";
import { NEW_FUNCTION } from "./supervision.js";

export interface Plan {
  readonly works: readonly Work[];
  readonly functions: ReadonlyMap<string, FunctionView>;
  readonly chains: ReadonlyMap<string, ChainView>;
  /** What is there, wanted by nothing that can be read, and left as it is; with the reason. */
  readonly held: ReadonlyMap<string, string>;
  /** Cookies of the flows that the target's chains can have here. */
  readonly ownFlows: ReadonlySet<string>;
  /** The same by path. */
  readonly flowsOf: ReadonlyMap<string, readonly string[]>;
  /** By service: what is left of it though it is not to be, and of functions that it has no longer. */
  readonly leaving: ReadonlyMap<string, Leaving>;
  /** When to plan again though nothing happens (a back-off ends), or null. */
  readonly wakeAt: number | null;
}

export function plan(input: PlanInput): Plan {
  const { target, observed, memory, now } = input;
  const bridge = latest(observed.ovs)?.bridges.get(target.bridge.name) ?? null;
  const functions = new Map<string, FunctionPlan>();
  for (const [id, wanted] of target.functions) {
    const context = { input, bridge, memory: memory.get(id) ?? NEW_FUNCTION };
    const planned = wanted.kind === "lvnf" ? planLvnf(wanted, context) : planContainer(wanted, context);
    const isThere =
      wanted.kind === "lvnf" ? latest(observed.click)?.processes : latest(observed.docker)?.containers;
    const isEnding = input.departures?.ending.has(id) && isThere?.has(id);
    functions.set(id, isEnding ? { ...planned, view: stoppingView(planned.view) } : planned);
  }
  const views = new Map([...functions].map(([id, { view }]) => [id, view]));
  const { held, works: orphans } = planOrphans(input, bridge);
  const chains = planChains(input, bridge, views, held.size > 0);
  const works = [
    ...planBridge(input, bridge),
    ...[...functions.values()].flatMap(({ work }) => work ?? []),
    ...(chains.work ? [chains.work] : []),
    ...orphans,
  ];
  const waits = [...memory.entries()]
    .filter(([id, { nextAttemptAt }]) => target.functions.has(id) && nextAttemptAt > now)
    .map(([, { nextAttemptAt }]) => nextAttemptAt);
  const wakeAt = [...waits, ...(chains.wakeAt === null ? [] : [chains.wakeAt])].reduce<number | null>(
    (min, at) => (min === null ? at : Math.min(min, at)),
    null,
  );
  const { ownFlows, flowsOf } = chains;
  const leaving = planLeaving(input, bridge, held, ownFlows);
  return { works, functions: views, chains: chains.views, held, ownFlows, flowsOf, leaving, wakeAt };
}

/** It is wanted, and is being ended to be started anew. */
const stoppingView = ({ pid }: FunctionView): FunctionView => ({
  state: "stopping",
  code: null,
  reason: "it is being ended, to be started anew",
  pid,
});

function planBridge({ target, observed }: PlanInput, bridge: ObservedBridge | null): readonly Work[] {
  if (observed.ovs.state !== "ready" || target.functions.size + target.nodePorts.length === 0) return [];
  const { name, datapathType } = target.bridge;
  if (!bridge || bridge.datapathType !== datapathType) {
    const cause = bridge
      ? `bridge ${name} has datapath type ${bridge.datapathType}`
      : `bridge ${name} is not there`;
    return [
      {
        object: "bridge",
        digest: `${name}/${datapathType}`,
        cause,
        rule: "services need the node's bridge",
        steps: [{ do: "bridge.ensure", bridge: name, datapathType }],
      },
    ];
  }
  return target.nodePorts.flatMap((device): Work[] => {
    const port = bridge.ports.get(device);
    if (isBound(port)) return [];
    const links = latest(observed.link);
    if (links && !links.names.has(device)) return []; // nothing to attach; the chain says so
    const steps = [
      ...(port ? [{ do: "port.remove" as const, bridge: name, devices: [device] }] : []),
      { do: "node-port.attach" as const, bridge: name, device },
    ];
    return [
      {
        object: `port/${device}`,
        digest: device,
        cause: port
          ? `port ${device} is not bound (${port.error ?? "its interface is gone"})`
          : `port ${device} is not on ${name}`,
        rule: "a SAP of a service is a port of the bridge",
        steps,
      },
    ];
  });
}
