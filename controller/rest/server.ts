/**
 * The HTTP server: what all routes have in common. Requests are checked by the same parsers as messages,
 * and every error, also for a route that does not exist, is an RFC 9457 problem details object.
 */

import type { TSchema } from "@sinclair/typebox";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Log } from "../../bus/log.js";
import { LightmanoError, type ProblemDetails, problemDetails } from "../../model/errors.js";
import { parserOf } from "../../model/validate.js";

const PROBLEM_JSON = "application/problem+json";
/**
 * A package with all its descriptors and scripts; images travel by other ways. What is taken here goes out
 * again as one MQTT message, which every broker must take: ours drops a client for more than 4 MiB, and then
 * no site would get anything; EMQX takes 1 MiB by default.
 */
const BODY_LIMIT = 1_000_000;

export function createServer(log: Log): FastifyInstance {
  const server = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: (error, _request, reply) => answer(reply, detailsOf(error)),
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
    return answer(reply, details);
  });
  server.setNotFoundHandler((request, reply) =>
    answer(reply, problemDetails("object.not-found", `no such resource: ${request.method} ${request.url}`)),
  );
  return server;
}

const answer = (reply: FastifyReply, details: ProblemDetails): FastifyReply =>
  reply.code(details.status).type(PROBLEM_JSON).send(JSON.stringify(details));

/** fastify's own errors (bad JSON or URL, too large, too long, wrong media type) keep their status: 400, 413, 414, 415. */
function detailsOf(thrown: unknown): ProblemDetails {
  if (thrown instanceof LightmanoError) return problemDetails(thrown.code, thrown.detail, thrown.problems);
  const { statusCode, message } = thrown as { readonly statusCode?: number; readonly message?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { ...problemDetails("usage.invalid", message ?? "bad request"), status: statusCode };
  }
  return problemDetails("agent.internal", message ?? "unexpected error");
}
