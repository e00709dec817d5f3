/**
 * The HTTP server: what all routes have in common. Requests are checked by the same parsers as messages,
 * and every error, also for a route that does not exist, is an RFC 9457 problem details object.
 */

import type { TSchema } from "@sinclair/typebox";
import Fastify, { type FastifyInstance } from "fastify";
import type { Log } from "../../bus/log.js";
import { LightmanoError, type ProblemDetails, problemDetails } from "../../model/errors.js";
import { parserOf } from "../../model/validate.js";

const PROBLEM_JSON = "application/problem+json";
/** A package with all its descriptors and scripts. Images travel by other ways. */
const BODY_LIMIT = 8 * 1024 * 1024;

export function createServer(log: Log): FastifyInstance {
  const server = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
  });
  server.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const parser = parserOf(schema, httpPart ?? "request");
    return (data) => {
      const parsed = parser.value(data);
      return parsed.ok
        ? { value: parsed.value }
        : { error: new LightmanoError(parsed.error.code, parsed.error.detail) };
    };
  });
  server.setSerializerCompiler(() => JSON.stringify);
  server.setErrorHandler((error, request, reply) => {
    const details = detailsOf(error);
    if (details.status >= 500)
      log.error({ method: request.method, url: request.url, error: String(error) }, "request failed");
    return reply.code(details.status).type(PROBLEM_JSON).send(JSON.stringify(details));
  });
  server.setNotFoundHandler((request, reply) => {
    const details = problemDetails("object.not-found", `no such resource: ${request.method} ${request.url}`);
    return reply.code(details.status).type(PROBLEM_JSON).send(JSON.stringify(details));
  });
  return server;
}

/** fastify's own errors (bad JSON, too large, wrong media type) keep their status: 400, 413, 415. */
function detailsOf(thrown: unknown): ProblemDetails {
  if (thrown instanceof LightmanoError) return problemDetails(thrown.code, thrown.detail, thrown.problems);
  const { statusCode, message } = thrown as { readonly statusCode?: number; readonly message?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { ...problemDetails("usage.invalid", message ?? "bad request"), status: statusCode };
  }
  return problemDetails("agent.internal", message ?? "unexpected error");
}
