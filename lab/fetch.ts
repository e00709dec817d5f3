import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type LabContext, runIn } from "./context.js";
import { LabError } from "./errors.js";
import type { Namespace } from "./topology.js";

export interface FetchOptions {
  /** Default 30 000. */
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly proxy?: string;
  readonly signal?: AbortSignal;
}

/** One page as a UE saw it. `ok` says that an answer came, whatever its status. */
export type FetchResult = FetchedPage | FetchFailure;

export interface FetchedPage {
  readonly ok: true;
  readonly url: string;
  readonly status: number;
  readonly totalMs: number;
  readonly connectMs: number;
  /** Time to first byte. */
  readonly ttfbMs: number;
  readonly bytes: number;
  readonly sha256: string;
  /** The whole X-Cache field; null when there is none. */
  readonly xCache: string | null;
  readonly cache: "hit" | "miss" | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface FetchFailure {
  readonly ok: false;
  readonly url: string;
  readonly curlExit: number;
  readonly reason: string;
  readonly totalMs: number;
}

const WRITE_OUT = "%{http_code} %{time_total} %{time_connect} %{time_starttransfer} %{size_download}";

/** Fetches a page from inside a namespace with curl, on a connection of its own. */
export async function fetchPage(
  lab: LabContext,
  ns: Namespace,
  url: string,
  options: FetchOptions = {},
): Promise<FetchResult> {
  const folder = join(lab.paths.runDir, "fetch", randomUUID());
  await mkdir(folder, { recursive: true });
  const bodyPath = join(folder, "body");
  const headerPath = join(folder, "headers");
  const timeoutMs = options.timeoutMs ?? 30_000;
  const argv = [
    "curl",
    ...["--silent", "--show-error", "--max-time", String(timeoutMs / 1000)],
    ...(options.proxy === undefined ? ["--noproxy", "*"] : ["--proxy", options.proxy]),
    ...["--output", bodyPath, "--dump-header", headerPath, "--write-out", WRITE_OUT],
    ...Object.entries(options.headers ?? {}).flatMap(([name, value]) => ["--header", `${name}: ${value}`]),
    url,
  ];
  try {
    const signal = options.signal ?? lab.signal;
    const { code, stdout, stderr, ms } = await runIn(lab, ns, argv, { timeoutMs: timeoutMs + 5000, signal });
    if (code !== 0) return { ok: false, url, curlExit: code, reason: stderr.trim(), totalMs: ms };
    const [status = 0, total = 0, connect = 0, firstByte = 0, bytes = 0] = stdout.split(" ").map(Number);
    const body = await readFile(bodyPath).catch(() => Buffer.alloc(0));
    const headers = parseHeaders(await readFile(headerPath, "utf8"));
    const xCache = headers["x-cache"] ?? null;
    return {
      ok: true,
      url,
      status,
      totalMs: total * 1000,
      connectMs: connect * 1000,
      ttfbMs: firstByte * 1000,
      bytes,
      sha256: createHash("sha256").update(body).digest("hex"),
      xCache,
      cache: xCache === null ? null : xCache.startsWith("HIT") ? "hit" : "miss",
      headers,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** For callers to whom no answer is a failure: the page, or `lab.command`. */
export function mustHaveFetched(result: FetchResult): FetchedPage {
  if (result.ok) return result;
  throw new LabError({ code: "lab.command", message: `${result.url}: ${result.reason}` });
}

/** Fields of the last header block (a 1xx may come first), names in lower case. */
function parseHeaders(text: string): Readonly<Record<string, string>> {
  const block =
    text
      .trimEnd()
      .split(/\r?\n\r?\n/)
      .at(-1) ?? "";
  const lines = block.split(/\r?\n/).slice(1);
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
