/**
 * What a power cut can leave of a folder: a pure model of a file system that keeps what was synced and, of the
 * rest, what it likes.
 *
 * - Bytes: each sector that was written to since its file's last sync has its content of any moment since then,
 *   independent of all other sectors: lost, kept, torn within a write, late ones without earlier ones.
 * - Sizes: that of any moment since the last sync. Where a file became longer and a sector did not
 *   arrive there are zeros or, as file systems that do not order data before sizes leave it, anything.
 * - Names: of each folder the changes since its last sync in their order, up to any of them. A file's own
 *   sync does not keep its name (POSIX promises no more, most file systems do more).
 *
 * This is the model of ALICE (Pillai et al., OSDI 2014) with sectors for blocks. It takes over what SQLite takes for granted: a
 * sync is no lie, and a write changes no bytes beside its own ("powersafe overwrite").
 */
import type { Chance } from "./chance.js";
import { folderOf, type Operation } from "./recording.js";

/** Path → content. */
export type Files = ReadonlyMap<string, Buffer>;

type Change = Extract<Operation, { readonly do: "write" | "resize" }>;
/** What a change of a folder does to its names; a rename within it is one change. */
type NameChange = ReadonlyMap<string, Entry | null>;
type Entry = "folder" | File;

interface File {
  /** What is on the disk, and room behind it. */
  synced: Buffer;
  size: number;
  changes: Change[];
}
interface Folder {
  synced: Map<string, Entry>;
  changes: NameChange[];
}

/** How a state comes about: 0 keeps nothing that was not synced, 1 all of it. */
export interface Fate {
  readonly kept: number;
  readonly sectorBytes: 512 | 4096;
  /** What did not arrive where a file grew: anything instead of zeros. */
  readonly garbage: boolean;
}

export const fateOf = (chance: Chance): Fate => ({
  kept: chance.pick([0, 0.05, 0.5, 0.95, 1]),
  sectorBytes: chance.pick([512, 4096]),
  garbage: chance.pick([true, false]),
});

/** What is there after these operations and then a power cut. `before`, all on disk, is what they began with. */
export function afterPowerCut(
  root: string,
  before: Files,
  operations: readonly Operation[],
  fate: Fate,
  chance: Chance,
): Files {
  const folders = replay(root, before, operations);
  const files = new Map<string, Buffer>();
  const visit = (path: string): void => {
    const folder = folders.get(path) ?? { synced: new Map(), changes: [] };
    for (const [child, entry] of survivingNames(folder, fate, chance)) {
      if (entry === "folder") visit(child);
      else files.set(child, survivingBytes(entry, fate, chance));
    }
  };
  visit(root);
  return files;
}

function replay(root: string, before: Files, operations: readonly Operation[]): ReadonlyMap<string, Folder> {
  const folders = new Map<string, Folder>([[root, { synced: new Map(), changes: [] }]]);
  const names = new Map<string, Entry>();
  const byInode = new Map<bigint, File>();
  const at = (path: string): Folder => {
    const folder = folders.get(path) ?? { synced: new Map(), changes: [] };
    folders.set(path, folder);
    return folder;
  };
  const change = (folder: string, changes: NameChange): void => {
    at(folder).changes.push(changes);
    for (const [path, entry] of changes) {
      if (entry) names.set(path, entry);
      else names.delete(path);
    }
  };
  const fileOf = (inode: bigint): File => {
    const file = byInode.get(inode);
    if (!file) throw new Error(`inode ${inode} was changed and never opened`);
    return file;
  };
  for (const [path, bytes] of before) {
    const file = { synced: Buffer.from(bytes), size: bytes.length, changes: [] };
    names.set(path, file);
    at(folderOf(path)).synced.set(path, file);
    for (let folder = folderOf(path); folder !== root; folder = folderOf(folder))
      at(folderOf(folder)).synced.set(folder, "folder");
  }
  for (const operation of operations) {
    switch (operation.do) {
      case "open": {
        const known = names.get(operation.path);
        const file: File = !operation.isNew && known && known !== "folder" ? known : noFile();
        if (names.get(operation.path) !== file)
          change(folderOf(operation.path), new Map([[operation.path, file]]));
        byInode.set(operation.inode, file);
        break;
      }
      case "write":
      case "resize":
        fileOf(operation.inode).changes.push(operation);
        break;
      case "sync": {
        sync(fileOf(operation.inode));
        break;
      }
      case "make-folder":
        change(folderOf(operation.path), new Map([[operation.path, "folder"]]));
        break;
      case "remove":
        change(folderOf(operation.path), new Map([[operation.path, null]]));
        break;
      case "rename":
        rename(operation.from, operation.to, names, change);
        break;
      case "sync-folder": {
        const folder = at(operation.folder);
        folder.synced = namesAfter(folder, folder.changes.length);
        folder.changes = [];
      }
    }
  }
  return folders;
}

