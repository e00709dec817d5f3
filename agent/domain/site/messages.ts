/** What the nodes of a site tell each other, as values. model/messages/site.ts has them as they are on the wire. */
import type { Stamp, Table, Term } from "./terms.js";

/** What a node has that services may want. */
export interface Offer {
  /** Names of its SAPs. */
  readonly ports: readonly string[];
  /** Kinds of functions that it can run. */
  readonly kinds: readonly string[];
}

export type Need = Offer;

/** Member → hub, every second. All of it is on the node's disk. */
export interface Beat {
  readonly node: string;
  /** Unique to this beat, also across restarts of the node: a grant names it. */
  readonly beat: string;
  readonly adopted: Term | null;
  /** The newest beacon that it heard of this term's hub. */
  readonly echo: number | null;
  readonly table: Stamp | null;
  /** Whether it counts in quorums. */
  readonly voice: boolean;
  /** The table itself, where it is of an earlier term: the new hub may not know it. */
  readonly whole: Table | null;
  readonly obeyed: Stamp | null;
  /** Services that may run there: those that it owns, and those of which something is left. */
  readonly holds: readonly string[];
  readonly offer: Offer;
}

/** Hub → all, every second. */
export interface Beacon {
  readonly term: Term;
  readonly number: number;
  /** A quorum has all tables of the term up to this version on disk. */
  readonly committed: number;
  /** Node → its beat from which its lease counts. */
  readonly grants: Readonly<Record<string, string>>;
}

/** Hub → node: the table of owners, and up to which version a quorum has them. */
export interface Assignment {
  readonly table: Table;
  readonly committed: number;
  /**
   * Session of the node that counts in quorums from now on: the hub has heard all nodes since it had forgotten.
   * An assignment may come late, to a node that has lost its journal once more: that is another session.
   */
  readonly voice: string | null;
}

/**
 * What is known of what a service needs. `unreadable`: its descriptor is at fault, whoever gets the service says so; `missing`: its
 * package has not come yet, and to give the service to whoever is there would be for good.
 */
export type Wanted = Need | "unreadable" | "missing";

/** What a node knows of itself and of what its site is to run. */
export interface Facts {
  /** Services of the controller's that are wanted, with what they need. */
  readonly wanted: Readonly<Record<string, Wanted>>;
  /** Services of which there is a tombstone: only these are ever taken away. */
  readonly buried: readonly string[];
  /** Services of which something is on this node, wanted or not. */
  readonly present: readonly string[];
  readonly offer: Offer;
}

export const NO_FACTS: Facts = { wanted: {}, buried: [], present: [], offer: { ports: [], kinds: [] } };

export function fits(wanted: Wanted, offer: Offer): boolean {
  if (typeof wanted === "string") return wanted === "unreadable";
  return (
    wanted.ports.every((port) => offer.ports.includes(port)) &&
    wanted.kinds.every((kind) => offer.kinds.includes(kind))
  );
}
