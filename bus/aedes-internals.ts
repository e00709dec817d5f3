/** What we change inside aedes 1.2 that it has no option for. All knowledge of its insides is in this file. */
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { Aedes } from "aedes";
import type { Log } from "./log.js";
import type { RetainedTrie } from "./retained.js";

export interface RetainedPacket {
  readonly topic: string;
  readonly payload: Buffer | string;
}

interface RetainedPersistence {
  storeRetained(packet: RetainedPacket): Promise<void>;
  createRetainedStream(pattern: string): Readable;
  createRetainedStreamCombi(patterns: readonly string[]): Readable;
}

/** Puts a trie in the place of the persistence's list of retained messages, which it walks at every SUBSCRIBE. */
export function useRetainedTrie(aedes: Aedes, trie: RetainedTrie<RetainedPacket>): void {
  const persistence = (aedes as unknown as { readonly persistence: RetainedPersistence }).persistence;
  persistence.storeRetained = async (packet) => {
    if (packet.payload.length === 0) trie.delete(packet.topic);
    else trie.set(packet.topic, { ...packet });
  };
  persistence.createRetainedStream = (pattern) => Readable.from([...trie.match(pattern)]);
  // Two patterns of one SUBSCRIBE may overlap: each topic is sent once.
  persistence.createRetainedStreamCombi = (patterns) =>
    Readable.from(new Set(patterns.flatMap((pattern) => [...trie.match(pattern)])));
}

interface SessionPersistence {
  outgoingEnqueueCombi(subscribers: readonly { clientId: string }[], packet: object): Promise<void>;
  outgoingClearMessageId(client: { id: string }, packet: object): Promise<object | undefined>;
}

/**
 * The memory persistence keeps without bound what a client with a kept session has not acknowledged. Here
 * what is beyond the limit is not kept: desired state comes again as retained, reports are sent again.
 */
export function limitQueues(aedes: Aedes, limit: number, log: Log): void {
  const persistence = (aedes as unknown as { readonly persistence: SessionPersistence }).persistence;
  const enqueue = persistence.outgoingEnqueueCombi.bind(persistence);
  const clear = persistence.outgoingClearMessageId.bind(persistence);
  const queued = new Map<string, number>();
  persistence.outgoingEnqueueCombi = (subscribers, packet) => {
    const within = subscribers.filter(({ clientId }) => (queued.get(clientId) ?? 0) < limit);
    for (const { clientId } of within) queued.set(clientId, (queued.get(clientId) ?? 0) + 1);
    if (within.length < subscribers.length)
      log.warn({ limit, dropped: subscribers.length - within.length }, "broker: a client's queue is full");
    return enqueue(within, packet);
  };
  persistence.outgoingClearMessageId = async (client, packet) => {
    const cleared = await clear(client, packet);
    const left = (queued.get(client.id) ?? 0) - 1;
    if (cleared && left > 0) queued.set(client.id, left);
    else if (cleared) queued.delete(client.id);
    return cleared;
  };
}

interface PacketParser {
  readonly packet: { readonly length: number };
  /** True once the remaining length (MQTT 3.1.1 §2.2.3) is read whole. */
  _parseLength(): boolean;
}

/** aedes takes packets of up to 256 MB. Here the client is dropped as soon as the header told a greater length. */
export function limitPacketSize(client: unknown, socket: Socket, maxBytes: number, log: Log): void {
  const { _parser: parser } = client as { readonly _parser: PacketParser };
  const parseLength = parser._parseLength.bind(parser);
  parser._parseLength = () => {
    const known = parseLength();
    const length = parser.packet.length;
    if (!known || length <= maxBytes) return known;
    log.warn({ length, maxBytes, remote: socket.remoteAddress }, "broker drops a client: packet too large");
    socket.destroy();
    return false;
  };
}
