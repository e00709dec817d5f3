/**
 * One MQTT connection, from CONNECT to its end. It is never re-used: every attempt makes a new mqtt.js
 * client with empty stores, so nothing that an earlier connection could not deliver hides in memory. What
 * must survive a broken connection lives in the outbox and in retained messages.
 */
import type { Socket } from "node:net";
import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { LightmanoError } from "../model/errors.js";
import { createAcknowledgements } from "./acknowledgements.js";

export interface SessionOptions {
  readonly url: string;
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly will?: { readonly topic: string; readonly payload: string } | undefined;
  /** False: the broker keeps the subscriptions and what was missed at QoS 1 while the client is away. */
  readonly clean: boolean;
  readonly keepaliveS: number;
  /** Until the other machine has taken the TCP connection. */
  readonly connectTimeoutMs: number;
  /** From there to CONNACK: a broker that a whole fleet comes back to at once has many to answer before. Default: as long. */
  readonly connackTimeoutMs?: number;
  /** From a PUBLISH or SUBSCRIBE to its answer; beyond it the connection is ended. */
  readonly answerTimeoutMs: number;
}

/**
 * A promise holds up the acknowledgement of this message, and of those behind it, until it has resolved; they are heard
 * meanwhile. Where it rejects the message was not taken: it is not acknowledged, and comes again over another connection.
 */
export type OnMessage = (message: IncomingMessage) => void | Promise<void>;

export interface IncomingMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retained: boolean;
}

export interface Session {
  /** The broker still knew this client: subscriptions and what waited for it are there. Absent: it did not. */
  readonly resumed?: boolean;
  /** Resolves at PUBACK (QoS 1) or when written (QoS 0); rejects when the connection ends before that. */
  publish(topic: string, payload: string, flags: { qos: 0 | 1; retain: boolean }): Promise<void>;
  /** Resolves at SUBACK; rejects when a pattern was refused. */
  subscribe(patterns: ReadonlyMap<string, 0 | 1>): Promise<void>;
  /** Resolves with the reason once the connection is gone, however that came. */
  readonly ended: Promise<string>;
  /** DISCONNECT, so that no will is sent. A second later at the latest the connection is gone all the same. */
  end(): Promise<void>;
}

const END_GRACE_MS = 1_000;

/** Resolves at CONNACK 0, rejects when refused, unreachable, too late, or aborted. A parameter, for simulation. */
export type OpenSession = (
  options: SessionOptions,
  onMessage: OnMessage,
  signal: AbortSignal,
) => Promise<Session>;

/** A session of mqtt.js over TCP. */
export const openSession: OpenSession = async (options, onMessage, signal) => {
  signal.throwIfAborted();
  const mqtt = connect(options.url, mqttOptions(options));
  const life = watchEnd(mqtt);
  // Registered before CONNACK: a kept session delivers at once what waited for it.
  receive(mqtt, onMessage, life);
  // Small packets and answers in turn: Nagle's algorithm would add 40 ms to each.
  mqtt.stream.once("connect", () => (mqtt.stream as Partial<Socket>).setNoDelay?.(true));
  const reached = limitConnecting(mqtt, life, options);
  const abort = (): void => void mqtt.end(true);
  signal.addEventListener("abort", abort, { once: true });
  let resumed = false;
  try {
    await Promise.race([
      new Promise<void>((resolve) =>
        mqtt.once("connect", ({ sessionPresent }) => {
          resumed = sessionPresent;
          resolve();
        }),
      ),
      life.ended.then((reason) => Promise.reject(unreachable(options.url, reason))),
    ]);
  } finally {
    signal.removeEventListener("abort", abort);
    reached();
  }
  return { ...sessionOf(mqtt, life, options.answerTimeoutMs), resumed };
};

/**
 * A machine that does not take the connection is given up soon; one that took it is waited for, since who gives up and comes again
 * stands at the end of the queue, and makes it longer. Returns what ends both.
 */
function limitConnecting(
  mqtt: MqttClient,
  life: Life,
  { connectTimeoutMs, connackTimeoutMs = connectTimeoutMs }: SessionOptions,
): () => void {
  const limit = (what: string, ms: number) =>
    setTimeout(() => life.fail(new Error(`${what} within ${ms} ms`)), ms);
  let timer = limit("not connected", connectTimeoutMs);
  const connected = (): void => {
    clearTimeout(timer);
    timer = limit("no CONNACK", connackTimeoutMs);
  };
  mqtt.stream.once("connect", connected);
  return () => {
    mqtt.stream.off("connect", connected);
    clearTimeout(timer);
  };
}

/**
 * mqtt.js sends a PUBACK when `handleMessage` calls back, and hears nothing more until then. Told of an error it goes on
 * without: the PUBACK is ours then, four bytes, once what was heard is on disk.
 */
