/**
 * One node of a site, whole: a reducer from what happens to it to what it does about it. Values in, values
 * out; time is the node's own clock, in milliseconds, which never jumps and goes on in suspend.
 *
 * The order that all safety hangs on: a promise goes to the disk (`journal`), and only when it is there
 * (`journalled`) does the node say it or act by it.
 */
import { type Election, elect, hearBeacon, hearTerm, liveHub, newElection, nextTerm } from "./election.js";
import { advance, behind, hearBeat, type Lead, newLead, sayBeacon, voiceFor } from "./lead.js";
import {
  adopt,
  beatSent,
  confirm,
  granted,
  type Lease,
  ownServices,
  type Promises,
  stampOrNull,
  take,
} from "./member.js";
import type { Assignment, Beacon, Beat, Facts } from "./messages.js";
import { compareTerms, ownedBy, type SiteSettings, sameTerm, type Term } from "./terms.js";

export interface SiteNode {
  readonly self: string;
  readonly settings: SiteSettings;
  /** What is on the disk, and what is to be there; `writing`: what is on the way. */
  readonly promises: Promises;
  readonly wanted: Promises;
  readonly writing: Promises | null;
  readonly election: Election;
  /** The term of its own reign, from its claim on. */
  readonly own: Term | null;
  readonly lead: Lead | null;
  readonly lease: Lease;
  /** Its last beat; the session is another at each start, so no two beats have one name. */
  readonly session: string;
  readonly beats: number;
  readonly echo: Pick<Beacon, "term" | "number"> | null;
  readonly facts: Facts;
}

export type SiteEvent =
  | { readonly type: "tick" }
  | { readonly type: "facts"; readonly facts: Facts }
  | { readonly type: "beacon"; readonly beacon: Beacon }
  | { readonly type: "beat"; readonly beat: Beat }
  | { readonly type: "assignment"; readonly assignment: Assignment }
  /** Of the node's own broker: it listens now, it could not be opened, or it was ended as it was to be. */
  | { readonly type: "broker"; readonly state: "open" | "failed" | "closed" }
  /** What was on the way to the disk is there. */
  | { readonly type: "journalled" }
  /** It is not; the next tick tries again. */
  | { readonly type: "not-journalled" };

export type SiteEffect =
  | { readonly do: "journal"; readonly promises: Promises }
  | { readonly do: "beacon"; readonly beacon: Beacon }
  | { readonly do: "beat"; readonly hub: string; readonly beat: Beat }
  | { readonly do: "assign"; readonly node: string; readonly assignment: Assignment };

export interface SiteStep {
  readonly node: SiteNode;
  readonly effects: readonly SiteEffect[];
}

export interface SiteStart {
  readonly self: string;
  readonly settings: SiteSettings;
  readonly promises: Promises;
  readonly facts: Facts;
  readonly session: string;
  readonly lease: Lease;
}

export function startNode({ promises, ...start }: SiteStart, now: number): SiteNode {
  return {
    ...start,
    promises,
    wanted: promises,
    writing: null,
    election: newElection(now, promises.adopted),
    own: null,
    lead: null,
    beats: 0,
    echo: null,
  };
}

/** What happened, what follows from it, and what is to be done, in this order. */
export function step(before: SiteNode, event: SiteEvent, now: number): SiteStep {
  const heard = hear(before, event, now);
  const decided = decide(heard, now);
  const led = decided.lead
    ? { ...decided, lead: advance(decided.lead, decided.facts, now, decided.settings) }
    : decided;
  const written = write(led, event);
  const said = event.type === "tick" ? sayTick(written.node, now) : sayChange(written.node, event, now);
  return { node: said.node, effects: [...written.effects, ...said.effects] };
}

/** Whose word a node goes by now: its own where it is hub, else that of the hub with the highest term. */
export function hubOf(
  { self, election, own, settings }: SiteNode,
  now: number,
): { hub: string; term: Term } | null {
  const live = liveHub(election, now, settings);
  if (election.role === "hub" && own && compareTerms(own, live?.term ?? null) > 0)
    return { hub: self, term: own };
  return live;
}

/** The services that the node is to run now. */
export const servicesOf = ({ self, promises, lease, settings }: SiteNode, now: number): readonly string[] =>
  ownServices(self, promises, lease, now, settings);

function hear(node: SiteNode, event: SiteEvent, now: number): SiteNode {
  const { settings, election } = node;
  switch (event.type) {
    case "beacon":
      return hearHub(node, event.beacon, now);
    case "beat": {
      const term = event.beat.adopted;
      const told = term ? { ...node, election: hearTerm(election, term) } : node;
      return node.lead ? { ...told, lead: hearBeat(node.lead, event.beat, now, settings) } : told;
    }
    case "assignment": {
      const { table, committed } = event.assignment;
      const taken = take(node.wanted, event.assignment, node.session);
      return {
        ...node,
        election: hearTerm(election, table.term),
        wanted: confirm(taken, table.term, committed),
      };
    }
    case "facts":
      return { ...node, facts: event.facts };
    case "broker":
      return hearBroker(node, event.state, now);
    case "journalled":
      return { ...node, promises: node.writing ?? node.promises, writing: null };
    case "not-journalled":
      return { ...node, writing: null };
    case "tick":
      return node;
  }
}

