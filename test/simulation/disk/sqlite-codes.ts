/** Of sqlite3.h: what its interface promises never to change. */
export const OK = 0;
export const BUSY = 5;
export const READONLY = 8;
export const IOERR = 10;
export const CORRUPT = 11;
export const NOTFOUND = 12;
export const FULL = 13;
export const CANTOPEN = 14;
export const NOTADB = 26;
export const ROW = 100;
export const DONE = 101;
export const IOERR_SHORT_READ = IOERR | (2 << 8);
export const IOERR_WRITE = IOERR | (3 << 8);
export const IOERR_FSYNC = IOERR | (4 << 8);
export const IOERR_TRUNCATE = IOERR | (6 << 8);
export const IOERR_DELETE = IOERR | (10 << 8);
export const OPEN_READWRITE = 0x2;
export const OPEN_CREATE = 0x4;
export const OPEN_DELETEONCLOSE = 0x8;
export const IOCAP_POWERSAFE_OVERWRITE = 0x1000;
export const TYPE_TEXT = 3;
export const TYPE_NULL = 5;

/** By which the store's errors name what SQLite refused. */
export const NAMES: ReadonlyMap<number, string> = new Map([
  [BUSY, "SQLITE_BUSY"],
  [READONLY, "SQLITE_READONLY"],
  [IOERR, "SQLITE_IOERR"],
  [CORRUPT, "SQLITE_CORRUPT"],
  [FULL, "SQLITE_FULL"],
  [CANTOPEN, "SQLITE_CANTOPEN"],
  [NOTADB, "SQLITE_NOTADB"],
]);