function receive(mqtt: MqttClient, onMessage: OnMessage, life: Life): void {
  const held = createAcknowledgements({
    send(packetId) {
      if (mqtt.connected) mqtt.stream.write(Buffer.from([PUBACK, 2, packetId >> 8, packetId & 0xff]));
    },
    tooManyRefused: (count) => life.fail(new Error(`${count} messages could not be stored`)),
  });
  mqtt.handleMessage = ({ topic, payload, retain, qos, messageId }, next) => {
    const stored = onMessage({ topic, payload: Buffer.from(payload), retained: retain });
    if (qos === 0 || messageId === undefined) {
      stored?.catch(() => undefined); // there is no acknowledgement to withhold
      return next();
    }
    if (!stored && held.idle()) return next();
    held.hold(messageId, payload.length, stored ?? Promise.resolve());
    const room = held.room();
    if (!room) return next(LATER);
    void room.then(() => next(LATER));
  };
}

/** MQTT 3.1.1 §3.4 */
const PUBACK = 0x40;
const LATER = new Error("acknowledged later");

function mqttOptions(options: SessionOptions): IClientOptions {
  return {
    protocolVersion: 4,
    clientId: options.clientId,
    clean: options.clean,
    keepalive: options.keepaliveS,
    // mqtt.js counts from the beginning; how long TCP may take is ours (`limitConnecting`).
    connectTimeout: options.connectTimeoutMs + (options.connackTimeoutMs ?? options.connectTimeoutMs),
    // Reconnecting, subscribing again and queueing are ours: mqtt.js does it without bounds and in memory.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // Two bytes for each of 65,536 numbers, made beforehand, would weigh 8 MB: no link here sends that fast.
    writeCache: false,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.will
      ? {
          will: {
            topic: options.will.topic,
            payload: Buffer.from(options.will.payload),
            qos: 1,
            retain: true,
          },
        }
      : {}),
  };
}

interface Life {
  readonly ended: Promise<string>;
  /** Told the reason at the end. */
  readonly pending: Set<(reason: string) => void>;
  /** Ends it, without DISCONNECT. */
  fail(error: Error): void;
}

/** `close` may come with or without `error` before it; both mean the end, and every waiting promise learns it. */
function watchEnd(mqtt: MqttClient): Life {
  const pending: Life["pending"] = new Set();
  let lastError: string | null = null;
  const fail = (error: Error): void => {
    lastError = describe(error);
    mqtt.end(true);
  };
  const ended = new Promise<string>((resolve) => {
    const finish = (): void => {
      const reason = lastError ?? "connection closed";
      resolve(reason);
      for (const reject of [...pending]) reject(reason);
      pending.clear();
    };
    mqtt.on("error", (error) => {
      fail(error);
      finish();
    });
    mqtt.on("close", () => {
      mqtt.end(true);
      finish();
    });
    mqtt.on("end", finish);
  });
  return { ended, pending, fail };
}

function sessionOf(
  mqtt: MqttClient,
  { ended, pending, fail }: Life,
  answerTimeoutMs: number,
): Omit<Session, "resumed"> {
  /** Runs one request of which mqtt.js forgets the callback when the connection breaks. */
  const request = (what: string, start: (done: (error?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      if (!mqtt.connected) return reject(unreachable(what, "not connected"));
      const timer = setTimeout(
        () => fail(new Error(`unanswered after ${answerTimeoutMs} ms`)),
        answerTimeoutMs,
      );
      const lost = (reason: string): void => {
        clearTimeout(timer);
        reject(unreachable(what, reason));
      };
      pending.add(lost);
      start((error) => {
        clearTimeout(timer);
        pending.delete(lost);
        if (error) reject(unreachable(what, error.message, error));
        else resolve();
      });
    });
  return {
    ended,
    publish: (topic, payload, flags) =>
      request(topic, (done) => void mqtt.publish(topic, payload, flags, (error) => done(error))),
    subscribe: (patterns) =>
      request("subscribe", (done) => {
        const wanted = Object.fromEntries([...patterns].map(([pattern, qos]) => [pattern, { qos }]));
        // mqtt.js makes an error of a SUBACK with failure codes (MQTT 3.1.1 §3.9.3).
        mqtt.subscribe(wanted, (error) =>
          done(
            error && new Error(`${[...patterns.keys()].join(", ")} refused by the broker: ${error.message}`),
          ),
        );
      }),
    async end() {
      mqtt.end(false);
      // While a PUBACK is missing mqtt.js waits for it, and a second `end` does nothing.
      const timer = setTimeout(() => mqtt.stream.destroy(), END_GRACE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Node reports a refused dual-stack connection as an AggregateError without a message of its own. */
function describe(
  error: Error & { readonly code?: string | number; readonly errors?: readonly Error[] },
): string {
  return (
    error.message ||
    error.errors?.map((inner) => inner.message).join("; ") ||
    String(error.code ?? error.name)
  );
}

const unreachable = (what: string, reason: string, cause?: unknown): LightmanoError =>
  new LightmanoError("agent.unreachable", `${what}: ${reason}`, { cause });
