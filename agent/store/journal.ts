/**
 * The node's journal: what is desired, what happened, what is still to be reported. A promise that resolves
 * means that it is on disk. Writes that come while another commit runs share the next one (group commit).
 */
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { DescriptorPackage, ServiceRequest } from "../../model/messages/desired.js";
import type { AgentEvent, ReportItem, ServiceStatus } from "../../model/messages/node.js";
import { type Database, openDatabase, type Row, type SqlValue } from "./database.js";

/** Who wants an object: only the controller's count for the desired-set digest. */
export type Origin = "controller" | "local";

export interface DesiredObject {
  readonly kind: "package" | "service";
  readonly id: string;
  readonly revision: number;
  readonly origin: Origin;
  readonly body: DescriptorPackage | ServiceRequest | null;
}

export type ReportBody =
  | { readonly event: AgentEvent }
  | { readonly service: ServiceStatus }
  | { readonly removedService: string };

export interface EventQuery {
  readonly since?: number;
  readonly object?: string;
  readonly limit?: number;
}

export interface Journal {
  /** Names this journal: report numbers count within it. */
  readonly id: string;
  desired(): Promise<readonly DesiredObject[]>;
  /** Stores an object or its tombstone (`body` null) unless a newer or equal revision is there; tells whether it did. */
  putDesired(object: DesiredObject): Promise<boolean>;
  /** Notes events and queues reports, in one commit with whatever else is waiting. */
  append(events: readonly AgentEvent[], reports: readonly ReportBody[]): Promise<void>;
  events(query: EventQuery): Promise<readonly (AgentEvent & { readonly seq: number })[]>;
  pendingReports(limit: number, afterSeq: number): Promise<readonly ReportItem[]>;
  acknowledgeReports(upTo: number): Promise<void>;
  pendingCount(): Promise<number>;
  close(): Promise<void>;
}

const MIGRATIONS: readonly string[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE desired (kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, origin TEXT NOT NULL, body TEXT,
     PRIMARY KEY (kind, id)) WITHOUT ROWID;
   CREATE TABLE events (seq INTEGER PRIMARY KEY, object TEXT NOT NULL, body TEXT NOT NULL);
   CREATE INDEX events_by_object ON events (object, seq);
   CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, ts TEXT NOT NULL, body TEXT NOT NULL)`,
];

/** Events kept on the node; older ones go (they were reported, or are in the outbox still). */
const EVENTS_KEPT = 10_000;

export async function openJournal(path: string): Promise<Journal> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const database = await openDatabase(path, MIGRATIONS);
  await database.run("INSERT OR IGNORE INTO meta VALUES ('id', ?)", [randomUUID()]);
  const [identity] = await database.all("SELECT value FROM meta WHERE key = 'id'");
  const commit = groupCommit(database);
  return {
    id: String(identity?.value),
    async desired() {
      return (await database.all("SELECT * FROM desired ORDER BY kind, id")).map(desiredOf);
    },
    async putDesired(object) {
      const [known] = await database.all("SELECT revision FROM desired WHERE kind = ? AND id = ?", [
        object.kind,
        object.id,
      ]);
      if (known && Number(known.revision) >= object.revision) return false;
      const body = object.body === null ? null : JSON.stringify(object.body);
      await commit([
        [
          "INSERT OR REPLACE INTO desired VALUES (?, ?, ?, ?, ?)",
          [object.kind, object.id, object.revision, object.origin, body],
        ],
      ]);
      return true;
    },
    append(events, reports) {
      const now = new Date().toISOString();
      const rows = JSON.stringify(
        events.map((event) => ({ object: event.object, body: JSON.stringify(event) })),
      );
      const items = JSON.stringify(reports.map((report) => ({ ts: now, body: JSON.stringify(report) })));
      return commit([
        ...(events.length > 0
          ? [
              [
                "INSERT INTO events (object, body) SELECT value->>'object', value->>'body' FROM json_each(?)",
                [rows],
              ] as Statement,
            ]
          : []),
        ...(reports.length > 0
          ? [
              [
                "INSERT INTO outbox (ts, body) SELECT value->>'ts', value->>'body' FROM json_each(?)",
                [items],
              ] as Statement,
            ]
          : []),
        ["DELETE FROM events WHERE seq <= (SELECT MAX(seq) FROM events) - ?", [EVENTS_KEPT]],
      ]);
    },
    async events({ since = 0, object, limit = 200 }) {
      const rows = object
        ? await database.all(
            "SELECT seq, body FROM (SELECT * FROM events WHERE object = ? AND seq > ? ORDER BY seq DESC LIMIT ?) ORDER BY seq",
            [object, since, limit],
          )
        : await database.all(
            "SELECT seq, body FROM (SELECT * FROM events WHERE seq > ? ORDER BY seq DESC LIMIT ?) ORDER BY seq",
            [since, limit],
          );
      return rows.map((row) => ({ seq: Number(row.seq), ...(JSON.parse(String(row.body)) as AgentEvent) }));
    },
    async pendingReports(limit, afterSeq) {
      const rows = await database.all("SELECT * FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?", [
        afterSeq,
        limit,
      ]);
      return rows.map(
        (row): ReportItem => ({
          seq: Number(row.seq),
          ts: String(row.ts),
          ...(JSON.parse(String(row.body)) as ReportBody),
        }),
      );
    },
    acknowledgeReports: (upTo) => commit([["DELETE FROM outbox WHERE seq <= ?", [upTo]]]),
    async pendingCount() {
      const [row] = await database.all("SELECT COUNT(*) AS n FROM outbox");
      return Number(row?.n ?? 0);
    },
    close: () => database.close(),
  };
}

type Statement = readonly [sql: string, parameters: readonly SqlValue[]];

/** Collects the statements of all callers that wait and runs them in one transaction: one fsync for all. */
function groupCommit(database: Database): (statements: readonly Statement[]) => Promise<void> {
  let waiting: { readonly statements: readonly Statement[]; readonly settle: (error: unknown) => void }[] =
    [];
  let running = false;
  const flush = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const error = await transact(
        database,
        batch.flatMap(({ statements }) => statements),
      );
      for (const { settle } of batch) settle(error);
    }
    running = false;
  };
  return (statements) =>
    new Promise((resolve, reject) => {
      waiting.push({ statements, settle: (error) => (error === null ? resolve() : reject(error)) });
      if (!running) void flush();
    });
}

async function transact(database: Database, statements: readonly Statement[]): Promise<unknown> {
  try {
    await database.exec("BEGIN IMMEDIATE");
    for (const [sql, parameters] of statements) await database.run(sql, parameters);
    await database.exec("COMMIT");
    return null;
  } catch (error) {
    // The transaction may be gone already (SQLite rolls back by itself on a full disk).
    await database.exec("ROLLBACK").catch((rollback: unknown) => rollback);
    return error;
  }
}

function desiredOf(row: Row): DesiredObject {
  return {
    kind: row.kind as DesiredObject["kind"],
    id: String(row.id),
    revision: Number(row.revision),
    origin: row.origin as Origin,
    body:
      row.body === null || row.body === undefined
        ? null
        : (JSON.parse(String(row.body)) as DesiredObject["body"]),
  };
}
