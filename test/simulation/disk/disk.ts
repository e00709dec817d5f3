/**
 * A disk that keeps what was synced and nothing else for certain. Processes see their writes at once (the page
 * cache); a power cut keeps what was on the platter and, of what was written since, what chance says: all,
 * none, the first so many, or any of the 512-byte sectors (writes are reordered and torn).
 */
import type { Random } from "../time/random.js";

export interface DiskFile {
  read(into: Uint8Array, offset: number): number;
  write(data: Uint8Array, offset: number): void;
  truncate(size: number): void;
  sync(): void;
  size(): number;
}

export interface Disk {
  /** Null where there is none of this name and `create` is not said. */
  open(name: string, create: boolean): DiskFile | null;
  has(name: string): boolean;
  /** `synced`: the folder is synced too, so that the file does not come back after a power cut. */
  remove(name: string, synced: boolean): void;
  rename(from: string, to: string): void;
  names(): readonly string[];
  powerCut(random: Random): void;
  /** Everything as a process sees it now; `restore` puts it back, synced. */
  image(): DiskImage;
  restore(image: DiskImage): void;
  /** Writes that make a file longer fail with ENOSPC. */
  full: boolean;
  /** Every write and sync fails with EIO. */
  broken: boolean;
  /** Called before each write, truncation, sync and removal, which are numbered. */
  onOperation: (number: number) => void;
  readonly operations: { writes: number; syncs: number; bytes: number };
}

export type DiskImage = ReadonlyMap<string, Uint8Array>;

type Change = { readonly at: number; readonly data: Uint8Array } | { readonly truncatedTo: number };

interface Content {
  bytes: Uint8Array;
  length: number;
}

interface Stored {
  /** As processes see it. */
  readonly seen: Content;
  /** As it is on the platter; null: the platter does not know it. */
  durable: Content | null;
  unsynced: Change[];
}

const SECTOR = 512;

export class DiskError extends Error {
  constructor(readonly code: "ENOSPC" | "EIO") {
    super(code);
  }
}

export function createDisk(): Disk {
  let files = new Map<string, Stored>();
  /** Removed, but not for good: a power cut brings them back or not. */
  const removed = new Map<string, Stored>();
  let operations = 0;
  const counted = { writes: 0, syncs: 0, bytes: 0 };

  const begin = (): void => {
    operations += 1;
    disk.onOperation(operations);
    if (disk.broken) throw new DiskError("EIO");
  };
  const fileOf = (stored: Stored): DiskFile => ({
    size: () => stored.seen.length,
    read(into, offset) {
      const end = Math.min(offset + into.length, stored.seen.length);
      const got = Math.max(0, end - offset);
      if (got > 0) into.set(stored.seen.bytes.subarray(offset, end));
      return got;
    },
    write(data, offset) {
      begin();
      if (disk.full && offset + data.length > stored.seen.length) throw new DiskError("ENOSPC");
      counted.writes += 1;
      counted.bytes += data.length;
      const copy = data.slice();
      put(stored.seen, copy, offset);
      stored.unsynced.push({ at: offset, data: copy });
    },
    truncate(size) {
      begin();
      cut(stored.seen, size);
      stored.unsynced.push({ truncatedTo: size });
    },
    sync() {
      begin();
      counted.syncs += 1;
      // The first sync of a file is one of its folder too (SQLite does both for a journal that it made).
      if (stored.durable === null) removed.clear();
      stored.durable ??= empty();
      for (const change of stored.unsynced) {
        if ("truncatedTo" in change) cut(stored.durable, change.truncatedTo);
        else put(stored.durable, change.data, change.at);
      }
      stored.unsynced = [];
    },
  });

  const disk: Disk = {
    full: false,
    broken: false,
    onOperation: () => undefined,
    operations: counted,
    open(name, create) {
      const known = files.get(name);
      if (known) return fileOf(known);
      if (!create) return null;
      begin();
      const made: Stored = { seen: empty(), durable: null, unsynced: [] };
      files.set(name, made);
      return fileOf(made);
    },
    has: (name) => files.has(name),
    remove(name, synced) {
      begin();
      const stored = files.get(name);
      files.delete(name);
      if (stored && !synced) removed.set(name, stored);
    },
    rename(from, to) {
      const stored = files.get(from);
      if (!stored) return;
      files.delete(from);
      files.set(to, stored);
    },
    names: () => [...files.keys()],
    powerCut(random) {
      for (const [name, stored] of removed)
        if (!files.has(name) && random.chance(0.5)) files.set(name, stored);
      removed.clear();
      const after = new Map<string, Stored>();
      for (const [name, stored] of files) {
        const kept = survivors(stored, random);
        if (kept) after.set(name, kept);
      }
      files = after;
    },
    image: () => new Map([...files].map(([name, { seen }]) => [name, seen.bytes.slice(0, seen.length)])),
    restore(image) {
      files = new Map(
        [...image].map(([name, data]) => [
          name,
          { seen: contentOf(data), durable: contentOf(data), unsynced: [] },
        ]),
      );
    },
  };
  return disk;
}

/** What is left of a file after a power cut; null: nothing, not even its name. */
function survivors({ durable, unsynced }: Stored, random: Random): Stored | null {
  const how = random.pick(["none", "all", "first", "sectors"] as const);
  if (durable === null && (how === "none" || unsynced.length === 0)) return null;
  const seen = durable ? contentOf(durable.bytes.subarray(0, durable.length)) : empty();
  const until = how === "first" ? random.int(0, unsynced.length) : unsynced.length;
  for (const change of how === "none" ? [] : unsynced.slice(0, until)) {
    if ("truncatedTo" in change) {
      if (how !== "sectors" || random.chance(0.5)) cut(seen, change.truncatedTo);
      continue;
    }
    for (let from = 0; from < change.data.length; from += SECTOR) {
      if (how === "sectors" && random.chance(0.5)) continue;
      put(seen, change.data.subarray(from, from + SECTOR), change.at + from);
    }
  }
  return { seen, durable: contentOf(seen.bytes.subarray(0, seen.length)), unsynced: [] };
}

const empty = (): Content => ({ bytes: new Uint8Array(4096), length: 0 });
const contentOf = (data: Uint8Array): Content => ({ bytes: data.slice(), length: data.length });

function put(content: Content, data: Uint8Array, offset: number): void {
  const end = offset + data.length;
  if (end > content.bytes.length) {
    const grown = new Uint8Array(Math.max(end, 2 * content.bytes.length));
    grown.set(content.bytes.subarray(0, content.length));
    content.bytes = grown;
  }
  content.bytes.set(data, offset);
  content.length = Math.max(content.length, end);
}

function cut(content: Content, size: number): void {
  if (size >= content.length) return;
  content.bytes.fill(0, size, content.length);
  content.length = size;
}
