/**
 * SQLite behind promises: one connection, WAL, synchronous FULL, and one thing at a time. A write is a list
 * of statements that is committed whole or not at all; a read never sees half of one. What `write` returned
 * from is on the disk.
 */
import { LightmanoError } from "../model/errors.js";
import { type Connection, DAMAGE, type Engine, type Row, type SqlValue } from "./engine.js";
import { nativeEngine } from "./native-engine.js";
import { makeShrinkable } from "./shrink.js";

export type { Row, SqlValue } from "./engine.js";

export interface Statement {
  readonly sql: string;
  readonly values?: readonly SqlValue[];
}

export interface StoreHealth {
  readonly ok: boolean;
  readonly reason: string | null;
  /** Of the first failure since the last success, milliseconds since the epoch. */
  readonly since: number | null;
}

export interface Sqlite {
  write(statements: readonly Statement[]): Promise<void>;
  all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]>;
  get(sql: string, ...values: readonly SqlValue[]): Promise<Row | null>;
  health(): StoreHealth;
  close(): Promise<void>;
}

/** The WAL is cut to this size when it is begun anew. */
const SETTINGS =
  "PRAGMA busy_timeout=2000; PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=4194304; PRAGMA synchronous=FULL; PRAGMA cache_size=-2048;";

/**
 * One step of the schema. It adds: an older program that knows nothing of the step can use the file all the same. One that
 * takes away or changes what older programs use says `breaks`, and they refuse the file from then on.
 */
export type Migration = string | { readonly breaks: true; readonly sql: string };

/**
 * Opens or makes the file and brings its schema to the newest version. A file of a newer program is opened as it is,
 * unless it broke with ours: `store.newer`. `store.damaged`: it is no database, or is one no more. All else is
 * `store.failed`.
 */
export async function openSqlite(
  path: string,
  migrations: readonly Migration[],
  clock: () => number,
  engine: Engine = nativeEngine,
): Promise<Sqlite> {
  const connection = named(path, await engine.open(path).catch(failure(`cannot open ${path}`)));
  const sqlite = wrap(connection, clock);
  try {
    await makeShrinkable(connection, "from its beginning");
    await connection.exec(SETTINGS);
    await migrate(connection, sqlite, path, migrations);
    await settle(connection);
    await makeShrinkable(connection, "later");
  } catch (cause) {
    await sqlite.close();
    throw cause;
  }
  return sqlite;
}

/**
 * A process that was killed in the midst of a commit may have left it whole in the page cache and not on the disk. It counts from the next opening
 * on; nothing of it may be promised before it is synced, which a checkpoint does before it copies anything. So where there is no room to copy, no harm is done.
 */
async function settle({ all }: Connection): Promise<void> {
  await all("PRAGMA wal_checkpoint(TRUNCATE)", []).catch((cause: unknown) => {
    if (!isFull(cause)) throw cause;
  });
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && (error.cause as { readonly code?: unknown } | undefined)?.code === "SQLITE_FULL";

/** The same connection; its errors say which file it was. */
function named(path: string, { exec, all, close }: Connection): Connection {
  return {
    exec: (sql) => exec(sql).catch(failure(path)),
    all: (sql, values) => all(sql, values).catch(failure(path)),
    close: () => close().catch(failure(path)),
  };
}

function wrap({ all, close }: Connection, clock: () => number): Sqlite {
  let last: Promise<unknown> = Promise.resolve();
  let failed: { reason: string; since: number } | null = null;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const commit = async (statements: readonly Statement[]): Promise<void> => {
    try {
      await all("BEGIN IMMEDIATE", []);
      for (const { sql, values = [] } of statements) await all(sql, values);
      await all("COMMIT", []);
    } catch (cause) {
      // SQLite rolls back by itself after some failures (disk full, I/O): then there is nothing to roll back.
      // Also where BEGIN failed: were a transaction open still, no write would ever succeed again.
      await all("ROLLBACK", []).catch(() => undefined);
      throw cause;
    }
  };
  return {
    write: (statements) =>
      inTurn(async () => {
        try {
          await commit(statements);
          failed = null;
        } catch (cause) {
          failed ??= { reason: cause instanceof Error ? cause.message : String(cause), since: clock() };
          throw cause;
        }
      }),
    all: (sql, ...values) => inTurn(() => all(sql, values)),
    get: (sql, ...values) => inTurn(async () => (await all(sql, values))[0] ?? null),
    health: () => ({ ok: failed === null, reason: failed?.reason ?? null, since: failed?.since ?? null }),
    close: () => inTurn(close),
  };
}

async function migrate(
  connection: Connection,
  sqlite: Sqlite,
  path: string,
  migrations: readonly Migration[],
): Promise<void> {
  const version = Number((await sqlite.get("PRAGMA user_version"))?.user_version ?? 0);
  if (version > migrations.length) return refuseBroken(sqlite, path, version, migrations.length);
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    const breaks = typeof migration !== "string";
    const sql = breaks ? migration.sql : migration;
    const note = breaks ? `${MAKE_SINCE} INSERT INTO usable_since VALUES (${index + 1});` : "";
    await connection.exec(`BEGIN IMMEDIATE; ${sql} ${note} PRAGMA user_version=${index + 1}; COMMIT;`);
  }
}

/** The oldest schema whose programs can use the file, for every break one row. */
const MAKE_SINCE = "CREATE TABLE IF NOT EXISTS usable_since (version INTEGER PRIMARY KEY);";

async function refuseBroken(sqlite: Sqlite, path: string, version: number, known: number): Promise<void> {
  const hasBreaks = await sqlite.get("SELECT 1 FROM sqlite_schema WHERE name = 'usable_since'");
  const row = hasBreaks && (await sqlite.get("SELECT MAX(version) AS since FROM usable_since"));
  const since = Number(row?.since ?? 0);
  if (since > known)
    throw new LightmanoError(
      "store.newer",
      `${path} has schema ${version}, which programs of schema ${since} and newer can use; this one has ${known}`,
    );
}

const failure =
  (what: string) =>
  (cause: Error & { readonly code?: unknown }): never => {
    const hint = cause.code === "SQLITE_BUSY" ? "; another process has it open" : "";
    const code = DAMAGE.includes(cause.code) ? "store.damaged" : "store.failed";
    throw new LightmanoError(code, `${what}: ${cause.message}${hint}`, { cause });
  };
