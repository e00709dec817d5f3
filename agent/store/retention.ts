/** What of the desired objects the node keeps no longer. What the controller wants is for the controller to take away. */
import type { Row, Sqlite, Statement } from "../../store/sqlite.js";

/** A package of the node's own that no service is of stays so long after it came, and the newest of these for ever: for who applies it again. */
const UNUSED_PACKAGE_MS = 7 * 24 * 3_600_000;
const UNUSED_PACKAGES = 8;
/** Ends of services of the node's own: what was theirs is long gone when so many more have come. */
const TOMBSTONES = 1_000;

const UNUSED = `kind = 'package' AND origin = 'local' AND body IS NOT NULL AND body->>'digest' NOT IN
  (SELECT body->>'packageDigest' FROM desired WHERE kind = 'service' AND body IS NOT NULL)`;
const BURIED = "kind = 'service' AND origin = 'local' AND body IS NULL";

export interface ObjectName {
  readonly kind: string;
  readonly id: string;
}

/** Resolves with what is not there any more. */
export async function pruneDesired(
  sqlite: Sqlite,
  commit: (statements: readonly Statement[]) => Promise<void>,
  now: number,
): Promise<readonly ObjectName[]> {
  const found = [
    ...(await sqlite.all(
      `SELECT kind, id FROM (SELECT kind, id, added FROM desired WHERE ${UNUSED} ORDER BY added DESC, id LIMIT -1 OFFSET ${UNUSED_PACKAGES}) WHERE added < ?`,
      now - UNUSED_PACKAGE_MS,
    )),
    ...(await sqlite.all(
      `SELECT kind, id FROM desired WHERE ${BURIED} ORDER BY added DESC, id LIMIT -1 OFFSET ${TOMBSTONES}`,
    )),
  ].map(nameOf);
  if (found.length === 0) return [];
  const names = JSON.stringify(found.map(({ kind, id }) => `${kind}/${id}`));
  const these = "kind || '/' || id IN (SELECT value FROM json_each(?))";
  // Looked at once more in the same transaction: a service of it may have come meanwhile.
  await commit([
    { sql: `DELETE FROM desired WHERE ${these} AND ((${UNUSED}) OR (${BURIED}))`, values: [names] },
  ]);
  const left = await sqlite.all(`SELECT kind, id FROM desired WHERE ${these}`, names);
  const kept = new Set(left.map((row) => JSON.stringify(nameOf(row))));
  return found.filter((name) => !kept.has(JSON.stringify(name)));
}

const nameOf = (row: Row): ObjectName => ({ kind: String(row.kind), id: String(row.id) });
