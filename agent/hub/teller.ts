/** What of the site becomes an event of the node: who is hub, what came to this node and what left it. */
import { ownServices } from "../domain/site/member.js";
import type { Wanted } from "../domain/site/messages.js";
import { hubOf, type SiteNode } from "../domain/site/node.js";
import { ownedBy, type SiteSettings, termText } from "../domain/site/terms.js";

export interface SiteNews {
  readonly object: string;
  readonly type: string;
  readonly cause: string | null;
  readonly rule: string | null;
  readonly detail: string;
}
export type TellSite = (news: SiteNews) => void;

/** Of a service that no node owns, where the hub hears enough nodes to give it to one. */
const whyUnplaced = (wanted: Wanted | undefined): string =>
  wanted === "missing"
    ? "its package has not come to the hub yet"
    : "no node that is there offers its SAPs and drivers";

export function createSiteTeller(self: string, settings: SiteSettings, tell: TellSite) {
  const strangers = new Set<string>();
  /** Services that have no node, with the reason that was told. */
  const unplaced = new Map<string, string>();
  let lastHub: string | null = "";
  let lastBrokerFailure: string | null = null;

  const hubChanged = (next: SiteNode, now: number): void => {
    const hub = hubOf(next, now);
    const text = hub && termText(hub.term);
    if (text === lastHub) return;
    const isFirst = lastHub === "";
    lastHub = text;
    if (!hub && isFirst) return;
    const detail = hub
      ? `${hub.hub === self ? "this node" : `node ${hub.hub}`} is hub, by term ${text}`
      : `no hub is heard; what runs here goes on`;
    const silence = `no beacon for ${settings.takeOverMs} ms`;
    const rule = hub ? "the hub with the highest term is followed" : "a candidate takes over";
    tell({
      object: "site",
      type: hub ? "site.hub" : "site.no-hub",
      cause: hub ? null : silence,
      rule,
      detail,
    });
  };
  const ownersChanged = (before: SiteNode, next: SiteNode): void => {
    const { obeyed } = next.promises;
    if (obeyed === before.promises.obeyed || !obeyed) return;
    const had = before.promises.obeyed ? ownedBy(self, before.promises.obeyed) : [];
    const has = ownedBy(self, obeyed);
    const by = `term ${termText(obeyed.term)}, version ${obeyed.version}`;
    const rule = "a service runs where the table of owners says";
    for (const service of has.filter((one) => !had.includes(one)))
      tell({
        object: `service/${service}`,
        type: "service.assigned",
        cause: by,
        rule,
        detail: `service ${service} is this node's now, by ${by}`,
      });
    for (const service of had.filter((one) => !has.includes(one)))
      tell({
        object: `service/${service}`,
        type: "service.released",
        cause: by,
        rule,
        detail: `service ${service} is this node's no more, by ${by}`,
      });
  };
  const leaseChanged = (before: SiteNode, next: SiteNode, now: number): void => {
    if (settings.unseen !== "lease") return;
    const services = (node: SiteNode) => ownServices(self, node.promises, node.lease, now, settings);
    const owns = next.promises.obeyed ? ownedBy(self, next.promises.obeyed) : [];
    if (owns.length === 0 || services(before).length > 0 === services(next).length > 0) return;
    const holds = services(next).length > 0;
    tell({
      object: "site",
      type: holds ? "site.lease" : "site.lease-ended",
      cause: holds ? null : `no grant for a beat of the last ${settings.leaseMs} ms`,
      rule: "without a lease another node may have this node's services",
      detail: holds
        ? `${owns.join(", ")} may run here again`
        : `${owns.join(", ")} must not run here any more`,
    });
  };
  const placesChanged = ({ lead, facts }: SiteNode): void => {
    if (!lead?.table) return unplaced.clear();
    for (const service of Object.keys(facts.wanted)) {
      const cause = whyUnplaced(facts.wanted[service]);
      if (service in lead.table.owners) unplaced.delete(service);
      else if (unplaced.get(service) !== cause) {
        unplaced.set(service, cause);
        tell({
          object: `service/${service}`,
          type: "service.unplaced",
          cause,
          rule: "a new service goes to the first node in order that offers what it needs",
          detail: `service ${service} has no node yet`,
        });
      }
    }
  };

  return {
    changed(before: SiteNode, next: SiteNode, now: number): void {
      hubChanged(next, now);
      ownersChanged(before, next);
      leaseChanged(before, next, now);
      placesChanged(next);
    },
    /** Once a node: it says so every second. */
    stranger(node: string): void {
      if (strangers.has(node)) return;
      strangers.add(node);
      tell({
        object: "site",
        type: "site.settings-differ",
        cause: `node ${node} has other settings of the site`,
        rule: "nodes that are configured differently do not listen to each other",
        detail: `"hub" in agent.yaml of node ${node} differs from this node's in nodes, candidates or times: make them alike`,
      });
    },
    /** Once, until it can be opened or another reason is in the way: it is tried every few seconds. False: told already. */
    brokerFailed(detail: string): boolean {
      if (detail === lastBrokerFailure) return false;
      lastBrokerFailure = detail;
      tell({
        object: "site",
        type: "site.broker-failed",
        cause: detail,
        rule: "a hub that nobody hears is none",
        detail: `${detail}. It follows the next candidate and tries again every ${settings.takeOverMs} ms: free that address, or give this node another one under "hub" in agent.yaml of all nodes`,
      });
      return true;
    },
    brokerOpened(): void {
      lastBrokerFailure = null;
    },
  };
}
