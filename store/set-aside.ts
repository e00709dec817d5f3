/** A database that cannot be used is put out of the way and kept: somebody may want to look at it. */
import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** So many are kept, the newest: a disk that damages files must not be filled with them. */
const KEPT = 3;
const BESIDE = ["-wal", "-journal"] as const;

/** Renames it with what belongs to it, and resolves with its new path once that is on the disk. */
export async function setAside(path: string, now: number): Promise<string> {
  const mark = ".set-aside-";
  const aside = `${path}${mark}${new Date(now).toISOString().replaceAll(":", "-")}`;
  for (const suffix of BESIDE) await unlessAbsent(rename(`${path}${suffix}`, `${aside}${suffix}`));
  await unlessAbsent(rename(path, aside));
  await rm(`${path}-shm`, { force: true });
  const folder = dirname(path);
  const prefix = `${basename(path)}${mark}`;
  const kept = (await readdir(folder))
    .filter((name) => name.startsWith(prefix) && !BESIDE.some((suffix) => name.endsWith(suffix)))
    .sort();
  for (const name of kept.slice(0, -KEPT))
    for (const suffix of ["", ...BESIDE])
      await rm(join(folder, `${name}${suffix}`), { force: true, recursive: true });
  await syncFolder(folder);
  return aside;
}

/** Puts a folder's names on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function unlessAbsent(done: Promise<void>): Promise<void> {
  await done.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}
