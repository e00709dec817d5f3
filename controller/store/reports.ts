/** What the nodes reported: events, the last status of every service, and how far each node's numbering is. */

import type { InboxKey } from "../../bus/inbox.js";
import type { NodeId, ServiceId, SiteId } from "../../model/ids.js";
import type { AgentEvent, ReportItem, ServiceStatus } from "../../model/messages/node.js";
import { correctedJson } from "../../store/corrected.js";
import type { Row, Sqlite, Statement } from "../../store/sqlite.js";

export interface StoredEvent {
  /** Of the controller's own numbering: the cursor of `since` and of Last-Event-ID. */
  readonly id: number;
  readonly site: SiteId;
  readonly node: NodeId;
  readonly receivedAt: string;
  readonly event: AgentEvent;
}

export interface ReportedService {
  readonly site: SiteId;
  readonly node: NodeId;
  readonly service: ServiceId;
  /** The node said that it is gone; `status` is then the last one before. */
  readonly removed: boolean;
  readonly revision: number;
  readonly status: ServiceStatus | null;
  readonly reportedAt: string;
  readonly receivedAt: string;
}

export interface AcceptedReport {
  readonly key: InboxKey;
  readonly receivedAt: string;
  readonly items: readonly ReportItem[];
}

/** Older events go: a controller is no archive. */
const KEPT_EVENTS = 100_000;

export function reportQueries(sqlite: Sqlite) {
  return {
    /** One commit for all reports that came while the last one was being written. */
    async take(reports: readonly AcceptedReport[]): Promise<void> {
      const rows = reports.flatMap(({ key, receivedAt, items }) =>
        items.map((item) => ({ ...key, receivedAt, item })),
      );
      await sqlite.write([...takeStatements(JSON.stringify(rows)), ...corrections(reports)]);
    },
    async numbering(): Promise<readonly { key: InboxKey; lastSeq: number }[]> {
      const rows = await sqlite.all("SELECT * FROM inbox");
      return rows.map((row) => ({
        key: { site: row.site as SiteId, node: row.node as NodeId, store: String(row.store) },
        lastSeq: Number(row.last_seq),
      }));
    },
    async eventsAfter(id: number, limit: number): Promise<readonly StoredEvent[]> {
      return (await sqlite.all("SELECT * FROM event WHERE id > ? ORDER BY id LIMIT ?", id, limit)).map(
        storedEvent,
      );
    },
    /** The newest ones after this id, oldest of them first. */
    async latestEvents(limit: number, after = 0): Promise<readonly StoredEvent[]> {
      const rows = await sqlite.all(
        "SELECT * FROM event WHERE id > ? ORDER BY id DESC LIMIT ?",
        after,
        limit,
      );
      return rows.map(storedEvent).reverse();
    },
    async lastEventId(): Promise<number> {
      return Number((await sqlite.get("SELECT max(id) AS id FROM event"))?.id ?? 0);
    },
    async services(): Promise<readonly ReportedService[]> {
      return (await sqlite.all("SELECT * FROM service_status ORDER BY site, service, node")).map(
        reportedService,
      );
    },
    async ofService(site: SiteId, service: string): Promise<readonly ReportedService[]> {
      const sql = "SELECT * FROM service_status WHERE site = ? AND service = ? ORDER BY node";
      return (await sqlite.all(sql, site, service)).map(reportedService);
    },
    /** Of these nodes those of which something known was said by another journal than this one: what it says itself may be another. */
    async foreign(keys: readonly InboxKey[]): Promise<readonly InboxKey[]> {
      const sql = `SELECT key FROM json_each(?) AS asked WHERE EXISTS (SELECT 1 FROM service_status AS known
        WHERE known.site = asked.value->>'site' AND known.node = asked.value->>'node' AND known.store <> asked.value->>'store')`;
      const rows = await sqlite.all(sql, JSON.stringify(keys));
      return rows.flatMap((row) => keys[Number(row.key)] ?? []);
    },
    /** An event of the controller's own, about a node. */
    note: (site: SiteId, node: NodeId, event: AgentEvent, receivedAt: string): Promise<void> =>
      sqlite.write([
        {
          sql: "INSERT INTO event(site, node, store, seq, received_at, body) VALUES(?, ?, 'controller', 0, ?, ?)",
          values: [site, node, receivedAt, JSON.stringify(event)],
        },
      ]),
    /** A service that is asked for anew starts without what was said of its earlier life. */
    forgetService: (service: string): Statement => ({
      sql: "DELETE FROM service_status WHERE service = ?",
      values: [service],
    }),
    /** Removes old events, and what was said of services that are gone and that no instance asks about. */
    prune: (): readonly Statement[] => [
      { sql: "DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?", values: [KEPT_EVENTS] },
      { sql: "DELETE FROM service_status WHERE removed = 1 AND service NOT IN (SELECT id FROM ns_instance)" },
    ],
  };
}

