/** Who is to own which service next: by the table so far, what the members tell, and what the site is to run. Pure. */
import type { Lead } from "./lead.js";
import { type Facts, fits } from "./messages.js";
import {
  authorityMs,
  CLOCK_DRIFT,
  compareStamps,
  type Owner,
  type SiteSettings,
  type Table,
} from "./terms.js";

type Reign = Lead & { readonly table: Table };

/**
 * A service stays where it is; what nobody owns goes to whom it is found with, or to the first node in
 * order that is there and offers what it needs. `moved`: nodes that lost services without being asked.
 */
export function nextOwners(
  lead: Reign,
  facts: Facts,
  now: number,
  settings: SiteSettings,
): { readonly owners: Readonly<Record<string, Owner>>; readonly moved: readonly string[] } {
  const owners = new Map<string, Owner>();
  const moved = new Set<string>();
  for (const [service, owner] of Object.entries(lead.table.owners)) {
    if (!settings.nodes.includes(owner.node)) continue; // taken out of the site by its operator
    if (owner.release && hasReleased(lead, owner.node, service)) continue;
    if (
      isLost(lead, owner.node, now, settings) &&
      placeFor(service, lead, facts, now, settings, owner.node)
    ) {
      moved.add(owner.node);
      continue;
    }
    owners.set(service, facts.buried.includes(service) ? { ...owner, release: true } : owner);
  }
  for (const node of settings.nodes) {
    for (const service of lead.seen.get(node)?.beat.holds ?? []) {
      if (owners.has(service) || facts.buried.includes(service) || moved.has(node)) continue;
      owners.set(service, { node, release: false });
    }
  }
  for (const service of Object.keys(facts.wanted).sort()) {
    if (owners.has(service)) continue;
    const node = placeFor(service, lead, facts, now, settings);
    if (node) owners.set(service, { node, release: false });
  }
  return { owners: Object.fromEntries([...owners].sort(([a], [b]) => (a < b ? -1 : 1))), moved: [...moved] };
}

/** It obeys this very table, by which it is to let it go, and nothing of it is left there. */
function hasReleased({ seen, table }: Reign, node: string, service: string): boolean {
  const beat = seen.get(node)?.beat;
  return beat !== undefined && compareStamps(beat.obeyed, table) === 0 && !beat.holds.includes(service);
}

/** Whether a node's services may be given to others though it was not asked (docs/adr/0016). */
function isLost(lead: Reign, node: string, now: number, settings: SiteSettings): boolean {
  const { unseen, leaseMs, takeOverMs } = settings;
  const seenAt = lead.seen.get(node)?.at ?? null;
  const begun = lead.establishedAt ?? now;
  if (unseen === "keep" || (seenAt !== null && now - seenAt < takeOverMs)) return false;
  if (unseen === "availability") return now - (seenAt ?? begun) >= leaseMs;
  const slower = 1 + 2 * CLOCK_DRIFT;
  const grantedAt = lead.grantedAt.get(node) ?? Number.NEGATIVE_INFINITY;
  // Until then an earlier hub may have granted, and its last grant lasts a lease from then.
  const unknown = begun + (authorityMs(settings) + leaseMs) * slower;
  return now >= Math.max(unknown, grantedAt + leaseMs * slower);
}

function placeFor(
  service: string,
  lead: Reign,
  { wanted }: Facts,
  now: number,
  { nodes, takeOverMs }: SiteSettings,
  except?: string,
): string | null {
  const need = wanted[service];
  if (need === undefined) return null;
  const able = nodes.find((node) => {
    const seen = lead.seen.get(node);
    const isThere = seen !== undefined && now - seen.at < takeOverMs;
    return node !== except && isThere && fits(need, seen.beat.offer);
  });
  return able ?? null;
}
