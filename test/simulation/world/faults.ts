/**
 * What goes wrong, and when. Each seed draws its own kinds of fault (swarm testing: a run that has all of them
 * hides what only a few can do), and how often they come.
 */
import { restored } from "../check/ledger.js";
import type { Random } from "../time/random.js";
import type { SimulatedNode } from "./node.js";
import type { World } from "./world.js";

interface Context {
  readonly world: World;
  readonly node: SimulatedNode;
  readonly random: Random;
  /** Undoes it after a time, or when the faults end. */
  readonly later: (ms: number, undo: () => void) => void;
}

type Fault = (context: Context) => string;

const seconds = (random: Random, least: number, most: number): number =>
  random.int(least * 1_000, most * 1_000);

const FAULTS = {
  "agent-crash": ({ node }) => {
    node.host.crash();
    return "agent is killed";
  },
  "agent-crash-disk": ({ node, random }) => {
    const nth = random.int(1, 25);
    node.host.crashAtDiskOperation(nth);
    return `agent will die at its disk operation ${nth}`;
  },
  "power-cut": ({ node }) => {
    node.host.powerCut(node.machine.powerCut);
    return "power is cut";
  },
  "power-cut-disk": ({ node, random, world }) => {
    const nth = random.int(1, 25);
    node.host.crashAtDiskOperation(nth, () => node.machine.powerCut());
    return `power will be cut at disk operation ${nth} ${world.scheduler.now() > 0 ? "" : "at first"}`.trim();
  },
  "agent-away": ({ node, random, later }) => {
    node.host.hold(false);
    const ms = seconds(random, 5, 60);
    later(ms, () => node.host.hold(true));
    return `agent is away for ${ms} ms`;
  },
  "controller-crash": ({ world, random }) => {
    world.controller.brokerKeeps = random.chance(0.3);
    world.controller.host.crash();
    return `controller is killed; its broker ${world.controller.brokerKeeps ? "keeps" : "loses"} its memory`;
  },
  "controller-crash-disk": ({ world, random }) => {
    world.controller.host.crashAtDiskOperation(random.int(1, 25));
    return "controller will die at a disk operation";
  },
  "controller-power-cut": ({ world }) => {
    const { controller, random } = world;
    controller.host.powerCut(() => controller.disk.powerCut(random));
    return "controller's power is cut";
  },
  "uplink-down": ({ world, node, random, later }) => {
    const ms = seconds(random, 1, 90);
    world.network.setUp(node.machine.uplink, false);
    later(ms, () => world.network.setUp(node.machine.uplink, true));
    return `uplink is down for ${ms} ms`;
  },
  "connection-lost": ({ node }) => {
    for (const wire of [...node.machine.uplink.wires]) wire.cut("connection reset");
    return "connections are cut";
  },
  "slow-link": ({ node, random, later }) => {
    Object.assign(node.machine.uplink, {
      delayMs: random.int(100, 3_000),
      jitterMs: 500,
      bytesPerMs: 1 + random.next() * 10,
    });
    later(seconds(random, 5, 60), () =>
      Object.assign(node.machine.uplink, { delayMs: 5, jitterMs: 5, bytesPerMs: 1_000 }),
    );
    return "uplink is slow";
  },
  "clock-jump": ({ node, random }) => {
    node.machine.clockAheadMs += random.pick([
      -3_600_000,
      -60_000,
      -1_000,
      1_000,
      60_000,
      86_400_000,
      -Date.UTC(2026, 0, 1),
    ]);
    return `clock is ${node.machine.clockAheadMs} ms ahead`;
  },
  "function-dies": ({ node, random }) => {
    const running = [...node.machine.running().keys()];
    if (running.length === 0) return "no function to kill";
    const functionId = random.pick(running);
    node.machine.kill(functionId);
    return `${functionId} dies`;
  },
  "interface-lost": ({ node, random }) => {
    const running = [...node.machine.running().keys()];
    if (running.length === 0) return "no interface to lose";
    const functionId = random.pick(running);
    node.machine.loseInterface(functionId);
    return `${functionId} loses an interface`;
  },
  "switch-restarts": ({ node }) => {
    node.machine.switchRestarts();
    return "ovs-vswitchd restarts";
  },
  "switch-away": ({ node, random, later }) => {
    node.machine.setSwitch(false);
    later(seconds(random, 1, 30), () => node.machine.setSwitch(true));
    return "ovs-vswitchd stops";
  },
  "database-away": ({ node, random, later }) => {
    node.machine.setDatabase(false);
    later(seconds(random, 1, 30), () => node.machine.setDatabase(true));
    return "ovsdb-server stops";
  },
  "dockerd-away": ({ node, random, later }) => {
    node.machine.setDockerd(false);
    later(seconds(random, 1, 30), () => node.machine.setDockerd(true));
    return "dockerd stops answering";
  },
  "slow-drivers": ({ node, random, later }) => {
    node.machine.trouble = "slow";
    later(seconds(random, 5, 40), () => {
      node.machine.trouble = null;
    });
    return "drivers are slow";
  },
  "disk-full": ({ node, random, later }) => {
    node.machine.disk.full = true;
    later(seconds(random, 1, 40), () => {
      node.machine.disk.full = false;
    });
    return "the node's disk is full";
  },
  "disk-broken": ({ node, random, later }) => {
    node.machine.disk.broken = true;
    later(seconds(random, 1, 20), () => {
      node.machine.disk.broken = false;
    });
    return "the node's disk fails every write";
  },
  "controller-disk-full": ({ world, random, later }) => {
    world.controller.disk.full = true;
    later(seconds(random, 1, 30), () => {
      world.controller.disk.full = false;
    });
    return "the controller's disk is full";
  },
  "controller-restored": ({ world, random, later }) => {
    const { controller } = world;
    const image = controller.disk.image();
    const { instances, taken, commands } = controller.ledger;
    const backup = {
      instances: new Map(instances),
      commands: new Set(commands),
      taken: new Map(taken),
      forgotten: new Set<string>(),
    };
    later(seconds(random, 5, 30), () =>
      controller.host.powerCut(() => {
        world.trace("fault", "the controller is restored from its backup");
        controller.disk.restore(image);
        controller.isRestored = true;
        controller.brokerKeeps = random.chance(0.3);
        const ledgers = world.nodes.map(({ ledger }) => ledger);
        restored(controller.ledger, backup, ledgers);
        for (const { events } of ledgers) events.clear();
      }),
    );
    return "the controller is backed up";
  },
  impostor: ({ world, node, random, later }) => {
    const impostor = world.impostorOf(node);
    impostor.host.hold(true);
    const ms = seconds(random, 5, 40);
    later(ms, () => impostor.host.hold(false));
    return `another agent says for ${ms} ms that it is this node`;
  },
} satisfies Record<string, Fault>;

