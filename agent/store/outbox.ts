/**
 * The outbox's rows: reports that wait for the controller's acknowledgement. What waits is bounded. Of a service
 * only the newest state is kept, for the older ones are no news; when there is too much all the same, the oldest
 * details go, then the oldest events, and a report says which and how many. Numbers are never used again, so the
 * receiver is told with each report up to where it has had everything, and takes other gaps for what they are.
 */
import type { AgentEvent } from "../../model/messages/node.js";
import type { Sqlite, Statement } from "../../store/sqlite.js";
import type { ReportBody } from "./journal.js";

export interface OutboxLimits {
  readonly reports: number;
  readonly bytes: number;
}

export interface OutboxPosition {
  /** Names the numbering; it changes when this journal turns out to be an older copy of itself. */
  readonly id: string;
  /** All up to this number are with the controller, as far as this journal knows. */
  readonly acknowledged: number;
  /** No number beyond this one can have left this node, if this journal is the only one that it ever had. */
  readonly sentAtMost: number;
}

export interface JournalOutbox {
  position(): Promise<OutboxPosition>;
  /** Of position() what the node says of itself. Read once: it waits for no commit, so that a disk that hangs makes no node silent. */
  said(): Promise<Pick<OutboxPosition, "id" | "acknowledged">>;
  /** To be called before the first report of this life leaves, when the receiver has no more than `sentAtMost`. */
  trusted(): Promise<void>;
  /** The receiver has more than this journal can have sent. Resolves with the numbering's new name. */
  renew(): Promise<string>;
  acknowledge(upTo: number): Promise<void>;
  /** To be called with the size of what was queued: brings the rows within the limits when enough has come. */
  trim(addedReports: number, addedBytes: number): Promise<void>;
}

export const OUTBOX_SCHEMA = `ALTER TABLE outbox ADD COLUMN object TEXT;
   ALTER TABLE outbox ADD COLUMN detail INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX outbox_by_object ON outbox (object) WHERE object IS NOT NULL;`;

export const DEFAULT_LIMITS: OutboxLimits = { reports: 50_000, bytes: 16 * 1024 * 1024 };
/** Events that only add to what others say: they go first. */
const DETAILS: readonly string[] = ["function.output", "function.exited", "work.done"];
/** The note of what was dropped: it stays, and grows. */
const NOTE = "note/dropped";
/** Trimmed is to this share of the limits, so that it is not done for each report that comes. */
const TRIM_TO = 0.9;
/** Looked at when so much of the limits has come since the last look. */
const LOOK_AFTER = 0.02;

interface OutboxRow {
  readonly object: string | null;
  readonly detail: 0 | 1;
  readonly body: string;
}

/** To be committed with what the reports tell of. Of one service's states only the last is left, also within the list. */
export function queueStatements(reports: readonly ReportBody[], ts: string): readonly Statement[] {
  const rows = reports.map(rowOf);
  const newest = new Map(rows.flatMap((row) => (row.object === null ? [] : [[row.object, row] as const])));
  const left = rows.filter((row) => row.object === null || newest.get(row.object) === row);
  const dropped =
    newest.size === 0
      ? []
      : [
          {
            sql: "DELETE FROM outbox WHERE object IN (SELECT value FROM json_each(?))",
            values: [JSON.stringify([...newest.keys()])],
          },
        ];
  return [...dropped, insert(left, ts)];
}

const insert = (rows: readonly OutboxRow[], ts: string): Statement => ({
  sql: "INSERT INTO outbox (ts, body, object, detail) SELECT ?, value->>'body', value->>'object', value->>'detail' FROM json_each(?)",
  values: [ts, JSON.stringify(rows)],
});

function rowOf(report: ReportBody): OutboxRow {
  const body = JSON.stringify(report);
  if ("service" in report) return { object: `service/${report.service.id}`, detail: 0, body };
  if ("removedService" in report) return { object: `service/${report.removedService}`, detail: 0, body };
  if ("present" in report) return { object: "present", detail: 0, body };
  return { object: null, detail: DETAILS.includes(report.event.type) ? 1 : 0, body };
}

export interface OutboxOptions {
  readonly sqlite: Sqlite;
  readonly commit: (statements: readonly Statement[]) => Promise<void>;
  readonly clock: () => number;
  readonly newId: () => string;
  readonly limits: OutboxLimits;
}

