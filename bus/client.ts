/**
 * The MQTT link as the agent and the controller see it: always trying to be connected, typed by topic.
 * It holds no queue. A message is either acknowledged by the broker or its `publish` rejects, and whoever
 * wanted it sent decides what that means.
 */

import { type Backoff, backoffMs } from "../model/backoff.js";
import { formatProblem, LightmanoError, type Problem, problemOf } from "../model/errors.js";
import { type MessageOf, type ParsedTopic, parseTopic, TOPICS, type TopicName } from "../model/topics.js";
import { type Parser, parserOf } from "../model/validate.js";
import type { TimeAndChance } from "./envelope.js";
import type { Log } from "./log.js";
import { type IncomingMessage, type OpenSession, openSession, type Session } from "./session.js";
import { pause, realWait, type Wait } from "./wait.js";

export interface BusClientOptions extends TimeAndChance {
  /** `mqtt://host:port` */
  readonly url: string;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** Published by the broker (QoS 1, retained) when this client is lost. */
  readonly will?: { readonly topic: string; readonly message: unknown };
  /** Default false, as an agent wants it; the controller, to which everything is repeated, says true. */
  readonly clean?: boolean;
  readonly keepaliveS?: number;
  readonly connectTimeoutMs?: number;
  /** Default 60 s, and with a `connectTimeoutMs` as long as that. */
  readonly connackTimeoutMs?: number;
  /** A broker that answers pings and leaves a PUBLISH or SUBSCRIBE unanswered for so long is given up. */
  readonly answerTimeoutMs?: number;
  readonly backoff?: Backoff;
  readonly log: Log;
  readonly wait?: Wait;
  /** Milliseconds from some moment, never set back: a clock that jumps must not make a connection look old. */
  readonly monotonic?: () => number;
  /** How a connection is made: mqtt.js over TCP, or a virtual network. */
  readonly open?: OpenSession;
}

export type At = ParsedTopic & { readonly topic: string; readonly retained: boolean };
export type Handler<N extends TopicName> = (message: MessageOf<N>, at: At) => void | Promise<void>;

export interface HandlerOptions {
  /**
   * The message is acknowledged to the broker only when the handler's promise has resolved: for what must be on disk
   * before. Where it rejects with a code `store.…` it is not, and the broker sends it again over the next connection;
   * with any other the message is at fault, and would come for ever. Default false.
   */
  readonly holdsAck?: boolean;
}

export interface BusClient {
  /** Begins to connect in the background and returns at once. */
  start(): void;
  /** Says DISCONNECT (no will is sent) and gives up. */
  stop(): Promise<void>;
  /** True from SUBACK of all patterns until the connection ends. */
  connected(): boolean;
  /**
   * Calls back with every change of `connected`; returns what ends that. `resumed`: the broker still has what it
   * had of this client and, with it, what this client had it retain.
   */
  onChange(listener: (connected: boolean, resumed: boolean) => void): () => void;
  /**
   * Remembered and done again at every connection, so retained messages come again each time; with `unless-kept`
   * only where the broker did not keep it, which saves the round trip's bytes.
   */
  subscribe(patterns: readonly string[], qos?: 0 | 1, again?: "always" | "unless-kept"): Promise<void>;
  /**
   * Subscribes on this connection only, so that what is retained comes once; a kept session keeps the subscription.
   * Resolves at SUBACK, rejects when not connected or refused.
   */
  ask(patterns: readonly string[], qos?: 0 | 1): Promise<void>;
  /** QoS and retain default to the topic table's. Rejects at once when not connected or not valid. */
  publish(topic: string, message: unknown, flags?: { qos?: 0 | 1; retain?: boolean }): Promise<void>;
  on<N extends TopicName>(name: N, handler: Handler<N>, options?: HandlerOptions): () => void;
  /** What arrived and was dropped, and handlers that threw. */
  onProblem(listener: (topic: string, problem: Problem) => void): () => void;
}

