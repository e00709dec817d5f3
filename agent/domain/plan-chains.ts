/**
 * Chains as flows of the bridge. A site must not lose its cell because a cache died: traffic is sent into
 * functions only while all of those that it would reach are usable. When they are not, the flows into them
 * are withheld and traffic falls to the next lower rule, which for a service at the edge is the way past.
 */

import type { FunctionKind } from "../../model/messages/node.js";
import { flowsOf } from "./flows.js";
import type { Flow, ObservedBridge, View } from "./observed.js";
import type { ChainView, FunctionView, PlanInput } from "./planning.js";
import { isBound } from "./planning.js";
import type { Work } from "./steps.js";
import { NEW_FUNCTION } from "./supervision.js";
import type { ChainTarget, Target } from "./target.js";

/**
 * An LVNF that has just died is back within milliseconds: its flows stay for so long. Taking them away and
 * putting them back would cost more packets, and would move running TCP flows from one path to the other.
 */
export const LVNF_GRACE_MS = 1_000;

export interface ChainPlan {
  readonly views: ReadonlyMap<string, ChainView>;
  readonly work: Work | null;
  readonly wakeAt: number | null;
  /** Cookies of all flows that the target's chains can have, wanted now or withheld. */
  readonly ownFlows: ReadonlySet<string>;
  /** The same by path. */
  readonly flowsOf: ReadonlyMap<string, readonly string[]>;
}

export function planChains(
  input: PlanInput,
  bridge: ObservedBridge | null,
  functions: ReadonlyMap<string, FunctionView>,
  /** Functions run of which it is not known what traffic they have: flows that were found stay. */
  keepFound: boolean,
): ChainPlan {
  const { target, observed, foundFlows } = input;
  const { ready, wakeAt } = readyFunctions(input, functions);
  const groups = groupsOf(target);
  const ownerOf = new Map(
    [...target.functions.values()].flatMap((f) =>
      f.ports.map(({ bridgeDevice }) => [bridgeDevice, f.id] as const),
    ),
  );
  const nodePorts = new Set(target.nodePorts);
  const ofports = new Map(
    [...(bridge?.ports.values() ?? [])].flatMap((port) =>
      isBound(port) && port.ofport !== null ? [[port.name, port.ofport] as const] : [],
    ),
  );

  const flows = new Map<string, Flow>();
  const ownFlows = new Set<string>();
  const flowsByChain = new Map<string, readonly string[]>();
  const views = new Map<string, ChainView>();
  for (const chain of target.chains) {
    const down = unusable(chain, groups, ready);
    const missing = new Set<string>();
    const cookies: string[] = [];
    let count = 0;
    for (const hop of chain.hops) {
      const entersFunctions = nodePorts.has(hop.fromDevice) && ownerOf.has(hop.toDevice);
      const made = flowsOf(hop, ofports);
      for (const { cookie } of made) {
        ownFlows.add(cookie);
        cookies.push(cookie);
      }
      if (entersFunctions && down.length > 0) continue;
      if (made.length === 0)
        for (const device of [hop.fromDevice, hop.toDevice]) if (!ofports.has(device)) missing.add(device);
      for (const flow of made) flows.set(flow.cookie, flow);
      count += made.length;
    }
    flowsByChain.set(chain.id, cookies);
    views.set(chain.id, viewOf(chain, down, [...missing], count, nodePorts));
  }
  const said = { views, wakeAt, ownFlows, flowsOf: flowsByChain };
  // Just after its start the agent has not seen yet what runs: nothing may be taken away for that.
  const unseen = [...target.functions.values()].some(
    ({ kind }) => driverOf(kind, input).state === "starting",
  );
  if (unseen || observed.ovs.state !== "ready" || !bridge || bridge.flowCookies === null) {
    return { ...said, work: null };
  }
  const present = bridge.flowCookies;
  const add = [...flows.values()].filter(({ cookie }) => !present.has(cookie));
  const stays = (cookie: string): boolean =>
    keepFound && (foundFlows?.has(cookie) ?? false) && !ownFlows.has(cookie);
  const removeCookies = [...present].filter((cookie) => !flows.has(cookie) && !stays(cookie)).sort();
  if (add.length + removeCookies.length === 0) return { ...said, work: null };
  const digest = [...flows.keys()].sort().join();
  return {
    ...said,
    work: {
      object: "flows",
      digest,
      cause: `${add.length} flows are missing and ${removeCookies.length} are not wanted`,
      rule: "traffic enters functions only while all that it reaches are usable",
      steps: [{ do: "flows.apply", bridge: bridge.name, add, removeCookies }],
    },
  };
}

const driverOf = (kind: FunctionKind, { observed }: PlanInput): View<unknown> =>
  kind === "lvnf" ? observed.click : observed.docker;

function readyFunctions(
  { target, memory, now }: PlanInput,
  functions: ReadonlyMap<string, FunctionView>,
): { readonly ready: ReadonlySet<string>; readonly wakeAt: number | null } {
  const ready = new Set<string>();
  let wakeAt: number | null = null;
  for (const [id, view] of functions) {
    const { diedAt } = memory.get(id) ?? NEW_FUNCTION;
    const graceEnd =
      target.functions.get(id)?.kind === "lvnf" && diedAt !== null && view.state === "starting"
        ? diedAt + LVNF_GRACE_MS
        : 0;
    if (graceEnd > now) wakeAt = Math.min(wakeAt ?? graceEnd, graceEnd);
    if (view.state === "running" || graceEnd > now) ready.add(id);
  }
  return { ready, wakeAt };
}

/** Functions that some chain joins: what enters one of a group may reach all of it. */
function groupsOf({ functions, chains }: Target): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>([...functions.keys()].map((id) => [id, new Set([id])]));
  for (const { functionIds } of chains) {
    const joined = new Set(functionIds.flatMap((id) => [...(groups.get(id) ?? [])]));
    for (const id of joined) groups.set(id, joined);
  }
  return groups;
}

function unusable(
  chain: ChainTarget,
  groups: ReadonlyMap<string, ReadonlySet<string>>,
  ready: ReadonlySet<string>,
): readonly string[] {
  const reached = new Set(chain.functionIds.flatMap((id) => [...(groups.get(id) ?? [id])]));
  return [...reached].filter((id) => !ready.has(id)).sort();
}

function viewOf(
  chain: ChainTarget,
  down: readonly string[],
  missing: readonly string[],
  flows: number,
  nodePorts: ReadonlySet<string>,
): ChainView {
  const absentNodePort = missing.find((device) => nodePorts.has(device));
  if (absentNodePort) return { state: "waiting", reason: `node port ${absentNodePort} is not there`, flows };
  if (down.length > 0) return { state: "bypassed", reason: `${down.join(", ")} not usable`, flows };
  if (missing.length > 0)
    return {
      state: "waiting",
      reason: `port ${missing.join(", ")} of ${chain.functionIds.join(", ")} is not attached`,
      flows,
    };
  return { state: "active", reason: null, flows };
}
