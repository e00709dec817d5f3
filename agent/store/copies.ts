/**
 * Plain copies of what must not be lost with the journal: a file each, written whole beside the old one and renamed.
 * They follow the journal, which is what counts; a copy that is not right is none.
 */
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { problemOf } from "../../model/errors.js";
import { syncFolder } from "../../store/set-aside.js";

export interface FoundCopies {
  /** By key. */
  readonly found: ReadonlyMap<string, unknown>;
  /** Files that are no copies, or no whole ones; they are left until they are written over. */
  readonly unreadable: readonly string[];
}

export interface Copies {
  /** Writes a copy, soon. `value` is JSON; a key is made of letters, digits, ".", "_" and "-". */
  put(key: string, value: unknown): void;
  /** Takes a copy away, soon. */
  remove(key: string): void;
  /** Resolves when all copies are written, or could not be: those wait for the next `put`. */
  settled(): Promise<void>;
}

const SUFFIX = ".json";

/** Rejects when the folder cannot be read; that there is none yet is no failure. */
export async function readCopies(folder: string): Promise<FoundCopies> {
  const found = new Map<string, unknown>();
  const unreadable: string[] = [];
  for (const name of await namesIn(folder)) {
    if (!name.endsWith(SUFFIX)) continue;
    const value = await readWhole(join(folder, name));
    if (value === null) unreadable.push(name);
    else found.set(name.slice(0, -SUFFIX.length), value);
  }
  return { found, unreadable };
}

/** Writes only what differs from `found`. `failed` hears why copies cannot be written. */
export function createCopies(
  folder: string,
  { found }: FoundCopies,
  failed: (reason: string) => void,
): Copies {
  /** Null: to be taken away. */
  const waiting = new Map<string, string | null>();
  const written = new Map([...found].map(([key, value]) => [key, digestOf(JSON.stringify(value))]));
  let writing: Promise<void> | null = null;

  const write = async (): Promise<void> => {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      while (waiting.size > 0) {
        for (const [key, text] of waiting) {
          if (text === null) {
            await rm(join(folder, `${key}${SUFFIX}`), { force: true });
            written.delete(key);
          } else {
            const digest = digestOf(text);
            if (written.get(key) !== digest) await writeWhole(folder, key, text);
            written.set(key, digest);
          }
          if (waiting.get(key) === text) waiting.delete(key); // or it changed meanwhile, and comes once more
        }
        await syncFolder(folder);
      }
    } catch (error) {
      failed(problemOf(error).detail);
    } finally {
      writing = null;
    }
  };
  return {
    put(key, value) {
      waiting.set(key, JSON.stringify(value));
      writing ??= write();
    },
    remove(key) {
      waiting.set(key, null);
      writing ??= write();
    },
    async settled() {
      while (writing) await writing;
    },
  };
}

/** The first line is the digest of all that follows. */
const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");

async function writeWhole(folder: string, key: string, text: string): Promise<void> {
  const made = join(folder, `.${key}.tmp`);
  const file = await open(made, "w", 0o600);
  try {
    await file.writeFile(`${digestOf(text)}\n${text}`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(made, join(folder, `${key}${SUFFIX}`));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function readWhole(path: string): Promise<unknown> {
  const content = await readFile(path, "utf8").catch(() => "");
  const [digest, ...rest] = content.split("\n");
  const text = rest.join("\n");
  return digest === digestOf(text) ? JSON.parse(text) : null;
}
