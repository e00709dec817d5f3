/** The planner is total: from any world towards any target, plan and do it, until there is nothing to do. */
import fc from "fast-check";
import t from "tap";
import type { Observed, ObservedContainer, ObservedPort } from "../../agent/domain/observed.js";
import { plan } from "../../agent/domain/plan.js";
import { NAMESPACE_KEY } from "../../agent/domain/plan-container.js";
import { isBound, latest } from "../../agent/domain/planning.js";
import type { Step } from "../../agent/domain/steps.js";
import { type DesiredService, type Target, targetOf } from "../../agent/domain/target.js";
import type { Chain, CpRef, FunctionDescriptor } from "../../model/service.js";
import { EXAMPLE_LAYOUT } from "../support/example.js";
import {
  afterStep,
  type ModelWorld,
  observedOf,
  withContainer,
  withoutLinks,
} from "../support/model-world.js";

const NOW = 1_000_000;
const ROUNDS = 12;
/** Interfaces and a port of somebody else's. */
const THEIRS = ["lo", "eth9", "docker0"];
const BARE: ModelWorld = {
  bridge: null,
  links: new Set([...THEIRS, ...Object.values(EXAMPLE_LAYOUT.ports)]),
  processes: new Map(),
  files: new Set(),
  containers: new Map(),
  counter: 100,
};

const functions = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom("f", "g", "h"),
      kind: fc.constantFrom("lvnf" as const, "container" as const),
      variant: fc.nat(1),
      ports: fc.integer({ min: 1, max: 3 }),
    }),
    { selector: ({ name }) => name, maxLength: 3 },
  )
  .map((all) => all.map(descriptorOf));

function descriptorOf(given: {
  readonly name: string;
  readonly kind: "lvnf" | "container";
  readonly variant: number;
  readonly ports: number;
}): FunctionDescriptor {
  const { name, kind, variant } = given;
  const ports = Array.from({ length: given.ports }, (_, order) => ({
    name: `p${order}`,
    order,
    macAddress: null,
    ipAddress: null,
    routes: [],
    redirects: [],
  }));
  const common = { name, descriptorId: name, version: "1", ports };
  return kind === "lvnf"
    ? {
        ...common,
        kind,
        script: { file: "f.click", text: `v${variant}` },
        parameters: {},
        handlers: [],
        runMode: "userlevel",
      }
    : {
        ...common,
        kind,
        image: `image:${variant}`,
        command: null,
        environment: {},
        memoryBytes: null,
        cpus: null,
        readyPorts: [],
      };
}

/** A path through all functions, and one past them. */
function chainsOf(through: readonly FunctionDescriptor[], tcp: boolean): readonly Chain[] {
  const sap = (name: string): CpRef => ({ kind: "sap", sap: name });
  const points = through.map(({ name, ports }) => ({
    in: { kind: "function", function: name, port: "p0" } as const,
    out: { kind: "function", function: name, port: `p${ports.length - 1}` } as const,
  }));
  const ends = [{ out: sap("ran") }, ...points].map(({ out }, i) => ({
    from: out,
    to: points[i]?.in ?? sap("core"),
  }));
  const match = tcp ? ({ protocol: "tcp", destinationPorts: [80, 90] } as const) : {};
  return [
    {
      name: "through",
      hops: ends.map((hop, i) => ({ ...hop, match: i === 0 ? match : {}, priority: i === 0 ? 100 : 0 })),
    },
    { name: "past", hops: [{ from: sap("ran"), to: sap("core"), match: {}, priority: 0 }] },
  ];
}

const service = (id: string) =>
  fc.tuple(functions, fc.boolean()).map(
    ([all, tcp]): DesiredService => ({
      request: { id, name: id, packageDigest: `sha256:${"0".repeat(64)}`, inputs: {} },
      revision: 1,
      since: id.charCodeAt(0),
      descriptor: {
        id,
        name: id,
        version: "1",
        designer: "",
        inputs: {},
        saps: [{ name: "ran" }, { name: "core" }],
        functions: all,
        chains: id === "a" ? chainsOf(all, tcp) : [],
      },
      problems: [],
    }),
  );
const wantedServices = fc
  .tuple(fc.option(service("a")), fc.option(service("b")))
  .map((all) => all.flatMap((one) => one ?? []));
/** What is not wanted was terminated. */
const target = wantedServices.map((all) => targetOf(all, EXAMPLE_LAYOUT, ["a", "b"]));

/** Something that happens to a node behind the agent's back; `which` chooses whom it happens to. */
const mishap = fc.record({
  what: fc.constantFrom(
    "link" as const,
    "port" as const,
    "unbound" as const,
    "container" as const,
    "process" as const,
    "flows" as const,
    "datapath" as const,
    "bridge" as const,
  ),
  which: fc.nat(20),
  state: fc.constantFrom("created", "paused", "exited", "dead", "restarting") as fc.Arbitrary<
    ObservedContainer["state"]
  >,
});
type Mishap = typeof mishap extends fc.Arbitrary<infer M> ? M : never;

