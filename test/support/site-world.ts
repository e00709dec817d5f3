/**
 * A site in memory: nodes that are the real reducer, on a virtual clock, a network and disks that fail, all
 * from one seed. It checks after every step what must never be.
 */

import { firstPromises, NO_LEASE, type Promises } from "../../agent/domain/site/member.js";
import type { Facts } from "../../agent/domain/site/messages.js";
import type { SiteEffect, SiteEvent, SiteNode } from "../../agent/domain/site/node.js";
import { hubOf, servicesOf, startNode, step, wantsBroker } from "../../agent/domain/site/node.js";
import { compareTerms, type SiteSettings, stampOf, type Table } from "../../agent/domain/site/terms.js";
import { type Fault, mulberry, type Sabotage } from "./site-faults.js";

export interface WorldOptions {
  readonly settings: SiteSettings;
  readonly seed: number;
  readonly sabotage?: Sabotage;
}

interface Machine {
  readonly name: string;
  readonly rate: number;
  readonly offset: number;
  wallOffset: number;
  disk: Promises;
  diskFails: boolean;
  portTaken: boolean;
  broker: "closed" | "opening" | "open";
  /** How often it was to be opened. */
  openings: number;
  node: SiteNode | null;
  /** Service → when what is left of it is gone, or null while it runs. */
  readonly there: Map<string, number | null>;
  sessions: number;
}

interface Due {
  readonly at: number;
  readonly run: () => void;
}

const STOP_MS = 800;

export type World = ReturnType<typeof createWorld>;

