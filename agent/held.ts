/**
 * Tells the controller what this node holds and it does not know: it was restored from an old copy of its data. It takes
 * what is newer than what it has, with which its root digest becomes that of this node, so nothing need be answered.
 */
import type { BusClient } from "../bus/client.js";
import { envelopeMaker, type TimeAndChance } from "../bus/envelope.js";
import type { NodeId, SiteId } from "../model/ids.js";
import { topics } from "../model/topics.js";
import type { HeldObject } from "./catalogue.js";

export interface Teller extends TimeAndChance {
  readonly client: Pick<BusClient, "publish">;
  readonly site: SiteId;
  readonly node: NodeId;
}

/** One after the other, packages first: a service is taken with its package. Rejects where the connection is lost. */
export async function tellHeld(
  { client, site, node, ...chance }: Teller,
  objects: readonly HeldObject[],
): Promise<void> {
  const envelope = envelopeMaker(chance);
  const packages = objects.filter(({ kind }) => kind === "package");
  const services = objects.filter(({ kind }) => kind === "service");
  for (const { kind, id, revision, body } of [...packages, ...services]) {
    const content = body === null ? { deleted: true } : { [kind]: body };
    await client.publish(topics.held(site, node, kind, id), { ...envelope(), revision, ...content });
  }
}
