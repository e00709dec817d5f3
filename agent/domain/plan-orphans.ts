/** What bears our mark and no service's target has: it is removed, or left as it is while it may be wanted. Pure. */
import { claimOn } from "./claims.js";
import { isBridgeDevice } from "./names.js";
import { type Observed, type ObservedBridge, OWNER_KEY } from "./observed.js";
import { latest, type PlanInput } from "./planning.js";
import type { Work } from "./steps.js";
import type { FunctionTarget, Target } from "./target.js";

export interface OrphanPlan {
  readonly works: readonly Work[];
  /** Functions that are left as they are, with the reason. */
  readonly held: ReadonlyMap<string, string>;
}

/** Digest of a work that removes what is not wanted: of what is, each has the digest of its description. */
export const REMOVED = "removed";

export function planOrphans({ target, observed }: PlanInput, bridge: ObservedBridge | null): OrphanPlan {
  const rule = "what is known to be wanted no more is removed";
  const works: Work[] = [];
  const held = heldFunctions(target, observed, bridge);
  const stays = (functionId: string): boolean => claimOn(functionId, target) !== null;
  if (observed.click.state === "ready") {
    for (const { functionId, pid, startTicks } of observed.click.now.processes.values()) {
      if (target.functions.get(functionId)?.kind === "lvnf" || held.has(functionId)) continue;
      works.push({
        object: `function/${functionId}`,
        digest: REMOVED,
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
      if (!target.functions.has(functionId) && stays(functionId)) continue;
      works.push({
        object: `function/${functionId}`,
        digest: REMOVED,
        cause: `there are files of LVNF ${functionId}, and no service wants it`,
        rule,
        steps: [{ do: "lvnf.forget", functionId }],
      });
    }
  }
  if (observed.docker.state === "ready") {
    for (const { functionId, containerId } of observed.docker.now.containers.values()) {
      if (target.functions.get(functionId)?.kind === "container" || held.has(functionId)) continue;
      works.push({
        object: `function/${functionId}`,
        digest: REMOVED,
        cause: `container ${functionId} exists and no service wants it`,
        rule,
        steps: [{ do: "container.remove", functionId, containerId }],
      });
    }
  }
  // While something is held, what it needs of the bridge besides its own ports is not known: nothing shared goes.
  const sharedStays = held.size > 0;
  const wanted = new Set(
    [...target.functions.values()].flatMap((f) => wantedDevices(f)).concat(target.nodePorts),
  );
  if (observed.ovs.state === "ready" && bridge) {
    const devices = [...bridge.ports.values()]
      .filter(
        ({ name, externalIds }) =>
          externalIds[OWNER_KEY] !== undefined && name !== bridge.name && !wanted.has(name),
      )
      .filter(({ externalIds }) => {
        const owner = externalIds[OWNER_KEY] ?? "";
        return isShared(owner) ? !sharedStays : !held.has(owner);
      })
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
  // An interface tells by its port on the bridge whose it is, and a port by the function: both have to be seen first.
  const isSeen =
    observed.ovs.state === "ready" &&
    observed.click.state !== "starting" &&
    observed.docker.state !== "starting";
  if (observed.link.state === "ready" && isSeen && !sharedStays) {
    // Once it is off the bridge; removing this end removes the pair.
    const stray = [...observed.link.now.names].filter(
      (name) => isBridgeDevice(name) && !wanted.has(name) && !bridge?.ports.has(name),
    );
    for (const device of stray) {
      works.push({
        object: `link/${device}`,
        digest: REMOVED,
        cause: `interface ${device} belongs to nothing`,
        rule,
        steps: [{ do: "link.remove", device }],
      });
    }
  }
  return { works, held };
}

/** Marks of the bridge's ports that are of no function. */
const isShared = (owner: string): boolean => owner === "bridge" || owner === "node-port";

/** Also of what was seen last: a driver that is away for a moment lets go of nothing. */
function heldFunctions(
  target: Target,
  observed: Observed,
  bridge: ObservedBridge | null,
): ReadonlyMap<string, string> {
  const owners = [...(bridge?.ports.values() ?? [])].flatMap((port) => port.externalIds[OWNER_KEY] ?? []);
  const found = new Set([
    ...(latest(observed.click)?.processes.keys() ?? []),
    ...(latest(observed.docker)?.containers.keys() ?? []),
    ...owners.filter((owner) => !isShared(owner)),
  ]);
  const held = [...found].sort().flatMap((functionId): [string, string][] => {
    const claim = target.functions.has(functionId) ? null : claimOn(functionId, target);
    return claim === null ? [] : [[functionId, claim]];
  });
  return new Map(held);
}

const wantedDevices = ({ ports }: FunctionTarget): readonly string[] =>
  ports.flatMap(({ bridgeDevice, functionDevice }) => [bridgeDevice, functionDevice]);