function hearHub(node: SiteNode, { term, number, committed, grants }: Beacon, now: number): SiteNode {
  const { self, settings } = node;
  if (!settings.candidates.includes(term.hub)) return node;
  const wanted = confirm(adopt(node.wanted, term), term, committed);
  // A grant of a hub that this node goes by no more is worth nothing.
  const isMine = sameTerm(term, wanted.adopted);
  const lease = isMine ? granted(node.lease, grants[self], settings) : node.lease;
  const isNewer = node.echo === null || !sameTerm(node.echo.term, term) || number > node.echo.number;
  const echo = isMine && isNewer ? { term, number } : node.echo;
  const election =
    term.hub === self ? hearTerm(node.election, term) : hearBeacon(node.election, term, now, settings);
  return { ...node, wanted, lease, echo, election };
}

/** Where it cannot be opened this node is no hub, whatever it promised: it follows who can be heard, and tries again. */
function hearBroker(node: SiteNode, state: "open" | "failed" | "closed", now: number): SiteNode {
  const heard = { ...node, election: { ...node.election, isAudible: state === "open" } };
  if (state !== "failed") return heard;
  const resigned = member(heard, now);
  return { ...resigned, election: { ...resigned.election, failedAt: now } };
}

function decide(node: SiteNode, now: number): SiteNode {
  const { self, settings, own, promises } = node;
  const quietSince = hubOf(node, now) ? now : node.election.quietSince;
  const election = { ...node.election, quietSince };
  if (election.role === "claiming" && own && compareTerms(node.wanted.adopted, own) > 0)
    return member(node, now);
  if (election.role === "claiming" && own && sameTerm(promises.adopted, own))
    return { ...node, election: { ...election, role: "hub" }, lead: newLead(own, now) };
  const move = elect(election, self, own, now, settings);
  if (move === "yield" || (move === null && election.role === "readying")) return member(node, now);
  if (move === null) return { ...node, election };
  if (!election.isAudible && election.role !== "hub")
    return { ...node, election: { ...election, role: "readying" } };
  const term = nextTerm(election, self, node.session);
  return {
    ...node,
    wanted: adopt(node.wanted, term),
    election: { ...hearTerm(election, term), role: "claiming" },
    own: term,
    lead: null,
  };
}

/** Whether the node's own broker is to listen. */
export const wantsBroker = ({ election }: SiteNode): boolean => election.role !== "member";

const member = (node: SiteNode, now: number): SiteNode => ({
  ...node,
  election: { ...node.election, role: "member", quietSince: now },
  own: null,
  lead: null,
});

/** One write at a time; the next takes all that came meanwhile. After a failed one only a tick tries again. */
function write(node: SiteNode, event: SiteEvent): SiteStep {
  if (node.writing || node.wanted === node.promises || event.type === "not-journalled")
    return { node, effects: [] };
  return {
    node: { ...node, writing: node.wanted },
    effects: [{ do: "journal", promises: node.wanted }],
  };
}

function sayTick(node: SiteNode, now: number): SiteStep {
  const beat = sayBeat(node, now);
  const assigned = [...beat.effects, ...assign(beat.node)];
  if (!beat.node.lead) return { node: beat.node, effects: assigned };
  const { lead, beacon } = sayBeacon(beat.node.lead, now, node.settings);
  return { node: { ...beat.node, lead }, effects: [{ do: "beacon", beacon }, ...assigned] };
}

/** What need not wait for the next tick: that a promise is on disk, a new table, that a quorum has one. */
function sayChange(node: SiteNode, event: SiteEvent, now: number): SiteStep {
  if (event.type === "journalled") return sayBeat(node, now);
  return event.type === "beat" ? { node, effects: assign(node) } : { node, effects: [] };
}

function assign({ lead, settings }: SiteNode): readonly SiteEffect[] {
  if (!lead?.table) return [];
  const { table, committed } = lead;
  return behind(lead, settings).map((node) => {
    const assignment = { table, committed, voice: voiceFor(lead, node, settings) };
    return { do: "assign", node, assignment };
  });
}

function sayBeat(node: SiteNode, now: number): SiteStep {
  const hub = hubOf(node, now);
  if (!hub) return { node, effects: [] };
  const { self, promises, facts, echo } = node;
  const { adopted, table, voice, obeyed } = promises;
  const name = `${node.session}.${node.beats + 1}`;
  const beat: Beat = {
    node: self,
    beat: name,
    adopted,
    echo: echo && sameTerm(echo.term, adopted) ? echo.number : null,
    table: stampOrNull(table),
    voice,
    whole: table && !sameTerm(table.term, hub.term) ? table : null,
    obeyed: stampOrNull(obeyed),
    holds: [...new Set([...(obeyed ? ownedBy(self, obeyed) : []), ...facts.present])].sort(),
    offer: facts.offer,
  };
  return {
    node: { ...node, beats: node.beats + 1, lease: beatSent(node.lease, name, now) },
    effects: [{ do: "beat", hub: hub.hub, beat }],
  };
}
