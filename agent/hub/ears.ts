/**
 * A node's connections to its site's brokers: one to each candidate's, always tried, so that two hubs see
 * each other as soon as the network lets them. While the node is hub its own broker is among them.
 */
import { type Broker, type BrokerOptions, startBroker } from "../../bus/broker.js";
import { type BusClient, type BusClientOptions, createBusClient } from "../../bus/client.js";
import { envelopeMaker, type TimeAndChance } from "../../bus/envelope.js";
import type { Log } from "../../bus/log.js";
import type { OpenSession } from "../../bus/session.js";
import { problemOf } from "../../model/errors.js";
import { asNodeId, asSiteId } from "../../model/ids.js";
import { TOPIC_PREFIX, topics } from "../../model/topics.js";
import type { SiteEffect, SiteEvent } from "../domain/site/node.js";
import {
  assignmentEvent,
  assignmentMessage,
  beaconEvent,
  beaconMessage,
  beatEvent,
  beatMessage,
  type Seal,
} from "./wire.js";

/** What a site's nodes hear each other by. Without it that is MQTT over TCP, and the embedded broker. */
export interface SiteNetwork {
  readonly open: OpenSession;
  readonly startBroker: (options: BrokerOptions) => Promise<Broker>;
}

export interface EarsOptions extends TimeAndChance {
  readonly site: string;
  readonly node: string;
  readonly candidates: readonly { readonly node: string; readonly url: string }[];
  /** Null: this node is never hub. */
  readonly own: { readonly host: string; readonly port: number; readonly url: string } | null;
  readonly settings: string;
  readonly onEvent: (event: SiteEvent) => void;
  /** A message came from a node with other settings. */
  readonly onStranger: (node: string) => void;
  /** For simulation: the real one without. */
  readonly network?: SiteNetwork;
  readonly log: Log;
}

export type Ears = ReturnType<typeof createEars>;

/** On one LAN: what does not answer within these is not there. */
const LAN = { connectTimeoutMs: 2_000, answerTimeoutMs: 5_000, keepaliveS: 5 } as const;
const BACKOFF = { baseMs: 100, capMs: 2_000 } as const;

export function createEars(options: EarsOptions) {
  const { candidates, own, log, onEvent, onStranger } = options;
  const site = asSiteId(options.site);
  const node = asNodeId(options.node);
  const seal: Seal = { envelope: envelopeMaker(options), settings: options.settings };
  const clients = new Map<string, BusClient>();
  let broker: Broker | null = null;

  const open = async (candidate: string, url: string): Promise<void> => {
    const made = createBusClient({ ...lanClient(options, "site"), url });
    const mine = (message: { settings: string }, from: string): boolean => {
      if (message.settings === options.settings) return true;
      onStranger(from);
      return false;
    };
    made.on("hub", (message) => {
      if (mine(message, message.term.hub)) onEvent(beaconEvent(message));
    });
    made.on("assignment", (message, { node: to }) => {
      if (to === node && mine(message, message.table.term.hub)) onEvent(assignmentEvent(message));
    });
    made.on("beat", (message, { node: from }) => {
      if (from && mine(message, from)) onEvent(beatEvent(from, message));
    });
    const beats = candidate === node ? [`${TOPIC_PREFIX}/${site}/node/+/beat`] : [];
    await made.subscribe([topics.hub(site), topics.assignment(site, node), ...beats]);
    clients.set(candidate, made);
    made.start();
  };
  const publish = (to: string, topic: string, message: object): void => {
    const client = clients.get(to);
    if (!client?.connected()) return; // nobody is there; the next beat is a second away
    client
      .publish(topic, message)
      .catch((error: unknown) => log.debug({ topic }, `not said: ${problemOf(error).detail}`));
  };

  return {
    async start(): Promise<void> {
      for (const candidate of candidates)
        if (candidate.node !== node) await open(candidate.node, candidate.url);
    },
    /** Starts this node's broker; rejects where it cannot listen. */
    async lead(): Promise<void> {
      if (!own || broker) return;
      broker = await (options.network?.startBroker ?? startBroker)({ host: own.host, port: own.port, log });
      await open(node, own.url);
    },
    /** Ends it. Members find the other hub by themselves. */
    async follow(): Promise<void> {
      const [client, ended] = [clients.get(node), broker];
      clients.delete(node);
      broker = null;
      await client?.stop();
      await ended?.stop();
    },
    say(effect: Exclude<SiteEffect, { do: "journal" }>): void {
      if (effect.do === "beacon") publish(node, topics.hub(site), beaconMessage(seal, effect.beacon));
      else if (effect.do === "beat")
        publish(effect.hub, topics.beat(site, node), beatMessage(seal, effect.beat));
      else publish(node, topics.assignment(site, asNodeId(effect.node)), assignmentMessage(seal, effect));
    },
    async stop(): Promise<void> {
      await Promise.all([...clients.values()].map((client) => client.stop()));
      await broker?.stop();
    },
  };
}

/** A client of a broker on the LAN. Brokers that are not there are the normal case: that is no warning. */
export function lanClient(
  options: Pick<EarsOptions, "site" | "node" | "clock" | "random" | "log" | "network">,
  role: string,
): Omit<BusClientOptions, "url"> {
  const { site, node, clock, random, log, network } = options;
  return {
    clientId: `lightmano:${site}:${node}:${role}`,
    clean: true,
    ...LAN,
    backoff: BACKOFF,
    clock,
    random,
    log: { ...quiet(log) },
    ...(network && { open: network.open }),
  };
}

/** As the log, one step quieter. */
const quiet = (log: Log): Log => ({
  debug: log.debug.bind(log),
  info: log.debug.bind(log),
  warn: log.debug.bind(log),
  error: log.error.bind(log),
});
