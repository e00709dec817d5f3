/**
 * What LVNFs write on standard output and error: a file each, on tmpfs, which the process holds open itself
 * so that it goes on without the agent. The file is opened to append: then it can be cut while it is written.
 */
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";

/** A file that is longer than this is cut… */
export const OUTPUT_LIMIT_BYTES = 1024 * 1024;
/** …to its newest lines, of together at most so many bytes. */
const OUTPUT_KEPT_BYTES = OUTPUT_LIMIT_BYTES / 2;
/** Of lines that are longer than this on average the tail has fewer than were asked for. */
const LINE_BYTES = 4096;

/** A new, empty file for a process to write to: its file descriptor, which the caller closes. */
export function openOutput(path: string): number {
  return openSync(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND,
    0o600,
  );
}

/**
 * The last lines; empty where there is no such file. Reads no more than is kept, however long the file is. At once: on tmpfs a megabyte takes a third of a
 * millisecond, and by way of the thread pool four turns of the loop, for which a dead function would wait.
 */
export function outputTail(path: string, lines: number): string {
  const file = openThere(path, "r");
  if (file === null) return "";
  try {
    const tail = readTail(file, fstatSync(file).size, Math.min(OUTPUT_LIMIT_BYTES, lines * LINE_BYTES));
    return tail.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } finally {
    closeSync(file);
  }
}

/**
 * Cuts a file that is too long to its newest lines. What the process writes in the instant between the reading
 * and the cut is lost; nothing else is.
 */
export function boundOutput(path: string): void {
  // Every second for each LVNF: on tmpfs this is 3 µs, and by way of the thread pool twenty times as much.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= OUTPUT_LIMIT_BYTES) return;
  const file = openThere(path, "r+");
  if (file === null) return;
  try {
    const { size } = fstatSync(file);
    if (size <= OUTPUT_LIMIT_BYTES) return;
    const tail = readTail(file, size, OUTPUT_KEPT_BYTES);
    writeSync(file, tail, 0, tail.length, 0);
    ftruncateSync(file, tail.length);
  } finally {
    closeSync(file);
  }
}

/** The last bytes, from the beginning of a line on where they are not all. */
function readTail(file: number, size: number, maxBytes: number): Buffer {
  const from = Math.max(0, size - maxBytes);
  const buffer = Buffer.alloc(size - from);
  const bytes = buffer.subarray(0, readSync(file, buffer, 0, size - from, from));
  return from === 0 ? bytes : bytes.subarray(bytes.indexOf(10) + 1);
}

function openThere(path: string, flags: "r" | "r+"): number | null {
  try {
    return openSync(path, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
