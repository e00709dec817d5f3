/** `/api/v1`: what SOL005 has no word for. */
import type { FastifyInstance } from "fastify";
import type { BusClient } from "../../bus/client.js";
import { LightmanoError } from "../../model/errors.js";
import { asNodeId, asSiteId, isId } from "../../model/ids.js";
import type { Store } from "../store/store.js";
import type { Views } from "../views.js";
import { EventsQuery } from "./schemas.js";

export interface ApiOptions {
  readonly store: Pick<Store, "reports" | "health">;
  readonly views: Views;
  readonly bus: Pick<BusClient, "connected">;
  readonly version: string;
  readonly startedAt: string;
}

const DEFAULT_EVENTS = 100;
const MOST_EVENTS = 1_000;

export function apiRoutes(
  server: FastifyInstance,
  { store, views, bus, version, startedAt }: ApiOptions,
): void {
  server.get("/api/v1/sites", () => views.sites());
  server.get("/api/v1/nodes", async () => views.nodes());
  server.get<{ Params: { site: string; node: string } }>(
    "/api/v1/nodes/:site/:node",
    async ({ params: { site, node } }) => {
      const view = isId(site) && isId(node) ? views.node(asSiteId(site), asNodeId(node)) : null;
      if (!view) throw new LightmanoError("object.not-found", `no node ${node} at site ${site}`);
      return view;
    },
  );
  server.get("/api/v1/services", () => views.services());
  server.get<{ Params: { id: string } }>("/api/v1/services/:id", async ({ params: { id } }) => {
    const found = (await views.services()).filter((service) => service.id === id);
    if (found.length === 0)
      throw new LightmanoError("object.not-found", `no network service ${id} at any site`);
    return found;
  });
  server.get<{ Querystring: EventsQuery }>(
    "/api/v1/events",
    { schema: { querystring: EventsQuery } },
    async ({ query }) => {
      const limit = Math.min(Number(query.limit ?? DEFAULT_EVENTS), MOST_EVENTS);
      const events =
        query.since === undefined
          ? await store.reports.latestEvents(limit)
          : await store.reports.eventsAfter(Number(query.since), limit);
      return events.map(views.event);
    },
  );
  server.get("/api/v1/health", async (_request, reply) => {
    const health = healthOf(store, bus);
    return reply
      .code(health.status === "ok" ? 200 : 503)
      .send({ ...health, version, startedAt, role: "controller" });
  });
}

function healthOf(store: ApiOptions["store"], bus: ApiOptions["bus"]) {
  const { ok, reason, since } = store.health();
  const connected = bus.connected();
  return {
    status: ok && connected ? "ok" : "failing",
    store: { ok, reason, since: since === null ? null : new Date(since).toISOString() },
    bus: { ok: connected, reason: connected ? null : "not connected to the MQTT broker" },
  };
}
