/** What the store needs of SQLite. An engine opens files; tests put another one, with a disk of their own, in its place. */
export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** One open database. Its user awaits each call before the next: it need not order them. */
export interface Connection {
  /** Runs statements without values, one after the other; what they yield is dropped. */
  exec(sql: string): Promise<void>;
  /** Runs one statement to its end; `values` take the places of its `?`. */
  all(sql: string, values: readonly SqlValue[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** What SQLite refuses rejects with an Error of its words; `code`, where there is one, is the result's name (`SQLITE_FULL`). */
export interface Engine {
  /** Opens the file or makes it, with the folders that lead to it. */
  open(path: string): Promise<Connection>;
}

/** What SQLite says of a file that is none of its own, or is no more. */
export const DAMAGE: readonly unknown[] = ["SQLITE_CORRUPT", "SQLITE_NOTADB"];

/**
 * The same engine for one process alone; a file is read through before it is opened, and `damaged` hears of damage whenever
 * it is met. So a page that went bad is found at the next start, not when it is needed. Held by one alone from its first
 * access on it needs no shared memory, which could not be made on a full disk.
 */
export const watched = (engine: Engine, damaged: (reason: string) => void): Engine => ({
  async open(path) {
    const { exec, all, close } = await engine.open(path);
    const tell = (error: Error & { readonly code?: unknown }): never => {
      if (DAMAGE.includes(error.code)) damaged(error.message);
      throw error;
    };
    const connection: Connection = {
      exec: (sql) => exec(sql).catch(tell),
      all: (sql, values) => all(sql, values).catch(tell),
      close,
    };
    try {
      await exec("PRAGMA busy_timeout=2000; PRAGMA locking_mode=EXCLUSIVE;");
      await checked(connection, damaged);
    } catch (error) {
      await close();
      throw error;
    }
    return connection;
  },
});

async function checked({ all }: Connection, damaged: (reason: string) => void): Promise<void> {
  const [row] = await all("PRAGMA quick_check(1)", []);
  const found = String(row?.quick_check);
  if (found === "ok") return;
  damaged(found);
  throw Object.assign(new Error(found), { code: "SQLITE_CORRUPT" });
}