export function createWorld({ settings, seed, sabotage = "none" }: WorldOptions) {
  const random = mulberry(seed);
  const queue: Due[] = [];
  let now = 0;
  let loss = 0;
  let cut = 0;
  let mute: number | null = null;
  let heals = 0;
  const wanted = new Set<string>(["s0", "s1"]);
  const buried = new Set<string>();
  const everBuried = new Set<string>();
  const contents = new Map<string, string>();
  const stopped: string[] = [];
  const violations: string[] = [];
  const machines = settings.nodes.map(
    (name): Machine => ({
      name,
      rate: 1 + (random() - 0.5) * 0.009,
      offset: Math.floor(random() * 1e6),
      wallOffset: 0,
      disk: firstPromises(name, []),
      diskFails: false,
      portTaken: false,
      broker: "closed",
      openings: 0,
      node: null,
      there: new Map(),
      sessions: 0,
    }),
  );
  const after = (ms: number, run: () => void): void => {
    const at = now + ms;
    let [low, high] = [0, queue.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((queue[middle] as Due).at <= at) low = middle + 1;
      else high = middle;
    }
    queue.splice(low, 0, { at, run });
  };
  const clockOf = (m: Machine): number =>
    now * m.rate + m.offset + (sabotage === "lease-by-wall-clock" ? m.wallOffset : 0);
  const factsOf = (m: Machine): Facts => ({
    wanted: Object.fromEntries([...wanted].map((service) => [service, { ports: [], kinds: [] }])),
    buried: [...buried],
    present: [...m.there.keys()],
    offer: { ports: [], kinds: [] },
  });
  const hears = (a: number, b: number): boolean => ((cut >> a) & 1) === ((cut >> b) & 1);

  function send(from: Machine, to: Machine, event: SiteEvent): void {
    const [a, b] = [machines.indexOf(from), machines.indexOf(to)];
    const copies = a === b ? 1 : random() < loss ? 0 : random() < loss / 2 ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (a === mute && a !== b) continue;
      const isLate = random() < loss || b === mute;
      const delay = a === b ? 1 : 1 + random() * (isLate ? 20_000 : 30);
      after(delay, () => hears(a, b) && deliver(to, event));
    }
  }

  function deliver(m: Machine, event: SiteEvent): void {
    if (!m.node) return;
    const now = clockOf(m);
    const { node, effects } = step(sabotaged(m.node, event, now), twisted(m.node, event), now);
    m.node = sabotage === "act-before-disk" ? { ...node, promises: node.wanted } : node;
    for (const effect of effects) perform(m, effect);
    manageBroker(m);
    settle(m);
  }

  /** As the agent does it (agent/hub/site.ts): one change after the other. */
  function manageBroker(m: Machine): void {
    if (!m.node || m.broker === "opening") return;
    const wants = wantsBroker(m.node);
    if (wants === (m.broker === "open")) return;
    const life = m.node.session;
    if (!wants) {
      m.broker = "closed";
      return deliver(m, { type: "broker", state: "closed" });
    }
    m.broker = "opening";
    m.openings += 1;
    after(random() * 40, () => {
      if (m.node?.session !== life) return;
      m.broker = m.portTaken ? "closed" : "open";
      deliver(m, { type: "broker", state: m.portTaken ? "failed" : "open" });
    });
  }

  /** The event as a hub with the defect takes it. */
  function twisted({ lead }: SiteNode, event: SiteEvent): SiteEvent {
    if (!lead || event.type !== "beat") return event;
    if (sabotage === "beats-of-any-term") return { ...event, beat: { ...event.beat, adopted: lead.term } };
    if (sabotage !== "release-unheard" || !lead.table) return event;
    const { owners } = lead.table;
    const holds = event.beat.holds.filter((service) => !owners[service]?.release);
    return { ...event, beat: { ...event.beat, holds, obeyed: stampOf(lead.table) } };
  }

  function sabotaged(node: SiteNode, event: SiteEvent, at: number): SiteNode {
    if (sabotage === "forgotten-move" && node.lead)
      return { ...node, lead: { ...node.lead, movedFrom: new Map() } };
    if (sabotage === "lease-from-receipt") {
      const sent = node.lease.sent.map((each) => ({ ...each, at }));
      return { ...node, lease: { ...node.lease, sent } };
    }
    if (sabotage !== "no-fence" || event.type !== "assignment") return node;
    const forget = (p: Promises): Promises => ({ ...p, adopted: null, table: null });
    return { ...node, wanted: forget(node.wanted) };
  }

  function perform(m: Machine, effect: SiteEffect): void {
    if (effect.do === "journal") return journal(m, effect.promises);
    const targets = effect.do === "beacon" ? machines : machines.filter((t) => t.name === targetOf(effect));
    // All is said at the hub's broker.
    for (const target of targets)
      if ((effect.do === "beat" ? target : m).broker === "open") send(m, target, eventOf(effect));
  }

  function journal(m: Machine, promises: Promises): void {
    const life = m.node?.session;
    const { sessions } = m;
    after(1 + random() * 40, () => {
      const isSame = m.node?.session === life;
      // A crash on the way: it may have come to the disk, or not.
      if (!isSame && random() < 0.5) return;
      if (m.diskFails) return isSame ? deliver(m, { type: "not-journalled" }) : undefined;
      if (!isSame && m.sessions > sessions) return; // the next life writes for itself
      if (compareTerms(promises.adopted, m.disk.adopted) < 0)
        violations.push(`${m.name}: the term on disk goes back`);
      m.disk = promises;
      noteTable(m.name, promises.table);
      if (isSame) deliver(m, { type: "journalled" });
    });
  }

  function noteTable(name: string, table: Table | null): void {
    if (!table) return;
    const key = JSON.stringify([table.term, table.version]);
    const text = JSON.stringify(table.owners);
    if ((contents.get(key) ?? text) !== text) violations.push(`${name}: two tables are called ${key}`);
    contents.set(key, text);
  }

  /** The node runs what it owns, as the agent's loop does it: what is to go takes a while to go. */
  function settle(m: Machine): void {
    if (!m.node) return;
    const own = new Set(servicesOf(m.node, clockOf(m)).filter((s) => wanted.has(s)));
    for (const service of own) {
      if (m.there.get(service) === null) continue;
      m.there.set(service, null);
      deliver(m, { type: "facts", facts: factsOf(m) });
    }
    for (const [service, gone] of m.there) {
      if (own.has(service) || gone !== null) continue;
      if (!everBuried.has(service)) stopped.push(`${m.name}: ${service} at ${now}`);
      const at = now + random() * STOP_MS;
      m.there.set(service, at);
      after(at - now, () => {
        if (m.there.get(service) !== at) return;
        m.there.delete(service);
        deliver(m, { type: "facts", facts: factsOf(m) });
      });
    }
    if (settings.unseen !== "availability") checkOwners();
  }

  function checkOwners(): void {
    for (const service of new Set(machines.flatMap(({ there }) => [...there.keys()]))) {
      const at = machines.filter(({ there }) => there.has(service)).map(({ name }) => name);
      if (at.length > 1) violations.push(`${service} is on ${at.join(" and ")} at ${Math.round(now)} ms`);
    }
  }

  function start(m: Machine): void {
    if (m.node) return;
    m.sessions += 1;
    const promises = sabotage === "term-not-journalled" ? { ...m.disk, adopted: null } : m.disk;
    m.node = startNode(
      {
        self: m.name,
        settings,
        promises,
        facts: factsOf(m),
        session: `${m.name}${m.sessions}`,
        lease: NO_LEASE,
      },
      clockOf(m),
    );
    const session = m.node.session;
    const tick = (): void => {
      if (m.node?.session !== session) return;
      deliver(m, { type: "facts", facts: factsOf(m) });
      deliver(m, { type: "tick" });
      after(settings.beatMs / m.rate, tick);
    };
    after(random() * settings.beatMs, tick);
    settle(m);
  }

  function end(m: Machine, withFunctions: boolean): void {
    m.node = null;
    m.broker = "closed";
    if (withFunctions) m.there.clear();
  }

  function run(ms: number): void {
    const until = now + ms;
    for (;;) {
      const next = queue[0];
      if (!next || next.at > until || violations.length > 0) break;
      queue.shift();
      now = Math.max(now, next.at);
      next.run();
    }
    now = until;
  }

  /** What a fault has still to do: nothing, once all are over. */
  const unlessHealed = (work: () => void): (() => void) => {
    const then = heals;
    return () => heals === then && work();
  };

  /** A fault begins now; `over` is called, or not at all, when it ends by itself. */
  function inflict(fault: Fault): void {
    switch (fault.kind) {
      case "machine":
      case "agent": {
        const m = machines[fault.node % machines.length] as Machine;
        end(m, fault.kind === "machine");
        return after(fault.forMs, () => start(m));
      }
      case "wipe": {
        const m = machines[fault.node % machines.length] as Machine;
        end(m, true);
        m.sessions += 1;
        m.disk = { ...firstPromises(m.name, []), voice: sabotage === "lost-journal-votes" };
        return after(fault.forMs, () => start(m));
      }
      case "partition":
        cut = fault.mask;
        return after(fault.forMs, () => {
          cut = 0;
        });
      case "alone":
        return inflict({ kind: "partition", mask: 1 << (fault.node % machines.length), forMs: fault.forMs });
      case "mute":
        mute = fault.node % machines.length;
        return after(fault.forMs, () => {
          mute = null;
        });
      case "disk-then-machine":
        inflict({ kind: "disk", node: fault.node, forMs: fault.forMs });
        return after(
          fault.forMs * random(),
          unlessHealed(() => inflict({ kind: "machine", node: fault.node, forMs: fault.forMs / 4 })),
        );
      case "again":
        inflict({ kind: "bury", service: fault.service });
        return after(fault.forMs * random(), () => inflict({ kind: "want", service: fault.service }));
      case "loss":
        loss = fault.share;
        return after(fault.forMs, () => {
          loss = 0;
        });
      case "disk": {
        const m = machines[fault.node % machines.length] as Machine;
        m.diskFails = true;
        return after(fault.forMs, () => {
          m.diskFails = false;
        });
      }
      case "port": {
        const m = machines[fault.node % machines.length] as Machine;
        m.portTaken = true;
        return after(fault.forMs, () => {
          m.portTaken = false;
        });
      }
      case "clock":
        (machines[fault.node % machines.length] as Machine).wallOffset += fault.byMs;
        return;
      case "want":
        buried.delete(`s${fault.service}`);
        wanted.add(`s${fault.service}`);
        return;
      case "bury":
        buried.add(`s${fault.service}`);
        everBuried.add(`s${fault.service}`);
        wanted.delete(`s${fault.service}`);
        return;
      case "calm":
        return;
    }
  }

  for (const m of machines) start(m);
  return {
    run,
    inflict,
    violations,
    /** Ends of services that nobody had asked for. */
    stopped,
    wanted,
    /** All faults end, everybody is up. */
    heal(): void {
      [cut, loss, mute] = [0, 0, null];
      heals += 1;
      for (const m of machines) {
        m.diskFails = false;
        m.portTaken = false;
        start(m);
      }
    },
    hubs: () => machines.filter(({ node }) => node?.election.role === "hub").map(({ name }) => name),
    followed: () => machines.map((m) => (m.node ? (hubOf(m.node, clockOf(m))?.hub ?? null) : null)),
    where: (service: string) =>
      machines.filter(({ there }) => there.get(service) === null).map(({ name }) => name),
    disks: () => machines.map(({ disk }) => disk),
    openings: () => machines.map(({ openings }) => openings),
    nodes: () => machines.map(({ node }) => node),
    clock: () => now,
  };
}

const targetOf = (effect: Exclude<SiteEffect, { do: "journal" | "beacon" }>): string =>
  effect.do === "beat" ? effect.hub : effect.node;

function eventOf(effect: Exclude<SiteEffect, { do: "journal" }>): SiteEvent {
  if (effect.do === "beacon") return { type: "beacon", beacon: effect.beacon };
  if (effect.do === "beat") return { type: "beat", beat: effect.beat };
  return { type: "assignment", assignment: effect.assignment };
}
