/**
 * JSON over HTTP by a table of routes, on node:http alone: a framework with its validators would be a seventh of what the
 * agent weighs (docs/adr/0019). A route's schemas check its query and body; errors are RFC 9457 problem details.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Static, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { isErrorCode, LightmanoError, type Problem, problemDetails, problemOf } from "../../model/errors.js";
import { parserOf } from "../../model/validate.js";

export interface RouteRequest<B, Q> {
  /** By the names that the route's path has behind colons, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Q;
  readonly body: B;
}

export interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  /** Answers by itself: nothing is sent for it. */
  readonly raw: ((request: IncomingMessage, response: ServerResponse) => void) | null;
  run(params: Readonly<Record<string, string>>, query: URLSearchParams, body: string): Promise<Answer>;
}

interface Answer {
  readonly status: number;
  /** A text goes as it is, anything else as JSON, undefined as nothing. */
  readonly value: unknown;
  readonly type: string;
}

export interface RouteOptions<B extends TSchema, Q extends TSchema> {
  readonly body?: B;
  readonly query?: Q;
  /** Default 200. */
  readonly status?: number;
  /** Of a text; default plain text. */
  readonly type?: string;
}

const BODY_LIMIT_BYTES = 8 * 1024 * 1024;
const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

/** A path has segments of letters and, behind a colon, names of parameters: `/api/v1/services/:id`. */
export function route<B extends TSchema, Q extends TSchema>(
  method: string,
  path: string,
  run: (request: RouteRequest<Static<B>, Static<Q>>) => unknown,
  { body: bodySchema, query: querySchema, status = 200, type = TEXT }: RouteOptions<B, Q> = {},
): Route {
  const bodyParser = bodySchema && parserOf(bodySchema, "body");
  const queryParser = querySchema && parserOf(querySchema, "querystring");
  return {
    method,
    segments: path.split("/"),
    raw: null,
    async run(params, query, text) {
      const body = bodyParser ? sound(bodyParser.json(text)) : undefined;
      // In a query all is text: "5" is the number that the schema has there.
      const given = querySchema && Value.Convert(querySchema, Object.fromEntries(query));
      const value = await run({
        params,
        query: queryParser ? sound(queryParser.value(given)) : undefined,
        body,
      } as RouteRequest<Static<B>, Static<Q>>);
      return { status, value, type };
    },
  };
}

/** A GET that answers by itself: a stream. */
export const rawRoute = (
  path: string,
  raw: (request: IncomingMessage, response: ServerResponse) => void,
): Route => ({
  method: "GET",
  segments: path.split("/"),
  raw,
  run: () => Promise.reject(new Error(`${path} answers by itself`)),
});

function sound<T>(result: { ok: true; value: T } | { ok: false; error: Problem }): T {
  if (result.ok) return result.value;
  throw new LightmanoError("usage.invalid", result.error.detail);
}

/** `unexpected` takes what is answered as 500: it is nobody's mistake but ours. */
export function createRouter(
  routes: readonly Route[],
  unexpected: (what: string, error: unknown) => void,
): Server {
  return createServer((request, response) => {
    void answer(routes, request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return; // the client is gone in the middle of its body
      const { code, detail, problems } = asProblem(error);
      if (code === "agent.internal") unexpected(`${request.method} ${request.url}`, error);
      const details = problemDetails(code, detail, problems);
      send(request, response, details.status, JSON.stringify(details), "application/problem+json");
    });
  });
}

async function answer(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method === "HEAD" ? "GET" : request.method;
  const [path = "", search = ""] = (request.url ?? "").split(/\?(.*)/s);
  const segments = path.split("/");
  const found = routes.find((one) => one.method === method && matches(one.segments, segments));
  if (!found) throw new LightmanoError("object.not-found", `no resource ${request.method} ${request.url}`);
  if (found.raw) return found.raw(request, response);
  const body = await readBody(request);
  const params = parameters(found.segments, segments);
  const { status, value, type } = await found.run(params, new URLSearchParams(search), body);
  if (value === undefined) send(request, response, status, "", null);
  else if (typeof value === "string") send(request, response, status, value, type);
  else send(request, response, status, JSON.stringify(value), JSON_TYPE);
}

const matches = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.length === segments.length &&
  pattern.every((part, i) => (part.startsWith(":") ? segments[i] !== "" : part === segments[i]));

function parameters(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pattern.flatMap((part, i) => {
      if (!part.startsWith(":")) return [];
      const text = segments[i] ?? "";
      try {
        return [[part.slice(1), decodeURIComponent(text)]];
      } catch (cause) {
        throw new LightmanoError("usage.invalid", `${text} is not percent-encoded UTF-8`, { cause });
      }
    }),
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  // Told at its end: who is still sending does not read an answer.
  if (length > BODY_LIMIT_BYTES)
    throw new LightmanoError("usage.invalid", `the body is larger than ${BODY_LIMIT_BYTES} bytes`);
  return Buffer.concat(chunks).toString("utf8");
}

function asProblem(error: unknown) {
  const { code, detail } = problemOf(error);
  const problems = error instanceof LightmanoError ? error.problems : [];
  return { code: isErrorCode(code) ? code : ("agent.internal" as const), detail, problems };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  type: string | null,
): void {
  if (response.headersSent || response.destroyed) return;
  const length = { "content-length": Buffer.byteLength(text) };
  response.writeHead(status, {
    ...(status === 204 ? {} : length),
    ...(type === null ? {} : { "content-type": type }),
  });
  response.end(request.method === "HEAD" ? undefined : text);
}
