/** What stands between a client and its server, and can be broken. */
import { createConnection, createServer, type Socket } from "node:net";
import type { Test } from "tap";
import type { Address } from "./own-address.js";

export interface Relay {
  readonly port: number;
  cut(): void;
  /** Cut, and nobody comes through until it is mended. */
  shut(): void;
  mend(): void;
  freeze(): void;
  /** What the client of the newest connection sends waits until the function returned is called. */
  holdUp(): () => void;
  /** Carried so far, both ways: MQTT, without the headers of TCP and IP. */
  bytes(): number;
}

/**
 * A TCP relay whose connections can be cut, so that a client is lost without a DISCONNECT, or frozen: they stay
 * open and carry nothing any more, as when the other machine or a NAT on the way lost its memory. `listen`, called for each
 * connection, gives what hears its client.
 */
export async function relay(
  t: Pick<Test, "teardown">,
  target: number | Address,
  listen?: () => (chunk: Buffer) => void,
): Promise<Relay> {
  const sockets = new Set<Socket>();
  let carried = 0;
  let pair: readonly [Socket, Socket] | undefined;
  let isShut = false;
  const server = createServer((near) => {
    if (isShut) return void near.destroy();
    const far = createConnection(typeof target === "number" ? { host: "127.0.0.1", port: target } : target);
    pair = [near, far];
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
      from.on("data", (chunk) => {
        carried += chunk.length;
      });
      from.pipe(to);
    }
    if (listen) near.on("data", listen());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const freeze = (): void => {
    for (const socket of sockets) socket.unpipe().pause();
  };
  t.teardown(() => {
    cut();
    server.close();
  });
  const holdUp = (): (() => void) => {
    const [near, far] = pair ?? [];
    if (!near || !far) throw new Error("no connection to hold up");
    near.unpipe().pause();
    return () => void near.pipe(far);
  };
  return {
    port: (server.address() as { port: number }).port,
    cut,
    shut() {
      isShut = true;
      cut();
    },
    mend() {
      isShut = false;
    },
    freeze,
    holdUp,
    bytes: () => carried,
  };
}
