/**
 * The node's journal: what is desired, what happened, what is still to be reported. A promise that resolves
 * means that it is on disk. Writes that come while another commit runs share the next one (group commit).
 */
import { randomUUID } from "node:crypto";
import type { DescriptorPackage, ServiceRequest } from "../../model/messages/desired.js";
import type { AgentEvent, ReportItem, ServiceStatus } from "../../model/messages/node.js";
import { correctedJson } from "../../store/corrected.js";
import type { Engine } from "../../store/engine.js";
import { shrink } from "../../store/shrink.js";
import { type Migration, openSqlite, type Row, type Sqlite, type Statement } from "../../store/sqlite.js";
import { COMMANDS_SCHEMA, type CommandStore, commandQueries, TRACE_SCHEMA } from "./commands.js";
import { MEMORY_SCHEMA, type MemoryStore, memoryStore } from "./memory.js";
import {
  DEFAULT_LIMITS,
  type JournalOutbox,
  OPENED,
  OUTBOX_SCHEMA,
  type OutboxLimits,
  outboxQueries,
  queueStatements,
} from "./outbox.js";
import { type ObjectName, pruneDesired } from "./retention.js";
import { TERMS_SCHEMA, type TermStore, termStore } from "./terms.js";

/** Who wants an object: only the controller's count for the desired-set digest. */
export type Origin = "controller" | "local";

export interface DesiredObject {
  readonly kind: "package" | "service";
  readonly id: string;
  readonly revision: number;
  readonly origin: Origin;
  readonly body: DescriptorPackage | ServiceRequest | null;
}

export interface JournalledObject extends DesiredObject {
  /** When the node first heard of it, ms since the epoch: who came first has the traffic that two want. */
  readonly added: number;
}

export type ReportBody =
  | { readonly event: AgentEvent }
  | { readonly service: ServiceStatus }
  | { readonly removedService: string }
  | { readonly present: readonly string[] };

/** How far the events that a function tells by a handler are noted: those of this process, up to this number. */
export interface EventMark {
  readonly functionId: string;
  readonly handler: string;
  readonly process: string;
  readonly number: number;
}

export interface EventQuery {
  readonly since?: number;
  readonly object?: string;
  readonly limit?: number;
}

export interface JournalUsage {
  readonly bytes: number;
  readonly freeBytes: number;
  readonly commits: number;
}

export interface Journal {
  /** Names this journal: report numbers count within it. */
  readonly id: string;
  desired(): Promise<readonly JournalledObject[]>;
  /** Stores an object or its tombstone (`body` null) unless a newer or equal revision is there; tells whether it did. */
  putDesired(object: DesiredObject & { readonly added?: number }): Promise<boolean>;
  /** Takes away what is kept no longer (agent/store/retention.ts), and tells what that was. */
  prune(): Promise<readonly ObjectName[]>;
  /** Size of the file and what of it is free; writes that were committed in this life. */
  usage(): Promise<JournalUsage>;
  /** Notes events and queues reports, in one commit with whatever else is waiting. */
  append(
    events: readonly AgentEvent[],
    reports: readonly ReportBody[],
    marks?: readonly EventMark[],
  ): Promise<void>;
  /** Corrects the times of what was noted in this start of the machine by a clock that was not set; `bootedAt`: ms since the epoch. */
  correctTimes(boot: string, bootedAt: number): Promise<void>;
  /** The marks of these functions; those of others are dropped, now or, if the disk is full, another time. */
  eventMarks(functionIds: readonly string[]): Promise<readonly EventMark[]>;
  events(query: EventQuery): Promise<readonly (AgentEvent & { readonly seq: number })[]>;
  pendingReports(limit: number, afterSeq: number): Promise<readonly ReportItem[]>;
  acknowledgeReports(upTo: number): Promise<void>;
  pendingCount(): Promise<number>;
  readonly outbox: JournalOutbox;
  readonly commands: CommandStore;
  /** What the node has promised its site. */
  readonly terms: TermStore;
  /** What is remembered of functions that failed. */
  readonly memory: MemoryStore;
  close(): Promise<void>;
}

