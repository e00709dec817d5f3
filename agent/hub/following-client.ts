/**
 * A bus client whose broker is the hub's, whichever node that is: to its user one client that is connected
 * at times. With each other hub it is another connection, with the same patterns and handlers.
 */
import type { BusClient, BusClientOptions, Handler, HandlerOptions } from "../../bus/client.js";
import { createBusClient } from "../../bus/client.js";
import { LightmanoError, type Problem } from "../../model/errors.js";
import type { TopicName } from "../../model/topics.js";

/** Which broker is the hub's; null: none is known, and an earlier one is kept as long as it is there. */
export interface HubUrls {
  now(): string | null;
  /** Calls back with every other one; returns what ends that. */
  onChange(listener: (url: string | null) => void): () => void;
}

type Listener = {
  readonly name: TopicName;
  readonly handler: Handler<TopicName>;
  readonly options: HandlerOptions | undefined;
};

export function createFollowingClient(
  options: Omit<BusClientOptions, "url">,
  hub: HubUrls,
  connect: (options: BusClientOptions) => BusClient = createBusClient,
): BusClient {
  const patterns = new Map<string, { readonly qos: 0 | 1; readonly again: "always" | "unless-kept" }>();
  const listeners = new Map<Listener, (() => void) | null>();
  const problems = new Set<(topic: string, problem: Problem) => void>();
  const changes = new Set<(connected: boolean, resumed: boolean) => void>();
  let inner: BusClient | null = null;
  let url: string | null = null;
  let forget = (): void => undefined;
  let stopped = false;
  /** One change after the other: the client id is free again before it is used for the next hub. */
  let turn: Promise<void> = Promise.resolve();

  const attach = (client: BusClient, listener: Listener): void => {
    listeners.set(listener, client.on(listener.name, listener.handler, listener.options));
  };
  const leave = async (): Promise<void> => {
    const former = inner;
    if (!former) return;
    await former.stop(); // says that it is disconnected, through the listener below
    inner = null;
  };
  const join = async (to: string): Promise<void> => {
    url = to;
    const client = connect({ ...options, url: to });
    inner = client;
    client.onChange((connected, resumed) => {
      for (const listener of [...changes]) listener(connected, resumed);
    });
    client.onProblem((topic, problem) => {
      for (const listener of [...problems]) listener(topic, problem);
    });
    for (const listener of listeners.keys()) attach(client, listener);
    for (const [pattern, { qos, again }] of patterns) await client.subscribe([pattern], qos, again);
    client.start();
  };
  const follow = (): void => {
    turn = turn.then(async () => {
      const to = hub.now();
      if (stopped || to === null || to === url) return;
      await leave();
      await join(to);
    });
  };

  const known = (what: string): BusClient => {
    if (inner) return inner;
    throw new LightmanoError("agent.unreachable", `${what}: no hub of this site is known`);
  };

  return {
    start() {
      forget = hub.onChange(follow);
      follow();
    },
    async stop() {
      stopped = true;
      forget();
      await turn;
      await leave();
    },
    connected: () => inner?.connected() ?? false,
    onChange(listener) {
      changes.add(listener);
      return () => void changes.delete(listener);
    },
    async subscribe(wanted, qos = 1, again = "always") {
      for (const pattern of wanted) patterns.set(pattern, { qos, again });
      await inner?.subscribe(wanted, qos, again);
    },
    ask: async (wanted, qos) => known(wanted.join(", ")).ask(wanted, qos),
    publish: async (topic, message, flags) => known(topic).publish(topic, message, flags),
    on<N extends TopicName>(name: N, handler: Handler<N>, handling?: HandlerOptions) {
      // Sound as in the bus client: a handler is given what its own topic's schema accepted, nothing else.
      const listener: Listener = {
        name,
        handler: handler as unknown as Handler<TopicName>,
        options: handling,
      };
      listeners.set(listener, null);
      if (inner) attach(inner, listener);
      return () => {
        listeners.get(listener)?.();
        listeners.delete(listener);
      };
    },
    onProblem(listener) {
      problems.add(listener);
      return () => void problems.delete(listener);
    },
  };
}
