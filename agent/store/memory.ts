/** What is remembered of functions over the agent's end. Written with the events that tell of the same, so it costs no commit of its own. */
import type { Sqlite, Statement } from "../../store/sqlite.js";
import type { KeptMemory } from "../domain/supervision-kept.js";

export interface MemoryStore {
  all(): Promise<ReadonlyMap<string, KeptMemory>>;
  /** Null: forgotten. */
  put(functionId: string, kept: KeptMemory | null): Promise<void>;
}

export const MEMORY_SCHEMA =
  "CREATE TABLE function_memory (function TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;";

export const memoryStore = (
  sqlite: Pick<Sqlite, "all">,
  commit: (statements: readonly Statement[]) => Promise<void>,
): MemoryStore => ({
  async all() {
    const rows = await sqlite.all("SELECT * FROM function_memory");
    return new Map(rows.map((row) => [String(row.function), JSON.parse(String(row.body)) as KeptMemory]));
  },
  put: (functionId, kept) =>
    commit([
      kept
        ? {
            sql: "INSERT OR REPLACE INTO function_memory (function, body) VALUES (?, ?)",
            values: [functionId, JSON.stringify(kept)],
          }
        : { sql: "DELETE FROM function_memory WHERE function = ?", values: [functionId] },
    ]),
});
