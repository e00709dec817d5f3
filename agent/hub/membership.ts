/**
 * Between catalogue and loop in a site of several nodes: of all the site's services the loop gets those that
 * are this node's. Those applied at the node are always its own.
 */

import type { Observed } from "../domain/observed.js";
import type { Facts } from "../domain/site/messages.js";
import type { DesiredService } from "../domain/target.js";
import type { Origin } from "../store/journal.js";
import { factsOf } from "./facts.js";

export interface MembershipOptions {
  readonly owns: (serviceId: string) => boolean;
  readonly originOf: (serviceId: string) => Origin | null;
  readonly observe: () => Observed;
  readonly ports: readonly string[];
  readonly setServices: (services: readonly DesiredService[], tombstones: readonly string[]) => void;
}

export function createMembership({ owns, originOf, observe, ports, setServices }: MembershipOptions) {
  let services: readonly DesiredService[] = [];
  let tombstones: readonly string[] = [];
  let present: readonly string[] = [];
  const isSites = ({ request }: DesiredService): boolean => originOf(request.id) !== "local";
  const apply = (): void =>
    setServices(
      services.filter((service) => !isSites(service) || owns(service.request.id)),
      tombstones,
    );
  return {
    /** From the catalogue. */
    changed(next: readonly DesiredService[], buried: readonly string[]): void {
      services = next;
      tombstones = buried;
      apply();
    },
    ownersChanged: apply,
    /** What this node had before its site had a hub, or held when it was stopped: not gone until it was looked for. */
    held(ids: readonly string[]): void {
      present = ids;
    },
    facts(): Facts {
      const facts = factsOf(
        { services: services.filter(isSites), tombstones, observed: observe(), ports },
        present,
      );
      present = facts.present;
      return facts;
    },
  };
}
