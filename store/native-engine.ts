/** SQLite as an addon, on the real disk: statements run on libuv's threads, not on the event loop (docs/adr/0003). */
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Database } from "sqlite3";
import type { Connection, Engine, Row } from "./engine.js";
import { syncFolder } from "./set-aside.js";

/** Below this, two connections in WAL mode can corrupt a database (the WAL-reset fault, fixed in 3.51.3). */
const OLDEST_SAFE = "3.51.3";

export const nativeEngine: Engine = {
  async open(path) {
    await makeFolder(dirname(resolve(path)));
    const handle = await new Promise<Database>((resolve, reject) => {
      const opening: Database = new Database(path, (error) => (error ? reject(error) : resolve(opening)));
    });
    const connection = connectionTo(handle);
    const [row] = await connection
      .all("SELECT sqlite_version() AS version", [])
      .catch(async (cause: unknown) => {
        await connection.close(); // on a full disk even this can fail, and what is not closed holds the file
        throw cause;
      });
    const version = String(row?.version);
    if (version.localeCompare(OLDEST_SAFE, "en", { numeric: true }) < 0) {
      await connection.close();
      throw new Error(`SQLite ${version} is older than ${OLDEST_SAFE} and not safe to use`);
    }
    return connection;
  },
};

/** A folder that is made is on the disk once the folder that it is in is: SQLite syncs its own folder, and none above. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

function connectionTo(handle: Database): Connection {
  return {
    exec: (sql) =>
      new Promise((resolve, reject) => handle.exec(sql, (error) => (error ? reject(error) : resolve()))),
    all: (sql, values) =>
      new Promise((resolve, reject) =>
        handle.all<Row>(sql, [...values], (error, rows) => (error ? reject(error) : resolve(rows))),
      ),
    close: () =>
      new Promise((resolve, reject) => handle.close((error) => (error ? reject(error) : resolve()))),
  };
}
