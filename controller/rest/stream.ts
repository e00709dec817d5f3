/**
 * `/api/v1/stream`: Server-Sent Events. A client gets all that there is (`nodes`, `services`, `event`s since
 * its Last-Event-ID, or the newest), then `ready`, then every change. `node` and `service` are whole objects
 * that replace what the client has; `service` carries all rows of that service, one a node. A `beat` now and
 * then lets the page tell a quiet stream from a dead one.
 */
import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Log } from "../../bus/log.js";
import { problemOf } from "../../model/errors.js";
import type { Change, Feed } from "../feed.js";
import type { StoredEvent } from "../store/reports.js";
import type { Store } from "../store/store.js";
import type { Views } from "../views.js";

export interface StreamOptions {
  readonly store: Pick<Store, "reports">;
  readonly views: Views;
  readonly feed: Feed;
  readonly clock: () => number;
  readonly version: string;
  readonly log: Log;
}

export interface StreamHub {
  /** Ends all streams: the clients come back by themselves. */
  stop(): void;
}

interface Subscriber {
  readonly response: ServerResponse;
  /** Changes that came while the beginning was being read, in order; null once it is written. */
  held: string[] | null;
}

const HEARTBEAT_MS = 15_000;
const RECENT = 50;
/** Who reads slower than this is cut off and continues with Last-Event-ID. */
const BACKLOG_BYTES = 1024 * 1024;
const MOST_MISSED = 1_000;

export function streamRoutes(
  server: FastifyInstance,
  { store, views, feed, clock, version, log }: StreamOptions,
): StreamHub {
  const subscribers = new Set<Subscriber>();
  const send = (text: string): void => {
    for (const subscriber of subscribers) {
      if (subscriber.held) subscriber.held.push(text);
      else if (subscriber.response.writableLength > BACKLOG_BYTES) subscriber.response.destroy();
      else subscriber.response.write(text);
    }
  };
  const unsubscribe = feed.subscribe((change) => {
    if (subscribers.size === 0) return;
    render(change, views)
      .then(send)
      .catch((cause: unknown) => log.error({ reason: problemOf(cause).detail }, "a change was not streamed"));
  });
  const heartbeat = setInterval(
    () => send(message("beat", { now: new Date(clock()).toISOString() })),
    HEARTBEAT_MS,
  );

  server.get("/api/v1/stream", async (request, reply) => {
    const lastId = Number(request.headers["last-event-id"]);
    const resume =
      request.headers["last-event-id"] !== undefined && Number.isSafeInteger(lastId) && lastId >= 0;
    const subscriber: Subscriber = { response: reply.raw, held: [] };
    subscribers.add(subscriber);
    reply.raw.on("close", () => subscribers.delete(subscriber));
    try {
      const events = resume
        ? await store.reports.eventsAfter(lastId, MOST_MISSED)
        : await store.reports.latestEvents(RECENT);
      const nodes = views.nodes();
      const services = await views.services();
      const hello = { role: "controller", version, now: new Date(clock()).toISOString() };
      const beginning = [
        message("hello", hello),
        message("nodes", nodes),
        message("services", services),
        ...events.map(eventMessage(views)),
        message("ready", {}),
      ];
      reply.hijack();
      reply.raw.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      reply.raw.write(`retry: 2000\n\n${beginning.join("")}${(subscriber.held ?? []).join("")}`);
      subscriber.held = null;
    } catch (cause) {
      subscribers.delete(subscriber);
      throw cause;
    }
  });

  return {
    stop() {
      unsubscribe();
      clearInterval(heartbeat);
      for (const { response } of subscribers) response.end();
    },
  };
}

async function render(change: Change, views: Views): Promise<string> {
  if (change.type === "node") return message("node", views.node(change.site, change.node));
  if (change.type === "events") return change.events.map(eventMessage(views)).join("");
  const services = (await views.services()).filter(
    ({ site, id }) => site === change.site && id === change.service,
  );
  return message("service", { site: change.site, id: change.service, services });
}

const eventMessage =
  (views: Views) =>
  (event: StoredEvent): string =>
    `id: ${event.id}\n${message("event", views.event(event))}`;

const message = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
