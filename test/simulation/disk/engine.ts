/**
 * SQLite's own code on a virtual disk, behind the interface by which the store opens files (store/engine.ts).
 * A statement runs within one event; that it is done the caller hears some time later, and never if the
 * process died meanwhile.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import factory from "@journeyapps/wa-sqlite/dist/wa-sqlite.mjs";
import type { Connection, Engine, Row, SqlValue } from "../../../store/engine.js";
import type { Disk } from "./disk.js";
import * as SQLite from "./sqlite-codes.js";
import { VirtualVfs, type WasmMemory } from "./vfs.js";

/** The part of the WebAssembly instance that is used here, by SQLite's own names. */
interface Wasm extends WasmMemory {
  vfs_register(vfs: VirtualVfs, makeDefault: boolean): number;
  lengthBytesUTF8(text: string): number;
  HEAP32: Int32Array;
  _malloc(bytes: number): number;
  _sqlite3_malloc(bytes: number): number;
  _sqlite3_free(pointer: number): void;
  _sqlite3_open_v2(zName: number, ppDb: number, flags: number, zVfs: number): number;
  _sqlite3_close_v2(db: number): number;
  _sqlite3_prepare_v2(db: number, zSql: number, bytes: number, ppStatement: number, pzTail: number): number;
  _sqlite3_step(statement: number): number;
  _sqlite3_finalize(statement: number): number;
  _sqlite3_next_stmt(db: number, statement: number): number;
  _sqlite3_bind_text(
    statement: number,
    index: number,
    zText: number,
    bytes: number,
    destructor: number,
  ): number;
  _sqlite3_bind_double(statement: number, index: number, value: number): number;
  _sqlite3_bind_int(statement: number, index: number, value: number): number;
  _sqlite3_bind_null(statement: number, index: number): number;
  _sqlite3_column_count(statement: number): number;
  _sqlite3_column_name(statement: number, index: number): number;
  _sqlite3_column_type(statement: number, index: number): number;
  _sqlite3_column_double(statement: number, index: number): number;
  _sqlite3_column_text(statement: number, index: number): number;
  _sqlite3_errmsg(db: number): number;
  _sqlite3_randomness(bytes: number, pointer: number): void;
}

/** Frees the text when the statement is done with it: the SQLITE_TRANSIENT of sqlite3.h copies it. */
const TRANSIENT = -1;

export interface Sqlite3 {
  /** An engine for one process on one disk. `settle` tells the process, later, that a statement is done. */
  engineFor(options: EngineOptions): Engine;
  /** Closes what a process left open when it died. Its disk does not notice. */
  release(owner: string): void;
}

export interface EngineOptions {
  /** Unique: of this incarnation of the process alone. */
  readonly owner: string;
  readonly disk: Disk;
  readonly isAlive: () => boolean;
  readonly syncs: () => boolean;
  readonly random: () => number;
  readonly settle: (then: () => void) => void;
}

