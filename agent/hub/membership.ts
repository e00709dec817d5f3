/**
 * Between catalogue and loop in a site of several nodes: of all the site's services the loop gets those that
 * are this node's. Those applied at the node are always its own.
 */
import type { Observed } from "../domain/observed.js";
import type { Tombstone } from "../domain/plan-leaving.js";
import type { Place } from "../domain/site/member.js";
import type { Facts } from "../domain/site/messages.js";
import type { DesiredService } from "../domain/target.js";
import type { Origin } from "../store/journal.js";
import { factsOf } from "./facts.js";

/** `elsewhere`: services that are not this node's to run: what is left of them here goes. */
export type SetServices = (
  services: readonly DesiredService[],
  tombstones: readonly Tombstone[],
  elsewhere?: readonly string[],
) => void;

export interface MembershipOptions {
  readonly place: (serviceId: string) => Place;
  readonly originOf: (serviceId: string) => Origin | null;
  readonly observe: () => Observed;
  readonly ports: readonly string[];
  readonly setServices: SetServices;
}

export function createMembership({ place, originOf, observe, ports, setServices }: MembershipOptions) {
  let services: readonly DesiredService[] = [];
  let tombstones: readonly Tombstone[] = [];
  let present: readonly string[] = [];
  const isSites = ({ request }: DesiredService): boolean => originOf(request.id) !== "local";
  const apply = (): void => {
    const placeOf = (service: DesiredService): Place =>
      isSites(service) ? place(service.request.id) : "here";
    const at = (wanted: Place) => services.filter((service) => placeOf(service) === wanted);
    setServices(
      at("here"),
      tombstones,
      at("elsewhere").map(({ request }) => request.id),
    );
  };
  return {
    /** From the catalogue. */
    changed(next: readonly DesiredService[], buried: readonly Tombstone[]): void {
      services = next;
      tombstones = buried;
      apply();
    },
    ownersChanged: apply,
    /** What this node held when it was stopped: it is not gone until it was looked for. */
    held(ids: readonly string[]): void {
      present = ids;
    },
    facts(): Facts {
      const buried = tombstones.map(({ id }) => id);
      const input = { services: services.filter(isSites), tombstones: buried, observed: observe(), ports };
      const facts = factsOf(input, present);
      present = facts.present;
      return facts;
    },
  };
}
