/**
 * Between the site's broker and the controller's, while this node is hub: what is desired, acknowledgements
 * and commands go down, what the nodes say goes up. It keeps nothing that matters: reports are kept by each
 * node until the controller has acknowledged them, desired objects are said again at every connection.
 */
import { type BusClient, createBusClient } from "../../bus/client.js";
import { desiredRoot } from "../../bus/digest.js";
import { envelopeMaker, type TimeAndChance } from "../../bus/envelope.js";
import type { Log } from "../../bus/log.js";
import { problemOf } from "../../model/errors.js";
import { asNodeId, asSiteId } from "../../model/ids.js";
import { TOPIC_PREFIX, type TopicName, topics } from "../../model/topics.js";
import type { JournalledObject } from "../store/journal.js";
import { lanClient } from "./ears.js";

export interface BridgeOptions extends TimeAndChance {
  readonly site: string;
  readonly node: string;
  /** The controller's broker. */
  readonly url: string;
  /** The node's own, which it runs as hub. */
  readonly localUrl: string;
  /** What this node's journal holds: the members can have it before the controller is reached. */
  readonly desired: () => Promise<readonly JournalledObject[]>;
  readonly log: Log;
}

export interface Bridge {
  start(): Promise<void>;
  connected(): boolean;
  stop(): Promise<void>;
}

const UP = ["report", "telemetry"] as const;
/** What a member holds that the controller has lost. */
const UP_HELD = ["heldPackage", "heldService"] as const;
/** Of what the controller did not say itself: older than any of its words, so that a member knows it for what it is. */
const NEVER_SAID = new Date(0).toISOString();
/** Retained: the last of each topic is said again at every connection. */
const UP_RETAINED = ["status", "inventory"] as const;
const DOWN_DESIRED = ["desiredPackage", "desiredService"] as const;
const DOWN = ["desiredDigest", "reportAck", "command"] as const;
/** A reply has no other copy than the one on its way: so many wait while the controller is away. */
const REPLIES_WAITING = 1_000;

export function createBridge(options: BridgeOptions): Bridge {
  const { log, clock, random } = options;
  const site = asSiteId(options.site);
  const node = asNodeId(options.node);
  const below = `${TOPIC_PREFIX}/${site}`;
  const envelope = envelopeMaker(options);
  const controller = createBusClient({
    url: options.url,
    clientId: `lightmano:${site}:${node}:hub`,
    // What waited for an earlier reign is out of date: objects and acknowledgements are said again.
    clean: true,
    will: { topic: topics.status(site, node), message: { ...envelope(), status: "offline" } },
    clock,
    random,
    log,
  });
  const local = createBusClient({ ...lanClient(options, "bridge"), url: options.localUrl });
  const retained = new Map<string, object>();
  const revisions = new Map<string, number>();
  let replies: { readonly topic: string; readonly message: object }[] = [];

  const forward = async (to: BusClient, topic: string, message: object): Promise<boolean> => {
    if (!to.connected()) return false;
    try {
      await to.publish(topic, message);
      return true;
    } catch (error) {
      log.debug({ topic }, `not passed on: ${problemOf(error).detail}`);
      return false;
    }
  };
  const relay = (from: BusClient, to: BusClient, names: readonly TopicName[]): void => {
    for (const name of names)
      from.on(name, async (message, { topic }) => void (await forward(to, topic, message)));
  };
  const sayDesired = async (topic: string, revision: number, message: object): Promise<void> => {
    if ((revisions.get(topic) ?? 0) > revision) return; // an older one must not stay behind as the last word
    revisions.set(topic, revision);
    await forward(local, topic, message);
  };
  const sayJournalled = async (): Promise<void> => {
    const objects = (await options.desired()).filter(({ origin }) => origin === "controller");
    for (const { kind, id, revision, body } of objects) {
      const content = body === null ? { deleted: true } : { [kind]: body };
      const said = { ...envelope(), ts: NEVER_SAID, revision, ...content };
      await sayDesired(topics.desired(site, kind, id), revision, said);
    }
    const ours = objects.map((object) => ({ ...object, deleted: object.body === null }));
    await forward(local, topics.desiredDigest(site), { ...envelope(), ...desiredRoot(ours) });
  };
  const sayReplies = async (): Promise<void> => {
    for (let first = replies[0]; first && controller.connected(); first = replies[0]) {
      if (!(await forward(controller, first.topic, first.message))) return;
      replies = replies.slice(1);
    }
  };

  let isStarted = false;
  /** Once the members can have what the journal holds: what the controller says then is newer. */
  const startController = (): void => {
    if (isStarted) return;
    isStarted = true;
    controller.start();
  };

  relay(local, controller, [...UP, ...UP_HELD]);
  for (const name of UP_RETAINED)
    local.on(name, async (message, { topic }) => {
      retained.set(topic, message);
      await forward(controller, topic, message);
    });
  local.on("reply", async (message, { topic }) => {
    replies = [...replies, { topic, message }].slice(-REPLIES_WAITING);
    await sayReplies();
  });
  relay(controller, local, DOWN);
  for (const name of DOWN_DESIRED)
    controller.on(name, (message, { topic }) => sayDesired(topic, message.revision, message));
  // An earlier hub, or the will of an earlier connection, may say of a node that it is gone after it came to us.
  controller.on("status", async ({ status }, { topic }) => {
    const last = retained.get(topic) as { readonly status?: string } | undefined;
    if (status === "offline" && last?.status === "online") await forward(controller, topic, last);
  });
  controller.onChange((connected) => {
    if (!connected) return;
    void (async () => {
      for (const [topic, message] of retained) await forward(controller, topic, message);
      await sayReplies();
    })();
  });
  local.onChange((connected) => {
    if (!connected) return;
    void sayJournalled()
      .catch((error: unknown) => log.warn({}, `desired objects not said: ${problemOf(error).detail}`))
      .finally(startController);
  });

  return {
    async start() {
      await local.subscribe(
        [...UP, ...UP_RETAINED, "reply/+", "held/+/+"].map((what) => `${below}/node/+/${what}`),
      );
      await controller.subscribe([
        `${below}/desired/#`,
        `${below}/node/+/report/ack`,
        `${below}/node/+/cmd/+`,
        `${below}/node/+/status`,
      ]);
      local.start();
    },
    connected: controller.connected,
    async stop() {
      await controller.stop();
      await local.stop();
    },
  };
}
