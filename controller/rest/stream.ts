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
  held: Message[] | null;
  /** Of the newest event in the beginning: a change that tells of it again, or of an older one, is left out. */
  lastEventId: number;
  /** Bytes that may wait for it to read: BACKLOG_BYTES, and the beginning, however long that is. */
  backlogBytes: number;
}

interface Message {
  readonly text: string;
  /** Of an event, else null. */
  readonly eventId: number | null;
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
  const send = (messages: readonly Message[]): void => {
    for (const subscriber of subscribers) {
      if (subscriber.held) subscriber.held.push(...messages);
      else if (subscriber.response.writableLength > subscriber.backlogBytes) subscriber.response.destroy();
      else subscriber.response.write(textFor(subscriber, messages));
    }
  };
  const unsubscribe = feed.subscribe((change) => {
    if (subscribers.size === 0) return;
    render(change, views)
      .then(send)
      .catch((cause: unknown) => log.error({ reason: problemOf(cause).detail }, "a change was not streamed"));
  });
  const heartbeat = setInterval(
    () => send([untracked("beat", { now: new Date(clock()).toISOString() })]),
    HEARTBEAT_MS,
  );

  server.get("/api/v1/stream", { exposeHeadRoute: false }, async (request, reply) => {
    const lastId = Number(request.headers["last-event-id"]);
    const resume =
      request.headers["last-event-id"] !== undefined && Number.isSafeInteger(lastId) && lastId >= 0;
    const subscriber: Subscriber = {
      response: reply.raw,
      held: [],
      lastEventId: 0,
      backlogBytes: BACKLOG_BYTES,
    };
    subscribers.add(subscriber);
    reply.raw.on("close", () => subscribers.delete(subscriber));
    try {
      const events = resume
        ? await store.reports.latestEvents(MOST_MISSED, lastId)
        : await store.reports.latestEvents(RECENT);
      const nodes = views.nodes();
      const services = await views.services();
      const hello = { role: "controller", version, now: new Date(clock()).toISOString() };
      const beginning = [
        message("hello", hello),
        message("nodes", nodes),
        message("services", services),
        ...events.map((event) => eventMessage(views)(event).text),
        message("ready", {}),
      ];
      subscriber.lastEventId = events.at(-1)?.id ?? (resume ? lastId : 0);
      reply.hijack();
      if (!subscribers.has(subscriber)) return; // it went away meanwhile
      reply.raw.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      const text = `retry: 2000\n\n${beginning.join("")}${textFor(subscriber, subscriber.held ?? [])}`;
      subscriber.backlogBytes += Buffer.byteLength(text);
      reply.raw.write(text);
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

function textFor({ lastEventId }: Subscriber, messages: readonly Message[]): string {
  const news = messages.filter(({ eventId }) => eventId === null || eventId > lastEventId);
  return news.map(({ text }) => text).join("");
}

async function render(change: Change, views: Views): Promise<readonly Message[]> {
  if (change.type === "node") return [untracked("node", views.node(change.site, change.node))];
  if (change.type === "events") return change.events.map(eventMessage(views));
  const services = await views.service(change.site, change.service);
  return [untracked("service", { site: change.site, id: change.service, services })];
}

const eventMessage =
  (views: Views) =>
  (event: StoredEvent): Message => ({
    text: `id: ${event.id}\n${message("event", views.event(event))}`,
    eventId: event.id,
  });

const untracked = (name: string, data: unknown): Message => ({ text: message(name, data), eventId: null });

const message = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
