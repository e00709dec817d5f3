/** Everything that one seed simulates: a controller with its broker, a site of one node or several, and what is between them. */
import { joinSite } from "../../../agent/hub/join.js";
import type { LeaseFile } from "../../../agent/hub/lease-file.js";
import type { Journal } from "../../../agent/store/journal.js";
import { createInbox, type Inbox } from "../../../bus/inbox.js";
import type { Log } from "../../../bus/log.js";
import type { Bugs } from "../bugs.js";
import {
  type ControllerLedger,
  checkDesired,
  checkTaken,
  createControllerLedger,
  createNodeLedger,
  isCertain,
  type NodeLedger,
  Violation,
} from "../check/ledger.js";
import { wantedOf, watchedJournal, watchedStore } from "../check/watched.js";
import { createDisk, type Disk } from "../disk/disk.js";
import type { Sqlite3 } from "../disk/engine.js";
import { type BrokerMemory, createBrokerModel, emptyMemory } from "../network/broker-model.js";
import { createNetwork, type Network } from "../network/network.js";
import { createLink } from "../network/wire.js";
import { enter } from "../time/globals.js";
import { createRandom, type Random } from "../time/random.js";
import { createScheduler, type Process, type Scheduler } from "../time/scheduler.js";
import { type Agent, startAgent } from "./agent.js";
import { amnesiac, deaf, forgetful, gullible, hasty, oblivious, restartsWith, trusting } from "./buggy.js";
import { noteEffect } from "./commands.js";
import { type Controller, startController } from "./controller.js";
import { createHost, type Host } from "./host.js";
import { createLan, type Lan } from "./lan.js";
import { createMachine, type Machine } from "./machine.js";
import { isLocal, LOCAL, PORTS, SLOTS } from "./packages.js";

const SITE = "s1";
export const BROKER_URL = "mqtt://controller:1883";
const EPOCH = Date.UTC(2026, 0, 1);

export interface SimulatedNode {
  readonly site: string;
  readonly name: string;
  /** In traces and violations: of a site of one node the site's name. */
  readonly label: string;
  /** Its ports, by SAP. */
  readonly ports: Readonly<Record<string, string>>;
  /** In a site of several nodes. */
  readonly lan: Lan | null;
  readonly machine: Machine;
  readonly ledger: NodeLedger;
  readonly host: Host<Agent>;
  /** Package of a function's digest, as learnt when it was started. */
  readonly packages: Map<string, string>;
  /** Functions that an operator wants restarted: to end them is what was asked for. */
  readonly restarting: Set<string>;
  /** By command: how often its machine did it. */
  readonly effects: Map<string, number>;
}

