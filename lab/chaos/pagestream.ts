/**
 * Fetches one page again and again, each on a connection of its own, whether or not the one before has come. Runs inside a
 * UE's namespace as a program of its own (bundled by artifacts.ts): curl, started ten times a second, takes
 * half of a small machine, and what is measured then is curl.
 *
 *   pagestream URL SHA256 INTERVAL_MS TIMEOUT_MS AT_ONCE
 *
 * Of each fetch it prints a line of JSON when it has ended, a `PageFetch`. On SIGTERM it begins no more, and ends when all have.
 */
import { createHash } from "node:crypto";
import { get } from "node:http";

/** Times are CLOCK_MONOTONIC, µs. */
export interface PageFetch {
  readonly beganUs: number;
  readonly endedUs: number;
  /** The whole page, and the right one, in time. */
  readonly ok: boolean;
  /** From the node's cache; a page that came past it is as whole. */
  readonly cached: boolean;
}

/** CLOCK_MONOTONIC, as countstream.c has it. */
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

const [url = "", sha256 = "", ...numbers] = process.argv.slice(2);
const [intervalMs = Number.NaN, timeoutMs = Number.NaN, atOnce = Number.NaN] = numbers.map(Number);
if (!(intervalMs > 0 && timeoutMs > 0 && atOnce > 0)) {
  console.error("usage: pagestream URL SHA256 INTERVAL_MS TIMEOUT_MS AT_ONCE");
  process.exit(2);
}

let underWay = 0;
function fetchPage(): void {
  const beganUs = nowUs();
  underWay += 1;
  let cached = false;
  let whole = false;
  const request = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
    const hash = createHash("sha256");
    cached = String(response.headers["x-cache"] ?? "").startsWith("HIT");
    response.on("data", (chunk: Buffer) => hash.update(chunk));
    response.on("end", () => {
      whole = response.statusCode === 200 && hash.digest("hex") === sha256;
    });
    response.on("error", () => undefined); // cut off half-way: not whole
  });
  request.on("error", () => undefined); // no answer, or none in time: not whole
  request.on("close", () => {
    underWay -= 1;
    const fetched: PageFetch = { beganUs, endedUs: nowUs(), ok: whole, cached: whole && cached };
    process.stdout.write(`${JSON.stringify(fetched)}\n`);
  });
}

const beat = setInterval(() => {
  if (underWay < atOnce) fetchPage();
}, intervalMs);
process.once("SIGTERM", () => clearInterval(beat));
fetchPage();
