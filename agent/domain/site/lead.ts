/**
 * The hub's side: it hears its members, goes on from the newest table that a quorum knows, says who owns
 * what, and grants leases. Pure.
 */
import type { Beacon, Beat, Facts } from "./messages.js";
import { nextOwners } from "./owners.js";
import {
  authorityMs,
  compareStamps,
  isQuorum,
  type SiteSettings,
  sameTerm,
  type Table,
  type Term,
} from "./terms.js";

export interface Seen {
  readonly at: number;
  readonly beat: Beat;
}

/** One reign. All times are the hub's own clock. */
export interface Lead {
  readonly term: Term;
  readonly since: number;
  /** By node: its newest beat that was sent under this term. */
  readonly seen: ReadonlyMap<string, Seen>;
  /** Null until a quorum has told what it knows. */
  readonly table: Table | null;
  readonly establishedAt: number | null;
  readonly committed: number;
  readonly beacons: readonly { readonly number: number; readonly at: number }[];
  /** By node: when the beat came that was granted last. Its lease is no longer than from then. */
  readonly grantedAt: ReadonlyMap<string, number>;
  /** By node: the version by which it lost services unheard. It is granted nothing before it obeys that. */
  readonly movedFrom: ReadonlyMap<string, number>;
  /** By node that has no voice: its session, and the beacon before which this was first heard of that. */
  readonly mute: ReadonlyMap<string, { readonly session: string; readonly since: number }>;
}

const BEACONS_KEPT = 64;

export const newLead = (term: Term, now: number): Lead => ({
  term,
  since: now,
  seen: new Map(),
  table: null,
  establishedAt: null,
  committed: 0,
  beacons: [],
  grantedAt: new Map(),
  movedFrom: new Map(),
  mute: new Map(),
});

/** A beat of another term says nothing about this one. */
export function hearBeat(lead: Lead, beat: Beat, now: number, { nodes }: SiteSettings): Lead {
  if (!sameTerm(beat.adopted, lead.term) || !nodes.includes(beat.node)) return lead;
  const mute = new Map(lead.mute);
  if (beat.voice) mute.delete(beat.node);
  else if (mute.get(beat.node)?.session !== sessionOf(beat))
    mute.set(beat.node, { session: sessionOf(beat), since: nextNumber(lead) });
  return { ...lead, mute, seen: new Map(lead.seen).set(beat.node, { at: now, beat }) };
}

const nextNumber = ({ beacons }: Lead): number => (beacons.at(-1)?.number ?? 0) + 1;

/**
 * A node that lost its journal may have been part of a later hub's quorum and know nothing of it. It counts
 * again when every node, asked since then, still took this hub for its own: so there is no later quorum.
 */
export function voiceFor({ seen, mute }: Lead, node: string, { nodes }: SiteSettings): string | null {
  const silent = mute.get(node);
  if (!silent) return null;
  return nodes.every((each) => (seen.get(each)?.beat.echo ?? 0) >= silent.since) ? silent.session : null;
}

/** Beats are named by session and number. */
const sessionOf = ({ beat }: Beat): string => beat.slice(0, beat.lastIndexOf("."));

/** What follows from what was heard: the first table of the reign, the next one, what a quorum has. */
export function advance(lead: Lead, facts: Facts, now: number, settings: SiteSettings): Lead {
  const begun = lead.table ? lead : establish(lead, now, settings);
  if (!begun.table) return begun;
  const { owners, moved } = nextOwners({ ...begun, table: begun.table }, facts, now, settings);
  const isNew = lead.table === null || JSON.stringify(owners) !== JSON.stringify(begun.table.owners);
  const table = isNew ? { term: lead.term, version: begun.table.version + 1, owners } : begun.table;
  const movedFrom = new Map(lead.movedFrom);
  for (const node of moved) movedFrom.set(node, table.version);
  return commit({ ...begun, table, movedFrom }, settings);
}

