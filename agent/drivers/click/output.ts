/**
 * What LVNFs write on standard output and error: a file each, on tmpfs, which the process holds open itself
 * so that it goes on without the agent. The file is opened to append: then it can be cut while it is written.
 */
import { constants, openSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

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

/** The last lines; empty where there is no such file. Reads no more than is kept, however long the file is. */
export async function outputTail(path: string, lines: number): Promise<string> {
  const file = await openThere(path, "r");
  if (!file) return "";
  try {
    const { size } = await file.stat();
    const tail = await readTail(file, size, Math.min(OUTPUT_LIMIT_BYTES, lines * LINE_BYTES));
    return tail.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } finally {
    await file.close();
  }
}

/**
 * Cuts a file that is too long to its newest lines. What the process writes in the instant between the reading
 * and the cut is lost; nothing else is.
 */
export async function boundOutput(path: string): Promise<void> {
  // Every second for each LVNF: on tmpfs this is 3 µs, and by way of the thread pool twenty times as much.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= OUTPUT_LIMIT_BYTES) return;
  const file = await openThere(path, "r+");
  if (!file) return;
  try {
    const { size } = await file.stat();
    if (size <= OUTPUT_LIMIT_BYTES) return;
    const tail = await readTail(file, size, OUTPUT_KEPT_BYTES);
    await file.write(tail, 0, tail.length, 0);
    await file.truncate(tail.length);
  } finally {
    await file.close();
  }
}

/** The last bytes, from the beginning of a line on where they are not all. */
async function readTail(file: FileHandle, size: number, maxBytes: number): Promise<Buffer> {
  const from = Math.max(0, size - maxBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const bytes = buffer.subarray(0, bytesRead);
  return from === 0 ? bytes : bytes.subarray(bytes.indexOf(10) + 1);
}

async function openThere(path: string, flags: "r" | "r+"): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
