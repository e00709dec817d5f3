/** What the agent has the disk write, as the kernel counts it: flash wears out by it. Its functions' own writes are not in it. */
import { readFile } from "node:fs/promises";

export interface Written {
  /** Since the machine started, by all agents; where earlier ones' are not kept, since this process began. */
  readonly bytes: number;
  /** At the pace so far, of the time that agents ran; null: they have not long enough to tell (an hour). */
  readonly perDayBytes: number | null;
}

const HOUR_S = 3_600;

/** Null where the kernel does not count (CONFIG_TASK_IO_ACCOUNTING). */
export async function readWritten(uptimeS = process.uptime()): Promise<Written | null> {
  const text = await readFile("/proc/self/io", "latin1").catch(() => "");
  return writtenOf(text, uptimeS);
}

/** Pure; `text` is /proc/PID/io. What was taken back before it was written out does not count. */
export function writtenOf(text: string, uptimeS: number): Written | null {
  const field = (name: string): number | null => {
    const found = new RegExp(`^${name}: (\\d+)$`, "m").exec(text);
    return found ? Number(found[1]) : null;
  };
  const all = field("write_bytes");
  if (all === null) return null;
  const bytes = Math.max(0, all - (field("cancelled_write_bytes") ?? 0));
  return writtenIn(bytes, uptimeS);
}

/** With the pace of so many bytes in so many seconds. */
export function writtenIn(bytes: number, seconds: number): Written {
  return { bytes, perDayBytes: seconds < HOUR_S ? null : Math.round((bytes * 24 * HOUR_S) / seconds) };
}
