/**
 * The planner: from what is wanted and what is seen, to what is to be done and what is to be said. Pure and
 * total. Everything that differs is planned at once, an object a work; the loop calls it again whenever
 * something changed, until nothing differs.
 */
import { isBridgeDevice } from "./names.js";
import { type ObservedBridge, OWNER_KEY } from "./observed.js";
import { planChains } from "./plan-chains.js";
import { planContainer } from "./plan-container.js";
import { planLvnf } from "./plan-lvnf.js";
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
import type { FunctionTarget } from "./target.js";

export interface Plan {
  readonly works: readonly Work[];
  readonly functions: ReadonlyMap<string, FunctionView>;
  readonly chains: ReadonlyMap<string, ChainView>;
  /** When to plan again though nothing happens (a back-off ends), or null. */
  readonly wakeAt: number | null;
}

export function plan(input: PlanInput): Plan {
  const { target, observed, memory, now } = input;
  const bridge = latest(observed.ovs)?.bridges.get(target.bridge.name) ?? null;
  const functions = new Map<string, FunctionPlan>();
  for (const [id, wanted] of target.functions) {
    const context = { input, bridge, memory: memory.get(id) ?? NEW_FUNCTION };
    functions.set(id, wanted.kind === "lvnf" ? planLvnf(wanted, context) : planContainer(wanted, context));
  }
  const views = new Map([...functions].map(([id, { view }]) => [id, view]));
  const chains = planChains(input, bridge, views);
  const works = [
    ...planBridge(input, bridge),
    ...[...functions.values()].flatMap(({ work }) => work ?? []),
    ...(chains.work ? [chains.work] : []),
    ...planOrphans(input, bridge),
  ];
  const waits = [...memory.entries()]
    .filter(([id, { nextAttemptAt }]) => target.functions.has(id) && nextAttemptAt > now)
    .map(([, { nextAttemptAt }]) => nextAttemptAt);
  const wakeAt = [...waits, ...(chains.wakeAt === null ? [] : [chains.wakeAt])].reduce<number | null>(
    (min, at) => (min === null ? at : Math.min(min, at)),
    null,
  );
  return { works, functions: views, chains: chains.views, wakeAt };
}

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

/** What bears our mark and nothing wants. */
function planOrphans({ target, observed }: PlanInput, bridge: ObservedBridge | null): readonly Work[] {
  const rule = "what nothing wants is removed";
  const works: Work[] = [];
  if (observed.click.state === "ready") {
    for (const { functionId, pid, startTicks } of observed.click.now.processes.values()) {
      if (target.functions.get(functionId)?.kind === "lvnf") continue;
      works.push({
        object: `function/${functionId}`,
        digest: "removed",
        cause: `LVNF ${functionId} runs and no service wants it`,
        rule,
        steps: [{ do: "lvnf.stop", functionId, pid, startTicks }],
      });
    }
  }
  if (observed.click.state === "ready") {
    const { files, processes } = observed.click.now;
    for (const functionId of files) {
      if (processes.has(functionId) || target.functions.get(functionId)?.kind === "lvnf") continue;
      works.push({
        object: `function/${functionId}`,
        digest: "removed",
        cause: `there are files of LVNF ${functionId}, and no service wants it`,
        rule,
        steps: [{ do: "lvnf.forget", functionId }],
      });
    }
  }
  if (observed.docker.state === "ready") {
    for (const { functionId, containerId } of observed.docker.now.containers.values()) {
      if (target.functions.get(functionId)?.kind === "container") continue;
      works.push({
        object: `function/${functionId}`,
        digest: "removed",
        cause: `container ${functionId} exists and no service wants it`,
        rule,
        steps: [{ do: "container.remove", functionId, containerId }],
      });
    }
  }
  const wanted = new Set(
    [...target.functions.values()].flatMap((f) => wantedDevices(f)).concat(target.nodePorts),
  );
  if (observed.ovs.state === "ready" && bridge) {
    const devices = [...bridge.ports.values()]
      .filter(
        ({ name, externalIds }) =>
          externalIds[OWNER_KEY] !== undefined && name !== bridge.name && !wanted.has(name),
      )
      .map(({ name }) => name);
    if (devices.length > 0)
      works.push({
        object: "orphan-ports",
        digest: devices.join(),
        cause: `ports ${devices.join(", ")} belong to nothing`,
        rule,
        steps: [{ do: "port.remove", bridge: bridge.name, devices }],
      });
  }
  if (observed.link.state === "ready") {
    // Once it is off the bridge; removing this end removes the pair.
    const stray = [...observed.link.now.names].filter(
      (name) => isBridgeDevice(name) && !wanted.has(name) && !bridge?.ports.has(name),
    );
    for (const device of stray) {
      works.push({
        object: `link/${device}`,
        digest: "removed",
        cause: `interface ${device} belongs to nothing`,
        rule,
        steps: [{ do: "link.remove", device }],
      });
    }
  }
  return works;
}

const wantedDevices = ({ ports }: FunctionTarget): readonly string[] =>
  ports.flatMap(({ bridgeDevice, functionDevice }) => [bridgeDevice, functionDevice]);
