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
