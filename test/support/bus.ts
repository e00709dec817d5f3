/** Brokers, clients and bad links for tests of the bus. */
import { createServer, type Socket } from "node:net";
import type { Test } from "tap";
import { type Broker, type BrokerOptions, startBroker } from "../../bus/broker.js";
import { type BusClient, createBusClient } from "../../bus/client.js";
import { envelopeMaker } from "../../bus/envelope.js";
import { silentLog } from "../../bus/log.js";

export const time = { clock: Date.now, random: Math.random };
export const envelope = envelopeMaker(time);
export const status = (value: "online" | "offline") => ({ ...envelope(), status: value });

type Tap = Pick<Test, "teardown">;

export const broker = (t: Tap, options: Partial<BrokerOptions> = {}): Promise<Broker> =>
  startBroker({ host: "127.0.0.1", port: 0, log: silentLog, ...options }).then((started) => {
    t.teardown(started.stop);
    return started;
  });

export function client(
  t: Tap,
  port: number,
  clientId: string,
  more: Partial<Parameters<typeof createBusClient>[0]> = {},
): BusClient {
  const backoff = { baseMs: 20, capMs: 100 };
  const made = createBusClient({
    url: `mqtt://127.0.0.1:${port}`,
    clientId,
    ...time,
    backoff,
    log: silentLog,
    ...more,
  });
  t.teardown(made.stop);
  return made;
}

/** A server that takes CONNECT, answers CONNACK, and then nothing. */
export async function mute(t: Tap): Promise<{ port: number; sockets: readonly Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => socket.destroy());
    socket.once("data", () => socket.write(Buffer.from([0x20, 2, 0, 0])));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, sockets };
}
