/**
 * Between the site's broker and the controller's, while this node is hub: what is desired, acknowledgements
 * and commands go down, what the nodes say goes up. It keeps nothing that matters: reports are kept by each
 * node until the controller has acknowledged them, desired objects are said again at every connection. What was not
 * passed on, or not answered, is said again all the same when the other side is back, as far as it is the last word of
 * somebody who waits: who said it would say it again only a quarter of a minute later, or more.
 */
import { createBusClient } from "../../bus/client.js";
import { desiredRoot } from "../../bus/digest.js";
import { envelopeMaker, type TimeAndChance } from "../../bus/envelope.js";
import type { Log } from "../../bus/log.js";
import { problemOf } from "../../model/errors.js";
import { asNodeId, asSiteId, type NodeId } from "../../model/ids.js";
import type { NodeReport, NodeStatus, ReportAck } from "../../model/messages/node.js";
import { TOPIC_PREFIX, topics } from "../../model/topics.js";
import type { JournalledObject } from "../store/journal.js";
import { lanClient, type SiteNetwork } from "./ears.js";
import { createPassage } from "./passage.js";

export interface BridgeOptions extends TimeAndChance {
  readonly site: string;
  readonly node: string;
  /** The controller's broker. */
  readonly url: string;
  /** The node's own, which it runs as hub. */
  readonly localUrl: string;
  /** What this node's journal holds: the members can have it before the controller is reached. */
  readonly desired: () => Promise<readonly JournalledObject[]>;
  /** For simulation: the real one without. */
  readonly network?: SiteNetwork;
  readonly log: Log;
}

export interface Bridge {
  start(): Promise<void>;
  connected(): boolean;
  stop(): Promise<void>;
}

/** Told again when it is time, or where the controller's digest differs again. */
const UP = ["telemetry", "heldPackage", "heldService"] as const;
/** Of what the controller did not say itself: older than any of its words, so that a member knows it for what it is. */
const NEVER_SAID = new Date(0).toISOString();
/** Retained: the last of each topic is said again at every connection. */
const UP_RETAINED = ["status", "inventory"] as const;
const UP_TOPICS = ["report", "telemetry", "held/+/+", "status", "inventory", "reply/+"] as const;
const DOWN_DESIRED = ["desiredPackage", "desiredService"] as const;
const DOWN_LAST = ["desiredDigest", "reportAck"] as const;

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
    ...(options.network && { open: options.network.open }),
  });
  const local = createBusClient({ ...lanClient(options, "bridge"), url: options.localUrl });
  const retained = new Map<string, object>();
  const revisions = new Map<string, number>();
  /** By node. It has one report under way, and all that it waits for is the answer to that. */
  const unanswered = new Map<string, { readonly topic: string; readonly report: NodeReport }>();
  let controllerSpoke = false;

  const up = createPassage(controller, log);
  const down = createPassage(local, log);

  const saidOf = (topic: string): number => revisions.get(topic) ?? Number.NEGATIVE_INFINITY;
  const sayDesired = async (topic: string, revision: number, message: object): Promise<void> => {
    revisions.set(topic, revision);
    await down.last(topic, message);
  };
  const sayJournalled = async (): Promise<void> => {
    const objects = (await options.desired()).filter(({ origin }) => origin === "controller");
    for (const { kind, id, revision, body } of objects) {
      const content = body === null ? { deleted: true } : { [kind]: body };
      const topic = topics.desired(site, kind, id);
      const said = { ...envelope(), ts: NEVER_SAID, revision, ...content };
      if (saidOf(topic) < revision) await sayDesired(topic, revision, said);
    }
    if (controllerSpoke) return; // its digest is there, or waits
    const ours = objects.map((object) => ({ ...object, deleted: object.body === null }));
    await down.now(topics.desiredDigest(site), { ...envelope(), ...desiredRoot(ours) });
  };

  /**
   * A node tells how much was acknowledged to it when it connects, and to us it stays connected. A controller that was set back
   * meanwhile finds out by that, and where nobody has anything new to say by nothing else.
   */
  const bringUpToDate = (node: NodeId, { store, upTo }: ReportAck): void => {
    const topic = topics.status(site, node);
    const status = retained.get(topic) as NodeStatus | undefined;
    if (status?.store === store && upTo > (status.acknowledged ?? 0))
      retained.set(topic, { ...status, acknowledged: upTo });
  };

  let isStarted = false;
  /** Once the members can have what the journal holds: what the controller says then is newer. */
  const startController = (): void => {
    if (isStarted) return;
    isStarted = true;
    controller.start();
  };

  for (const name of UP) local.on(name, (message, { topic }) => up.now(topic, message));
  local.on("report", async (report, { node: from, topic }) => {
    if (from) unanswered.set(from, { topic, report });
    await up.now(topic, report);
  });
  controller.on("reportAck", (ack, { node: to }) => {
    if (!to) return;
    const waiting = unanswered.get(to);
    if (waiting && isAnswer(ack, waiting.report)) unanswered.delete(to);
    bringUpToDate(to, ack);
  });
  for (const name of UP_RETAINED)
    local.on(name, async (message, { topic }) => {
      retained.set(topic, message);
      await up.now(topic, message);
    });
  local.on("reply", (message, { topic }) => up.each(topic, message));
  controller.on("command", (message, { topic }) => down.each(topic, message));
  controller.on("desiredDigest", () => {
    controllerSpoke = true;
  });
  for (const name of DOWN_LAST) controller.on(name, (message, { topic }) => down.last(topic, message));
  for (const name of DOWN_DESIRED)
    controller.on(name, async (message, { topic }) => {
      // An older one must not stay behind as the last word.
      if (saidOf(topic) <= message.revision) await sayDesired(topic, message.revision, message);
    });
  // An earlier hub, or the will of an earlier connection, may say of a node that it is gone after it came to us.
  controller.on("status", async ({ status }, { topic }) => {
    const last = retained.get(topic) as { readonly status?: string } | undefined;
    if (status === "offline" && last?.status === "online") await up.now(topic, last);
  });
  controller.onChange((connected) => {
    if (!connected) return;
    void (async () => {
      for (const [topic, message] of retained) await up.now(topic, message);
      for (const { topic, report } of [...unanswered.values()]) await up.now(topic, report);
      await up.goOn();
    })();
  });
  local.onChange((connected) => {
    if (!connected) return;
    void sayJournalled()
      .then(down.goOn)
      .catch((error: unknown) => log.warn({}, `desired objects not said: ${problemOf(error).detail}`))
      .finally(startController);
  });

  return {
    async start() {
      await local.subscribe(UP_TOPICS.map((what) => `${below}/node/+/${what}`));
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

const isAnswer = ({ store, question, upTo }: ReportAck, report: NodeReport): boolean =>
  store === report.store &&
  (question === undefined
    ? upTo >= (report.items.at(-1)?.seq ?? Number.POSITIVE_INFINITY)
    : question === report.question);
