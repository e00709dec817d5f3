/**
 * The embedded MQTT 3.1.1 broker. It is transport and holds nothing that matters: reports are kept by the
 * nodes until acknowledged, desired state is published again from the controller's store at every start.
 * So its memory may be lost, and any other broker can stand in its place.
 */
import { createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";
import { LightmanoError } from "../model/errors.js";
import { nodeClientId, parseTopic } from "../model/topics.js";
import { limitPacketSize, limitQueues, type RetainedPacket, useRetainedTrie } from "./aedes-internals.js";
import type { Log } from "./log.js";
import { createRetainedTrie, type RetainedTrie } from "./retained.js";

export interface BrokerClient {
  readonly id: string;
  readonly username: string | undefined;
  readonly password: Buffer | undefined;
  readonly remote: string;
}

/** Who may connect, and what they may publish and subscribe to. */
export interface BrokerAuthorisation {
  /** True when this lets everybody do everything: said loudly in the log at start. */
  readonly open: boolean;
  connect(client: BrokerClient): boolean | Promise<boolean>;
  publish(clientId: string, topic: string): boolean;
  subscribe(clientId: string, pattern: string): boolean;
}

export const allowAll: BrokerAuthorisation = {
  open: true,
  connect: () => true,
  publish: () => true,
  subscribe: () => true,
};

export interface BrokerOptions {
  readonly host: string;
  /** 0: any free one, see `Broker.port`. */
  readonly port: number;
  readonly log: Log;
  readonly authorisation?: BrokerAuthorisation;
  readonly maxClients?: number;
  readonly maxPacketBytes?: number;
  /** Messages kept for one client that is away. */
  readonly maxQueued?: number;
}

export interface Broker {
  readonly port: number;
  clients(): number;
  retained(): number;
  stop(): Promise<void>;
}

const DEFAULTS = { maxClients: 10_000, maxPacketBytes: 4 * 1024 * 1024, maxQueued: 1_000 } as const;
/**
 * From a connection to its CONNECT: not less than a client waits (bus/client.ts). While a fleet comes back a CONNECT may be
 * there already and not read yet; to drop its client then makes one more that comes again.
 */
const CONNECT_TIMEOUT_MS = 60_000;

export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { host, log, authorisation = allowAll } = options;
  const {
    maxClients = DEFAULTS.maxClients,
    maxPacketBytes = DEFAULTS.maxPacketBytes,
    maxQueued = DEFAULTS.maxQueued,
  } = options;
  const retained: RetainedTrie<RetainedPacket> = createRetainedTrie();
  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...hooks(authorisation, log),
  });
  useRetainedTrie(aedes, retained);
  limitQueues(aedes, maxQueued, log);
  logConnections(aedes, log);

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.setNoDelay(true);
    limitPacketSize(aedes.handle(socket), socket, maxPacketBytes, log);
  });
  server.maxConnections = maxClients;
  server.on("drop", () => log.warn({ maxClients }, "broker refuses a client: too many"));
  const close = (): Promise<void> => new Promise((resolve) => aedes.close(() => resolve()));
  const port = await listen(server, options.port, host).catch(async (cause: unknown) => {
    await close(); // its timers would keep the process
    throw cause;
  });
  server.on("error", (error) => log.error({ reason: error.message }, "broker socket failed"));
  if (authorisation.open) {
    log.warn(
      { host, port },
      "the MQTT broker is OPEN: no TLS, no accounts, every client may publish and read everything",
    );
  }
  return {
    port,
    clients: () => aedes.connectedClients,
    retained: retained.size,
    async stop() {
      const unbound = new Promise<void>((resolve) => server.close(() => resolve()));
      await close();
      for (const socket of sockets) socket.destroy();
      await unbound;
    },
  };
}

function hooks(authorisation: BrokerAuthorisation, log: Log) {
  const refused = (clientId: string, what: string): void => log.warn({ clientId, what }, "broker refuses");
  return {
    authenticate(
      client: AedesClient,
      username: string | undefined,
      password: Buffer | undefined,
      done: Done,
    ) {
      const remote = (client.conn as Partial<Socket>).remoteAddress ?? "";
      Promise.resolve(authorisation.connect({ id: client.id, username, password, remote })).then(
        (allowed) => {
          if (!allowed) refused(client.id, "connect");
          done(null, allowed);
        },
        (cause: unknown) => {
          log.error({ clientId: client.id, reason: String(cause) }, "authorisation failed");
          done(null, false);
        },
      );
    },
    authorizePublish(
      client: AedesClient | null,
      packet: { topic: string },
      done: (error?: Error | null) => void,
    ) {
      const clientId = client?.id ?? "";
      const allowed = !packet.topic.startsWith("$") && authorisation.publish(clientId, packet.topic);
      if (!allowed) refused(clientId, `publish ${packet.topic}`);
      done(allowed ? null : new Error(`${clientId} may not publish to ${packet.topic}`));
    },
    authorizeForward<P extends { topic: string; payload: Buffer | string }>(
      client: AedesClient,
      packet: P,
    ): P | null {
      return isOwnGreeting(client.id, packet) ? null : packet;
    },
    authorizeSubscribe<S extends { topic: string }>(
      client: AedesClient,
      subscription: S,
      done: (error: Error | null, subscription?: S | null) => void,
    ) {
      const allowed = authorisation.subscribe(client.id, subscription.topic);
      if (!allowed) refused(client.id, `subscribe ${subscription.topic}`);
      done(null, allowed ? subscription : null);
    },
  };
}

/**
 * A node listens to its own status for the will of a connection that was lost before, which may come when it is back. That it is
 * online itself it knows: a quarter of what a rejoin moves. (MQTT 3.1.1 has no way to ask for that.)
 */
function isOwnGreeting(
  clientId: string,
  packet: { readonly topic: string; readonly payload: Buffer | string },
): boolean {
  if (!packet.topic.endsWith("/status")) return false;
  const at = parseTopic(packet.topic);
  return (
    at?.name === "status" &&
    at.node !== null &&
    clientId === nodeClientId(at.site, at.node) &&
    packet.payload.includes('"status":"online"')
  );
}

type AedesClient = ReturnType<Aedes["handle"]>;
type Done = (error: null, success: boolean | null) => void;

function logConnections(aedes: Aedes, log: Log): void {
  aedes.on("clientReady", (client) => log.debug({ clientId: client.id }, "broker: client connected"));
  aedes.on("clientDisconnect", (client) => log.debug({ clientId: client.id }, "broker: client gone"));
  aedes.on("clientError", (client, error) =>
    log.debug({ clientId: client.id, reason: error.message }, "broker: client error"),
  );
  aedes.on("connectionError", (_client, error) =>
    log.debug({ reason: error.message }, "broker: connection error"),
  );
  // aedes emits `error` when its persistence fails; unheard it would end the process.
  (aedes as unknown as { on(event: "error", listener: (error: Error) => void): unknown }).on(
    "error",
    (error) => log.error({ reason: error.message }, "broker failed"),
  );
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new LightmanoError(
          "object.conflict",
          `MQTT broker cannot listen on ${host}:${port}: ${cause.message}`,
          { cause },
        ),
      ),
    );
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}