function struck(world: ModelWorld, { what, which, state }: Mishap): ModelWorld {
  const { bridge } = world;
  const nth = <T>(all: Iterable<T>): T | undefined => {
    const list = [...all];
    return list[which % Math.max(1, list.length)];
  };
  const ours = [...world.links].filter((name) => /^lm[bf]/.test(name));
  const port = nth(bridge?.ports.values() ?? []);
  const container = nth(world.containers.values());
  const process = nth(world.processes.keys());
  switch (what) {
    case "link":
      return withoutLinks(world, [nth(ours) ?? ""]);
    case "port":
    case "unbound": {
      if (!bridge || !port || port.name === "eth9") return world;
      const ports = new Map(bridge.ports);
      if (what === "port") ports.delete(port.name);
      else ports.set(port.name, { ...port, ofport: null, error: "could not open" });
      return { ...world, bridge: { ...bridge, ports } };
    }
    case "container": {
      if (!container) return world;
      return withContainer(world, container.functionId, {
        ...container,
        state,
        ready: false,
        pid: null,
        startedAt: null,
      });
    }
    case "process":
      return { ...world, processes: new Map([...world.processes].filter(([id]) => id !== process)) };
    case "flows":
      return { ...world, bridge: bridge && { ...bridge, flowCookies: new Set(["0xbad"]) } };
    case "datapath":
      return { ...world, bridge: bridge && { ...bridge, datapathType: "system" } };
    case "bridge":
      return { ...world, bridge: null };
  }
}

/** A port that carries traffic as it is wanted to. */
function isLive(port: ObservedPort | undefined, world: ModelWorld, wanted: Target): boolean {
  if (!port || !isBound(port) || !world.links.has(port.name)) return false;
  if (wanted.nodePorts.includes(port.name)) return true;
  const owner = [...wanted.functions.values()].find((f) => f.ports.some((p) => p.bridgeDevice === port.name));
  if (owner?.kind === "lvnf") return world.links.has(`lmf${port.name.slice(3)}`);
  const container = owner && world.containers.get(owner.id);
  return (
    container?.state === "running" &&
    container.digest === owner?.digest &&
    port.externalIds[NAMESPACE_KEY] === `${container.pid}@${container.startedAt}`
  );
}

/** Why a step must not be done in this world, or null. */
function objection(step: Step, world: ModelWorld, wanted: Target): string | null {
  const ports = world.bridge?.ports;
  if (step.do === "port.remove") {
    const live = step.devices.find((device) => isLive(ports?.get(device), world, wanted));
    if (live) return `${live} carries traffic`;
    const foreign = step.devices.find(
      (device) =>
        ports?.get(device)?.externalIds.lightmano === undefined &&
        ports?.has(device) &&
        THEIRS.includes(device),
    );
    return foreign ? `${foreign} is not ours` : null;
  }
  if (step.do === "link.remove") return /^lmb/.test(step.device) ? null : `${step.device} is not ours`;
  if (step.do === "lvnf.stop") {
    const f = wanted.functions.get(step.functionId);
    const current = f?.kind === "lvnf" && f.digest === world.processes.get(f.id)?.digest;
    const whole =
      current && f.ports.every((p) => world.links.has(p.functionDevice) && isHeld(p.bridgeDevice));
    return whole ? `${step.functionId} runs as wanted` : null;
  }
  if (step.do === "container.remove") {
    const f = wanted.functions.get(step.functionId);
    const { digest, state } = world.containers.get(step.functionId) ?? {};
    return f?.kind === "container" && f.digest === digest && state === "running"
      ? `${f.id} runs as wanted`
      : null;
  }
  return null;

  function isHeld(device: string): boolean {
    return world.links.has(device) && ports?.get(device)?.ifindex !== 0;
  }
}

/** Does what is planned, works in another order each round, until nothing is. A work ends with its first failing step. */
function converge(start: ModelWorld, wanted: Target, orders: readonly number[]): ModelWorld {
  let world = start;
  for (let round = 0; round < ROUNDS; round++) {
    const { works } = plan({ target: wanted, observed: observedOf(world), memory: new Map(), now: NOW });
    if (works.length === 0) return world;
    const shift = (orders[round % orders.length] ?? 0) % works.length;
    const one = new Map(works.map((work) => [work.object, work])); // of one object one work runs
    for (const work of [...one.values()].slice(shift).concat([...one.values()].slice(0, shift))) {
      for (const step of work.steps) {
        const refusal = objection(step, world, wanted);
        if (refusal) throw new Error(`${refusal}: ${JSON.stringify(work)}`);
        try {
          world = afterStep(world, step);
        } catch {
          break; // as the runner does; the next plan sees what there is
        }
      }
    }
  }
  const { works } = plan({ target: wanted, observed: observedOf(world), memory: new Map(), now: NOW });
  throw new Error(`not done after ${ROUNDS} rounds; still planned: ${JSON.stringify(works)}`);
}

