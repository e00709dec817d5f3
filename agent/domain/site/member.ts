/**
 * A node as member of its site: what it has on disk, which tables it takes (the fence), which one it obeys,
 * and how long its lease is. Pure.
 */
import type { Assignment } from "./messages.js";
import {
  compareStamps,
  compareTerms,
  higherTerm,
  leaseMarginMs,
  ownedBy,
  type SiteSettings,
  stampOf,
  type Table,
  type Term,
} from "./terms.js";

/** What a node has on disk of its site. It never says or does anything that goes beyond it. */
export interface Promises {
  /** The highest term that it heard of. Nothing of a lower one is taken. */
  readonly adopted: Term | null;
  /** The newest table that it took. */
  readonly table: Table | null;
  /** Whether it counts in quorums: not while it may have forgotten, with its journal, what it had promised. */
  readonly voice: boolean;
  /** The newest table that a quorum is known to have: the one that it acts by. */
  readonly obeyed: Table | null;
}

export const NO_PROMISES: Promises = { adopted: null, table: null, voice: false, obeyed: null };

/** Before its site had any hub a node ran all that it had: that stays its own until a table says otherwise. */
export function firstPromises(node: string, services: readonly string[]): Promises {
  const owners = Object.fromEntries(services.map((service) => [service, { node, release: false }]));
  return { ...NO_PROMISES, obeyed: { term: { number: 0, hub: node, session: "" }, version: 0, owners } };
}

export function adopt(promises: Promises, term: Term): Promises {
  return compareTerms(term, promises.adopted) > 0 ? { ...promises, adopted: term } : promises;
}

/** Takes a table, unless its term is below the highest known (the fence) or it is older than what is there. */
export function take(promises: Promises, { table, voice: given }: Assignment, session: string): Promises {
  const voice = given === session;
  if (compareTerms(table.term, promises.adopted) < 0) return promises;
  const newer = compareStamps(table, promises.table);
  if (newer < 0 || (newer === 0 && (promises.voice || !voice))) return promises;
  return {
    ...promises,
    adopted: higherTerm(table.term, promises.adopted),
    table,
    voice: promises.voice || voice,
  };
}

/** A quorum has all tables of this term up to this version: the one that is here may be obeyed. */
export function confirm(promises: Promises, term: Term, committed: number): Promises {
  const { table, obeyed, adopted } = promises;
  if (!table || compareTerms(table.term, term) !== 0 || compareTerms(term, adopted) < 0) return promises;
  if (table.version > committed || compareStamps(table, obeyed) <= 0) return promises;
  return { ...promises, obeyed: table };
}

/** Beats that were sent and may still be granted, and until when grants let this node's services run; own clock. */
export interface Lease {
  readonly sent: readonly { readonly beat: string; readonly at: number }[];
  readonly until: number;
}

export const NO_LEASE: Lease = { sent: [], until: Number.NEGATIVE_INFINITY };
/** A grant for an older beat would have come too late to matter. */
const BEATS_KEPT = 64;

export const beatSent = (lease: Lease, beat: string, at: number): Lease => ({
  ...lease,
  sent: [...lease.sent, { beat, at }].slice(-BEATS_KEPT),
});

/** Counted from when the node asked, never from when the answer came: it may have been long under way. */
export function granted(lease: Lease, beat: string | undefined, { leaseMs }: SiteSettings): Lease {
  const asked = lease.sent.find((sent) => sent.beat === beat);
  return asked ? { ...lease, until: Math.max(lease.until, asked.at + leaseMs) } : lease;
}

/** Whether services may run by this lease; where the site has none they always may. */
export const leaseHolds = (lease: Lease, now: number, settings: SiteSettings): boolean =>
  settings.unseen !== "lease" || now < lease.until - leaseMarginMs(settings);

/** The services that a node runs now, by what is on its disk. */
export function ownServices(
  node: string,
  { obeyed }: Promises,
  lease: Lease,
  now: number,
  settings: SiteSettings,
): readonly string[] {
  return obeyed && leaseHolds(lease, now, settings) ? ownedBy(node, obeyed) : [];
}

/** Whether a service is this node's to run; `unknown`: no table that it obeys says anything of it. */
export type Place = "here" | "elsewhere" | "unknown";

export function placeOf(
  node: string,
  service: string,
  { obeyed }: Promises,
  lease: Lease,
  now: number,
  settings: SiteSettings,
): Place {
  const owner = obeyed?.owners[service];
  if (!owner) return "unknown";
  return owner.node === node && !owner.release && leaseHolds(lease, now, settings) ? "here" : "elsewhere";
}

export const stampOrNull = (table: Table | null) => table && stampOf(table);
