/** Traffic that goes on while something breaks: a counted stream through the breakout, and pages from the cache. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "../lab.js";
import { waitUntil } from "../wait.js";
import type { PageFetch } from "./pagestream.js";

/** Far from the breakout's rule (TCP to port 80): the stream goes into the LVNF and on to the core. */
const PORT = 19_999;
const INTERVAL_US = 1_000;
/** A page that has not come by then is a failed one. */
const PAGE_TIMEOUT_MS = 3_000;
const PAGE_EVERY_MS = 100;
const PAGES_UNDER_WAY = 20;

/** CLOCK_MONOTONIC, as countstream.c has it. */
export const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

/** Numbers without a reply, one after the other (lab/chaos/countstream.c). */
export interface LossRun {
  readonly first: number;
  readonly count: number;
  readonly sentUs: number;
  /** 0: nothing came back after it. */
  readonly backUs: number;
}

export interface StreamReport {
  readonly sent: number;
  /** Arrived at the far side of the WAN. */
  readonly there: number;
  /** And came back. */
  readonly back: number;
  readonly duplicates: number;
  readonly runs: readonly LossRun[];
}

export interface Stream {
  /** When the newest datagram that came back was sent, µs. */
  newestUs(): number;
  stop(): Promise<StreamReport>;
}

/** One echo a lab; it goes with the lab. */
export async function startEcho(lab: Lab): Promise<void> {
  const echo = await lab.spawn("inet", [program(lab), "echo", String(PORT)], { name: "count-echo" });
  await waitUntil("the echo listens", async () => (await readFile(echo.logPath, "utf8")).includes("ready"), {
    timeoutMs: 5_000,
  });
}

/** A datagram every millisecond from the UE, every second one past the fast path; resolves at the first that came back. */
export async function startStream(lab: Lab, round: string): Promise<Stream> {
  const address = lab.origins[0]?.address ?? "";
  const statusPath = join(lab.paths.runDir, `count-${round}.status`);
  const argv = [program(lab), "send", address, String(PORT), String(INTERVAL_US), statusPath];
  const sender = await lab.spawn("ue1", argv, { name: `count-${round}` });
  const text = () => readFile(sender.logPath, "utf8");
  await waitUntil("the first datagram is back", async () => (await text()).startsWith("ready"), {
    timeoutMs: 10_000,
    hint: "nothing passes between ue1 and the far side of the WAN",
  });
  return {
    newestUs: () => readStatus(statusPath),
    async stop() {
      await sender.stop({ graceMs: 5_000 });
      return JSON.parse((await text()).split("\n")[1] ?? "") as StreamReport;
    },
  };
}

const program = (lab: Lab): string => join(lab.paths.buildDir, "countstream");

function readStatus(path: string): number {
  const bytes = Buffer.alloc(24);
  const file = openSync(path, "r");
  try {
    readSync(file, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(file);
  }
  return Number(bytes.readBigUInt64LE(16));
}

export interface Pages {
  /** Those that have ended so far, in that order. */
  fetched(): readonly PageFetch[];
  /** All, of which those that were under way have had their time to come. */
  stop(): Promise<readonly PageFetch[]>;
}

/** Fetches the smallest page ten times a second, whether or not the one before has come (pagestream.ts). */
export async function startPages(lab: Lab, round: string): Promise<Pages> {
  const origin = lab.origins.toSorted((a, b) => a.bytes - b.bytes)[0];
  const program = join(lab.paths.buildDir, "pagestream.mjs");
  const numbers = [PAGE_EVERY_MS, PAGE_TIMEOUT_MS, PAGES_UNDER_WAY].map(String);
  const argv = [process.execPath, program, origin?.url ?? "", origin?.sha256 ?? "", ...numbers];
  const stream = await lab.spawn("ue1", argv, { name: `pages-${round}` });
  /** What a process writes at once may be read in two parts: the last line counts when it has ended. */
  const fetched = () =>
    readFileSync(stream.logPath, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as PageFetch);
  return {
    fetched,
    async stop() {
      await stream.stop({ graceMs: PAGE_TIMEOUT_MS + 2_000 });
      return fetched();
    },
  };
}