export interface SimulatedController {
  readonly host: Host<Controller>;
  readonly disk: Disk;
  readonly ledger: ControllerLedger;
  /** Whether the broker's memory outlives the next restart. */
  brokerKeeps: boolean;
  /** It was restored from a backup: of what it forgot it knows nothing. */
  isRestored: boolean;
}

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
  const common = { scheduler, network, sqlite, trace, failed: violated };

  const controller = makeController();
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
      const known = impostors.get(label) ?? makeNode({ ...node, label });
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
      makeNode({
        site: SITE,
        name,
        label: lan ? `${SITE}-${name}` : SITE,
        ports: ports.get(name) ?? {},
        lan,
      }),
    );
  }

  function makeNode(place: Pick<SimulatedNode, "site" | "name" | "label" | "ports" | "lan">): SimulatedNode {
    const { site, name, label, ports, lan } = place;
    const chance = random.fork(label);
    const machine = createMachine(label, scheduler, chance.fork("machine"));
    const ledger = createNodeLedger();
    const packages = new Map<string, string>();
    const restarting = new Set<string>();
    const effects = new Map<string, number>();
    const clock = (): number => worldClock() + machine.clockAheadMs;
    const host = createHost<Agent>({
      ...common,
      name: `agent-${label}`,
      random: chance.fork("host"),
      disk: machine.disk,
      syncs: !bugs.has("no-fsync"),
      ended: () => lan?.left(name),
      async start(process, engine) {
        clocks.set(process, clock);
        const drivers = machine.driversFor(process);
        const near = lan?.networkOf(name, process, machine.uplink) ?? null;
        const open = near?.open ?? network.sessionsOver(() => machine.uplink);
        const agent = await startAgent({
          site,
          node: name,
          ports,
          controllerUrl: BROKER_URL,
          machine,
          join:
            lan && near
              ? (how) =>
                  joinSite({
                    ...how,
                    hub: lan.hubConfigOf(name),
                    network: near,
                    lease: leaseOn(machine),
                    monotonic: scheduler.now,
                  })
              : undefined,
          drivers,
          engine,
          openSession: bugs.has("restart-on-rejoin") ? restartsWith(open, drivers) : open,
          clock,
          random: chance.fork(process.name).next,
          log,
          noted: ({ type, object, detail }) => trace(process.name, `${type} ${object}: ${detail}`),
          removed(id) {
            trace(process.name, `service ${id} is told as removed`);
            const left = [...machine.running().keys()].filter((functionId) => serviceOf(functionId) === id);
            if (left.length > 0)
              violated(
                new Violation(
                  "a service is told as removed when nothing of it runs",
                  `${label}: ${left.join(", ")}`,
                ),
              );
          },
          watched: (journal) => watchedJournal(journalOf(journal, bugs), ledger),
        });
        const held = await agent.journal.desired();
        const services = held.filter(({ kind }) => kind === "service");
        checkDesired(
          ledger,
          new Map(services.map((o) => [o.id, { revision: o.revision, wanted: wantedOf(o.body) }])),
          label,
        );
        return agent;
      },
    });
    const node: SimulatedNode = { ...place, machine, ledger, host, packages, restarting, effects };
    machine.isWanted = (functionId) => {
      const packageDigest = packages.get(machine.running().get(functionId) ?? "");
      if (!packageDigest || !machine.healthy(functionId) || restarting.has(functionId)) return false;
      return isCertain(ledger, serviceOf(functionId), packageDigest);
    };
    machine.packageOf = (functionId) =>
      host.program?.catalogue.services().find(({ request }) => request.id === serviceOf(functionId))?.request
        .packageDigest ?? null;
    machine.onDeed = (deed, by) => {
      const { functionId } = deed;
      if (deed.do === "write") {
        try {
          return noteEffect(effects, deed.value, label);
        } catch (error) {
          return violated(error);
        }
      }
      if (deed.do === "start") {
        // As of when it was asked for: a start may come late, after its agent died and another package is wanted.
        if (deed.asked.packageDigest) packages.set(deed.digest, deed.asked.packageDigest);
        restarting.delete(functionId);
        trace(label, `${functionId} is started`);
        checkAlone(node, functionId);
        return;
      }
      trace(label, `${functionId} is ended`);
      // An agent that died takes back nothing that it had asked for.
      if (by.alive ? machine.isWanted(functionId) : deed.asked.wasWanted)
        violated(
          new Violation(
            "a healthy function is never restarted",
            `${label} ended ${functionId}, which is wanted as it is`,
          ),
        );
    };
    return node;
  }

  /** Whose a service is does not change while nodes keep what they run: nobody else starts anything of it. */
  function checkAlone({ label, lan }: SimulatedNode, functionId: string): void {
    if (!lan || isLocal(functionId)) return;
    const service = serviceOf(functionId);
    for (const other of nodes)
      if (
        other.label !== label &&
        [...other.machine.running().keys()].some((id) => serviceOf(id) === service)
      )
        violated(
          new Violation(
            "a service has one owner, and terms only rise",
            `${label} started ${functionId}, of which ${other.label} runs something`,
          ),
        );
  }

  function makeController(): SimulatedController {
    const chance = random.fork("controller");
    const disk = createDisk();
    const ledger = createControllerLedger();
    const near = createLink("controller");
    Object.assign(near, { delayMs: 0.1, jitterMs: 0.2 });
    let memory: BrokerMemory = emptyMemory();
    const host = createHost<Controller>({
      ...common,
      name: "controller",
      random: chance.fork("host"),
      disk,
      syncs: !bugs.has("no-fsync"),
      ended: () => network.listen(BROKER_URL, null),
      async start(process, engine) {
        if (!made.brokerKeeps) memory = emptyMemory();
        network.listen(BROKER_URL, { process, broker: createBrokerModel(memory) });
        const started = await startController({
          url: BROKER_URL,
          engine,
          openSession: bugs.has("no-adoption")
            ? deaf(network.sessionsOver(() => near))
            : network.sessionsOver(() => near),
          clock: worldClock,
          random: chance.fork(process.name).next,
          log,
          inbox: inboxOf(bugs),
          watched: (store) =>
            watchedStore(
              bugs.has("one-voice") ? trusting(store) : store,
              ledger,
              (what) => trace(process.name, what),
              violated,
            ),
        });
        const numbering = await started.store.reports.numbering();
        checkTaken(ledger, new Map(numbering.map(({ key, lastSeq }) => [key.store, lastSeq])));
        return started;
      },
    });
    const made: SimulatedController = { host, disk, ledger, brokerKeeps: false, isRestored: false };
    return made;
  }
}

const serviceOf = (functionId: string): string => functionId.slice(0, functionId.indexOf("."));

/** Where each controller's service can be: every one of them somewhere. What is asked for at a node can be there. */
function portsOf(names: readonly string[], random: Random): ReadonlyMap<string, Record<string, string>> {
  const ports = new Map<string, Record<string, string>>(names.map((name) => [name, {}]));
  for (const { name: slot, saps } of SLOTS) {
    const drawn = names.filter(() => random.chance(0.7));
    const there = LOCAL.has(slot) ? names : drawn.length > 0 ? drawn : [random.pick(names)];
    for (const name of there)
      for (const sap of saps) Object.assign(ports.get(name) ?? {}, { [sap]: PORTS[sap] });
  }
  return ports;
}

/** Of a reboot's own, as agent/hub/lease-file.ts has it on tmpfs. */
const leaseOn = ({ tmpfs }: Machine): LeaseFile => ({
  read: () => tmpfs.get("site-lease") ?? Number.NEGATIVE_INFINITY,
  write: (until) => void tmpfs.set("site-lease", until),
});

function journalOf(journal: Journal, bugs: Bugs): Journal {
  if (bugs.has("ack-before-commit")) return hasty(journal);
  if (bugs.has("no-term-memory")) return amnesiac(journal);
  return bugs.has("no-command-memory") ? oblivious(journal) : journal;
}

function inboxOf(bugs: Bugs): Inbox {
  if (bugs.has("no-dedup")) return forgetful(createInbox());
  return bugs.has("believes-nodes") ? gullible(createInbox()) : createInbox();
}
