/** A machine with its agent: what is started on it, what it promises, and what is looked at with each of its deeds. */
import { joinSite } from "../../../agent/hub/join.js";
import type { LeaseFile } from "../../../agent/hub/lease-file.js";
import {
  checkDesired,
  createNodeLedger,
  isCertain,
  mayBeBuried,
  type NodeLedger,
  Violation,
} from "../check/ledger.js";
import { wantedOf, watchedJournal } from "../check/watched.js";
import { type Agent, startAgent } from "./agent.js";
import { journalOf, restartsWith } from "./buggy.js";
import { noteEffect } from "./commands.js";
import { createHost, type Host } from "./host.js";
import type { Lan } from "./lan.js";
import { createMachine, type Machine } from "./machine.js";
import { isLocal } from "./packages.js";
import { BROKER_URL, type Parts } from "./parts.js";

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

export type Place = Pick<SimulatedNode, "site" | "name" | "label" | "ports" | "lan">;

const serviceOf = (functionId: string): string => functionId.slice(0, functionId.indexOf("."));

/** `siblings`: all nodes of its site. */
export function makeNode(
  parts: Parts,
  place: Place,
  siblings: () => readonly SimulatedNode[],
): SimulatedNode {
  const { scheduler, network, random, bugs, trace, log, violated } = parts;
  const { site, name, label, ports, lan } = place;
  const chance = random.fork(label);
  const machine = createMachine(label, scheduler, chance.fork("machine"));
  const ledger = createNodeLedger();
  const packages = new Map<string, string>();
  const restarting = new Set<string>();
  const effects = new Map<string, number>();
  const clock = (): number => parts.worldClock() + machine.clockAheadMs;
  const host = createHost<Agent>({
    ...parts.host,
    name: `agent-${label}`,
    random: chance.fork("host"),
    disk: machine.disk,
    syncs: !bugs.has("no-fsync"),
    ended: () => lan?.left(name),
    async start(process, engine) {
      parts.clocks.set(process, clock);
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
    const service = serviceOf(functionId);
    // What one node of the site knows to be terminated its hub takes from whoever runs it.
    const isBuried = lan !== null && siblings().some((other) => mayBeBuried(other.ledger, service));
    return !isBuried && isCertain(ledger, service, packageDigest);
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
      checkAlone(functionId);
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

  /** Whose a service is does not change while nodes keep what they run: nobody else starts anything of it. */
  function checkAlone(functionId: string): void {
    if (!lan || isLocal(functionId)) return;
    const service = serviceOf(functionId);
    for (const other of siblings())
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
}

/** Of a reboot's own, as agent/hub/lease-file.ts has it on tmpfs. */
const leaseOn = ({ tmpfs }: Machine): LeaseFile => ({
  read: () => tmpfs.get("site-lease") ?? Number.NEGATIVE_INFINITY,
  write: (until) => void tmpfs.set("site-lease", until),
});
