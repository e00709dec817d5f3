/** A relay that reads what a client acknowledges: each PUBACK that it sends (MQTT 3.1.1 §3.4). */
import { createConnection, createServer, type Socket } from "node:net";
import type { Test } from "tap";

export interface AcknowledgementTap {
  readonly port: number;
  /** PUBACKs that the client has sent so far. */
  pubacks(): number;
  cut(): void;
}

const PUBACK = 0x40;

export async function acknowledgementTap(
  t: Pick<Test, "teardown">,
  target: number,
): Promise<AcknowledgementTap> {
  const sockets = new Set<Socket>();
  let seen = 0;
  const server = createServer((near) => {
    const far = createConnection(target, "127.0.0.1");
    const parse = packetTypes((type) => {
      if (type === PUBACK) seen += 1;
    });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
      from.pipe(to);
    }
    near.on("data", parse);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  t.teardown(() => {
    cut();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, pubacks: () => seen, cut };
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
