/**
 * Terms, tables of owners and quorums: the values that a site of several nodes agrees by, and their orders.
 * Pure. What they are for stands in docs/adr/0016-site-hub-and-terms.md.
 */

/**
 * One reign of one hub. Two hubs that took the same number at once have different terms; so has a hub that
 * lost its journal, forgot that it reigned, and takes the same number again: its session is another.
 */
export interface Term {
  readonly number: number;
  readonly hub: string;
  /** Of the hub's process. */
  readonly session: string;
}

/** Names one table: its hub's term, and how many tables the hub had made in it. */
export interface Stamp {
  readonly term: Term;
  readonly version: number;
}

export interface Owner {
  readonly node: string;
  /** The node is to let it go: nobody may run it until it has. */
  readonly release: boolean;
}

/** Which node runs which service: one value, replaced as a whole. */
export interface Table extends Stamp {
  readonly owners: Readonly<Record<string, Owner>>;
}

export function compareTerms(a: Term | null, b: Term | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return a.number - b.number || compareTexts(a.hub, b.hub) || compareTexts(a.session, b.session);
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function compareStamps(a: Stamp | null, b: Stamp | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return compareTerms(a.term, b.term) || a.version - b.version;
}

export const sameTerm = (a: Term | null, b: Term | null): boolean => compareTerms(a, b) === 0;
export const higherTerm = (a: Term | null, b: Term | null): Term | null => (compareTerms(a, b) >= 0 ? a : b);
export const termText = ({ number, hub }: Term): string => `${number} of ${hub}`;
export const stampOf = ({ term, version }: Stamp): Stamp => ({ term, version });

/** The services that a node is to run by this table. */
export function ownedBy(node: string, table: Table): readonly string[] {
  return Object.entries(table.owners).flatMap(([service, owner]) =>
    owner.node === node && !owner.release ? [service] : [],
  );
}

/**
 * More than half of the site's nodes, or half of them with the first in order. Any two quorums share a
 * node: the two halves of an even site cannot both have its first.
 */
export function isQuorum(present: ReadonlySet<string>, nodes: readonly string[]): boolean {
  const count = nodes.filter((node) => present.has(node)).length;
  return count * 2 > nodes.length || (count * 2 === nodes.length && present.has(nodes[0] ?? ""));
}

/** What may happen to the services of a node that is not seen (docs/adr/0016). */
export type Unseen = "keep" | "lease" | "availability";

/** What all nodes of a site are configured with alike; times in milliseconds. */
export interface SiteSettings {
  /** Every node of the site, in order of preference for new services. */
  readonly nodes: readonly string[];
  /** Those that may be hub, in order of preference. */
  readonly candidates: readonly string[];
  readonly unseen: Unseen;
  /** From one beacon or beat to the next. */
  readonly beatMs: number;
  /** A hub that was not heard for so long is none. */
  readonly takeOverMs: number;
  /** A better candidate takes the role from a hub that it has heard for so long; null: never. */
  readonly preferMs: number | null;
  /** lease: how long an owner may run without a grant. availability: how long a node is waited for. */
  readonly leaseMs: number;
}

/** A hub grants only while a quorum has answered a beacon of the last so many milliseconds. */
export const authorityMs = ({ takeOverMs }: SiteSettings): number => takeOverMs;
/** A service is to be gone when its lease ends: its end begins so much earlier. */
export const leaseMarginMs = ({ leaseMs }: SiteSettings): number => leaseMs / 5;
/** Clocks of two nodes run apart by less than this. */
export const CLOCK_DRIFT = 0.01;
