/** REST of one node, on the local socket. Errors are RFC 9457 problem details. */
import { chmod, rm } from "node:fs/promises";
import { Type } from "@sinclair/typebox";
import type { Log } from "../../bus/log.js";
import { problemOf } from "../../model/errors.js";
import { ApplyRequest } from "../../model/messages/apply.js";
import type { AgentEvent } from "../../model/messages/node.js";
import { serveConsoles } from "../console/server.js";
import { renderExposition } from "../metrics/exposition.js";
import type { Metrics } from "../metrics/metrics.js";
import type { Operations } from "../operations.js";
import { EXPOSITION_TYPE } from "./metrics-server.js";
import { createRouter, type Route, rawRoute, route } from "./router.js";

const EventsQuery = Type.Object({
  since: Type.Optional(Type.Integer()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  object: Type.Optional(Type.String()),
});
const LogsQuery = Type.Object({
  lines: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
});
const WhyQuery = Type.Object({ object: Type.String() });
const WriteBody = Type.Object({ value: Type.String() });

export interface ApiServer {
  listen(socketPath: string): Promise<void>;
  close(): Promise<void>;
}

/** A reader of the event stream that lags behind by so much is cut off: what waits for it lies in our memory. */
const STREAM_LAG_BYTES = 1024 * 1024;

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
  const unexpected = (what: string, err: unknown): void =>
    log.error({ err }, `${what} failed: ${problemOf(err).detail}`);
  const stream = rawRoute("/api/v1/stream", (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": open\n\n");
    const end = onEvent((event) => {
      response.write(`data: ${JSON.stringify(event)}\n\n`);
      if (response.writableLength > STREAM_LAG_BYTES) response.destroy();
    });
    response.once("close", end);
  });
  const server = createRouter([...routes(operations), ...metricsRoutes(metrics), stream], unexpected);
  serveConsoles(server, operations.containerPid, unexpected);
  return {
    async listen(socketPath) {
      await rm(socketPath, { force: true });
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(socketPath, () => {
          server.off("error", reject);
          resolve();
        });
      });
      await chmod(socketPath, 0o660);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const metricsRoutes = (metrics: Metrics): readonly Route[] => [
  route("GET", "/metrics", async () => renderExposition(await metrics.families()), { type: EXPOSITION_TYPE }),
  route("GET", "/api/v1/metrics", () => metrics.families()),
];

function routes(operations: Operations): readonly Route[] {
  const get = (path: string, run: (id: string) => unknown): Route =>
    route("GET", path, ({ params }) => run(params.id ?? ""));
  const applied = { body: ApplyRequest, status: 202 };
  const handler = "/api/v1/functions/:id/handlers/:handler";
  return [
    get("/api/v1/status", () => operations.status()),
    get("/api/v1/site", () => operations.site()),
    get("/api/v1/inventory", () => operations.inventory()),
    get("/api/v1/doctor", () => operations.doctor()),
    get("/api/v1/services", () => operations.services()),
    route("POST", "/api/v1/services", ({ body }) => operations.apply(body), applied),
    route("POST", "/api/v1/plan", ({ body }) => operations.plan(body), { body: ApplyRequest }),
    get("/api/v1/services/:id", (id) => operations.service(id)),
    route(
      "DELETE",
      "/api/v1/services/:id",
      async ({ params: { id = "" } }) => {
        await operations.terminate(id);
        return { id };
      },
      { status: 202 },
    ),
    route("POST", "/api/v1/services/:id/heal", ({ params }) => operations.heal(params.id ?? "")),
    get("/api/v1/lvnfs", () => operations.lvnfs()),
    get("/api/v1/functions/:id/handlers", (id) => operations.handlers(id)),
    route("GET", handler, ({ params }) => operations.readHandler(params.id ?? "", params.handler ?? "")),
    route(
      "PUT",
      handler,
      async ({ params, body }) =>
        void (await operations.writeHandler(params.id ?? "", params.handler ?? "", body.value)),
      { body: WriteBody, status: 204 },
    ),
    route("POST", "/api/v1/functions/:id/restart", ({ params }) => operations.restart(params.id ?? "")),
    route(
      "GET",
      "/api/v1/functions/:id/logs",
      ({ params, query }) => operations.logs(params.id ?? "", query.lines ?? 100),
      { query: LogsQuery },
    ),
    get("/api/v1/functions/:id/stats", (id) => operations.stats(id)),
    get("/api/v1/functions/:id/image", (id) => operations.images(id)),
    get("/api/v1/ports", () => operations.ports()),
    get("/api/v1/chains", () => operations.chains()),
    route("GET", "/api/v1/events", ({ query }) => operations.events(query), { query: EventsQuery }),
    route("GET", "/api/v1/why", ({ query }) => operations.why(query.object), { query: WhyQuery }),
  ];
}