export function outboxQueries({ sqlite, commit, clock, newId, limits }: OutboxOptions): JournalOutbox {
  const meta = async (key: string): Promise<string | null> => {
    const row = await sqlite.get("SELECT value FROM meta WHERE key = ?", key);
    return row && String(row.value);
  };
  /** What came since the last look; more than anything before the first. */
  let since: OutboxLimits = { reports: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

  const size = () =>
    sqlite.get("SELECT COUNT(*) AS reports, COALESCE(SUM(LENGTH(body)), 0) AS bytes FROM outbox");

  async function trim(addedReports: number, addedBytes: number): Promise<void> {
    since = { reports: since.reports + addedReports, bytes: since.bytes + addedBytes };
    if (since.reports < limits.reports * LOOK_AFTER && since.bytes < limits.bytes * LOOK_AFTER) return;
    since = { reports: 0, bytes: 0 };
    const found = await size();
    const reports = Number(found?.reports);
    const bytes = Number(found?.bytes);
    if (reports <= limits.reports && bytes <= limits.bytes) return;
    const excess: OutboxLimits = {
      reports: reports - Math.floor(limits.reports * TRIM_TO),
      bytes: bytes - Math.floor(limits.bytes * TRIM_TO),
    };
    const rows = await sqlite.all(
      "SELECT seq, detail, LENGTH(body) AS bytes FROM outbox WHERE object IS NULL ORDER BY detail DESC, seq",
    );
    const going = oldestOf(
      rows.map((row) => ({ seq: Number(row.seq), detail: row.detail === 1, bytes: Number(row.bytes) })),
      excess,
    );
    if (going) await drop(going);
  }

  async function drop(going: Dropped): Promise<void> {
    const before = await sqlite.get("SELECT body FROM outbox WHERE object = ?", NOTE);
    const earlier = before
      ? (JSON.parse(String(before.body)) as { event: { data: Dropped } }).event.data
      : null;
    const all = earlier ? together(earlier, going) : going;
    const event = droppedEvent(all, limits, clock());
    await commit([
      {
        sql: "DELETE FROM outbox WHERE object IS NULL AND ((detail = 1 AND seq <= ?) OR (detail = 0 AND seq <= ?))",
        values: [going.detailsUpTo, going.eventsUpTo],
      },
      { sql: "DELETE FROM outbox WHERE object = ?", values: [NOTE] },
      insert([{ object: NOTE, detail: 0, body: JSON.stringify({ event }) }], event.ts),
      {
        sql: "INSERT INTO events (object, body) VALUES (?, ?)",
        values: [event.object, JSON.stringify(event)],
      },
    ]);
  }

  let known: Pick<OutboxPosition, "id" | "acknowledged"> | null = null;
  const said: JournalOutbox["said"] = async () =>
    (known ??= { id: String(await meta("id")), acknowledged: Number((await meta("acknowledged")) ?? 0) });

  return {
    said,
    async position() {
      return {
        ...(await said()),
        sentAtMost: Number((await meta("untrusted")) ?? (await lastNumber(sqlite))),
      };
    },
    trusted: () => commit([{ sql: "DELETE FROM meta WHERE key = 'untrusted'" }]),
    async renew() {
      const id = newId();
      await commit([
        { sql: "INSERT OR REPLACE INTO meta (key, value) VALUES ('id', ?)", values: [id] },
        { sql: "DELETE FROM meta WHERE key = 'acknowledged'" }, // under this name nothing was
        { sql: "DELETE FROM meta WHERE key = 'untrusted'" },
      ]);
      known = { id, acknowledged: 0 };
      return id;
    },
    async acknowledge(upTo) {
      await commit([
        { sql: "DELETE FROM outbox WHERE seq <= ?", values: [upTo] },
        {
          sql: "INSERT OR REPLACE INTO meta (key, value) VALUES ('acknowledged', ?)",
          values: [String(upTo)],
        },
      ]);
      if (known) known = { ...known, acknowledged: upTo };
    },
    trim,
  };
}

/**
 * At the journal's opening: until the receiver was heard in this life, what it has can be compared with what had
 * been numbered when it was opened first. After that first hearing the numbers may have left.
 */
export const OPENED: Statement = {
  sql: `INSERT OR IGNORE INTO meta (key, value) SELECT 'untrusted', CAST(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0) AS TEXT)`,
};

async function lastNumber(sqlite: Sqlite): Promise<number> {
  return Number((await sqlite.get("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"))?.seq ?? 0);
}

/** What was dropped, as the note tells it. */
export interface Dropped {
  readonly from: number;
  readonly to: number;
  readonly reports: number;
  readonly details: number;
  readonly bytes: number;
  readonly detailsUpTo: number;
  readonly eventsUpTo: number;
}

/** Pure: which of these rows, details first and each oldest first, have to go; null where none may. */
export function oldestOf(
  rows: readonly { readonly seq: number; readonly detail: boolean; readonly bytes: number }[],
  excess: OutboxLimits,
): Dropped | null {
  let reports = 0;
  let bytes = 0;
  const count = rows.findIndex((row) => {
    if (reports >= excess.reports && bytes >= excess.bytes) return true;
    reports += 1;
    bytes += row.bytes;
    return false;
  });
  const going = count === -1 ? rows : rows.slice(0, count);
  if (going.length === 0) return null;
  const numbers = going.map(({ seq }) => seq);
  const upTo = (wanted: boolean): number =>
    going.reduce((most, { seq, detail }) => (detail === wanted ? Math.max(most, seq) : most), 0);
  return {
    from: numbers.reduce((least, seq) => Math.min(least, seq)),
    to: numbers.reduce((most, seq) => Math.max(most, seq)),
    reports: going.length,
    details: going.filter(({ detail }) => detail).length,
    bytes,
    detailsUpTo: upTo(true),
    eventsUpTo: upTo(false),
  };
}

const together = (a: Dropped, b: Dropped): Dropped => ({
  from: Math.min(a.from, b.from),
  to: Math.max(a.to, b.to),
  reports: a.reports + b.reports,
  details: a.details + b.details,
  bytes: a.bytes + b.bytes,
  detailsUpTo: Math.max(a.detailsUpTo, b.detailsUpTo),
  eventsUpTo: Math.max(a.eventsUpTo, b.eventsUpTo),
});

function droppedEvent(dropped: Dropped, limits: OutboxLimits, now: number): AgentEvent {
  const { from, to, reports, details } = dropped;
  return {
    ts: new Date(now).toISOString(),
    object: "link",
    type: "reports.dropped",
    cause: `more waits for the controller than is kept (${limits.reports} reports, ${limits.bytes} bytes)`,
    rule: "the oldest details go first, then the oldest events; the last word on each service stays",
    action: "drop them",
    code: null,
    detail: `${reports} reports between numbers ${from} and ${to} were dropped before the controller had them, ${details} of them details`,
    data: { ...dropped },
  };
}
