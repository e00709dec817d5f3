/**
 * What all agents since the machine's start had the disk write: a process counts its own only. What earlier ones wrote is kept
 * beside the sockets, in memory (tmpfs), so that to count writes causes none.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { problemOf } from "../model/errors.js";
import { readWritten, type Written, writtenIn } from "./written.js";

interface Kept {
  /** Which process's count `own` is: one may be asked by several lives of the agent. */
  readonly process: string;
  readonly own: Spent;
  /** Of those before it. */
  readonly earlier: Spent;
}

interface Spent {
  readonly bytes: number;
  readonly seconds: number;
}

export interface WrittenOptions {
  /** A file on a file system that a reboot empties. */
  readonly path: string;
  readonly warn: (message: string) => void;
  readonly process?: string;
  readonly uptimeS?: () => number;
  readonly read?: (uptimeS: number) => Promise<Written | null>;
}

const NOTHING: Spent = { bytes: 0, seconds: 0 };
const KEPT_EVERY_S = 60;
const THIS_PROCESS = `${process.pid}@${performance.timeOrigin}`;

/** Gives the sum at each call; null where the kernel does not count. What cannot be kept is told once, and counts on. */
export function createWrittenKeeper(options: WrittenOptions): () => Promise<Written | null> {
  const { path, warn, uptimeS = () => process.uptime(), read = readWritten } = options;
  const ownName = options.process ?? THIS_PROCESS;
  let earlier: Promise<Spent> | null = null;
  let keptAtS = Number.NEGATIVE_INFINITY;
  let isTold = false;
  const keep = async (kept: Kept): Promise<void> => {
    keptAtS = kept.own.seconds;
    try {
      await writeFile(`${path}.new`, JSON.stringify(kept));
      await rename(`${path}.new`, path);
    } catch (error) {
      if (!isTold)
        warn(`what the agent wrote will not be known after its restart: ${problemOf(error).detail}`);
      isTold = true;
    }
  };
  return async () => {
    const seconds = uptimeS();
    const own = await read(seconds);
    if (own === null) return null;
    earlier ??= readFile(path, "utf8").then(
      (text) => earlierOf(text, ownName),
      () => NOTHING, // the first since the machine started
    );
    const before = await earlier;
    if (seconds - keptAtS >= KEPT_EVERY_S)
      await keep({ process: ownName, own: { bytes: own.bytes, seconds }, earlier: before });
    return writtenIn(before.bytes + own.bytes, before.seconds + seconds);
  };
}

/** What is of no such form counts as nothing: it is a figure, and nobody's promise. */
function earlierOf(text: string, ownName: string): Spent {
  try {
    const { process: name, own, earlier } = JSON.parse(text) as Kept;
    const spent = name === ownName ? [earlier] : [own, earlier];
    const sum = {
      bytes: spent.reduce((total, { bytes }) => total + bytes, 0),
      seconds: spent.reduce((total, each) => total + each.seconds, 0),
    };
    return Number.isFinite(sum.bytes) && Number.isFinite(sum.seconds) ? sum : NOTHING;
  } catch {
    return NOTHING;
  }
}
