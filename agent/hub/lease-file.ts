/**
 * Until when the last grant lets this node's services run, for the agent that is started next. It lies on
 * tmpfs and names the boot that its clock is of: a reboot ends the functions and the lease alike, and nothing
 * is written to flash once a second.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Log } from "../../bus/log.js";

export interface LeaseFile {
  /** Own clock; minus infinity where nothing is known. */
  read(): number;
  write(until: number): void;
}

export function createLeaseFile(path: string, bootId: string, log: Log): LeaseFile {
  let failed = false;
  return {
    read() {
      try {
        const { boot, until } = JSON.parse(readFileSync(path, "utf8")) as { boot: unknown; until: unknown };
        return boot === bootId && typeof until === "number" ? until : Number.NEGATIVE_INFINITY;
      } catch {
        return Number.NEGATIVE_INFINITY; // none yet, or half of one: no lease is the safe answer
      }
    },
    write(until) {
      try {
        writeFileSync(`${path}.new`, JSON.stringify({ boot: bootId, until }));
        renameSync(`${path}.new`, path);
        failed = false;
      } catch (error) {
        if (!failed)
          log.warn({}, `the lease is not noted: ${error instanceof Error ? error.message : error}`);
        failed = true;
      }
    },
  };
}
