/**
 * An MQTT 3.1.1 broker as values: what LightMANO relies on, and nothing of sockets or time. It passes the same
 * contract as the embedded one (test/contract/broker.test.ts). Its memory can be lost, or kept and given to
 * the next incarnation.
 */
import { createRetainedTrie, type RetainedTrie } from "../../../bus/retained.js";

export interface Packet {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retained: boolean;
  /** To be acknowledged; null at QoS 0. */
  readonly packetId: number | null;
  readonly duplicate: boolean;
}

export interface Will {
  readonly topic: string;
  readonly payload: string;
}

/** The broker's end of a connection. */
export interface Peer {
  deliver(packet: Packet): void;
  /** The broker ends it: another took its name. */
  close(reason: string): void;
}

export interface Attached {
  publish(topic: string, payload: string, flags: { qos: 0 | 1; retain: boolean }): void;
  /** What is retained follows at once, after what `subscribed` says. */
  subscribe(patterns: ReadonlyMap<string, 0 | 1>, subscribed: () => void): void;
  acknowledge(packetId: number): void;
  /** DISCONNECT: no will is sent. */
  disconnect(): void;
  /** The connection is gone without one. */
  lost(): void;
}

export interface BrokerModel {
  connect(options: { clientId: string; clean: boolean; will?: Will | undefined }, peer: Peer): Attached;
  connected(clientId: string): boolean;
  clients(): number;
  retained(): number;
  /** It ends, and every connection with it. */
  shut(): void;
}

interface Stored {
  readonly topic: string;
  readonly payload: string;
}

interface ClientSession {
  readonly clean: boolean;
  readonly subscriptions: Map<string, 0 | 1>;
  /** QoS 1, sent and not acknowledged, or not sent yet: in the order in which they came. */
  readonly queue: Map<number, Stored & { sent: boolean }>;
  nextPacketId: number;
  online: { readonly peer: Peer; readonly will: Will | undefined } | null;
}

/** What outlives a broker that keeps its memory. */
export interface BrokerMemory {
  readonly retained: RetainedTrie<Stored>;
  readonly sessions: Map<string, ClientSession>;
}

export const emptyMemory = (): BrokerMemory => ({ retained: createRetainedTrie(), sessions: new Map() });

/** As the embedded broker's default. */
const MAX_QUEUED = 1_000;

export function createBrokerModel(memory: BrokerMemory = emptyMemory(), maxQueued = MAX_QUEUED): BrokerModel {
  const { retained, sessions } = memory;
  // What was connected to an earlier incarnation is not to this one.
  for (const [clientId, session] of sessions) {
    if (session.clean) sessions.delete(clientId);
    session.online = null;
  }

  const route = ({ topic, payload }: Stored, publishedQos: 0 | 1): void => {
    for (const session of [...sessions.values()]) {
      const qos = subscribedQos(session, topic);
      if (qos !== null) send(session, { topic, payload }, Math.min(qos, publishedQos) as 0 | 1, false);
    }
  };
  const send = (session: ClientSession, message: Stored, qos: 0 | 1, isRetained: boolean): void => {
    if (qos === 0)
      return session.online?.peer.deliver({
        ...message,
        qos,
        retained: isRetained,
        packetId: null,
        duplicate: false,
      });
    if (session.queue.size >= maxQueued) return;
    const packetId = session.nextPacketId++;
    session.queue.set(packetId, { ...message, sent: session.online !== null });
    session.online?.peer.deliver({ ...message, qos, retained: isRetained, packetId, duplicate: false });
  };
  const publish = (topic: string, payload: string, qos: 0 | 1, retain: boolean): void => {
    if (retain && payload === "") retained.delete(topic);
    else if (retain) retained.set(topic, { topic, payload });
    route({ topic, payload }, qos);
  };

  return {
    connected: (clientId) => sessions.get(clientId)?.online != null,
    clients: () => [...sessions.values()].filter(({ online }) => online !== null).length,
    retained: retained.size,
    shut() {
      for (const [clientId, session] of [...sessions]) {
        const { online } = session;
        leave(clientId, session);
        online?.peer.close("the broker ended");
      }
    },
    connect({ clientId, clean, will }, peer) {
      const before = sessions.get(clientId);
      if (before?.online) end(clientId, before, before.online, "another client took its name");
      const kept = clean ? undefined : sessions.get(clientId);
      const session: ClientSession = kept ?? {
        clean,
        subscriptions: new Map(),
        queue: new Map(),
        nextPacketId: 1,
        online: null,
      };
      sessions.set(clientId, session);
      const online = { peer, will };
      session.online = online;
      for (const [packetId, message] of session.queue) {
        const duplicate = message.sent;
        message.sent = true;
        peer.deliver({
          topic: message.topic,
          payload: message.payload,
          qos: 1,
          retained: false,
          packetId,
          duplicate,
        });
      }
      const isOn = (): boolean => session.online === online;
      return {
        publish(topic, payload, { qos, retain }) {
          if (isOn()) publish(topic, payload, qos, retain);
        },
        subscribe(patterns, subscribed) {
          if (!isOn()) return;
          for (const [pattern, qos] of patterns) session.subscriptions.set(pattern, qos);
          subscribed();
          const matching = new Map<string, { message: Stored; qos: 0 | 1 }>();
          for (const [pattern, qos] of patterns)
            for (const message of retained.match(pattern)) matching.set(message.topic, { message, qos });
          for (const { message, qos } of matching.values()) send(session, message, qos, true);
        },
        acknowledge(packetId) {
          if (isOn()) session.queue.delete(packetId);
        },
        disconnect() {
          if (isOn()) leave(clientId, session);
        },
        lost() {
          if (isOn()) end(clientId, session, online, null);
        },
      };
    },
  };

  function end(
    clientId: string,
    session: ClientSession,
    { peer, will }: NonNullable<ClientSession["online"]>,
    reason: string | null,
  ): void {
    leave(clientId, session);
    if (reason !== null) peer.close(reason);
    if (will) publish(will.topic, will.payload, 1, true);
  }
  function leave(clientId: string, session: ClientSession): void {
    session.online = null;
    if (session.clean && sessions.get(clientId) === session) sessions.delete(clientId);
  }
}

/** Of the patterns that match, the highest; null: none does. */
function subscribedQos({ subscriptions }: ClientSession, topic: string): 0 | 1 | null {
  let found: 0 | 1 | null = null;
  for (const [pattern, qos] of subscriptions) {
    if (matches(pattern, topic)) found = found === 1 ? 1 : qos;
  }
  return found;
}

/** MQTT 3.1.1 §4.7. */
export function matches(pattern: string, topic: string): boolean {
  const names = topic.split("/");
  const wanted = pattern.split("/");
  if (topic.startsWith("$") && (wanted[0] === "#" || wanted[0] === "+")) return false;
  for (const [at, level] of wanted.entries()) {
    if (level === "#") return true;
    if (at >= names.length || (level !== "+" && level !== names[at])) return false;
  }
  return wanted.length === names.length;
}
