import { digestOf } from "../model/digest.js";
import type { Digest } from "../model/ids.js";
import type { DesiredKind } from "../model/messages/desired.js";

/** A desired object as far as the root digest knows it: tombstones count, contents do not. */
export interface DesiredEntry {
  readonly kind: DesiredKind;
  readonly id: string;
  readonly revision: number;
  readonly deleted: boolean;
}

/**
 * Root digest over a site's desired objects. The controller publishes it, the site computes it over what
 * it holds: equal roots mean that nothing was missed. The order in which objects came does not matter.
 */
export function desiredRoot(entries: Iterable<DesiredEntry>): { root: Digest; objects: number } {
  const rows = [...entries].map(({ kind, id, revision, deleted }) => [kind, id, revision, deleted] as const);
  rows.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  return { root: digestOf(rows), objects: rows.length };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