/** An entry that was released is never edited: add another. What is inserted names its columns, so that columns can be added. */
const MIGRATIONS: readonly Migration[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE desired (kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, origin TEXT NOT NULL, body TEXT, added INTEGER NOT NULL,
     PRIMARY KEY (kind, id)) WITHOUT ROWID;
   CREATE TABLE events (seq INTEGER PRIMARY KEY, object TEXT NOT NULL, body TEXT NOT NULL);
   CREATE INDEX events_by_object ON events (object, seq);
   CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, ts TEXT NOT NULL, body TEXT NOT NULL);`,
  `CREATE TABLE event_marks (function TEXT NOT NULL, handler TEXT NOT NULL, process TEXT NOT NULL, number INTEGER NOT NULL,
     PRIMARY KEY (function, handler)) WITHOUT ROWID;`,
  COMMANDS_SCHEMA,
  TERMS_SCHEMA,
  OUTBOX_SCHEMA,
  TRACE_SCHEMA,
  MEMORY_SCHEMA,
];

/** The schema that this program writes. */
export const SCHEMA = MIGRATIONS.length;

/** The comparison is part of the statement: two revisions of one object may be under way at once. */
const PUT_DESIRED = `INSERT INTO desired (kind, id, revision, origin, body, added) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision, origin = excluded.origin, body = excluded.body
  WHERE excluded.revision > desired.revision`;

const PUT_MARKS = `INSERT INTO event_marks (function, handler, process, number)
  SELECT value->>'functionId', value->>'handler', value->>'process', value->>'number' FROM json_each(?) WHERE true
  ON CONFLICT (function, handler) DO UPDATE SET process = excluded.process, number = excluded.number`;

/** Writes after which it is looked whether the file can shrink. */
const LOOK_FREE_EVERY = 16;

/** Events kept on the node; older ones go (they were reported, or are in the outbox still). */
const EVENTS_KEPT = 10_000;

/**
 * Opens the journal or makes it. Rejects with `store.damaged`, `store.newer`, or for any other reason, among them another
 * agent that has it open, `store.failed`.
 * `newId` names a journal that is made; what runs without chance gives its own.
 */
export async function openJournal(
  path: string,
  clock: () => number,
  engine?: Engine,
  newId: () => string = randomUUID,
  limits: OutboxLimits = DEFAULT_LIMITS,
): Promise<Journal> {
  const sqlite = await openSqlite(path, MIGRATIONS, clock, engine);
  const id = await take(sqlite, newId).catch(async (cause: unknown) => {
    await sqlite.close(); // or it would hold the file, and nobody could open it
    throw cause;
  });
  const usage = { commits: 0 };
  const groups = groupCommit(sqlite);
  const commit = async (statements: readonly Statement[]): Promise<void> => {
    await groups(statements);
    usage.commits += 1;
    if (usage.commits % LOOK_FREE_EVERY === 0) await shrink(sqlite).catch(() => undefined); // what is asked for is on disk
  };
  await shrink(sqlite).catch(() => undefined);
  const outbox = outboxQueries({ sqlite, commit, clock, newId, limits });
  return {
    id,
    async desired() {
      return (await sqlite.all("SELECT * FROM desired ORDER BY kind, id")).map(desiredOf);
    },
    async putDesired({ kind, id, revision, origin, body, added = clock() }) {
      const stored = () => sqlite.get("SELECT * FROM desired WHERE kind = ? AND id = ?", kind, id);
      if (Number((await stored())?.revision ?? -1) >= revision) return false;
      const text = body === null ? null : JSON.stringify(body);
      await commit([{ sql: PUT_DESIRED, values: [kind, id, revision, origin, text, added] }]);
      const now = await stored();
      return now?.revision === revision && now.origin === origin && now.body === text;
    },
    prune: () => pruneDesired(sqlite, commit, clock()),
    async usage() {
      const number = async (pragma: string) => Number((await sqlite.get(`PRAGMA ${pragma}`))?.[pragma] ?? 0);
      const page = await number("page_size");
      const bytes = page * (await number("page_count"));
      return { bytes, freeBytes: page * (await number("freelist_count")), commits: usage.commits };
    },
    async append(events, reports, marks = []) {
      const ts = new Date(clock()).toISOString();
      await commit([
        ...appendStatements(events),
        ...(reports.length > 0 ? queueStatements(reports, ts) : []),
        ...(marks.length > 0 ? [{ sql: PUT_MARKS, values: [JSON.stringify(marks)] }] : []),
      ]);
      // What was asked for is on disk; what cannot be made smaller now is made smaller another time.
      await outbox.trim(reports.length, JSON.stringify(reports).length).catch(() => undefined);
    },
    correctTimes: (boot, bootedAt) =>
      commit([
        {
          sql: `UPDATE events SET body = ${correctedJson("body", "$")} WHERE body->>'$.clock.boot' = ?1`,
          values: [boot, bootedAt],
        },
        {
          sql: `UPDATE outbox SET body = ${correctedJson("body", "$.event")} WHERE body->>'$.event.clock.boot' = ?1`,
          values: [boot, bootedAt],
        },
      ]),
    async eventMarks(functionIds) {
      const marks = (await sqlite.all("SELECT * FROM event_marks")).map((row) => ({
        functionId: String(row.function),
        handler: String(row.handler),
        process: String(row.process),
        number: Number(row.number),
      }));
      const wanted = marks.filter(({ functionId }) => functionIds.includes(functionId));
      const others = "DELETE FROM event_marks WHERE function NOT IN (SELECT value FROM json_each(?))";
      if (wanted.length < marks.length)
        await commit([{ sql: others, values: [JSON.stringify(functionIds)] }]).catch(() => undefined);
      return wanted;
    },
    async events({ since = 0, object = null, limit = 200 }) {
      const newest =
        "SELECT seq, body FROM events WHERE seq > ?1 AND (?2 IS NULL OR object = ?2) ORDER BY seq DESC LIMIT ?3";
      const rows = await sqlite.all(`SELECT * FROM (${newest}) ORDER BY seq`, since, object, limit);
      return rows.map((row) => ({ seq: Number(row.seq), ...(JSON.parse(String(row.body)) as AgentEvent) }));
    },
    async pendingReports(limit, afterSeq) {
      const rows = await sqlite.all(
        "SELECT * FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?",
        afterSeq,
        limit,
      );
      return rows.map(
        (row): ReportItem => ({
          seq: Number(row.seq),
          ts: String(row.ts),
          ...(JSON.parse(String(row.body)) as Omit<ReportItem, "seq" | "ts">),
        }),
      );
    },
    acknowledgeReports: outbox.acknowledge,
    async pendingCount() {
      return Number((await sqlite.get("SELECT COUNT(*) AS n FROM outbox"))?.n ?? 0);
    },
    outbox,
    commands: commandQueries(sqlite, commit),
    terms: termStore(sqlite, commit),
    memory: memoryStore(sqlite, commit),
    close: () => sqlite.close(),
  };
}

/** Takes the journal for this process, and resolves with its name. */
async function take(sqlite: Sqlite, newId: () => string): Promise<string> {
  // Held from the write below until the end: two agents on one node would fight over its functions.
  await sqlite.all("PRAGMA locking_mode=EXCLUSIVE");
  await sqlite.all("PRAGMA cache_size=-512"); // it is written, and read at the start
  const named = { sql: "INSERT OR IGNORE INTO meta (key, value) VALUES ('id', ?)", values: [newId()] };
  await sqlite.write([named, OPENED]);
  return String((await sqlite.get("SELECT value FROM meta WHERE key = 'id'"))?.value);
}

/** One statement for all events: json_each makes rows of a list (docs/adr/0003). */
function appendStatements(events: readonly AgentEvent[]): readonly Statement[] {
  const rows = JSON.stringify(events.map((event) => ({ object: event.object, body: JSON.stringify(event) })));
  return [
    {
      sql: "INSERT INTO events (object, body) SELECT value->>'object', value->>'body' FROM json_each(?)",
      values: [rows],
    },
    { sql: "DELETE FROM events WHERE seq <= (SELECT MAX(seq) FROM events) - ?", values: [EVENTS_KEPT] },
  ];
}

/** Collects the statements of all callers that wait and commits them together: one fsync for all. */
function groupCommit(sqlite: Sqlite): (statements: readonly Statement[]) => Promise<void> {
  let waiting: { readonly statements: readonly Statement[]; readonly settle: (error: unknown) => void }[] =
    [];
  let running = false;
  const flush = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const error = await sqlite.write(batch.flatMap(({ statements }) => statements)).then(
        () => null,
        (failure: unknown) => failure,
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

/** Throws where its body is no JSON. */
export function desiredOf(row: Row): JournalledObject {
  return {
    kind: row.kind as DesiredObject["kind"],
    id: String(row.id),
    revision: Number(row.revision),
    added: Number(row.added),
    origin: row.origin as Origin,
    body: typeof row.body === "string" ? (JSON.parse(row.body) as DesiredObject["body"]) : null,
  };
}
