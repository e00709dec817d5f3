/** The agent's end of the bus: desired objects in, reports and status out, commands answered. */
import { freemem, loadavg } from "node:os";
import { createBusClient } from "../bus/client.js";
import { envelopeMaker } from "../bus/envelope.js";
import type { Log } from "../bus/log.js";
import { createOutbox } from "../bus/outbox.js";
import { reportLink } from "../bus/report-link.js";
import { LightmanoError, problemOf } from "../model/errors.js";
import { asNodeId, asSiteId } from "../model/ids.js";
import type { Command } from "../model/messages/node.js";
import { TOPIC_PREFIX, topics } from "../model/topics.js";
import type { Catalogue } from "./catalogue.js";
import type { AgentConfig } from "./config.js";
import type { Operations } from "./operations.js";
import type { Journal } from "./store/journal.js";

export interface LinkOptions {
  readonly config: AgentConfig;
  readonly version: string;
  readonly catalogue: Catalogue;
  readonly journal: Journal;
  readonly operations: Operations;
  readonly clock: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface ControllerLink {
  connected(): boolean;
  /** A report was committed to the journal. */
  wake(): void;
  stop(): Promise<void>;
}

/** A desired object that could not be journalled is tried again so often: it counts only once it is on disk. */
const RETRY_STORE_MS = 5_000;

export async function startLink(url: string, options: LinkOptions): Promise<ControllerLink> {
  const { config, catalogue, journal, operations, clock, random, log, signal } = options;
  const site = asSiteId(config.site);
  const node = asNodeId(config.node);
  const envelope = envelopeMaker({ clock, random });
  const client = createBusClient({
    url,
    clientId: `lightmano-${site}-${node}`,
    will: { topic: topics.status(site, node), message: { ...envelope(), status: "offline" } },
    clock,
    random,
    log,
  });

  const store = async (what: string, put: () => Promise<void>): Promise<void> => {
    for (;;) {
      try {
        return await put();
      } catch (error) {
        const { code, detail } = problemOf(error);
        if (code !== "store.failed" || signal.aborted)
          return log.error({ code }, `${what} refused: ${detail}`);
        log.warn({ code }, `${what} not stored, will try again: ${detail}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_STORE_MS).unref());
      }
    }
  };
  client.on("desiredPackage", (message, { tail }) =>
    store(`package ${tail}`, () => catalogue.takePackage(tail ?? "", message)),
  );
  client.on("desiredService", (message, { tail }) =>
    store(`service ${tail}`, () => catalogue.takeService(tail ?? "", message)),
  );
  client.on("command", (command, { tail, node: to }) => {
    if (to === node) void answer(command, tail ?? "");
  });

  const answer = async (command: Command, verb: string): Promise<void> => {
    const reply = await outcomeOf(command, verb, operations, clock());
    await client
      .publish(topics.reply(site, node, command.id), { ...envelope(), ...reply })
      .catch((error: unknown) =>
        log.warn({ verb }, `reply to ${command.id} not sent: ${problemOf(error).detail}`),
      );
  };
  const announce = async (): Promise<void> => {
    await client.publish(topics.status(site, node), {
      ...envelope(),
      status: "online",
      agentVersion: options.version,
    });
    const inventory = await operations.inventory();
    await client.publish(topics.inventory(site, node), { ...envelope(), ...inventory });
  };
  const announceOrWarn = (): void =>
    void announce().catch((error: unknown) => log.warn({}, `not announced: ${problemOf(error).detail}`));
  client.onChange((connected) => {
    if (connected) announceOrWarn();
  });

  // The broker may publish the will of an earlier connection after we said that we are back.
  client.on("status", ({ status }, { node: whose }) => {
    if (whose === node && status === "offline" && client.connected()) announceOrWarn();
  });
  await client.subscribe([
    topics.status(site, node),
    `${TOPIC_PREFIX}/${site}/desired/package/+`,
    `${TOPIC_PREFIX}/${site}/desired/service/+`,
    topics.command(site, node, "+"),
  ]);
  const outbox = createOutbox({
    store: {
      pending: (limit, afterSeq) => journal.pendingReports(limit, afterSeq),
      acknowledge: (upTo) => journal.acknowledgeReports(upTo),
    },
    storeId: journal.id,
    link: await reportLink(client, site, node, envelope),
    random,
    log,
  });
  client.start();
  void outbox.run(signal);
  const telemetry = setInterval(() => void sendTelemetry(), config.telemetrySeconds * 1000);
  telemetry.unref();
  const sendTelemetry = async (): Promise<void> => {
    if (!client.connected()) return;
    const functions = await Promise.all(
      operations.services().flatMap((service) =>
        service.functions.map(async ({ id, state }) => {
          const stats = await operations.stats(id).catch(() => null); // it may end while it is asked
          return {
            id,
            state,
            memoryBytes: stats?.memoryBytes ?? null,
            cpuSeconds: stats?.cpuSeconds ?? null,
          };
        }),
      ),
    );
    const body = {
      agent: { rssBytes: process.memoryUsage.rss(), uptimeS: process.uptime() },
      node: { load1: loadavg()[0] ?? 0, memoryAvailableBytes: freemem() },
      functions,
    };
    await client
      .publish(topics.telemetry(site, node), { ...envelope(), ...body })
      .catch((error: unknown) => log.debug({}, `telemetry lost: ${problemOf(error).detail}`));
  };
  return {
    connected: client.connected,
    wake: () => outbox.wake(),
    async stop() {
      clearInterval(telemetry);
      if (client.connected()) {
        await client
          .publish(topics.status(site, node), { ...envelope(), status: "offline" })
          .catch((error: unknown) => log.warn({}, `goodbye not sent: ${problemOf(error).detail}`));
      }
      await client.stop();
    },
  };
}

type Verb = (operations: Operations, args: Readonly<Record<string, unknown>>) => unknown;

/** The verbs that make sense from afar. */
const VERBS: Readonly<Record<string, Verb>> = {
  status: (o) => o.status(),
  doctor: (o) => o.doctor(),
  why: (o, { object }) => o.why(String(object)),
  events: (o, { since, limit }) => o.events({ since: Number(since ?? 0), limit: Number(limit ?? 100) }),
  "service.list": (o) => o.services(),
  "service.show": (o, { id }) => o.service(String(id)),
  "service.heal": (o, { id }) => o.heal(String(id)),
  "lvnf.list": (o) => o.lvnfs(),
  "lvnf.read": (o, { id, handler }) => o.readHandler(String(id), String(handler)),
  "lvnf.write": (o, { id, handler, value }) => o.writeHandler(String(id), String(handler), String(value)),
  "lvnf.restart": (o, { id }) => o.restart(String(id)),
  "lvnf.logs": (o, { id, lines }) => o.logs(String(id), Number(lines ?? 100)),
  "lvnf.stats": (o, { id }) => o.stats(String(id)),
  "port.list": (o) => o.ports(),
  "chain.list": (o) => o.chains(),
};

async function outcomeOf({ deadline, args }: Command, verb: string, operations: Operations, now: number) {
  if (Date.parse(deadline) < now)
    return {
      outcome: "expired",
      code: "operation.timeout",
      detail: `the deadline ${deadline} had passed when the command arrived`,
    };
  try {
    const run = VERBS[verb];
    if (!run)
      throw new LightmanoError(
        "usage.invalid",
        `unknown verb "${verb}"; known are ${Object.keys(VERBS).join(", ")}`,
      );
    return { outcome: "ok", result: (await run(operations, args)) ?? null, code: null, detail: null };
  } catch (error) {
    return { outcome: "failed", ...problemOf(error) };
  }
}
