/**
 * What was deleted leaves free pages in the file. Later writes use them again, so a few are no harm; a file of which a quarter is free
 * gives them back, some at a time, so that no commit gets long and flash is not written for nothing.
 */
import type { Connection } from "./engine.js";
import type { Sqlite } from "./sqlite.js";

/** Below this (1 MiB) nothing is given back… */
const LEAST_FREE_PAGES = 256;
const FREE_SHARE = 0.25;
/** …and so many stay for what comes next. */
const LEFT_PAGES = 64;
const AT_ONCE_PAGES = 256;
/** A larger file is not written anew as a whole: nobody knows how long that takes, and whether there is room. */
const MOST_REWRITTEN_PAGES = 16_384;

/**
 * A file is made so that it can shrink before it has any page; one that was made before is written anew once, later. What keeps
 * it from that (a full disk) is no reason not to use it. Said of a file that is so already it would be a write.
 */
export async function makeShrinkable(
  { all }: Pick<Connection, "all">,
  when: "from its beginning" | "later",
): Promise<void> {
  const pages = await numberOf(all, "page_count");
  if (when === "from its beginning" ? pages > 0 : pages > MOST_REWRITTEN_PAGES) return;
  if ((await numberOf(all, "auto_vacuum")) !== 0) return;
  await all("PRAGMA auto_vacuum=INCREMENTAL", []);
  if (when === "later") await all("VACUUM", []).catch(() => undefined);
}

/** Rejects with `store.failed` when the disk does not take it: the file is as it was then. */
export async function shrink(sqlite: Pick<Sqlite, "all" | "write">): Promise<void> {
  const all = (sql: string) => sqlite.all(sql);
  let free = await numberOf(all, "freelist_count");
  if (free < LEAST_FREE_PAGES || free < FREE_SHARE * (await numberOf(all, "page_count"))) return;
  while (free > LEFT_PAGES) {
    const pages = Math.min(AT_ONCE_PAGES, free - LEFT_PAGES);
    await sqlite.write([{ sql: `PRAGMA incremental_vacuum(${pages})` }]);
    const now = await numberOf(all, "freelist_count");
    if (now >= free) return;
    free = now;
  }
}

async function numberOf(all: Connection["all"], pragma: string): Promise<number> {
  return Number((await all(`PRAGMA ${pragma}`, []))[0]?.[pragma] ?? 0);
}
