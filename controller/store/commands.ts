/** Commands to nodes: what was asked for is kept before it leaves, and its answer before the broker is told that it came. */
import type { NodeId, SiteId } from "../../model/ids.js";
import type { CommandReply } from "../../model/messages/node.js";
import type { Row, Sqlite, Statement } from "../../store/sqlite.js";

export type CommandAnswer = Pick<CommandReply, "outcome" | "code" | "detail"> & { readonly result: unknown };

export interface CommandRecord {
  readonly site: SiteId;
  readonly node: NodeId;
  /** The idempotency key, unique at its node. */
  readonly id: string;
  readonly verb: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly madeAt: string;
  readonly deadline: string;
  /** When the broker had it, or null. */
  readonly sentAt: string | null;
  readonly answeredAt: string | null;
  /** Its `result` is null where it was too large to be kept for so long. */
  readonly answer: CommandAnswer | null;
}

/** Older ones that were answered go… */
const KEPT_COMMANDS = 10_000;
/** …and, of those before the newest so many, results of more than this: a node may answer a megabyte. */
const KEPT_RESULTS = 200;
const SMALL_RESULT = 16_384;

export function commandQueries(sqlite: Sqlite) {
  const get = async (site: SiteId, node: NodeId, id: string): Promise<CommandRecord | null> => {
    const row = await sqlite.get(
      "SELECT * FROM node_command WHERE site = ? AND node = ? AND id = ?",
      site,
      node,
      id,
    );
    return row && command(row);
  };
  return {
    get,
    /** Keeps it, unless this id is known: resolves with what is there then. */
    async make(made: Omit<CommandRecord, "sentAt" | "answeredAt" | "answer">): Promise<CommandRecord> {
      const { site, node, id, verb, args, madeAt, deadline } = made;
      await sqlite.write([
        {
          sql: "INSERT OR IGNORE INTO node_command(site, node, id, verb, args, made_at, deadline) VALUES(?, ?, ?, ?, ?, ?, ?)",
          values: [site, node, id, verb, JSON.stringify(args), madeAt, deadline],
        },
        ...prune(),
      ]);
      return (await get(site, node, id)) ?? { ...made, sentAt: null, answeredAt: null, answer: null };
    },
    sent: ({ site, node, id }: Pick<CommandRecord, "site" | "node" | "id">, at: string): Promise<void> =>
      sqlite.write([
        {
          sql: "UPDATE node_command SET sent_at = coalesce(sent_at, ?) WHERE site = ? AND node = ? AND id = ?",
          values: [at, site, node, id],
        },
      ]),
    /** The first answer stands. */
    answered: (
      { site, node, id }: Pick<CommandRecord, "site" | "node" | "id">,
      answer: CommandAnswer,
      at: string,
    ): Promise<void> =>
      sqlite.write([
        {
          sql: "UPDATE node_command SET answer = ?, answered_at = ? WHERE site = ? AND node = ? AND id = ? AND answer IS NULL",
          values: [JSON.stringify(answer), at, site, node, id],
        },
      ]),
    /** Without an answer, oldest first. */
    async open(): Promise<readonly CommandRecord[]> {
      return (await sqlite.all("SELECT * FROM node_command WHERE answer IS NULL ORDER BY seq")).map(command);
    },
    /** The newest of a node, newest first. */
    async ofNode(site: SiteId, node: NodeId, limit: number): Promise<readonly CommandRecord[]> {
      const sql = "SELECT * FROM node_command WHERE site = ? AND node = ? ORDER BY seq DESC LIMIT ?";
      return (await sqlite.all(sql, site, node, limit)).map(command);
    },
  };
}

const prune = (): readonly Statement[] => [
  {
    sql: "DELETE FROM node_command WHERE answer IS NOT NULL AND seq <= (SELECT max(seq) FROM node_command) - ?",
    values: [KEPT_COMMANDS],
  },
  {
    sql: `UPDATE node_command SET answer = json_set(answer, '$.result', NULL) WHERE length(answer) > ?
      AND seq <= (SELECT max(seq) FROM node_command) - ?`,
    values: [SMALL_RESULT, KEPT_RESULTS],
  },
];

const command = (row: Row): CommandRecord => ({
  site: row.site as SiteId,
  node: row.node as NodeId,
  id: String(row.id),
  verb: String(row.verb),
  args: JSON.parse(String(row.args)),
  madeAt: String(row.made_at),
  deadline: String(row.deadline),
  sentAt: row.sent_at as string | null,
  answeredAt: row.answered_at as string | null,
  answer: row.answer === null ? null : JSON.parse(String(row.answer)),
});