const orders = fc.array(fc.nat(10), { minLength: 1, maxLength: 6 });
/** With a port and a bridge of somebody else's on it. */
function withTheirs(world: ModelWorld): ModelWorld {
  const { bridge } = world;
  const theirs = {
    name: "eth9",
    ofport: 9,
    ifindex: 9,
    linkUp: true,
    error: null,
    externalIds: { owner: "them" },
  };
  return { ...world, bridge: bridge && { ...bridge, ports: new Map(bridge.ports).set("eth9", theirs) } };
}

t.test(
  "any target is reached from any world, and what is there already or not ours is left alone",
  async (t) => {
    fc.assert(
      fc.property(
        target,
        target,
        fc.array(mishap, { maxLength: 6 }),
        orders,
        (before, wanted, mishaps, turns) => {
          const deployed = withTheirs(converge(BARE, before, turns));
          const world = converge(mishaps.reduce(struck, deployed), wanted, turns);
          const end = plan({ target: wanted, observed: observedOf(world), memory: new Map(), now: NOW });
          const states = [...end.functions.values(), ...end.chains.values()].map(({ state }) => state);
          const foreign = THEIRS.every((name) => world.links.has(name));
          const kept =
            mishaps.some(({ what }) => what === "bridge") ||
            !deployed.bridge ||
            world.bridge?.ports.has("eth9");
          const left = [...world.processes.keys(), ...world.containers.keys(), ...world.files];
          return (
            states.every((state) => state === "running" || state === "active") &&
            foreign &&
            kept === true &&
            left.every((id) => wanted.functions.has(id)) &&
            [...world.links].filter((name) => name.startsWith("lmb")).length ===
              [...wanted.functions.values()].flatMap(({ ports }) => ports).length
          );
        },
      ),
      { numRuns: 400 },
    );
    t.pass("400 pairs of targets");
  },
);

t.test("a target that knows nothing of what runs takes nothing of it away", async (t) => {
  fc.assert(
    fc.property(wantedServices, fc.boolean(), orders, (before, isUnread, turns) => {
      const deployed = withTheirs(converge(BARE, targetOf(before, EXAMPLE_LAYOUT), turns));
      const unread = before.map((one) => ({ ...one, descriptor: null, problems: [] }));
      const wanted = targetOf(isUnread ? unread : [], EXAMPLE_LAYOUT);
      const foundFlows = deployed.bridge?.flowCookies ?? new Set<string>();
      const observed = observedOf(deployed);
      const { works, held } = plan({ target: wanted, observed, memory: new Map(), foundFlows, now: NOW });
      const there = [...deployed.processes.keys(), ...deployed.containers.keys()];
      // With nothing held a node port and its flows may go: no function is there to be sent anything.
      return (
        there.every((id) => held.has(id)) &&
        held.size === there.length &&
        (there.length === 0 || works.length === 0)
      );
    }),
    { numRuns: 300 },
  );
  t.pass("300 targets");
});

t.test("nothing is done by a driver that does not see what there is", async (t) => {
  const away = fc.record({
    state: fc.constantFrom("starting" as const, "degraded" as const),
    blind: fc.boolean(),
  });
  const views = fc.record({
    ovs: fc.option(away),
    docker: fc.option(away),
    click: fc.option(away),
    link: fc.option(away),
  });
  fc.assert(
    fc.property(
      target,
      target,
      fc.array(mishap, { maxLength: 6 }),
      views,
      (before, wanted, mishaps, hidden) => {
        const seen = observedOf(mishaps.reduce(struck, withTheirs(converge(BARE, before, [0]))));
        const hide = <K extends keyof Observed>(name: K): Observed[K] => {
          const how = hidden[name];
          if (!how) return seen[name];
          const last = how.blind ? null : latest<unknown>(seen[name]);
          return { state: how.state, reason: "away", last } as Observed[K];
        };
        const observed = {
          ovs: hide("ovs"),
          docker: hide("docker"),
          click: hide("click"),
          link: hide("link"),
        };
        const { works } = plan({ target: wanted, observed, memory: new Map(), now: NOW });
        return works.every(({ steps }) =>
          steps.every((step) => !reliesOn(step).some((name) => hidden[name])),
        );
      },
    ),
    { numRuns: 400 },
  );
  t.pass("400 views");
});

/** Whose view a step relies on. */
function reliesOn(step: Step): readonly (keyof Observed)[] {
  if (step.do.startsWith("lvnf.")) return ["click"];
  if (step.do.startsWith("container.") && step.do !== "container.attach") return ["docker"];
  if (step.do === "veths.create" || step.do === "link.remove" || step.do === "container.attach")
    return ["link"];
  if (step.do === "image.ensure") return ["docker"];
  return ["ovs"];
}
