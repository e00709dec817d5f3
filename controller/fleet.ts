/**
 * The nodes as last heard: in memory, with a copy in the store. A controller that starts takes every node
 * for offline until it says something: the connection that its will hung on is gone.
 */
import type { BusClient } from "../bus/client.js";
import { createGate } from "../bus/gate.js";
import type { Log } from "../bus/log.js";
import { pause, realWait, type Wait } from "../bus/wait.js";
import { problemOf } from "../model/errors.js";
import type { NodeId, SiteId } from "../model/ids.js";
import type { Feed } from "./feed.js";
import type { NodeRecord } from "./store/nodes.js";
import type { Store } from "./store/store.js";

export interface Fleet {
  restore(): Promise<void>;
  /** Takes status, inventory and telemetry from the bus. */
  listen(bus: BusClient): void;
  /** Writes what changed until the signal aborts, and then what is left. */
  run(signal: AbortSignal): Promise<void>;
  reported(site: SiteId, node: NodeId): void;
  node(site: SiteId, node: NodeId): NodeRecord | null;
  nodes(): readonly NodeRecord[];
  ofSite(site: SiteId): readonly NodeRecord[];
  onNewSite(listener: (site: SiteId) => void): void;
}

/** Telemetry and times of hearing are written this often; status and inventory at once. */
const LAZY_WRITE_MS = 30_000;

export function createFleet(options: {
  store: Store;
  feed: Feed;
  clock: () => number;
  log: Log;
  wait?: Wait;
}): Fleet {
  const { store, feed, clock, log, wait = realWait } = options;
  const sites = new Map<SiteId, Map<NodeId, NodeRecord>>();
  const newSite = new Set<(site: SiteId) => void>();
  const urgent = createGate();
  /** `site/node` */
  let dirty = new Set<string>();
  const now = (): string => new Date(clock()).toISOString();

  function update(site: SiteId, node: NodeId, change: Partial<NodeRecord>): void {
    const nodes = sites.get(site) ?? new Map<NodeId, NodeRecord>();
    const isNew = !sites.has(site);
    sites.set(site, nodes);
    nodes.set(node, { ...(nodes.get(node) ?? unheard(site, node)), heardAt: now(), ...change });
    dirty.add(`${site}/${node}`);
    feed.publish({ type: "node", site, node });
    if (isNew) for (const listener of newSite) listener(site);
  }

  const heardBefore = (site: SiteId, node: NodeId): Pick<NodeRecord, "heardAt"> => ({
    heardAt: sites.get(site)?.get(node)?.heardAt ?? null,
  });

  async function save(): Promise<void> {
    const taken = dirty;
    dirty = new Set();
    const records = [...taken].flatMap((key) => {
      const [site, node] = key.split("/") as [SiteId, NodeId];
      return sites.get(site)?.get(node) ?? [];
    });
    try {
      if (records.length > 0) await store.nodes.save(records);
    } catch (cause) {
      for (const key of taken) dirty.add(key);
      log.error({ reason: problemOf(cause).detail }, "the nodes' state was not written, will try again");
    }
  }

  return {
    async restore() {
      for (const record of await store.nodes.list()) {
        const nodes = sites.get(record.site) ?? new Map<NodeId, NodeRecord>();
        sites.set(
          record.site,
          nodes.set(record.node, {
            ...record,
            online: false,
            since: record.online ? record.heardAt : record.since,
          }),
        );
      }
    },
    listen(bus) {
      bus.on("status", (message, { site, node }) => {
        if (!node) return;
        const online = message.status === "online";
        const before = sites.get(site)?.get(node);
        const since = before?.online === online && before.since ? before.since : now();
        const version = message.agentVersion ?? before?.agentVersion ?? null;
        // A will is sent by the broker: it says nothing of when the node itself was last heard.
        update(site, node, {
          online,
          since,
          agentVersion: version,
          ...(online ? {} : heardBefore(site, node)),
        });
        if (before?.online !== online)
          log.info({ site, node, online }, online ? "node online" : "node offline");
        urgent.open();
      });
      bus.on("inventory", (inventory, { site, node, retained }) => {
        if (!node) return;
        update(site, node, { inventory, ...(retained ? heardBefore(site, node) : {}) });
        urgent.open();
      });
      bus.on("telemetry", (telemetry, { site, node }) => {
        if (node) update(site, node, { telemetry });
      });
    },
    async run(signal) {
      const lazily = (async () => {
        while (await pause(wait, LAZY_WRITE_MS, signal)) urgent.open();
      })();
      while (!signal.aborted) {
        await urgent.passed(signal);
        await save();
      }
      await lazily;
      await save();
    },
    reported: (site, node) => update(site, node, { reportedAt: now() }),
    node: (site, node) => sites.get(site)?.get(node) ?? null,
    nodes: () => [...sites.values()].flatMap((nodes) => [...nodes.values()]),
    ofSite: (site) => [...(sites.get(site)?.values() ?? [])],
    onNewSite: (listener) => void newSite.add(listener),
  };
}

const unheard = (site: SiteId, node: NodeId): NodeRecord => ({
  site,
  node,
  online: false,
  since: null,
  agentVersion: null,
  heardAt: null,
  reportedAt: null,
  inventory: null,
  telemetry: null,
});
