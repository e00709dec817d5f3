import type { NodeId, SiteId } from "../model/ids.js";
import type { Envelope } from "../model/messages/envelope.js";
import { topics } from "../model/topics.js";
import type { BusClient } from "./client.js";
import type { OutboxLink } from "./outbox.js";

/** What the outbox needs of the bus client, for one node. Subscribes to the node's acknowledgements. */
export async function reportLink(
  client: BusClient,
  site: SiteId,
  node: NodeId,
  envelope: () => Envelope,
): Promise<OutboxLink> {
  await client.subscribe([topics.reportAck(site, node)], 1, "unless-kept");
  return {
    connected: client.connected,
    onChange: client.onChange,
    send: (report) => client.publish(topics.report(site, node), { ...envelope(), ...report }),
    onAck: (listener) =>
      client.on("reportAck", (ack, at) => {
        if (at.site === site && at.node === node) listener(ack);
      }),
  };
}
