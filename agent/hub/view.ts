/** What a node can say of its site: `lightmano site show`, and parts of `status` and `why`. */

import type { Lead } from "../domain/site/lead.js";
import { leaseHolds } from "../domain/site/member.js";
import { hubOf, type SiteNode } from "../domain/site/node.js";
import { isQuorum, type SiteSettings, type Term, type Unseen } from "../domain/site/terms.js";

export interface SiteView {
  readonly node: string;
  readonly role: "hub" | "candidate" | "member";
  /** Whose word this node goes by, or null: no hub is heard. */
  readonly hub: string | null;
  readonly term: Term | null;
  /** The highest term in this node's journal. */
  readonly journalled: Term | null;
  /** Of the table of owners that this node obeys. */
  readonly version: number | null;
  readonly unseen: Unseen;
  /** Hub: whether it hears enough nodes to give out what is new. Null: not the hub. */
  readonly quorum: boolean | null;
  /** Of a site with leases: whether this node's holds. */
  readonly lease: boolean | null;
  readonly nodes: readonly {
    readonly node: string;
    readonly candidate: boolean;
    /** Milliseconds since its last beat; null: not heard in this reign, or this node is not the hub. */
    readonly heardMs: number | null;
    readonly services: readonly string[];
  }[];
  /** Wanted services that no node owns. */
  readonly unowned: readonly string[];
  /** Those of them whose package this node has not. */
  readonly withoutPackage: readonly string[];
}

export function viewOf(node: SiteNode | null, settings: SiteSettings, self: string, now: number): SiteView {
  const hub = node && hubOf(node, now);
  const table = node?.promises.obeyed ?? null; // what a hub proposes is nothing before a quorum has it
  const owners = Object.entries(table?.owners ?? {});
  const isHub = node?.election.role === "hub";
  const heardMs = (name: string): number | null => {
    const at = node?.lead?.seen.get(name)?.at;
    return at === undefined ? null : Math.max(0, Math.round(now - at));
  };
  const wanted = Object.entries(node?.facts.wanted ?? {});
  const unowned = wanted.filter(([service]) => !table || !(service in table.owners));
  return {
    node: self,
    role: isHub ? "hub" : settings.candidates.includes(self) ? "candidate" : "member",
    hub: hub?.hub ?? null,
    term: hub?.term ?? null,
    journalled: node?.promises.adopted ?? null,
    version: node?.promises.obeyed?.version ?? null,
    unseen: settings.unseen,
    quorum: isHub && node?.lead ? hearsQuorum(node.lead, settings, now) : null,
    lease: settings.unseen === "lease" && node ? leaseHolds(node.lease, now, settings) : null,
    nodes: settings.nodes.map((name) => ({
      node: name,
      candidate: settings.candidates.includes(name),
      heardMs: heardMs(name),
      services: owners.flatMap(([service, owner]) => (owner.node === name ? [service] : [])),
    })),
    unowned: unowned.map(([service]) => service),
    withoutPackage: unowned.flatMap(([service, needs]) => (needs === "missing" ? [service] : [])),
  };
}

function hearsQuorum({ table, seen }: Lead, settings: SiteSettings, now: number): boolean {
  if (!table) return false;
  const heard = [...seen].flatMap(([name, { at }]) => (now - at < settings.takeOverMs ? [name] : []));
  return settings.unseen === "availability" || isQuorum(new Set(heard), settings.nodes);
}

/** One sentence on who owns a service, for `why`. */
export function ownerText(view: SiteView, serviceId: string): string {
  const by =
    view.version === null || !view.journalled
      ? "from before the site had a hub"
      : `by term ${view.journalled.number} of ${view.journalled.hub}`;
  const owner = view.nodes.find(({ services }) => services.includes(serviceId));
  if (owner)
    return `${owner.node === view.node ? "owned by this node" : `owned by node ${owner.node}`} ${by}`;
  return `owned by no node: ${whyUnowned(view, serviceId)}`;
}

function whyUnowned({ hub, quorum, withoutPackage }: SiteView, serviceId: string): string {
  if (hub === null) return "no hub is heard";
  if (quorum === false) return "the hub does not hear a quorum of the site's nodes";
  if (withoutPackage.includes(serviceId))
    return "its package has not come to this node yet, and a hub gives out no service whose package it has not";
  return "no node that is there offers what it needs, or the hub has not decided yet";
}