export async function loadSqlite(): Promise<Sqlite3> {
  const file = createRequire(import.meta.url).resolve("@journeyapps/wa-sqlite/dist/wa-sqlite.wasm");
  const wasm = (await factory({ wasmBinary: readFileSync(file) })) as unknown as Wasm;
  const vfs = new VirtualVfs(wasm);
  wasm.vfs_register(vfs, true);
  const zVfs = copyOf(wasm, "virtual");
  const pointers = wasm._malloc(8);
  const open = new Map<string, Set<number>>();

  function engineFor({ owner, disk, isAlive, syncs, random, settle }: EngineOptions): Engine {
    vfs.mount(owner, { disk, isAlive, syncs });
    const later = <T>(work: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        try {
          const result = work();
          settle(() => resolve(result));
        } catch (error) {
          settle(() => reject(error));
        }
      });
    return {
      open: (path) =>
        later(() => {
          // The salts of the write-ahead log come from SQLite's generator: seeded anew, a seed replays to the byte.
          vfs.random = random;
          wasm._sqlite3_randomness(0, 0);
          wasm._sqlite3_randomness(1, pointers);
          return connect(owner, path.replace(/^\/+/, ""), later);
        }),
    };
  }

  function connect(owner: string, path: string, later: <T>(work: () => T) => Promise<T>): Connection {
    const zName = copyOf(wasm, `${owner}/${path}`);
    const flags = SQLite.OPEN_READWRITE | SQLite.OPEN_CREATE;
    const code = wasm._sqlite3_open_v2(zName, pointers, flags, zVfs);
    wasm._sqlite3_free(zName);
    const db = wasm.HEAP32[pointers >> 2] ?? 0;
    if (code !== SQLite.OK) throw failure(db, code);
    const ofOwner = open.get(owner) ?? new Set();
    open.set(owner, ofOwner.add(db));
    // There is no shared memory here; one connection a file does without it, if it says so first.
    run(db, "PRAGMA locking_mode=EXCLUSIVE", null);
    return {
      exec: (sql) => later(() => void run(db, sql, null)),
      all: (sql, values) => later(() => run(db, sql, values)),
      close: () =>
        later(() => {
          if (ofOwner.delete(db)) check(db, wasm._sqlite3_close_v2(db));
        }),
    };
  }

  /** Runs statements; with values it is one of them, and what it yields is the answer. */
  function run(db: number, sql: string, values: readonly SqlValue[] | null): readonly Row[] {
    const zSql = copyOf(wasm, sql);
    const rows: Row[] = [];
    try {
      for (let next = zSql; wasm.HEAPU8[next] !== 0; ) {
        check(db, wasm._sqlite3_prepare_v2(db, next, -1, pointers, pointers + 4));
        const statement = wasm.HEAP32[pointers >> 2] ?? 0;
        next = wasm.HEAP32[(pointers + 4) >> 2] ?? 0;
        if (statement === 0) break; // blank, or a comment
        try {
          for (const [at, value] of (values ?? []).entries()) bind(db, statement, at + 1, value);
          let code = wasm._sqlite3_step(statement);
          for (; code === SQLite.ROW; code = wasm._sqlite3_step(statement)) rows.push(rowOf(statement));
          if (code !== SQLite.DONE) throw failure(db, code);
        } finally {
          wasm._sqlite3_finalize(statement);
        }
        if (values !== null) break;
      }
    } finally {
      wasm._sqlite3_free(zSql);
    }
    return rows;
  }

  function bind(db: number, statement: number, index: number, value: SqlValue): void {
    if (value === null) check(db, wasm._sqlite3_bind_null(statement, index));
    else if (typeof value === "number" && value === (value | 0))
      check(db, wasm._sqlite3_bind_int(statement, index, value));
    else if (typeof value === "number") check(db, wasm._sqlite3_bind_double(statement, index, value));
    else {
      const zText = copyOf(wasm, value);
      check(db, wasm._sqlite3_bind_text(statement, index, zText, -1, TRANSIENT));
      wasm._sqlite3_free(zText);
    }
  }

  function rowOf(statement: number): Row {
    const row: Record<string, SqlValue> = {};
    const columns = wasm._sqlite3_column_count(statement);
    for (let at = 0; at < columns; at += 1) {
      const name = wasm.UTF8ToString(wasm._sqlite3_column_name(statement, at));
      const type = wasm._sqlite3_column_type(statement, at);
      if (type === SQLite.TYPE_NULL) row[name] = null;
      else if (type === SQLite.TYPE_TEXT)
        row[name] = wasm.UTF8ToString(wasm._sqlite3_column_text(statement, at));
      else row[name] = wasm._sqlite3_column_double(statement, at);
    }
    return row;
  }

  const check = (db: number, code: number): void => {
    if (code !== SQLite.OK) throw failure(db, code);
  };
  const failure = (db: number, code: number): Error =>
    Object.assign(new Error(wasm.UTF8ToString(wasm._sqlite3_errmsg(db))), {
      code: SQLite.NAMES.get(code & 0xff),
    });

  return {
    engineFor,
    release(owner) {
      for (const db of open.get(owner) ?? []) wasm._sqlite3_close_v2(db);
      open.delete(owner);
      vfs.unmount(owner);
    },
  };
}

function copyOf(wasm: Wasm, text: string): number {
  const bytes = wasm.lengthBytesUTF8(text) + 1;
  const pointer = wasm._sqlite3_malloc(bytes);
  wasm.stringToUTF8(text, pointer, bytes);
  return pointer;
}
