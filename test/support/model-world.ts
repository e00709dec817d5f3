/** A node as a value: what each step of a plan makes of what is observed. Pure, and no more than planning needs. */
import {
  type Observed,
  type ObservedBridge,
  type ObservedContainer,
  type ObservedLvnf,
  type ObservedPort,
  OWNER_KEY,
} from "../../agent/domain/observed.js";
import { NAMESPACE_KEY } from "../../agent/domain/plan-container.js";
import type { Step } from "../../agent/domain/steps.js";

export interface ModelWorld {
  readonly bridge: ObservedBridge | null;
  readonly links: ReadonlySet<string>;
  readonly processes: ReadonlyMap<string, ObservedLvnf>;
  readonly files: ReadonlySet<string>;
  readonly containers: ReadonlyMap<string, ObservedContainer>;
  /** Makes pids, OpenFlow numbers and indices that were not there before. */
  readonly counter: number;
}

export function observedOf({ bridge, links, processes, files, containers }: ModelWorld): Observed {
  return {
    ovs: {
      state: "ready",
      now: { version: null, bridges: new Map(bridge ? [[bridge.name, bridge]] : []) },
    },
    docker: { state: "ready", now: { version: null, containers } },
    click: { state: "ready", now: { version: null, processes, files } },
    link: { state: "ready", now: { names: links } },
  };
}

const without = <K, V>(map: ReadonlyMap<K, V>, keys: readonly K[]): ReadonlyMap<K, V> =>
  new Map([...map].filter(([key]) => !keys.includes(key)));

/** An interface goes, and the other end of its pair: a port on it is dead, but stays on the bridge. */
export function withoutLinks(world: ModelWorld, names: readonly string[]): ModelWorld {
  const gone = names.flatMap((name) =>
    /^lm[bf]/.test(name) ? [`lmb${name.slice(3)}`, `lmf${name.slice(3)}`] : [name],
  );
  const { bridge } = world;
  const ports = [...(bridge?.ports ?? [])].map(
    ([name, port]) => [name, gone.includes(name) ? { ...port, ifindex: 0 } : port] as const,
  );
  return {
    ...world,
    links: new Set([...world.links].filter((name) => !gone.includes(name))),
    bridge: bridge && { ...bridge, ports: new Map(ports) },
  };
}

/** What is in a container's network namespace goes with its process. */
export function withContainer(world: ModelWorld, id: string, next: ObservedContainer | null): ModelWorld {
  const before = world.containers.get(id);
  const namespace = `${before?.pid}@${before?.startedAt}`;
  const inside = [...(world.bridge?.ports.values() ?? [])].filter(
    ({ externalIds }) => externalIds[NAMESPACE_KEY] === namespace,
  );
  const left =
    before?.state === "running"
      ? withoutLinks(
          world,
          inside.map(({ name }) => name),
        )
      : world;
  const containers = next ? new Map(left.containers).set(id, next) : without(left.containers, [id]);
  return { ...left, containers };
}

/** The world after a step; throws where the real driver would reject. */
export function afterStep(world: ModelWorld, step: Step): ModelWorld {
  const { bridge, counter } = world;
  switch (step.do) {
    case "bridge.ensure": {
      const made = bridge ?? {
        name: step.bridge,
        externalIds: { [OWNER_KEY]: "bridge" },
        ports: new Map(),
        flowCookies: new Set<string>(),
      };
      return { ...world, bridge: { ...made, datapathType: step.datapathType } };
    }
    case "node-port.attach":
      return withPorts(world, [{ name: step.device, externalIds: { [OWNER_KEY]: "node-port" } }]);
    case "port.add":
      return withPorts(world, step.ports);
    case "port.remove":
      return { ...world, bridge: bridge && { ...bridge, ports: without(bridge.ports, step.devices) } };
    case "flows.apply": {
      const present = [...(bridge?.flowCookies ?? [])].filter((c) => !step.removeCookies.includes(c));
      const flowCookies = new Set([...present, ...step.add.map(({ cookie }) => cookie)]);
      return { ...world, bridge: bridge && { ...bridge, flowCookies } };
    }
    case "veths.create": {
      const made = step.pairs.filter(
        (p) => !world.links.has(p.bridgeDevice) || !world.links.has(p.functionDevice),
      );
      const names = made.flatMap((pair) => [pair.bridgeDevice, pair.functionDevice]);
      const cleared = withoutLinks(world, names);
      return { ...cleared, links: new Set([...cleared.links, ...names]) };
    }
    case "link.remove":
      return withoutLinks(world, [step.device]);
    case "lvnf.start": {
      const { id, digest, ports } = step.function;
      const absent = ports.find(({ functionDevice }) => !world.links.has(functionDevice));
      if (absent) throw new Error(`${absent.functionDevice}: no such device`);
      const process: ObservedLvnf = {
        functionId: id,
        digest,
        pid: counter,
        startTicks: counter,
        state: "running",
        controlSocket: "/x",
      };
      const processes = new Map(world.processes).set(id, process);
      return { ...world, processes, files: new Set([...world.files, id]), counter: counter + 1 };
    }
    case "lvnf.stop":
    case "lvnf.forget": {
      const files = new Set([...world.files].filter((id) => id !== step.functionId));
      const processes =
        step.do === "lvnf.stop" ? without(world.processes, [step.functionId]) : world.processes;
      return { ...world, files, processes };
    }
    case "image.ensure":
      return world;
    case "container.create": {
      const { id, digest } = step.function;
      if (world.containers.has(id)) throw new Error(`the name of ${id} is taken`);
      return withContainer(world, id, { ...CREATED, containerId: `c${counter}`, functionId: id, digest });
    }
    case "container.start": {
      const found = world.containers.get(step.functionId);
      if (!found || !["created", "exited"].includes(found.state))
        throw new Error(`cannot start a container that is ${found?.state ?? "gone"}`);
      const running = {
        ...found,
        state: "running",
        pid: counter,
        startedAt: `t${counter}`,
        ready: true,
      } as const;
      return { ...withContainer(world, step.functionId, running), counter: counter + 1 };
    }
    case "container.remove":
      return withContainer(world, step.functionId, null);
    case "container.attach": {
      if (world.containers.get(step.functionId)?.pid !== step.pid) throw new Error("no such namespace");
      const cleared = withoutLinks(world, [step.port.bridgeDevice]);
      return { ...cleared, links: new Set([...cleared.links, step.port.bridgeDevice]) };
    }
  }
}

const CREATED: Omit<ObservedContainer, "containerId" | "functionId" | "digest"> = {
  state: "created",
  pid: null,
  startedAt: null,
  exitCode: null,
  error: null,
  ready: false,
};

function withPorts(
  world: ModelWorld,
  added: readonly { readonly name: string; readonly externalIds: Readonly<Record<string, string>> }[],
): ModelWorld {
  const { bridge, links, counter } = world;
  if (!bridge) throw new Error("no bridge");
  const made = added.map(({ name, externalIds }, i): readonly [string, ObservedPort] => {
    const there = links.has(name);
    const bound = there
      ? { ofport: counter + i, ifindex: counter + i, error: null }
      : { ofport: null, ifindex: 0 };
    const port = { name, linkUp: there, externalIds, error: "no such device", ...bound };
    return [name, bridge.ports.has(name) ? { ...port, ...bridge.ports.get(name), externalIds } : port];
  });
  return {
    ...world,
    bridge: { ...bridge, ports: new Map([...bridge.ports, ...made]) },
    counter: counter + added.length,
  };
}
