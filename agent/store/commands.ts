/**
 * Commands in the journal: what was asked is on disk before the broker is told that it came, and what was
 * answered before the answer leaves. So a command that comes twice is done once, and one that the agent died
 * over is answered all the same.
 */
import type { Row, Sqlite, Statement } from "../../store/sqlite.js";

/** What is known of a command. Its id is the idempotency key. */
export interface JournalledCommand {
  readonly id: string;
  readonly verb: string;
  /** Over verb and arguments: the same id for something else is a mistake. */
  readonly digest: string;
  /** The whole command as JSON where it is to be done again after the agent died over it, else null. */
  readonly again: string | null;
  /** What to look for after the agent died over it, as JSON; null: nothing is to be found. */
  readonly trace?: string | null;
  /** The answer as JSON, or null: not answered yet. */
  readonly answer: string | null;
}

export interface CommandStore {
  /** Notes it, and resolves with null; with what is there when the id is known. */
  begin(command: Omit<JournalledCommand, "answer">): Promise<JournalledCommand | null>;
  /** Notes the answer; `keep` false: it is not worth keeping, and the command is forgotten once it is sent. */
  answer(id: string, answer: string): Promise<void>;
  /** The broker has the answer. */
  sent(id: string, keep: boolean): Promise<void>;
  /** Not answered, or answered and not sent, oldest first. */
  open(): Promise<readonly JournalledCommand[]>;
}

export const COMMANDS_SCHEMA = `CREATE TABLE commands (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, verb TEXT NOT NULL,
     digest TEXT NOT NULL, again TEXT, answer TEXT, sent INTEGER NOT NULL DEFAULT 0);`;

export const TRACE_SCHEMA = "ALTER TABLE commands ADD COLUMN trace TEXT;";

/** Ids remembered: a command that comes again after so many others is done again. */
const KEPT = 1_000;

export function commandQueries(
  sqlite: Sqlite,
  commit: (statements: readonly Statement[]) => Promise<void>,
): CommandStore {
  const get = async (id: string): Promise<JournalledCommand | null> => {
    const row = await sqlite.get("SELECT * FROM commands WHERE id = ?", id);
    return row && commandOf(row);
  };
  return {
    async begin({ id, verb, digest, again, trace = null }) {
      const known = await get(id);
      if (known) return known;
      await commit([
        {
          sql: "INSERT INTO commands (id, verb, digest, again, trace) VALUES (?, ?, ?, ?, ?)",
          values: [id, verb, digest, again, trace],
        },
        { sql: "DELETE FROM commands WHERE seq <= (SELECT MAX(seq) FROM commands) - ?", values: [KEPT] },
      ]);
      return null;
    },
    answer: (id, answer) =>
      commit([{ sql: "UPDATE commands SET answer = ?, again = NULL WHERE id = ?", values: [answer, id] }]),
    sent: (id, keep) =>
      commit([
        {
          sql: keep ? "UPDATE commands SET sent = 1 WHERE id = ?" : "DELETE FROM commands WHERE id = ?",
          values: [id],
        },
      ]),
    async open() {
      return (await sqlite.all("SELECT * FROM commands WHERE sent = 0 ORDER BY seq")).map(commandOf);
    },
  };
}

const commandOf = (row: Row): JournalledCommand => ({
  id: String(row.id),
  verb: String(row.verb),
  digest: String(row.digest),
  again: row.again as string | null,
  trace: row.trace as string | null,
  answer: row.answer as string | null,
});
