/** Everything that one seed simulates: a controller with its broker, a site of one node or several, and what is between them. */
import type { Log } from "../../../bus/log.js";
import type { Bugs } from "../bugs.js";
import type { Sqlite3 } from "../disk/engine.js";
import { createNetwork, type Network } from "../network/network.js";
import { enter } from "../time/globals.js";
import { createRandom, type Random } from "../time/random.js";
import { createScheduler, type Process, type Scheduler } from "../time/scheduler.js";
import { makeController, type SimulatedController } from "./control.js";
import { createLan, portsOf } from "./lan.js";
import { makeNode, type SimulatedNode } from "./node.js";
import type { Parts } from "./parts.js";

const SITE = "s1";
const EPOCH = Date.UTC(2026, 0, 1);

export interface World {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly network: Network;
  /** All of one site. */
  readonly nodes: readonly SimulatedNode[];
  readonly controller: SimulatedController;
  /** Another machine whose agent has this node's name; made at the first call. */
  impostorOf(node: SimulatedNode): SimulatedNode;
  /** Whether any machine did this command, also one that has a node's name only. */
  wasDone(command: string): boolean;
  /** Every process that runs. */
  processes(): readonly Process[];
  trace(who: string, what: string): void;
}

export interface WorldOptions {
  readonly seed: number;
  readonly sqlite: Sqlite3;
  readonly bugs: Bugs;
  readonly nodes: number;
  readonly trace: (line: string) => void;
}

export function createWorld({ seed, sqlite, bugs, nodes: count, trace: print }: WorldOptions): World {
  const scheduler = createScheduler();
  const random = createRandom(seed);
  const network = createNetwork(scheduler, random.fork("network"));
  const clocks = new WeakMap<Process, () => number>();
  const worldClock = (): number => EPOCH + Math.floor(scheduler.now());
  enter({
    scheduler,
    random: random.fork("globals"),
    wallClock: (process) => (clocks.get(process) ?? worldClock)(),
  });
  const trace = (who: string, what: string): void =>
    print(`${scheduler.now().toFixed(1).padStart(10)} ${who.padEnd(14)} ${what}`);
  /** What a program logs belongs to the trace of its process. */
  const log: Log = {
    debug: () => undefined,
    info: (_fields, message) => trace(scheduler.current().name, message),
    warn: (fields, message) => trace(scheduler.current().name, `${message} ${JSON.stringify(fields)}`),
    error: (fields, message) => trace(scheduler.current().name, `ERROR ${message} ${JSON.stringify(fields)}`),
  };
  let violation: unknown = null;
  const violated = (error: unknown): void => {
    violation ??= error;
  };
  scheduler.onSettled(() => {
    if (violation !== null) throw violation;
  });
  const parts: Parts = {
    ...{ scheduler, network, random, bugs, worldClock, clocks, log, trace, violated },
    host: { scheduler, network, sqlite, trace, failed: violated },
  };

  const controller = makeController(parts);
  const nodes = makeSite(Array.from({ length: count }, (_, at) => `n${at + 1}`));
  const impostors = new Map<string, SimulatedNode>();
  return {
    scheduler,
    random,
    network,
    nodes,
    controller,
    trace,
    impostorOf(node) {
      const label = `${node.label}-impostor`;
      const known = impostors.get(label) ?? makeNode(parts, { ...node, label }, () => nodes);
      impostors.set(label, known);
      return known;
    },
    wasDone: (command) => [...nodes, ...impostors.values()].some(({ effects }) => effects.has(command)),
    processes: () =>
      [controller, ...nodes, ...impostors.values()].flatMap(({ host }) =>
        host.process ? [host.process] : [],
      ),
  };

  function makeSite(names: readonly string[]): readonly SimulatedNode[] {
    const chance = random.fork("site of several");
    const lan = names.length > 1 ? createLan(network, names, chance.fork("lan")) : null;
    const ports = portsOf(names, chance.fork("ports"));
    return names.map((name) =>
      makeNode(
        parts,
        {
          site: SITE,
          name,
          label: lan ? `${SITE}-${name}` : SITE,
          ports: ports(name),
          lan,
        },
        () => nodes,
      ),
    );
  }
}
