/**
 * SQLite behind promises: one connection, WAL, synchronous FULL, and one thing at a time. A write is a list
 * of statements that is committed whole or not at all; a read never sees half of one. What `write` returned
 * from is on the disk.
 */
import { Database } from "sqlite3";
import { LightmanoError } from "../model/errors.js";

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

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

/** Below this, two connections in WAL mode can corrupt a database (the WAL-reset fault, fixed in 3.51.3). */
const OLDEST_SAFE = "3.51.3";
const SETTINGS =
  "PRAGMA busy_timeout=2000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-2048;";

/** Opens or makes the file and brings its schema to the newest version. Rejects for one that is newer than we are. */
export async function openSqlite(
  path: string,
  migrations: readonly string[],
  clock: () => number,
): Promise<Sqlite> {
  const handle = await open(path);
  const sqlite = wrap(handle, path, clock);
  try {
    await exec(handle, path, SETTINGS);
    await checkVersion(sqlite);
    await migrate(handle, sqlite, path, migrations);
  } catch (cause) {
    await sqlite.close();
    throw cause;
  }
  return sqlite;
}

function wrap(handle: Database, path: string, clock: () => number): Sqlite {
  let last: Promise<unknown> = Promise.resolve();
  let failed: { reason: string; since: number } | null = null;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const all = (sql: string, values: readonly SqlValue[]): Promise<readonly Row[]> =>
    new Promise((resolve, reject) =>
      handle.all<Row>(sql, [...values], (error, rows) =>
        error ? reject(failure(path, error)) : resolve(rows),
      ),
    );
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
    close: () =>
      inTurn(
        () =>
          new Promise((resolve, reject) =>
            handle.close((error) => (error ? reject(failure(path, error)) : resolve())),
          ),
      ),
  };
}

function open(path: string): Promise<Database> {
  return new Promise((resolve, reject) => {
    const handle: Database = new Database(path, (error) =>
      error ? reject(failure(`cannot open ${path}`, error)) : resolve(handle),
    );
  });
}

function exec(handle: Database, path: string, sql: string): Promise<void> {
  return new Promise((resolve, reject) =>
    handle.exec(sql, (error) => (error ? reject(failure(path, error)) : resolve())),
  );
}

async function checkVersion(sqlite: Sqlite): Promise<void> {
  const version = String((await sqlite.get("SELECT sqlite_version() AS version"))?.version);
  if (version.localeCompare(OLDEST_SAFE, "en", { numeric: true }) < 0) {
    throw new LightmanoError(
      "store.failed",
      `SQLite ${version} is older than ${OLDEST_SAFE} and not safe to use`,
    );
  }
}

async function migrate(
  handle: Database,
  sqlite: Sqlite,
  path: string,
  migrations: readonly string[],
): Promise<void> {
  const version = Number((await sqlite.get("PRAGMA user_version"))?.user_version ?? 0);
  if (version > migrations.length) {
    throw new LightmanoError(
      "store.failed",
      `${path} has schema ${version}, this program knows ${migrations.length}: it was written by a newer one`,
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index >= version)
      await exec(handle, path, `BEGIN IMMEDIATE; ${sql} PRAGMA user_version=${index + 1}; COMMIT;`);
  }
}

function failure(what: string, cause: Error & { readonly code?: unknown }): LightmanoError {
  const hint = cause.code === "SQLITE_BUSY" ? "; another process has it open" : "";
  return new LightmanoError("store.failed", `${what}: ${cause.message}${hint}`, { cause });
}
