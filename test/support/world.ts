/** Observed worlds for planner tests: values only. A world in which everything of a target is as it should be, and ways to break it. */
import { flowsOf } from "../../agent/domain/flows.js";
import {
  type Observed,
  type ObservedBridge,
  type ObservedPort,
  OWNER_KEY,
} from "../../agent/domain/observed.js";
import { NAMESPACE_KEY } from "../../agent/domain/plan-container.js";
import { type FunctionMemory, NEW_FUNCTION } from "../../agent/domain/supervision.js";
import type { Target } from "../../agent/domain/target.js";

export interface World {
  readonly observed: Observed;
  readonly memory: ReadonlyMap<string, FunctionMemory>;
}

export const EMPTY_WORLD: World = {
  observed: {
    ovs: { state: "ready", now: { version: "3.1.0", bridges: new Map() } },
    docker: { state: "ready", now: { version: "20.10", containers: new Map() } },
    click: { state: "ready", now: { version: "lclick", processes: new Map(), files: new Set() } },
    link: { state: "ready", now: { names: new Set(["s1-ran", "s1-core", "wan0"]) } },
  },
  memory: new Map(),
};

const STARTED_AT = "2026-01-01T00:00:00Z";

/** Everything wanted is there and runs. */
export function convergedWorld(target: Target): World {
  const functions = [...target.functions.values()];
  const devices = functions.flatMap((f) =>
    f.ports.map((p) => ({ name: p.bridgeDevice, owner: f.id, container: f.kind === "container" })),
  );
  const ports = [
    ...target.nodePorts.map((name) => ({ name, owner: "node-port", container: false })),
    ...devices,
  ].map(
    ({ name, owner, container }, i): ObservedPort => ({
      name,
      ofport: i + 1,
      error: null,
      linkUp: true,
      ifindex: i + 10,
      externalIds: { [OWNER_KEY]: owner, ...(container && { [NAMESPACE_KEY]: `500@${STARTED_AT}` }) },
    }),
  );
  const ofports = new Map(ports.map(({ name, ofport }) => [name, ofport ?? 0]));
  const flows = target.chains.flatMap(({ hops }) => hops.flatMap((hop) => flowsOf(hop, ofports)));
  const bridge: ObservedBridge = {
    name: target.bridge.name,
    datapathType: target.bridge.datapathType,
    externalIds: { [OWNER_KEY]: "bridge" },
    ports: new Map(ports.map((p) => [p.name, p])),
    flowCookies: new Set(flows.map(({ cookie }) => cookie)),
  };
  const lvnfs = functions.filter(({ kind }) => kind === "lvnf");
  const containers = functions.filter(({ kind }) => kind === "container");
  return {
    observed: {
      ovs: { state: "ready", now: { version: "3.1.0", bridges: new Map([[bridge.name, bridge]]) } },
      docker: {
        state: "ready",
        now: {
          version: "20.10",
          containers: new Map(
            containers.map(({ id, digest }) => [
              id,
              {
                containerId: `c-${id}`,
                functionId: id,
                digest,
                state: "running" as const,
                pid: 500,
                startedAt: STARTED_AT,
                exitCode: null,
                error: null,
                ready: true,
              },
            ]),
          ),
        },
      },
      click: {
        state: "ready",
        now: {
          version: "lclick",
          files: new Set(lvnfs.map(({ id }) => id)),
          processes: new Map(
            lvnfs.map(({ id, digest }) => [
              id,
              {
                functionId: id,
                digest,
                pid: 400,
                startTicks: 7,
                state: "running" as const,
                controlSocket: "/x",
              },
            ]),
          ),
        },
      },
      link: {
        state: "ready",
        now: {
          names: new Set([
            ...target.nodePorts,
            ...functions.flatMap((f) =>
              f.ports.flatMap((p) =>
                f.kind === "lvnf" ? [p.bridgeDevice, p.functionDevice] : [p.bridgeDevice],
              ),
            ),
          ]),
        },
      },
    },
    memory: new Map(functions.map(({ id }) => [id, { ...NEW_FUNCTION, runningSince: 1 }])),
  };
}

/** The world with its bridge changed. */
export function withBridge(world: World, change: (bridge: ObservedBridge) => ObservedBridge): World {
  const { ovs } = world.observed;
  if (ovs.state !== "ready") return world;
  const bridges = new Map([...ovs.now.bridges].map(([name, bridge]) => [name, change(bridge)] as const));
  return { ...world, observed: { ...world.observed, ovs: { state: "ready", now: { ...ovs.now, bridges } } } };
}