/** Each statement takes the same JSON array apart; its order is the order in which the nodes numbered. */
function takeStatements(rows: string): readonly Statement[] {
  return [
    {
      sql: `INSERT INTO event(site, node, store, seq, received_at, body)
        SELECT value->>'site', value->>'node', value->>'store', value->>'$.item.seq', value->>'receivedAt', value->'$.item.event'
        FROM json_each(?) WHERE value->'$.item.event' IS NOT NULL ORDER BY key`,
      values: [rows],
    },
    {
      sql: `INSERT INTO service_status(site, node, service, revision, removed, body, reported_at, received_at, store, seq)
        SELECT value->>'site', value->>'node', coalesce(value->>'$.item.service.id', value->>'$.item.removedService'),
          coalesce(value->>'$.item.service.revision', 0), value->>'$.item.removedService' IS NOT NULL,
          value->'$.item.service', value->>'$.item.ts', value->>'receivedAt', value->>'store', value->>'$.item.seq'
        FROM json_each(?)
        WHERE value->'$.item.service' IS NOT NULL OR value->>'$.item.removedService' IS NOT NULL ORDER BY key
        ON CONFLICT(site, node, service) DO UPDATE SET
          revision = max(revision, excluded.revision), removed = excluded.removed, body = coalesce(excluded.body, body),
          reported_at = excluded.reported_at, received_at = excluded.received_at, store = excluded.store, seq = excluded.seq`,
      values: [rows],
    },
    {
      // All that a node has at some number. What it says after that, in the same commit too, is newer.
      sql: `UPDATE service_status SET removed = CASE WHEN service IN (SELECT value FROM json_each(said.present)) THEN removed ELSE 1 END,
          store = said.store, seq = said.seq
        FROM (SELECT value->>'site' AS site, value->>'node' AS node, value->>'store' AS store, value->>'$.item.seq' AS seq,
            value->'$.item.present' AS present, max(key) FROM json_each(?) WHERE value->'$.item.present' IS NOT NULL GROUP BY 1, 2) AS said
        WHERE service_status.site = said.site AND service_status.node = said.node
          AND NOT (service_status.store = said.store AND service_status.seq > said.seq)`,
      values: [rows],
    },
    {
      sql: `INSERT INTO inbox(site, node, store, last_seq)
        SELECT value->>'site', value->>'node', value->>'store', max(value->>'$.item.seq') FROM json_each(?) GROUP BY 1, 2, 3
        ON CONFLICT(site, node, store) DO UPDATE SET last_seq = max(last_seq, excluded.last_seq)`,
      values: [rows],
    },
  ];
}

/** The end of the year 9999. */
const LAST_TIME_MS = 253_402_300_799_999;

/** A node whose clock was not set has heard the time: what it told before is of then. */
const corrections = (reports: readonly AcceptedReport[]): readonly Statement[] =>
  reports.flatMap(({ key: { site, node }, items }) =>
    items.flatMap(({ event }) => {
      const { boot, bootedAt } = event?.type === "clock.set" ? (event.data ?? {}) : {};
      if (typeof boot !== "string" || typeof bootedAt !== "number" || !(Math.abs(bootedAt) < LAST_TIME_MS))
        return [];
      return [
        {
          sql: `UPDATE event SET body = ${correctedJson("body", "$")} WHERE body->>'$.clock.boot' = ?1 AND site = ?3 AND node = ?4`,
          values: [boot, bootedAt, site, node],
        },
      ];
    }),
  );

const storedEvent = (row: Row): StoredEvent => ({
  id: Number(row.id),
  site: row.site as SiteId,
  node: row.node as NodeId,
  receivedAt: String(row.received_at),
  event: JSON.parse(String(row.body)) as AgentEvent,
});

const reportedService = (row: Row): ReportedService => ({
  site: row.site as SiteId,
  node: row.node as NodeId,
  service: row.service as ServiceId,
  removed: row.removed === 1,
  revision: Number(row.revision),
  status: row.body === null ? null : (JSON.parse(String(row.body)) as ServiceStatus),
  reportedAt: String(row.reported_at),
  receivedAt: String(row.received_at),
});