/** Of sites of several nodes only; there no impostor comes. */
const SITE_FAULTS = {
  "lan-down": ({ node: { name, lan }, random, later }) => {
    lan?.setUp(name, false);
    const ms = seconds(random, 1, 60);
    later(ms, () => lan?.setUp(name, true));
    return `is off the LAN for ${ms} ms`;
  },
  "lan-lost": ({ node: { name, lan } }) => {
    for (const link of lan?.linksOf(name) ?? [])
      for (const wire of [...link.wires]) wire.cut("connection reset");
    return "connections on the LAN are cut";
  },
  "port-taken": ({ node: { name, lan }, random, later }) => {
    lan?.occupy(name, true);
    later(seconds(random, 5, 60), () => lan?.occupy(name, false));
    return "another program takes the broker's port";
  },
} satisfies Record<string, Fault>;

/** Of all faults of a site of several nodes: what is between them is what such a site has beyond others. */
const LAN_SHARE = 0.3;

const ALL: Readonly<Record<FaultName, Fault>> = { ...FAULTS, ...SITE_FAULTS };
export type FaultName = keyof typeof FAULTS | keyof typeof SITE_FAULTS;
export const FAULT_NAMES = Object.keys(ALL) as FaultName[];

/** Lets faults come until the time is over; then everything that lasts is mended. */
/** `only`: of these kinds instead of the seed's own choice. */
export function startFaults(
  world: World,
  untilMs: number,
  only: readonly FaultName[] | null,
): { readonly kinds: readonly FaultName[]; readonly mend: () => void } {
  const random = world.random.fork("faults");
  const { scheduler } = world;
  const share = random.pick([0.15, 0.4, 0.8]);
  const ofNodes = (Object.keys(FAULTS) as FaultName[]).filter(() => random.chance(share));
  const isSeveral = world.nodes.length > 1;
  const ofSites = isSeveral ? (Object.keys(SITE_FAULTS) as FaultName[]).filter(() => random.chance(0.6)) : [];
  const kinds = (only ?? [...ofNodes, ...ofSites]).filter((kind) =>
    isSeveral ? kind !== "impostor" : !Object.hasOwn(SITE_FAULTS, kind),
  );
  const lanKinds = kinds.filter((kind) => Object.hasOwn(SITE_FAULTS, kind));
  const everyMs = random.pick([1_500, 5_000, 15_000]);
  const undone = new Set<() => void>();
  const later = (ms: number, undo: () => void): void => {
    undone.add(undo);
    scheduler.after(ms, scheduler.world, () => {
      if (undone.delete(undo)) undo();
    });
  };
  const next = (): void => {
    if (scheduler.now() > untilMs || kinds.length === 0) return;
    const kind = random.pick(lanKinds.length > 0 && random.chance(LAN_SHARE) ? lanKinds : kinds);
    const node = random.pick(world.nodes);
    const fault = ALL[kind];
    world.trace("fault", `${node.label}: ${fault({ world, node, random, later })}`);
    scheduler.after(random.next() * 2 * everyMs, scheduler.world, next);
  };
  scheduler.after(random.int(500, 10_000), scheduler.world, next);
  return {
    kinds,
    mend() {
      for (const undo of undone) undo();
      undone.clear();
      world.controller.host.crashAtDiskOperation(null);
      for (const node of world.nodes) node.host.crashAtDiskOperation(null);
      for (const node of world.nodes) node.host.boot();
      world.controller.host.boot();
    },
  };
}