const DEFAULTS = {
  keepaliveS: 30,
  connectTimeoutMs: 15_000,
  connackTimeoutMs: 60_000,
  answerTimeoutMs: 120_000,
  backoff: { baseMs: 500, capMs: 30_000 },
} as const;
/** A connection that lasted this long was a good one: the next failure starts from the base again. */
const STABLE_MS = 10_000;

export function createBusClient(options: BusClientOptions): BusClient {
  const { log, url, clientId, open = openSession, monotonic = () => performance.now() } = options;
  const stopping = new AbortController();
  const patterns = new Map<string, { readonly qos: 0 | 1; readonly again: "always" | "unless-kept" }>();
  /** Patterns that this broker has taken in this client's life: a kept session has them still. */
  const taken = new Set<string>();
  const changes = new Set<(connected: boolean, resumed: boolean) => void>();
  const dispatch = createDispatch(log);
  let session: Session | null = null;
  let isConnected = false;
  let running: Promise<void> = Promise.resolve();

  const tellChange = (next: boolean): void => {
    isConnected = next;
    for (const listener of [...changes]) listener(next, next && session?.resumed === true);
  };

  /** Resolves with how long it was connected, in milliseconds. */
  async function connectOnce(signal: AbortSignal): Promise<number> {
    session = await open(sessionOptions(options), dispatch.incoming, signal);
    try {
      signal.throwIfAborted();
      if (session.resumed !== true) taken.clear();
      const due = [...patterns].filter(([pattern, { again }]) => again === "always" || !taken.has(pattern));
      if (due.length > 0) await session.subscribe(new Map(due.map(([pattern, { qos }]) => [pattern, qos])));
      for (const [pattern] of due) taken.add(pattern);
      log.info({ url, clientId }, "bus connected");
      const since = monotonic();
      tellChange(true);
      const reason = await session.ended;
      if (!signal.aborted) log.warn({ url, clientId, reason }, "bus connection lost");
      return monotonic() - since;
    } finally {
      tellChange(false); // also of one that ended before all was subscribed to: something may have been heard on it
      await session.end();
      session = null;
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    const backoff = options.backoff ?? DEFAULTS.backoff;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        if ((await connectOnce(signal)) >= STABLE_MS) attempt = 0;
      } catch (cause) {
        if (!signal.aborted)
          log.warn({ url, clientId, reason: problemOf(cause).detail }, "bus cannot connect");
      }
      await pause(options.wait ?? realWait, backoffMs(attempt, backoff, options.random), signal);
    }
  }

  return {
    start() {
      running = run(stopping.signal);
    },
    async stop() {
      stopping.abort();
      await session?.end();
      await running;
    },
    connected: () => isConnected,
    onChange(listener) {
      changes.add(listener);
      return () => void changes.delete(listener);
    },
    async subscribe(wanted, qos = 1, again = "always") {
      for (const pattern of wanted) patterns.set(pattern, { qos, again });
      const current = session;
      await current?.subscribe(new Map(wanted.map((pattern) => [pattern, qos]))).catch((cause: unknown) => {
        // Lost meanwhile: it is done again with the next connection. Still connected: the broker refused it.
        if (session === current && isConnected) throw cause;
      });
    },
    async ask(wanted, qos = 1) {
      if (!session) throw new LightmanoError("agent.unreachable", `not connected to ${url}`);
      await session.subscribe(new Map(wanted.map((pattern) => [pattern, qos])));
    },
    async publish(topic, message, flags = {}) {
      const named = outgoing(topic, message);
      if (!session || !isConnected)
        throw new LightmanoError("agent.unreachable", `${topic}: not connected to ${url}`);
      const { qos = TOPICS[named].qos, retain = TOPICS[named].retained } = flags;
      await session.publish(topic, JSON.stringify(message), { qos, retain });
    },
    on: dispatch.on,
    onProblem: dispatch.onProblem,
  };

  /** What we send is checked as well: the other end would drop it and nobody would know why. */
  function outgoing(topic: string, message: unknown): TopicName {
    const at = parseTopic(topic);
    if (!at) throw new LightmanoError("usage.invalid", `not a topic of ours: ${topic}`);
    const checked = dispatch.parser(at.name).value(message);
    if (!checked.ok) throw new LightmanoError(checked.error.code, `${topic}: ${checked.error.detail}`);
    return at.name;
  }
}

