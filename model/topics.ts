/** The topic table of design §4.2. Everything that is published or subscribed to is built here. */
import type { Static, TSchema } from "@sinclair/typebox";
import { isId, type NodeId, type SiteId } from "./ids.js";
import { DesiredDigest, type DesiredKind, DesiredPackage, DesiredService } from "./messages/desired.js";
import {
  Command,
  CommandReply,
  NodeInventory,
  NodeReport,
  NodeStatus,
  NodeTelemetry,
  ReportAck,
} from "./messages/node.js";
import { HubBeacon, NodeAssignment, NodeBeat } from "./messages/site.js";

export const TOPIC_PREFIX = "lightmano/v1";

export const topics = {
  desired: (site: SiteId, kind: DesiredKind, id: string) => `${TOPIC_PREFIX}/${site}/desired/${kind}/${id}`,
  desiredDigest: (site: SiteId) => `${TOPIC_PREFIX}/${site}/desired/digest`,
  status: (site: SiteId, node: NodeId) => `${TOPIC_PREFIX}/${site}/node/${node}/status`,
  inventory: (site: SiteId, node: NodeId) => `${TOPIC_PREFIX}/${site}/node/${node}/inventory`,
  report: (site: SiteId, node: NodeId) => `${TOPIC_PREFIX}/${site}/node/${node}/report`,
  reportAck: (site: SiteId, node: NodeId) => `${TOPIC_PREFIX}/${site}/node/${node}/report/ack`,
  held: (site: SiteId, node: NodeId, kind: DesiredKind, id: string) =>
    `${TOPIC_PREFIX}/${site}/node/${node}/held/${kind}/${id}`,
  telemetry: (site: SiteId, node: NodeId) => `${TOPIC_PREFIX}/${site}/node/${node}/telemetry`,
  command: (site: SiteId, node: NodeId, verb: string) => `${TOPIC_PREFIX}/${site}/node/${node}/cmd/${verb}`,
  reply: (site: SiteId, node: NodeId, id: string) => `${TOPIC_PREFIX}/${site}/node/${node}/reply/${id}`,
  hub: (site: SiteId) => `${TOPIC_PREFIX}/${site}/hub`,
  beat: (site: SiteId, node: NodeId) => `${TOPIC_PREFIX}/${site}/node/${node}/beat`,
  assignment: (site: SiteId, node: NodeId) => `${TOPIC_PREFIX}/${site}/node/${node}/assignment`,
} as const;

/** What a node is called at the controller's broker. No id has a colon: no other node is. */
export const nodeClientId = (site: SiteId, node: NodeId): string => `lightmano:${site}:${node}`;

export interface TopicEntry {
  readonly pattern: string;
  readonly flow: string;
  readonly qos: 0 | 1;
  readonly retained: boolean;
  readonly schema: TSchema;
  readonly note: string;
}

/** What docs/reference/topics.md is generated from and what both ends validate with. */
export const TOPICS = {
  desiredPackage: entry(
    "desired/package/{id}",
    "controller → site",
    1,
    true,
    DesiredPackage,
    "Removal is a tombstone with a revision, never an empty payload; the id is the digest without `sha256:`.",
  ),
  desiredService: entry("desired/service/{id}", "controller → site", 1, true, DesiredService, "As above."),
  desiredDigest: entry(
    "desired/digest",
    "controller → site",
    1,
    true,
    DesiredDigest,
    "A site that already matches asks for nothing.",
  ),
  status: entry("node/{node}/status", "node → all", 1, true, NodeStatus, "Last will: offline."),
  inventory: entry("node/{node}/inventory", "node → all", 1, true, NodeInventory, ""),
  report: entry(
    "node/{node}/report",
    "node → controller",
    1,
    false,
    NodeReport,
    "Numbered; kept until acknowledged.",
  ),
  reportAck: entry(
    "node/{node}/report/ack",
    "controller → node",
    1,
    false,
    ReportAck,
    "Sent after the items are on disk.",
  ),
  heldPackage: entry(
    "node/{node}/held/package/{id}",
    "node → controller",
    1,
    false,
    DesiredPackage,
    "What the node holds that is newer than what the controller says: it was restored from an old copy, and takes it.",
  ),
  heldService: entry(
    "node/{node}/held/service/{id}",
    "node → controller",
    1,
    false,
    DesiredService,
    "As above; after its package.",
  ),
  telemetry: entry("node/{node}/telemetry", "node → controller", 0, false, NodeTelemetry, "May be lost."),
  command: entry(
    "node/{node}/cmd/{verb}",
    "operator → node",
    1,
    false,
    Command,
    "Always answered, once done: the same id again gets the same answer.",
  ),
  reply: entry("node/{node}/reply/{id}", "node → operator", 1, false, CommandReply, "`id` is the command's."),
  hub: entry("hub", "site hub → all", 0, false, HubBeacon, "On the site's own broker only, as the next two."),
  beat: entry("node/{node}/beat", "node → site hub", 0, false, NodeBeat, "Every second."),
  assignment: entry(
    "node/{node}/assignment",
    "site hub → node",
    1,
    true,
    NodeAssignment,
    "Fenced by `term`: older ones are refused.",
  ),
} as const satisfies Record<string, TopicEntry>;

export type TopicName = keyof typeof TOPICS;
export type MessageOf<N extends TopicName> = Static<(typeof TOPICS)[N]["schema"]>;

/** What a topic names, or null where it is none of ours. */
export interface ParsedTopic {
  readonly name: TopicName;
  readonly site: SiteId;
  readonly node: NodeId | null;
  /** The desired object's id, the command's verb or the reply's id. */
  readonly tail: string | null;
}

export function parseTopic(topic: string): ParsedTopic | null {
  const match = /^lightmano\/v1\/([^/]+)\/(.+)$/.exec(topic);
  if (!match || !isId(match[1] as string)) return null;
  const site = match[1] as SiteId;
  const rest = (match[2] as string).split("/");
  const named = (name: TopicName, node: string | null, tail: string | null): ParsedTopic => ({
    name,
    site,
    node: node as NodeId | null,
    tail,
  });
  const [area, a, b, c, d] = rest;
  if (area === "desired") {
    if (rest.length === 2 && a === "digest") return named("desiredDigest", null, null);
    if (rest.length === 3 && b && a === "package") return named("desiredPackage", null, b);
    if (rest.length === 3 && b && a === "service") return named("desiredService", null, b);
    return null;
  }
  if (area === "hub" && rest.length === 1) return named("hub", null, null);
  if (area !== "node" || !a || !isId(a)) return null;
  if (rest.length === 3 && b && isNodeTopic(b)) return named(b, a, null);
  if (rest.length === 4 && b === "report" && c === "ack") return named("reportAck", a, null);
  if (rest.length === 4 && b === "cmd" && c) return named("command", a, c);
  if (rest.length === 4 && b === "reply" && c) return named("reply", a, c);
  if (rest.length === 5 && b === "held" && d && c === "package") return named("heldPackage", a, d);
  if (rest.length === 5 && b === "held" && d && c === "service") return named("heldService", a, d);
  return null;
}

const NODE_TOPICS = ["status", "inventory", "report", "telemetry", "beat", "assignment"] as const;
const isNodeTopic = (text: string): text is (typeof NODE_TOPICS)[number] =>
  (NODE_TOPICS as readonly string[]).includes(text);

function entry<S extends TSchema>(
  pattern: string,
  flow: string,
  qos: 0 | 1,
  retained: boolean,
  schema: S,
  note: string,
) {
  return { pattern: `${TOPIC_PREFIX}/{site}/${pattern}`, flow, qos, retained, schema, note };
}
