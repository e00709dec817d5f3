/** The network: who can reach which broker over which link, and sessions (bus/session.ts) across it. */
import type { OnMessage, Session, SessionOptions } from "../../../bus/session.js";
import { LightmanoError } from "../../../model/errors.js";
import type { Random } from "../time/random.js";
import type { Process, Scheduler } from "../time/scheduler.js";
import type { Attached, BrokerModel, Packet } from "./broker-model.js";
import { type End, type Link, Wire } from "./wire.js";

/** A broker that listens: the process that it lives in, and its state. */
export interface Listener {
  readonly process: Process;
  readonly broker: BrokerModel;
}

export interface Network {
  /** The broker under this URL from now on; null: connections are refused. */
  listen(url: string, listener: Listener | null): void;
  /** `openSession` for a process that is at this end of the link to a URL. */
  sessionsOver(
    linkTo: (url: string) => Link,
  ): (options: SessionOptions, onMessage: OnMessage, signal: AbortSignal) => Promise<Session>;
  setUp(link: Link, up: boolean): void;
  /** A process died, its machine goes on: its sockets are closed. */
  died(process: Process): void;
  /** The machine that a process was on lost its power. */
  vanished(process: Process): void;
  readonly wires: ReadonlySet<Wire>;
}

export function createNetwork(scheduler: Scheduler, random: Random): Network {
  const listeners = new Map<string, Listener>();
  const wires = new Set<Wire>();
  const endsOf = (process: Process): readonly (readonly [Wire, End])[] =>
    [...wires].flatMap((wire) =>
      ([0, 1] as const).flatMap((end) => (wire.ownerOf(end) === process ? [[wire, end] as const] : [])),
    );

  return {
    wires,
    listen(url, listener) {
      if (listener) listeners.set(url, listener);
      else listeners.delete(url);
    },
    setUp(link, up) {
      if (link.up === up) return;
      link.up = up;
      if (!up) link.outages += 1;
      for (const wire of [...link.wires]) up ? wire.linkUp() : wire.linkDown();
    },
    died(process) {
      for (const [wire, end] of endsOf(process)) wire.close(end, "connection reset");
      forget();
    },
    vanished(process) {
      for (const [wire, end] of endsOf(process)) wire.vanish(end);
      forget();
    },
    sessionsOver: (linkTo) => (options, onMessage, signal) =>
      openSession(
        { scheduler, random, link: linkTo(options.url), wires, find: (url) => listeners.get(url) ?? null },
        options,
        onMessage,
        signal,
      ),
  };

  function forget(): void {
    for (const wire of wires) if (!wire.isOpen) wires.delete(wire);
  }
}

interface Place {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly link: Link;
  readonly wires: Set<Wire>;
  readonly find: (url: string) => Listener | null;
}

/** Bytes of a packet's headers, and of one that has nothing else. */
const HEADER_BYTES = 8;
const END_GRACE_MS = 1_000;

const unreachable = (what: string, reason: string): LightmanoError =>
  new LightmanoError("agent.unreachable", `${what}: ${reason}`);

async function openSession(
  { scheduler, random, link, wires, find }: Place,
  options: SessionOptions,
  onMessage: OnMessage,
  signal: AbortSignal,
): Promise<Session> {
  signal.throwIfAborted();
  const { url, clientId, clean, will, keepaliveS } = options;
  const client = scheduler.current();
  const after = (delayMs: number, work: () => void): (() => void) => {
    const timer = scheduler.after(delayMs, client, work);
    return () => scheduler.cancel(timer);
  };
  const waiting = new Set<(reason: string) => void>();
  let isOver = false;
  let resolveEnded: (reason: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => {
    resolveEnded = resolve;
  });
  let attached: Attached | null = null;
  const over = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    wires.delete(wire);
    resolveEnded(reason);
    for (const reject of [...waiting]) reject(reason);
    waiting.clear();
  };
  const listener = find(url);
  const wire = new Wire({
    scheduler,
    random,
    link,
    owners: [client, listener?.process ?? scheduler.world],
    // What the broker does not hear within one and a half times the keep-alive is gone (MQTT 3.1.1 §3.1.2.10).
    patienceMs: [keepaliveS * 1_000, keepaliveS * 1_500],
    ended(end, reason) {
      if (end === 0) over(reason);
      else attached?.lost();
    },
  });
  wires.add(wire);

  /** Resolves when the answer is in; rejects when the connection ends before. */
  const request = (
    what: string,
    bytes: number,
    atBroker: (answer: () => void) => void,
    timeoutMs: number,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      if (isOver) return reject(unreachable(what, "not connected"));
      const lost = (reason: string): void => {
        cancel();
        reject(unreachable(what, reason));
      };
      const cancel = after(timeoutMs, () => {
        wire.close(0, "given up");
        over(`unanswered after ${timeoutMs} ms`);
      });
      waiting.add(lost);
      const answered = (): void => {
        cancel();
        waiting.delete(lost);
        resolve();
      };
      wire.send(0, bytes, () => atBroker(() => wire.send(1, HEADER_BYTES, answered)));
    });
  const deliver = (packet: Packet): void =>
    wire.send(1, packet.topic.length + packet.payload.length + HEADER_BYTES, () => {
      if (isOver) return;
      const { topic, payload, retained, packetId } = packet;
      const stored = onMessage({ topic, payload: Buffer.from(payload), retained });
      const acknowledge = (): void => {
        if (packetId !== null && !isOver) wire.send(0, HEADER_BYTES, () => attached?.acknowledge(packetId));
      };
      if (stored) void stored.then(acknowledge, () => undefined);
      else acknowledge();
    });

  const abort = (): void => {
    wire.close(0, "given up");
    over("aborted");
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    await request(
      url,
      clientId.length + HEADER_BYTES,
      (answer) => {
        // It may have ended while this was on its way, in a process that goes on.
        if (!listener?.process.alive || find(url) !== listener) return wire.fail(0, "connection refused");
        answer(); // CONNACK goes ahead of what the broker kept
        attached = listener.broker.connect(
          { clientId, clean, will },
          { deliver, close: (reason) => wire.close(1, reason) },
        );
      },
      options.connectTimeoutMs,
    );
  } catch (error) {
    wire.close(0, "given up");
    over("not connected");
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }

  return {
    ended,
    publish(topic, payload, flags) {
      const bytes = topic.length + payload.length + HEADER_BYTES;
      if (flags.qos === 0) {
        if (isOver) return Promise.reject(unreachable(topic, "not connected"));
        wire.send(0, bytes, () => attached?.publish(topic, payload, flags));
        return Promise.resolve();
      }
      return request(
        topic,
        bytes,
        (answer) => {
          attached?.publish(topic, payload, flags);
          answer();
        },
        options.answerTimeoutMs,
      );
    },
    subscribe(patterns) {
      const bytes = [...patterns.keys()].join("").length + HEADER_BYTES;
      return request(
        "subscribe",
        bytes,
        (answer) => attached?.subscribe(patterns, answer),
        options.answerTimeoutMs,
      );
    },
    async end() {
      if (isOver) return;
      wire.send(0, HEADER_BYTES, () => {
        attached?.disconnect();
        wire.close(1, "connection closed");
      });
      const cancel = after(END_GRACE_MS, () => {
        wire.close(0, "connection closed");
        over("connection closed");
      });
      await ended;
      cancel();
    },
  };
}