function sessionOptions(options: BusClientOptions): Parameters<typeof openSession>[0] {
  const { url, clientId, username, password, will } = options;
  return {
    url,
    clientId,
    username,
    password,
    will: will && { topic: will.topic, payload: JSON.stringify(will.message) },
    clean: options.clean ?? false,
    keepaliveS: options.keepaliveS ?? DEFAULTS.keepaliveS,
    connectTimeoutMs: options.connectTimeoutMs ?? DEFAULTS.connectTimeoutMs,
    connackTimeoutMs: options.connackTimeoutMs ?? options.connectTimeoutMs ?? DEFAULTS.connackTimeoutMs,
    answerTimeoutMs: options.answerTimeoutMs ?? DEFAULTS.answerTimeoutMs,
  };
}

/** From a payload to the handlers of its topic. Nothing that arrives can throw out of here. */
function createDispatch(log: Log) {
  const parsers = new Map<TopicName, Parser<(typeof TOPICS)[TopicName]["schema"]>>();
  const handlers = new Map<TopicName, Map<Handler<TopicName>, HandlerOptions>>();
  const problems = new Set<(topic: string, problem: Problem) => void>();

  const parser = (name: TopicName): Parser<(typeof TOPICS)[TopicName]["schema"]> => {
    const known = parsers.get(name) ?? parserOf(TOPICS[name].schema, name);
    parsers.set(name, known);
    return known;
  };
  const complain = (topic: string, problem: Problem): void => {
    log.warn({ topic, code: problem.code }, `message dropped: ${formatProblem(problem)}`);
    for (const listener of [...problems]) listener(topic, problem);
  };
  const call = async (handler: Handler<TopicName>, message: MessageOf<TopicName>, at: At): Promise<void> => {
    try {
      await handler(message, at);
    } catch (cause) {
      const problem = problemOf(cause);
      complain(at.topic, problem);
      if (problem.code.startsWith("store.")) throw cause;
    }
  };
  return {
    parser,
    incoming({ topic, payload, retained }: IncomingMessage): void | Promise<void> {
      const at = parseTopic(topic);
      const listening = at && handlers.get(at.name);
      if (!at) complain(topic, { code: "usage.invalid", detail: "not a topic of ours" });
      if (!listening) return;
      const parsed = parser(at.name).json(payload.toString("utf8"));
      if (!parsed.ok) return complain(topic, parsed.error);
      const held = [...listening].flatMap(([handler, { holdsAck = false }]) => {
        const called = call(handler, parsed.value, { ...at, topic, retained });
        if (holdsAck) return [called];
        void called.catch(() => undefined); // complained of, and nobody waits for it
        return [];
      });
      if (held.length > 0) return Promise.all(held).then(() => undefined);
    },
    on<N extends TopicName>(name: N, handler: Handler<N>, options: HandlerOptions = {}): () => void {
      // Sound: `incoming` gives a handler only what its own topic's schema accepted.
      const ours = handler as unknown as Handler<TopicName>;
      const known = handlers.get(name) ?? new Map<Handler<TopicName>, HandlerOptions>();
      known.set(ours, options);
      handlers.set(name, known);
      return () => void known.delete(ours);
    },
    onProblem(listener: (topic: string, problem: Problem) => void): () => void {
      problems.add(listener);
      return () => void problems.delete(listener);
    },
  };
}
