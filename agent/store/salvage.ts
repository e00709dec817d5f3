/** What can still be read in a journal that cannot be used. The file itself is not touched: a copy of it is read. */
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Connection, Row } from "../../store/engine.js";
import { nativeEngine } from "../../store/native-engine.js";
import { desiredOf, type JournalledObject } from "./journal.js";

/** Desired objects, as many as there are to be had; none where nothing can be read. `scratch`: a folder for the copy. */
export async function salvage(path: string, scratch: string): Promise<readonly JournalledObject[]> {
  const folder = await mkdtemp(join(scratch, "salvage-"));
  try {
    const copy = join(folder, "journal.db");
    await copyFile(path, copy);
    await copyFile(`${path}-wal`, `${copy}-wal`).catch(() => undefined); // none, or none that can be read
    const connection = await nativeEngine.open(copy);
    try {
      const rows = [
        ...(await readable(connection, ">", "ASC")),
        ...(await readable(connection, "<", "DESC")),
      ];
      return [...new Map(rows.map((row) => [`${row.kind}/${row.id}`, row])).values()].flatMap(objectOf);
    } finally {
      await connection.close();
    }
  } catch (unreadable) {
    void unreadable; // whoever asks knows already that it is damaged
    return [];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Row after row, from one end, until one cannot be read: a bad page hides what is behind it, and not what is before it. */
async function readable(
  { all }: Connection,
  beyond: ">" | "<",
  order: "ASC" | "DESC",
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const sql = `SELECT * FROM desired WHERE ?1 IS NULL OR (kind, id) ${beyond} (?1, ?2) ORDER BY kind ${order}, id ${order} LIMIT 1`;
  for (;;) {
    const last = rows.at(-1);
    const next = await all(sql, [last?.kind ?? null, last?.id ?? null]).catch(() => []);
    if (!next[0]) return rows;
    rows.push(next[0]);
  }
}

function objectOf(row: Row): readonly JournalledObject[] {
  try {
    const object = desiredOf(row);
    const isWhole =
      (object.kind === "package" || object.kind === "service") &&
      (object.origin === "controller" || object.origin === "local") &&
      Number.isInteger(object.revision) &&
      Number.isFinite(object.added);
    return isWhole ? [object] : [];
  } catch (notJson) {
    void notJson; // its text was hit
    return [];
  }
}
