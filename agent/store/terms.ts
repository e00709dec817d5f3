/**
 * What a node has promised its site, in its journal: the highest term, the newest table, the one it obeys.
 * A promise that `put` resolved for is on the disk. Values are stored as they are: they are small, and change
 * only when a hub or an owner does.
 */

import type { Row, Sqlite, Statement } from "../../store/sqlite.js";
import type { Promises } from "../domain/site/member.js";

export interface TermStore {
  /** Null: this node never was a member of a site of several. */
  promises(): Promise<Promises | null>;
  /** Rejects with `store.failed` when it is not on the disk. */
  put(promises: Promises): Promise<void>;
}

/** One row. An older agent that knows nothing of it leaves it alone. */
export const TERMS_SCHEMA =
  "CREATE TABLE site_promises (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL);";

const PUT =
  "INSERT INTO site_promises (one, body) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET body = excluded.body";

export const termStore = (
  sqlite: Pick<Sqlite, "get">,
  commit: (statements: readonly Statement[]) => Promise<void>,
): TermStore => ({
  async promises() {
    const row: Row | null = await sqlite.get("SELECT body FROM site_promises");
    return row && (JSON.parse(String(row.body)) as Promises);
  },
  put: (promises) => commit([{ sql: PUT, values: [JSON.stringify(promises)] }]),
});
