/** A small client of the Docker Engine API v1.41 over its Unix socket: requests, streams, errors in words. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { LightmanoError } from "../../../model/errors.js";
import { abortError } from "../wait.js";

export interface EngineRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path below /v1.41, with encoded parts. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** Without an answer in this time the daemon counts as hung; null waits for the signal alone. */
  readonly timeoutMs?: number | null;
}

export interface EngineAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface Engine {
  /** Any status is an answer; `driver.unavailable` when there is none. */
  request(request: EngineRequest): Promise<EngineAnswer>;
  /** Resolves at the headers; the body is the caller's to read. The signal ends the stream too. */
  stream(request: EngineRequest): Promise<IncomingMessage>;
}

const API = "/v1.41";
const HEALTH_TIMEOUT_MS = 5_000;

export function createEngine(socketPath: string, hung: (reason: string) => void): Engine {
  const stream = (request: EngineRequest) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const what = `Docker ${request.method} ${request.path}`;
      if (request.signal.aborted) return reject(abortError(request.signal, what));
      const timeoutMs = request.timeoutMs === undefined ? HEALTH_TIMEOUT_MS : request.timeoutMs;
      const query = new URLSearchParams(request.query ?? {}).toString();
      const payload = request.body === undefined ? undefined : JSON.stringify(request.body);
      const http = httpRequest({
        socketPath,
        method: request.method,
        path: `${API}${request.path}${query === "" ? "" : `?${query}`}`,
        headers:
          payload === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) },
        signal: request.signal,
        agent: false,
      });
      const timer =
        timeoutMs === null
          ? undefined
          : setTimeout(() => {
              const reason = `dockerd did not answer ${request.method} ${request.path} in ${timeoutMs} ms`;
              http.destroy(new Error(reason));
              hung(reason);
            }, timeoutMs);
      http.once("response", (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      http.once("error", (error) => {
        clearTimeout(timer);
        if (request.signal.aborted) return reject(abortError(request.signal, what));
        reject(
          new LightmanoError("driver.unavailable", `Docker at ${socketPath}: ${error.message}`, {
            cause: error,
          }),
        );
      });
      http.end(payload);
    });

  return {
    stream,
    async request(request) {
      const response = await stream(request);
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of response) chunks.push(chunk as Buffer);
      } catch (thrown) {
        if (request.signal.aborted) throw abortError(request.signal, `Docker ${request.path}`);
        throw new LightmanoError(
          "driver.unavailable",
          `Docker at ${socketPath}: ${(thrown as Error).message}`,
          { cause: thrown },
        );
      }
      return { status: response.statusCode ?? 0, body: Buffer.concat(chunks) };
    },
  };
}

export const succeeded = (answer: EngineAnswer): boolean => answer.status >= 200 && answer.status < 400;

export function jsonOf(answer: EngineAnswer): unknown {
  return JSON.parse(answer.body.toString("utf8")) as unknown;
}

/** Docker's own words, which its errors carry as `{"message": …}`. */
export function messageOf(answer: EngineAnswer): string {
  const text = answer.body.toString("utf8").trim();
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    if (typeof message === "string") return message;
  } catch (thrown) {
    void thrown; // Not JSON: the text as it is.
  }
  return text === "" ? `status ${answer.status}` : text;
}

/** Lines of JSON as they come. */
export async function* jsonLines(
  stream: AsyncIterable<unknown>,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    held = Buffer.concat([held, chunk as Buffer]);
    for (let end = held.indexOf(10); end >= 0; end = held.indexOf(10)) {
      const line = held.toString("utf8", 0, end).trim();
      held = held.subarray(end + 1);
      if (line !== "") yield JSON.parse(line) as Readonly<Record<string, unknown>>;
    }
  }
  const rest = held.toString("utf8").trim();
  if (rest !== "") yield JSON.parse(rest) as Readonly<Record<string, unknown>>;
}

/** Output of a container without a terminal: frames of stream, three zeros, length, bytes (API, "Attach"). */
export function demultiplex(body: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= body.length; at += 8 + body.readUInt32BE(at + 4)) {
    parts.push(body.subarray(at + 8, at + 8 + body.readUInt32BE(at + 4)));
  }
  return Buffer.concat(parts).toString("utf8");
}
