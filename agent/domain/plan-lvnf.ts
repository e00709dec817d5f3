/** One LVNF: its veth pairs, its ports on the bridge, its process. */
import { type ObservedLvnf, OWNER_KEY } from "./observed.js";
import {
  blockedView,
  type FunctionContext,
  type FunctionPlan,
  isBound,
  latest,
  waitingView,
} from "./planning.js";
import type { Step } from "./steps.js";
import type { LvnfTarget } from "./target.js";

export function planLvnf(wanted: LvnfTarget, { input, bridge, memory }: FunctionContext): FunctionPlan {
  const { observed, target, now } = input;
  const process = latest(observed.click)?.processes.get(wanted.id) ?? null;
  const current = process !== null && process.digest === wanted.digest;
  const ports = portSteps(wanted, { input, bridge, memory });
  const pid = process?.pid || null;
  if (current && process.state === "running" && ports.missing.length === 0) {
    return { view: { state: "running", code: null, reason: null, pid }, work: null };
  }
  const blocked =
    blockedView("click", observed.click) ??
    (ports.missing.length > 0
      ? (blockedView("ovs", observed.ovs) ?? blockedView("link", observed.link))
      : null);
  if (blocked) return { view: { ...blocked, pid }, work: null };
  const waiting = current ? null : waitingView(memory, now);
  if (waiting) return { view: waiting, work: null };
  const state =
    current && process.state === "running" ? `ports ${ports.missing.join(", ")} are not attached` : null;
  if (current && process.state === "starting" && ports.missing.length === 0)
    return { view: { state: "starting", code: null, reason: null, pid }, work: null };
  if (!bridge)
    return {
      view: { state: "pending", code: null, reason: `bridge ${target.bridge.name} is not there yet`, pid },
      work: null,
    };

  // A process whose interface went away holds a dead one: with a new pair it needs a new start. A port that is
  // only not on the bridge, or not bound yet, is no reason to end what runs.
  const restart = !current || ports.remade;
  const replace: Step[] =
    process && restart
      ? [{ do: "lvnf.stop", functionId: wanted.id, pid: process.pid, startTicks: process.startTicks }]
      : [];
  const start: Step[] = restart ? [{ do: "lvnf.start", function: wanted }] : [];
  return {
    view: {
      state: "starting",
      code: memory.problem?.code ?? null,
      reason: state ?? memory.problem?.detail ?? null,
      pid,
    },
    work: {
      object: `function/${wanted.id}`,
      digest: wanted.digest,
      cause: causeText(process, current, ports.missing),
      rule: "a function that a service wants runs as described",
      steps: [...replace, ...ports.steps, ...start],
    },
  };
}

/** What is to be done so that every port of the LVNF is a bound port of the bridge. */
function portSteps(
  wanted: LvnfTarget,
  { input, bridge }: FunctionContext,
): {
  readonly steps: readonly Step[];
  readonly missing: readonly string[];
  /** Whether an interface of the LVNF is gone, so that its process holds a dead one. */
  readonly remade: boolean;
} {
  const links = latest(input.observed.link);
  const isThere = (device: string): boolean => links === null || links.names.has(device);
  const remade = wanted.ports.some(
    ({ bridgeDevice, functionDevice }) =>
      !isThere(bridgeDevice) || !isThere(functionDevice) || bridge?.ports.get(bridgeDevice)?.ifindex === 0,
  );
  const missing = wanted.ports.filter(
    ({ bridgeDevice, functionDevice }) =>
      !(isBound(bridge?.ports.get(bridgeDevice)) && isThere(bridgeDevice) && isThere(functionDevice)),
  );
  if (missing.length === 0 || !bridge)
    return { steps: [], missing: missing.map(({ point }) => point.name), remade };
  const stale = missing
    .filter(({ bridgeDevice }) => bridge.ports.has(bridgeDevice))
    .map(({ bridgeDevice }) => bridgeDevice);
  return {
    missing: missing.map(({ point }) => point.name),
    remade,
    steps: [
      ...(stale.length > 0 ? [{ do: "port.remove" as const, bridge: bridge.name, devices: stale }] : []),
      {
        do: "veths.create",
        pairs: missing.map(({ bridgeDevice, functionDevice }) => ({ bridgeDevice, functionDevice })),
      },
      {
        do: "port.add",
        bridge: bridge.name,
        ports: missing.map(({ bridgeDevice }) => ({
          name: bridgeDevice,
          externalIds: { [OWNER_KEY]: wanted.id },
        })),
      },
    ],
  };
}

function causeText(process: ObservedLvnf | null, current: boolean, missing: readonly string[]): string {
  if (!process) return "its process does not run";
  if (!current)
    return `${process.pid === 0 ? "the kernel" : `process ${process.pid}`} runs an older description`;
  return `ports ${missing.join(", ")} are not attached`;
}
