import { createBusClient } from "../../bus/client.js";
import { desiredRoot } from "../../bus/digest.js";
import { envelopeMaker } from "../../bus/envelope.js";
import { silentLog } from "../../bus/log.js";
import { createOutbox, type OutboxState } from "../../bus/outbox.js";
import { reportLink } from "../../bus/report-link.js";
import { asNodeId, asSiteId, type NodeId, type SiteId } from "../../model/ids.js";
import type { DesiredDigest, DesiredPackage, DesiredService } from "../../model/messages/desired.js";
import type { AgentEvent, FunctionStatus, ReportItem, ServiceStatus } from "../../model/messages/node.js";
import { topics } from "../../model/topics.js";

/** A node as the controller sees one: real MQTT, real outbox, a journal in memory, and a script for a brain. */
export interface FakeNode {
  readonly site: SiteId;
  readonly node: NodeId;
  readonly packages: ReadonlyMap<string, DesiredPackage>;
  readonly services: ReadonlyMap<string, DesiredService>;
  digest(): DesiredDigest | null;
  /** The root over what it holds, to be compared with `digest().root`. */
  root(): string;
  /** Reports not acknowledged yet. */
  pending(): number;
  outbox(): OutboxState;
  report(item: Omit<ReportItem, "seq" | "ts">): void;
  reportService(id: string, change: Partial<ServiceStatus>): void;
  event(type: string, detail: string): AgentEvent;
  publish(topic: string, message: object): Promise<void>;
  connected(): boolean;
  stop(): Promise<void>;
}

export interface FakeNodeOptions {
  readonly port: number;
  readonly site?: string;
  readonly node?: string;
  readonly onService?: (node: FakeNode, service: DesiredService) => void;
  readonly keepaliveS?: number;
}

const T0 = "2026-01-01T00:00:00.000Z";

export async function startFakeNode(options: FakeNodeOptions): Promise<FakeNode> {
  const site = asSiteId(options.site ?? "s1");
  const node = asNodeId(options.node ?? "n1");
  const envelope = envelopeMaker({ clock: Date.now, random: Math.random });
  const status = (value: "online" | "offline") => ({ ...envelope(), status: value, agentVersion: "0.0.1" });
  const client = createBusClient({
    url: `mqtt://127.0.0.1:${options.port}`,
    clientId: `${site}.${node}`,
    will: { topic: topics.status(site, node), message: status("offline") },
    clock: Date.now,
    random: Math.random,
    backoff: { baseMs: 20, capMs: 200 },
    log: silentLog,
  });
  const packages = new Map<string, DesiredPackage>();
  const services = new Map<string, DesiredService>();
  const journal: ReportItem[] = [];
  let digest: DesiredDigest | null = null;
  let lastSeq = 0;
  const outbox = createOutbox({
    store: {
      pending: async (limit, after) => journal.filter(({ seq }) => seq > after).slice(0, limit),
      acknowledge: async (upTo) =>
        void journal.splice(0, journal.findLastIndex(({ seq }) => seq <= upTo) + 1),
    },
    storeId: `journal-${node}`,
    link: await reportLink(client, site, node, envelope),
    random: Math.random,
    log: silentLog,
    ackTimeoutMs: 300,
    backoff: { baseMs: 20, capMs: 100 },
  });
  const fake: FakeNode = {
    site,
    node,
    packages,
    services,
    digest: () => digest,
    root: () =>
      desiredRoot([
        ...[...packages].map(([id, { revision, deleted }]) => ({
          kind: "package" as const,
          id,
          revision,
          deleted: deleted === true,
        })),
        ...[...services].map(([id, { revision, deleted }]) => ({
          kind: "service" as const,
          id,
          revision,
          deleted: deleted === true,
        })),
      ]).root,
    pending: () => journal.length,
    outbox: outbox.state,
    report(item) {
      lastSeq += 1;
      journal.push({ seq: lastSeq, ts: new Date().toISOString(), ...item });
      outbox.wake();
    },
    reportService(id, change) {
      const wanted = services.get(id);
      fake.report({ service: { ...statusOf(id, wanted), ...change } });
    },
    event: (type, detail) => ({
      ts: new Date().toISOString(),
      object: "agent",
      type,
      cause: null,
      rule: null,
      action: null,
      code: null,
      detail,
    }),
    publish: (topic, message) => client.publish(topic, { ...envelope(), ...message }),
    connected: client.connected,
    async stop() {
      stopping.abort();
      await client.stop();
      await running;
    },
  };
  client.on("desiredPackage", (message, at) => void newer(packages, at.tail ?? "", message));
  client.on("desiredService", (message, at) => {
    if (newer(services, at.tail ?? "", message)) options.onService?.(fake, message);
  });
  client.on("desiredDigest", (message) => {
    digest = message;
  });
  client.onChange((connected) => {
    if (connected) client.publish(topics.status(site, node), status("online")).catch(() => undefined);
  });
  await client.subscribe([`lightmano/v1/${site}/desired/#`]);
  const stopping = new AbortController();
  const running = outbox.run(stopping.signal);
  client.start();
  return fake;
}

function newer<T extends { revision: number }>(held: Map<string, T>, id: string, message: T): boolean {
  if ((held.get(id)?.revision ?? 0) >= message.revision) return false;
  held.set(id, message);
  return true;
}

function statusOf(id: string, wanted: DesiredService | undefined): ServiceStatus {
  return {
    id,
    name: wanted?.service?.name ?? id,
    packageDigest: wanted?.service?.packageDigest ?? `sha256:${"0".repeat(64)}`,
    revision: wanted?.revision ?? 1,
    state: "active",
    code: null,
    reason: null,
    functions: [],
    chains: [],
  };
}

export const functionStatus = (
  service: string,
  name: string,
  change: Partial<FunctionStatus> = {},
): FunctionStatus => ({
  id: `${service}.${name}`,
  name,
  kind: "lvnf",
  state: "running",
  code: null,
  reason: null,
  since: T0,
  restarts: 0,
  digest: `sha256:${"0".repeat(64)}`,
  pid: 4711,
  bootMs: 12.5,
  ...change,
});
