/** A relay that reads what a client acknowledges: each PUBACK that it sends (MQTT 3.1.1 §3.4). */
import type { Test } from "tap";
import { type Relay, relay } from "./relay.js";

export interface AcknowledgementTap extends Relay {
  /** PUBACKs that the client has sent so far. */
  pubacks(): number;
}

const PUBACK = 0x40;

export async function acknowledgementTap(
  t: Pick<Test, "teardown">,
  target: number,
): Promise<AcknowledgementTap> {
  let seen = 0;
  const count = (type: number): void => {
    if (type === PUBACK) seen += 1;
  };
  const wire = await relay(t, target, () => packetTypes(count));
  return { ...wire, pubacks: () => seen };
}

/** Calls back with the type of each packet, from its fixed header (§2.2). */
function packetTypes(found: (type: number) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      let length = 0;
      let at = 1;
      for (let shift = 0; ; shift += 7, at += 1) {
        const byte = rest[at];
        if (byte === undefined) return;
        length += (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      if (rest.length < at + 1 + length) return;
      found((rest[0] ?? 0) & 0xf0);
      rest = rest.subarray(at + 1 + length);
    }
  };
}
