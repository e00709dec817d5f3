/**
 * SQLite's way to a virtual disk: a VFS for wa-sqlite (SQLite in WebAssembly), synchronous throughout. One
 * WebAssembly instance serves every database of every process; a file name says whose it is: `OWNER/name`.
 */
import { type Disk, DiskError, type DiskFile } from "./disk.js";
import * as SQLite from "./sqlite-codes.js";

/** What a process may do with a disk; of one that died nothing reaches it any more. */
export interface Mount {
  readonly disk: Disk;
  readonly isAlive: () => boolean;
  /** Says whether a sync is to be done: the deliberate fault `no-fsync` says no. */
  readonly syncs: () => boolean;
}

export interface WasmMemory {
  HEAPU8: Uint8Array;
  UTF8ToString(pointer: number): string;
  stringToUTF8(text: string, pointer: number, bytes: number): void;
}

interface Open {
  readonly mount: Mount;
  readonly name: string;
  readonly file: DiskFile;
  readonly deleteOnClose: boolean;
}

export class VirtualVfs {
  readonly name = "virtual";
  readonly mxPathname = 128;
  readonly #memory: WasmMemory;
  readonly #mounts = new Map<string, Mount>();
  readonly #open = new Map<number, Open>();

  constructor(memory: WasmMemory) {
    this.#memory = memory;
  }

  mount(owner: string, mount: Mount): void {
    this.#mounts.set(owner, mount);
  }

  unmount(owner: string): void {
    this.#mounts.delete(owner);
  }

  hasAsyncMethod(): boolean {
    return false;
  }

  /** SQLite's own generator is seeded from here when it is reset. */
  random: () => number = () => 0;

  xRandomness(_vfs: number, bytes: number, pOut: number): number {
    for (let at = 0; at < bytes; at += 1) this.#memory.HEAPU8[pOut + at] = Math.floor(this.random() * 256);
    return bytes;
  }

  xOpen(_vfs: number, zName: number, pFile: number, flags: number, pOutFlags: number): number {
    const path = zName === 0 ? null : this.#memory.UTF8ToString(zName);
    const { mount, name } = path === null ? { mount: null, name: "" } : this.#find(path);
    if (mount === null) return SQLite.CANTOPEN;
    return this.#guard(mount, SQLite.CANTOPEN, () => {
      const file = mount.disk.open(name, (flags & SQLite.OPEN_CREATE) !== 0);
      if (!file) return SQLite.CANTOPEN;
      const deleteOnClose = (flags & SQLite.OPEN_DELETEONCLOSE) !== 0;
      this.#open.set(pFile, { mount, name, file, deleteOnClose });
      this.#setInt32(pOutFlags, flags);
      return SQLite.OK;
    });
  }

  xClose(pFile: number): number {
    const open = this.#open.get(pFile);
    this.#open.delete(pFile);
    if (open?.deleteOnClose && open.mount.isAlive()) open.mount.disk.remove(open.name, false);
    return SQLite.OK;
  }

  xRead(pFile: number, pData: number, bytes: number, offsetLow: number, offsetHigh: number): number {
    const into = this.#memory.HEAPU8.subarray(pData, pData + bytes);
    const got = this.#opened(pFile).file.read(into, at(offsetLow, offsetHigh));
    if (got === bytes) return SQLite.OK;
    into.fill(0, got);
    return SQLite.IOERR_SHORT_READ;
  }

  xWrite(pFile: number, pData: number, bytes: number, offsetLow: number, offsetHigh: number): number {
    const { mount, file } = this.#opened(pFile);
    return this.#guard(mount, SQLite.IOERR_WRITE, () => {
      file.write(this.#memory.HEAPU8.subarray(pData, pData + bytes), at(offsetLow, offsetHigh));
      return SQLite.OK;
    });
  }

  xTruncate(pFile: number, sizeLow: number, sizeHigh: number): number {
    const { mount, file } = this.#opened(pFile);
    return this.#guard(mount, SQLite.IOERR_TRUNCATE, () => {
      file.truncate(at(sizeLow, sizeHigh));
      return SQLite.OK;
    });
  }

  xSync(pFile: number): number {
    const { mount, file } = this.#opened(pFile);
    return this.#guard(mount, SQLite.IOERR_FSYNC, () => {
      if (mount.syncs()) file.sync();
      return SQLite.OK;
    });
  }

  xFileSize(pFile: number, pSize: number): number {
    this.#setInt32(pSize, this.#opened(pFile).file.size());
    this.#setInt32(pSize + 4, 0);
    return SQLite.OK;
  }

  xDelete(_vfs: number, zName: number, syncDirectory: number): number {
    const { mount, name } = this.#find(this.#memory.UTF8ToString(zName));
    if (mount === null) return SQLite.IOERR_DELETE;
    return this.#guard(mount, SQLite.IOERR_DELETE, () => {
      mount.disk.remove(name, syncDirectory !== 0 && mount.syncs());
      return SQLite.OK;
    });
  }

  xAccess(_vfs: number, zName: number, _flags: number, pResult: number): number {
    const { mount, name } = this.#find(this.#memory.UTF8ToString(zName));
    this.#setInt32(pResult, mount?.disk.has(name) ? 1 : 0);
    return SQLite.OK;
  }

  xFullPathname(_vfs: number, zName: number, bytes: number, pOut: number): number {
    this.#memory.stringToUTF8(this.#memory.UTF8ToString(zName), pOut, bytes);
    return SQLite.OK;
  }

  /** Each file has one connection: there is nobody to keep out. */
  xLock(): number {
    return SQLite.OK;
  }

  xUnlock(): number {
    return SQLite.OK;
  }

  xFileControl(): number {
    return SQLite.NOTFOUND;
  }

  xGetLastError(): number {
    return SQLite.OK;
  }

  xCheckReservedLock(_pFile: number, pResult: number): number {
    this.#setInt32(pResult, 0);
    return SQLite.OK;
  }

  /** As SQLite's own VFS for Linux: it counts on no more than that a sector that was not written to stays as it was. */
  xDeviceCharacteristics(): number {
    return SQLite.IOCAP_POWERSAFE_OVERWRITE;
  }

  xSectorSize(): number {
    return 512;
  }

  #find(path: string): { mount: Mount | null; name: string } {
    const slash = path.indexOf("/");
    return { mount: this.#mounts.get(path.slice(0, slash)) ?? null, name: path.slice(slash + 1) };
  }

  #opened(pFile: number): Open {
    const open = this.#open.get(pFile);
    if (!open) throw new Error(`the file ${pFile} is not open`);
    return open;
  }

  /** What a dead process still wants changes nothing; what the disk refuses is SQLite's own code for it. */
  #guard(mount: Mount, otherwise: number, work: () => number): number {
    if (!mount.isAlive()) return SQLite.IOERR;
    try {
      return work();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return error.code === "ENOSPC" ? SQLite.FULL : otherwise;
    }
  }

  #setInt32(pointer: number, value: number): void {
    new DataView(this.#memory.HEAPU8.buffer).setInt32(pointer, value, true);
  }
}

const at = (low: number, high: number): number => high * 2 ** 32 + (low >>> 0);
