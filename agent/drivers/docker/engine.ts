/** A small client of the Docker Engine API over its Unix socket: requests, streams, errors in words. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { LightmanoError } from "../../../model/errors.js";
import { abortError } from "../wait.js";

export interface EngineRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path below the version, with encoded parts. `/version` itself is asked without one. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** A Buffer is a tar archive, anything else is sent as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** Without a whole answer in this time the daemon counts as hung; null waits for the signal alone. */
  readonly timeoutMs?: number | null;
}

export interface EngineAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface EngineStream {
  readonly status: number;
  /** Lines of JSON as they come; rejects like `request` when the stream breaks. The signal ends it too. */
  readonly lines: AsyncIterable<JsonLine>;
}

export type JsonLine = Readonly<Record<string, unknown>>;

export interface Engine {
  /** Any status is an answer, once its body is whole; `driver.unavailable` when there is none. */
  request(request: EngineRequest): Promise<EngineAnswer>;
  /** Resolves at the headers; `timeoutMs` is for these alone. */
  stream(request: EngineRequest): Promise<EngineStream>;
  /** The oldest version of the API that the daemon still speaks, e.g. `1.44`. */
  daemonNeeds(minimum: string): void;
}

/** What we speak where the daemon does: everything since Docker 20.10. Docker 29 wants 1.44. */
const API_MINOR = 41;
const HEALTH_TIMEOUT_MS = 5_000;

export function createEngine(socketPath: string, hung: (reason: string) => void): Engine {
  let apiMinor = API_MINOR;

  /** `heard` is to be called when what the deadline is for has come; `failure` words what went wrong. */
  const send = (request: EngineRequest) => {
    const what = `Docker ${request.method} ${request.path}`;
    const timeoutMs = request.timeoutMs === undefined ? HEALTH_TIMEOUT_MS : request.timeoutMs;
    const query = new URLSearchParams(request.query ?? {}).toString();
    const { body } = request;
    const payload = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const contentType = Buffer.isBuffer(body) ? "application/x-tar" : "application/json";
    const http = httpRequest({
      socketPath,
      method: request.method,
      path: `${request.path === "/version" ? "" : `/v1.${apiMinor}`}${request.path}${query === "" ? "" : `?${query}`}`,
      headers:
        payload === undefined
          ? {}
          : { "content-type": contentType, "content-length": Buffer.byteLength(payload) },
      signal: request.signal,
      agent: false,
    });
    let late: string | null = null;
    const deadline = () => {
      late = `dockerd did not answer ${request.method} ${request.path} in ${timeoutMs} ms`;
      http.destroy(new Error(late));
      hung(late);
    };
    const timer = timeoutMs === null ? undefined : setTimeout(deadline, timeoutMs);
    const failure = (thrown: unknown): LightmanoError => {
      if (thrown instanceof LightmanoError) return thrown;
      if (request.signal.aborted) return abortError(request.signal, what);
      const words = late ?? (thrown as Error).message;
      return new LightmanoError("driver.unavailable", `Docker at ${socketPath}: ${words}`, { cause: thrown });
    };
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      http.once("response", resolve);
      http.on("error", (error) => {
        clearTimeout(timer);
        reject(failure(error));
      });
    });
    http.end(payload);
    return { response, failure, heard: () => clearTimeout(timer) };
  };
  const refuseAborted = ({ signal, method, path }: EngineRequest) => {
    if (signal.aborted) throw abortError(signal, `Docker ${method} ${path}`);
  };

  return {
    daemonNeeds(minimum) {
      apiMinor = Math.max(API_MINOR, Number(/^1\.(\d+)$/.exec(minimum)?.[1] ?? 0));
    },
    async stream(request) {
      refuseAborted(request);
      const { response, failure, heard } = send(request);
      const message = await response;
      heard();
      const lines = async function* () {
        try {
          yield* jsonLines(message);
        } catch (thrown) {
          throw failure(thrown);
        }
      };
      return { status: message.statusCode ?? 0, lines: lines() };
    },
    async request(request) {
      refuseAborted(request);
      const { response, failure, heard } = send(request);
      const message = await response;
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of message) chunks.push(chunk as Buffer);
      } catch (thrown) {
        throw failure(thrown);
      } finally {
        heard();
      }
      return { status: message.statusCode ?? 0, body: Buffer.concat(chunks) };
    },
  };
}

export const succeeded = (answer: EngineAnswer): boolean => answer.status >= 200 && answer.status < 400;

/** `docker.failed` when it is not JSON. */
export function jsonOf(answer: EngineAnswer): unknown {
  return parseJson(answer.body.toString("utf8"));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    const words = `Docker answered what is not JSON: ${JSON.stringify(text.slice(0, 200))}`;
    throw new LightmanoError("docker.failed", words, { cause: thrown });
  }
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
export async function* jsonLines(stream: AsyncIterable<unknown>): AsyncGenerator<JsonLine> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    held = Buffer.concat([held, chunk as Buffer]);
    for (let end = held.indexOf(10); end >= 0; end = held.indexOf(10)) {
      const line = held.toString("utf8", 0, end).trim();
      held = held.subarray(end + 1);
      if (line !== "") yield parseJson(line) as JsonLine;
    }
  }
  const rest = held.toString("utf8").trim();
  if (rest !== "") yield parseJson(rest) as JsonLine;
}

/** Output of a container without a terminal: frames of stream, three zeros, length, bytes (API, "Attach"). */
export function demultiplex(body: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= body.length; at += 8 + body.readUInt32BE(at + 4)) {
    parts.push(body.subarray(at + 8, at + 8 + body.readUInt32BE(at + 4)));
  }
  return Buffer.concat(parts).toString("utf8");
}