function rename(
  from: string,
  to: string,
  names: ReadonlyMap<string, Entry>,
  change: (folder: string, changes: NameChange) => void,
): void {
  const entry = names.get(from);
  if (!entry || entry === "folder") throw new Error(`${from} was renamed and is no file`);
  const [away, here] = [folderOf(from), folderOf(to)];
  if (away === here)
    return change(
      here,
      new Map([
        [from, null],
        [to, entry],
      ]),
    );
  change(here, new Map([[to, entry]]));
  change(away, new Map([[from, null]]));
}

const noFile = (): File => ({ synced: Buffer.alloc(0), size: 0, changes: [] });

function namesAfter({ synced, changes }: Folder, count: number): Map<string, Entry> {
  const names = new Map(synced);
  for (const change of changes.slice(0, count))
    for (const [path, entry] of change) {
      if (entry) names.set(path, entry);
      else names.delete(path);
    }
  return names;
}

function survivingNames(folder: Folder, { kept }: Fate, chance: Chance): ReadonlyMap<string, Entry> {
  return namesAfter(folder, momentOf(folder.changes.length, kept, chance));
}

/** How many of so many changes, the first ones, arrived. */
function momentOf(changes: number, kept: number, chance: Chance): number {
  if (kept === 0 || chance.next() < kept) return kept === 0 ? 0 : changes;
  return chance.below(changes + 1);
}

function sync(file: File): void {
  const sizes = sizesOf(file.size, file.changes);
  const room = Math.max(...sizes);
  if (room > file.synced.length) file.synced = Buffer.concat([file.synced], 2 * room);
  for (const change of file.changes) {
    if (change.do === "write") change.bytes.copy(file.synced, change.offset);
    else file.synced.fill(0, change.size);
  }
  file.size = sizes.at(-1) ?? 0;
  file.changes = [];
}

/** The size at first, and after each change. */
function sizesOf(size: number, changes: readonly Change[]): readonly number[] {
  const sizes = [size];
  for (const change of changes) {
    const last = sizes.at(-1) ?? 0;
    sizes.push(change.do === "resize" ? change.size : Math.max(last, change.offset + change.bytes.length));
  }
  return sizes;
}

function survivingBytes({ synced, size, changes }: File, fate: Fate, chance: Chance): Buffer {
  const { sectorBytes } = fate;
  const sizes = sizesOf(size, changes);
  const result = Buffer.alloc(Math.max(...sizes));
  synced.copy(result, 0, 0, size);
  if (fate.garbage) for (let i = size; i < result.length; i++) result[i] = chance.below(256);
  const moments = Array.from({ length: Math.ceil(result.length / sectorBytes) }, () =>
    momentOf(changes.length, fate.kept, chance),
  );
  const arrived = new Set<number>();
  const beyond = (at: number): number => Math.min(result.length, Math.max(size, at));
  for (const [index, change] of changes.entries()) {
    const from = change.do === "write" ? change.offset : change.size;
    const to = change.do === "write" ? change.offset + change.bytes.length : result.length;
    for (let at = from; at < to; ) {
      const sector = Math.floor(at / sectorBytes);
      const end = Math.min(to, (sector + 1) * sectorBytes);
      if (index < (moments[sector] ?? 0)) {
        // A sector that arrives arrives whole: behind the old end it has zeros where nothing was written.
        if (!arrived.has(sector))
          result.fill(0, beyond(sector * sectorBytes), beyond((sector + 1) * sectorBytes));
        arrived.add(sector);
        if (change.do === "write") change.bytes.copy(result, at, at - from, end - from);
        else result.fill(0, at, end);
      }
      at = end;
    }
  }
  return result.subarray(0, sizes[momentOf(changes.length, fate.kept, chance)]);
}
