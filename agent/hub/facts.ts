/** What a node tells its site of itself: what it is to run, what it has, what it offers. */

import type { Observed } from "../domain/observed.js";
import { latest } from "../domain/planning.js";
import type { Facts, Wanted } from "../domain/site/messages.js";
import type { DesiredService } from "../domain/target.js";

export interface FactsInput {
  /** The controller's services; what was applied at the node is its own and nobody else's. */
  readonly services: readonly DesiredService[];
  readonly tombstones: readonly string[];
  readonly observed: Observed;
  readonly ports: readonly string[];
}

/** `before`: what was there when it was looked last; of a driver that is away nothing can be said to be gone. */
export function factsOf(
  { services, tombstones, observed, ports }: FactsInput,
  before: readonly string[],
): Facts {
  const ids = [...services.map(({ request }) => request.id), ...tombstones, ...before];
  const there = functionsOf(observed);
  const present = new Set(ids.filter((id) => there.some((functionId) => functionId.startsWith(`${id}.`))));
  const sees = observed.click.state === "ready" && observed.docker.state === "ready";
  if (!sees) for (const id of before) present.add(id);
  return {
    wanted: Object.fromEntries(services.map((service) => [service.request.id, wantedOf(service)])),
    buried: tombstones,
    present: [...present].sort(),
    offer: {
      ports,
      kinds: [
        ...(observed.click.state === "ready" ? ["lvnf"] : []),
        ...(observed.docker.state === "ready" ? ["container"] : []),
      ],
    },
  };
}

const functionsOf = (observed: Observed): readonly string[] => [
  ...(latest(observed.click)?.processes.keys() ?? []),
  ...(latest(observed.docker)?.containers.keys() ?? []),
];

function wantedOf({ descriptor, problems }: DesiredService): Wanted {
  if (!descriptor) return problems.some(({ code }) => code === "package.missing") ? "missing" : "unreadable";
  return {
    ports: descriptor.saps.map(({ name }) => name),
    kinds: [...new Set(descriptor.functions.map(({ kind }) => kind))],
  };
}
