/** REST of one node, on the local socket. Errors are RFC 9457 problem details. */
import { chmod, rm } from "node:fs/promises";
import { Type } from "@sinclair/typebox";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Log } from "../../bus/log.js";
import {
  type ErrorCode,
  isErrorCode,
  LightmanoError,
  type Problem,
  problemDetails,
  problemOf,
} from "../../model/errors.js";
import { ApplyRequest } from "../../model/messages/apply.js";
import type { AgentEvent } from "../../model/messages/node.js";
import { serveConsoles } from "../console/server.js";
import { renderExposition } from "../metrics/exposition.js";
import type { Metrics } from "../metrics/metrics.js";
import type { Operations } from "../operations.js";
import { EXPOSITION_TYPE } from "./metrics-server.js";

const EventsQuery = Type.Object({
  since: Type.Optional(Type.Integer()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  object: Type.Optional(Type.String()),
});

export interface ApiServer {
  listen(socketPath: string): Promise<void>;
  close(): Promise<void>;
}

/** A reader of the event stream that lags behind by so much is cut off: what waits for it lies in our memory. */
const STREAM_LAG_BYTES = 1024 * 1024;
/** A function's id is two names of up to 63 characters and a dot; some of them may be escaped. */
const ID_LENGTH = 400;

/**
 * `onEvent` hands over each event as it is recorded; returns what ends that. What is answered as 500 is nobody's
 * mistake but ours: it is logged, with its stack.
 */
export function createApiServer(
  operations: Operations,
  onEvent: (listener: (event: AgentEvent) => void) => () => void,
  log: Log,
  metrics: Metrics,
): ApiServer {
  const server = fastify({
    forceCloseConnections: true,
    bodyLimit: 8 * 1024 * 1024,
    routerOptions: { maxParamLength: ID_LENGTH },
  });
  const unexpected = (what: string, err: unknown): void =>
    log.error({ err }, `${what} failed: ${problemOf(err).detail}`);
  server.setErrorHandler((thrown, request, reply) => {
    if (thrown instanceof LightmanoError) {
      if (thrown.code === "agent.internal") unexpected(`${request.method} ${request.url}`, thrown);
      return sendProblem(reply, thrown.code, thrown.detail, thrown.problems);
    }
    const invalid = thrown as { validation?: unknown; statusCode?: number; message: string };
    const isClients = invalid.validation !== undefined || (invalid.statusCode ?? 500) < 500;
    if (!isClients) unexpected(`${request.method} ${request.url}`, thrown);
    return sendProblem(reply, isClients ? "usage.invalid" : "agent.internal", invalid.message);
  });
  server.setNotFoundHandler((request, reply) =>
    sendProblem(reply, "object.not-found", `no resource ${request.method} ${request.url}`),
  );
  routes(server, operations);
  server.get("/metrics", async (_request, reply) =>
    reply.type(EXPOSITION_TYPE).send(renderExposition(await metrics.families())),
  );
  server.get("/api/v1/metrics", () => metrics.families());
  serveConsoles(server.server, operations.containerPid, unexpected);
  server.get("/api/v1/stream", (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    reply.raw.write(": open\n\n");
    const end = onEvent((event) => {
      reply.raw.write(`data: ${JSON.stringify(event)}\n\n`);
      if (reply.raw.writableLength > STREAM_LAG_BYTES) reply.raw.destroy();
    });
    reply.raw.once("close", end);
  });
  return {
    async listen(socketPath) {
      await rm(socketPath, { force: true });
      await server.listen({ path: socketPath });
      await chmod(socketPath, 0o660);
    },
    close: () => server.close(),
  };
}

function routes(server: FastifyInstance, operations: Operations): void {
  type Named = { Params: { id: string } };
  type Handler = { Params: { id: string; handler: string } };
  server.get("/api/v1/status", () => operations.status());
  server.get("/api/v1/inventory", () => operations.inventory());
  server.get("/api/v1/doctor", () => operations.doctor());
  server.get("/api/v1/services", () => operations.services());
  server.post<{ Body: Parameters<Operations["apply"]>[0] }>(
    "/api/v1/services",
    { schema: { body: ApplyRequest } },
    async (request, reply) => reply.code(202).send(await operations.apply(request.body)),
  );
  server.post<{ Body: Parameters<Operations["plan"]>[0] }>(
    "/api/v1/plan",
    { schema: { body: ApplyRequest } },
    (request) => operations.plan(request.body),
  );
  server.get<Named>("/api/v1/services/:id", (request) => operations.service(request.params.id));
  server.delete<Named>("/api/v1/services/:id", async (request, reply) => {
    await operations.terminate(request.params.id);
    return reply.code(202).send({ id: request.params.id });
  });
  server.post<Named>("/api/v1/services/:id/heal", (request) => operations.heal(request.params.id));
  server.get("/api/v1/lvnfs", () => operations.lvnfs());
  server.get<Named>("/api/v1/functions/:id/handlers", (request) => operations.handlers(request.params.id));
  server.get<Handler>("/api/v1/functions/:id/handlers/:handler", (request) =>
    operations.readHandler(request.params.id, request.params.handler),
  );
  server.put<Handler & { Body: { value: string } }>(
    "/api/v1/functions/:id/handlers/:handler",
    { schema: { body: Type.Object({ value: Type.String() }) } },
    async (request, reply) => {
      await operations.writeHandler(request.params.id, request.params.handler, request.body.value);
      return reply.code(204).send();
    },
  );
  server.post<Named>("/api/v1/functions/:id/restart", (request) => operations.restart(request.params.id));
  server.get<Named & { Querystring: { lines?: number } }>(
    "/api/v1/functions/:id/logs",
    {
      schema: {
        querystring: Type.Object({ lines: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })) }),
      },
    },
    (request) => operations.logs(request.params.id, request.query.lines ?? 100),
  );
  server.get<Named>("/api/v1/functions/:id/stats", (request) => operations.stats(request.params.id));
  server.get<Named>("/api/v1/functions/:id/image", (request) => operations.images(request.params.id));
  server.get("/api/v1/ports", () => operations.ports());
  server.get("/api/v1/chains", () => operations.chains());
  server.get<{ Querystring: { since?: number; limit?: number; object?: string } }>(
    "/api/v1/events",
    { schema: { querystring: EventsQuery } },
    (request) => operations.events(request.query),
  );
  server.get<{ Querystring: { object: string } }>(
    "/api/v1/why",
    { schema: { querystring: Type.Object({ object: Type.String() }) } },
    (request) => operations.why(request.query.object),
  );
}

function sendProblem(
  reply: FastifyReply,
  code: string,
  detail: string,
  problems: readonly Problem[] = [],
): FastifyReply {
  const known: ErrorCode = isErrorCode(code) ? code : "agent.internal";
  const details = problemDetails(known, detail, problems);
  return reply.code(details.status).type("application/problem+json").send(details);
}
