/** `GET /metrics` over TCP, and nothing else: for a Prometheus that cannot open the Unix socket. Off unless agent.yaml says a port. */
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { problemOf } from "../../model/errors.js";
import { keepConnected, systemWaitClock } from "../drivers/wait.js";

export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly page: () => Promise<string>;
  readonly listening: (url: string) => void;
  /** It cannot listen, and will try again. */
  readonly failed: (reason: string) => void;
  readonly signal: AbortSignal;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** A scraper needs one or two. */
const MAX_CONNECTIONS = 16;
const HEADERS_TIMEOUT_MS = 5_000;

/** Listens until the signal aborts. An address that is taken, or not there yet, is tried again. */
export function serveMetrics({ host, port, page, listening, failed, signal }: MetricsServerOptions): void {
  let told: string | null = null;
  void keepConnected({
    signal,
    clock: systemWaitClock,
    firstMs: FIRST_RETRY_MS,
    maxMs: LAST_RETRY_MS,
    down(reason) {
      if (reason !== told) failed(reason);
      told = reason;
    },
    connect: (up) =>
      new Promise((resolve) => {
        const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, answer(page));
        server.maxConnections = MAX_CONNECTIONS;
        const end = (): void => {
          server.close();
          server.closeAllConnections();
        };
        server.once("error", (error) => resolve(problemOf(error).detail));
        server.once("close", () => {
          signal.removeEventListener("abort", end);
          resolve("closed");
        });
        signal.addEventListener("abort", end, { once: true });
        server.listen(port, host, () => {
          up();
          told = null;
          const { address, port: bound } = server.address() as AddressInfo;
          listening(`http://${isIPv6(address) ? `[${address}]` : address}:${bound}/metrics`);
        });
      }),
  });
}

function answer(page: () => Promise<string>): RequestListener {
  return (request, response) => {
    const send = (status: number, text: string, type = "text/plain; charset=utf-8"): void => {
      response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) });
      response.end(request.method === "HEAD" ? undefined : text);
    };
    const path = (request.url ?? "").replace(/\?.*$/, "");
    if (path !== "/metrics") return send(404, "there is /metrics here\n");
    if (request.method !== "GET" && request.method !== "HEAD") return send(405, "GET /metrics\n");
    page().then(
      (text) => send(200, text, EXPOSITION_TYPE),
      (error: unknown) => send(500, `${problemOf(error).detail}\n`),
    );
  };
}