function establish(lead: Lead, now: number, { nodes, unseen, takeOverMs }: SiteSettings): Lead {
  const beats = [...lead.seen.values()].map(({ beat }) => beat);
  const voices = new Set(beats.flatMap(({ node, voice }) => (voice ? [node] : [])));
  const everybody = nodes.every((node) => lead.seen.has(node));
  const enough = unseen === "availability" ? now - lead.since >= takeOverMs : isQuorum(voices, nodes);
  if (!everybody && !enough) return lead;
  const newest = beats
    .flatMap(({ whole }) => whole ?? [])
    .reduce<Table | null>((best, table) => (compareStamps(table, best) > 0 ? table : best), null);
  const table = { term: lead.term, version: 0, owners: newest?.owners ?? {} };
  return { ...lead, table, establishedAt: now };
}

function commit(lead: Lead, { nodes, unseen }: SiteSettings): Lead {
  const last = lead.table?.version ?? 0;
  if (unseen === "availability") return { ...lead, committed: last };
  const has = ({ table, voice }: Beat, version: number): boolean =>
    voice && table !== null && sameTerm(table.term, lead.term) && table.version >= version;
  for (let version = last; version > lead.committed; version--) {
    const having = [...lead.seen].flatMap(([node, { beat }]) => (has(beat, version) ? [node] : []));
    if (isQuorum(new Set(having), nodes)) return { ...lead, committed: version };
  }
  return lead;
}

/** Whether a quorum took this hub for its own not long ago: no later one can have had its quorum before that. */
export function hasAuthority(lead: Lead, now: number, settings: SiteSettings): boolean {
  const sentAt = new Map(lead.beacons.map(({ number, at }) => [number, at]));
  const fresh = [...lead.seen].flatMap(([node, { beat }]) => {
    const at = beat.echo === null ? undefined : sentAt.get(beat.echo);
    return at !== undefined && now - at < authorityMs(settings) ? [node] : [];
  });
  return isQuorum(new Set(fresh), settings.nodes);
}

/** The next beacon, with the grants of this moment. */
export function sayBeacon(
  lead: Lead,
  now: number,
  settings: SiteSettings,
): { readonly lead: Lead; readonly beacon: Beacon } {
  const number = nextNumber(lead);
  const grantable =
    settings.unseen === "lease" && hasAuthority(lead, now, settings)
      ? [...lead.seen].filter(([node, seen]) => mayGrant(lead, node, seen, now, settings))
      : [];
  const grantedAt = new Map(lead.grantedAt);
  for (const [node, { at }] of grantable) grantedAt.set(node, at);
  const grants = Object.fromEntries(grantable.map(([node, { beat }]) => [node, beat.beat]));
  const beacons = [...lead.beacons, { number, at: now }].slice(-BEACONS_KEPT);
  return {
    lead: { ...lead, beacons, grantedAt },
    beacon: { term: lead.term, number, committed: lead.committed, grants },
  };
}

function mayGrant(
  lead: Lead,
  node: string,
  { at, beat }: Seen,
  now: number,
  settings: SiteSettings,
): boolean {
  const { obeyed } = beat;
  return (
    now - at < settings.takeOverMs &&
    obeyed !== null &&
    sameTerm(obeyed.term, lead.term) &&
    obeyed.version >= (lead.movedFrom.get(node) ?? 0)
  );
}

/** Members that lack the newest table, or do not obey it or count though they could. */
export function behind(lead: Lead, settings: SiteSettings): readonly string[] {
  const { seen, table, committed, term } = lead;
  if (!table) return [];
  return [...seen].flatMap(([node, { beat }]) => {
    const obeys =
      beat.obeyed !== null && sameTerm(beat.obeyed.term, term) && beat.obeyed.version === table.version;
    const mayObey = table.version <= committed;
    const gainsVoice = !beat.voice && voiceFor(lead, node, settings) !== null;
    return compareStamps(beat.table, table) < 0 || (mayObey && !obeys) || gainsVoice ? [node] : [];
  });
}
