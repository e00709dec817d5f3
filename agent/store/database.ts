/**
 * SQLite behind promises. Why this driver and these settings: docs/adr/0003. One writer connection, WAL,
 * synchronous FULL: a commit that returned survives a power cut.
 */
import { Database as SqliteDatabase } from "sqlite3";
import { LightmanoError } from "../../model/errors.js";

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Database {
  run(sql: string, parameters?: readonly SqlValue[]): Promise<void>;
  all(sql: string, parameters?: readonly SqlValue[]): Promise<readonly Row[]>;
  exec(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens or makes the file and brings its schema to the newest version. */
export async function openDatabase(path: string, migrations: readonly string[]): Promise<Database> {
  const handle = await new Promise<SqliteDatabase>((resolve, reject) => {
    const opened = new SqliteDatabase(path, (error) =>
      error ? reject(failure(`cannot open ${path}`, error)) : resolve(opened),
    );
  });
  const database = wrap(handle, path);
  await database.exec(
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-512; PRAGMA busy_timeout=2000;",
  );
  await migrate(database, migrations);
  return database;
}

function wrap(handle: SqliteDatabase, path: string): Database {
  const settle = (resolve: () => void, reject: (error: Error) => void) => (error: Error | null) =>
    error ? reject(failure(path, error)) : resolve();
  return {
    run: (sql, parameters = []) =>
      new Promise((resolve, reject) => handle.run(sql, [...parameters], settle(resolve, reject))),
    all: (sql, parameters = []) =>
      new Promise((resolve, reject) =>
        handle.all(sql, [...parameters], (error, rows) =>
          error ? reject(failure(path, error)) : resolve(rows as Row[]),
        ),
      ),
    exec: (sql) => new Promise((resolve, reject) => handle.exec(sql, settle(resolve, reject))),
    close: () => new Promise((resolve, reject) => handle.close(settle(resolve, reject))),
  };
}

async function migrate(database: Database, migrations: readonly string[]): Promise<void> {
  const [row] = await database.all("PRAGMA user_version");
  const version = Number(row?.user_version ?? 0);
  for (const [i, sql] of migrations.entries()) {
    if (i >= version) await database.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version=${i + 1}; COMMIT;`);
  }
}

function failure(what: string, cause: Error): LightmanoError {
  return new LightmanoError("store.failed", `${what}: ${cause.message}`, { cause });
}
