/** The agent's end of the bus: desired objects in, reports and status out, commands answered. */
import { setMaxListeners } from "node:events";
import { freemem, loadavg } from "node:os";
import { createBusClient } from "../bus/client.js";
import { envelopeMaker } from "../bus/envelope.js";
import type { Log } from "../bus/log.js";
import { createOutbox } from "../bus/outbox.js";
import { createPeerClock } from "../bus/peer-clock.js";
import { reportLink } from "../bus/report-link.js";
import type { OpenSession } from "../bus/session.js";
import { pause, realWait, type Wait } from "../bus/wait.js";
import { problemOf } from "../model/errors.js";
import { asNodeId, asSiteId } from "../model/ids.js";
import { inventoryDigest } from "../model/inventory-digest.js";
import { nodeClientId, topics } from "../model/topics.js";
import type { Catalogue } from "./catalogue.js";
import { type EventFields, forgottenEvent, setBackEvent } from "./chronicle.js";
import { createDesk } from "./commands/desk.js";
import { type AgentConfig, KEEPALIVE_SECONDS, TELEMETRY_AT_LEAST_SECONDS } from "./config.js";
import { type DesiredSync, startDesiredSync } from "./desired-sync.js";
import { tellHeld } from "./held.js";
import type { Operations } from "./operations.js";
import type { Journal } from "./store/journal.js";
import { type Told, worthTelling } from "./telemetry.js";
import type { Written } from "./written.js";

export interface LinkOptions {
  readonly config: AgentConfig;
  readonly version: string;
  readonly catalogue: Catalogue;
  readonly journal: Journal;
  readonly operations: Operations;
  /** Takes what the link has to tell: to the journal and, with the reports, to the controller. */
  readonly note: (event: EventFields) => void;
  /** Reports the whole present state again: the controller lost it, or has it from another agent of this name. */
  readonly tellAgain: () => void;
  /** Why the journal cannot be written: telemetry says it, for reports cannot. */
  readonly journalProblem?: () => string | null;
  /** What the agent had the disk write. */
  readonly written?: () => Promise<Written | null>;
  readonly clock: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** These three for simulation: the real ones without. */
  readonly wait?: Wait;
  readonly monotonic?: () => number;
  readonly open?: OpenSession;
  /** In a site of several nodes: the client goes to the hub's broker instead. */
  readonly connect?: typeof createBusClient;
}

export interface ControllerLink {
  connected(): boolean;
  /** Whether this node holds what the controller wants; null: not known. */
  inStep: DesiredSync["inStep"];
  /** A report was committed to the journal. */
  wake(): void;
  /** Says offline and ends the connection; afterwards nothing of the link asks anything of the journal. */
  stop(): Promise<void>;
}

export async function startLink(url: string, options: LinkOptions): Promise<ControllerLink> {
  const { config, catalogue, journal, operations, clock, random, log, wait = realWait } = options;
  const { monotonic = () => performance.now() } = options;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  setMaxListeners(0, signal); // as many listen for the end as commands and reports wait
  const site = asSiteId(config.site);
  const node = asNodeId(config.node);
  const envelope = envelopeMaker({ clock, random });
  const { connect = createBusClient } = options;
  const client = connect({
    url,
    clientId: nodeClientId(site, node),
    will: { topic: topics.status(site, node), message: { ...envelope(), status: "offline" } },
    clock,
    random,
    log,
    wait,
    monotonic,
    keepaliveS: config.controller.keepaliveSeconds ?? KEEPALIVE_SECONDS,
    ...(options.open ? { open: options.open } : {}),
  });

  const controllersClock = createPeerClock(monotonic);
  client.on(
    "command",
    async (command, { tail, node: to }) => {
      if (to === node) await desk.take(command, tail ?? "");
    },
    { holdsAck: true },
  );

  const desk = createDesk({
    operations,
    store: journal.commands,
    time: () => ({ own: clock(), controllers: controllersClock.now() }),
    wait,
    reply: (id, answer) => client.publish(topics.reply(site, node, id), { ...envelope(), ...answer }),
    /** What waited at the broker comes before the connection is ready, and its reply waits for that. */
    connected: (until) =>
      new Promise((resolve) => {
        if (client.connected() || until.aborted) return resolve();
        const done = (): void => {
          forget();
          until.removeEventListener("abort", done);
          resolve();
        };
        const forget = client.onChange((isConnected) => isConnected && done());
        until.addEventListener("abort", done);
      }),
    log,
    signal,
  });
  client.on("desiredDigest", ({ ts }, at) => {
    if (!at.retained) controllersClock.heard(Date.parse(ts));
  });
  client.on("reportAck", ({ ts }, at) => {
    if (!at.retained && at.node === node) controllersClock.heard(Date.parse(ts));
  });
  /** Names the inventory that was said last; null: none that counts. */
  let announced: string | null = null;
  /** This broker may have lost what it retained of this node. */
  let brokerForgot = true;
  /** Unless the same was said already, be it to a broker that has lost it: status names it, and the controller asks where it has another. */
  const announceInventory = async (): Promise<void> => {
    const inventory = await operations.inventory();
    const digest = inventoryDigest(inventory);
    if (digest === announced) return;
    await client.publish(topics.inventory(site, node), { ...envelope(), ...inventory });
    announced = digest;
  };
  const life = envelope().id.slice(0, 8);
  await journal.outbox.said();
  const announce = async (): Promise<void> => {
    const { id: store, acknowledged } = await journal.outbox.said();
    await client.publish(topics.status(site, node), {
      ...envelope(),
      status: "online",
      agentVersion: options.version,
      life,
      store,
      acknowledged,
      ...(brokerForgot && announced !== null && { inventory: announced }),
    });
    await announceInventory();
  };
  const announceOrWarn = (): void =>
    void announce().catch((error: unknown) => log.warn({}, `not announced: ${problemOf(error).detail}`));
  const tellAgain = (): void => {
    log.warn({}, "the controller does not know this node's state any more: all is told again");
    options.tellAgain();
    announced = null;
    void announceInventory().catch((error: unknown) =>
      log.debug({}, `not announced: ${problemOf(error).detail}`),
    );
  };
  client.onChange((connected, resumed) => {
    if (!connected) return;
    brokerForgot = !resumed;
    announceOrWarn();
  });

  // The broker may publish the will of an earlier connection after we said that we are back. Our own goodbye
  // comes back as well.
  client.on("status", ({ status }, { node: whose, retained }) => {
    // A retained one is from before this connection: we say that we are back anyway.
    if (whose === node && !retained && status === "offline" && client.connected() && !ending.signal.aborted)
      announceOrWarn();
  });
  await client.subscribe([topics.status(site, node)], 0, "unless-kept"); // what waited of it is of no interest
  await client.subscribe([topics.command(site, node, "+")], 1, "unless-kept");
  const { inStep } = await startDesiredSync({
    client,
    site,
    catalogue,
    note: options.note,
    tellHeld: (objects) => tellHeld({ client, site, node, clock, random }, objects),
    wait,
    log,
    signal,
  });
  const outbox = createOutbox({
    store: {
      pending: (limit, afterSeq) => journal.pendingReports(limit, afterSeq),
      acknowledge: (upTo) => journal.acknowledgeReports(upTo),
    },
    storeId: journal.id,
    numbering: journal.outbox,
    onSetBack({ has, sent }) {
      options.note(setBackEvent(has, sent));
      announceOrWarn(); // under the new name
    },
    onForgotten({ has, acknowledged }) {
      options.note(forgottenEvent(has, acknowledged));
      tellAgain();
    },
    onAgain: tellAgain,
    link: await reportLink(client, site, node, envelope),
    random,
    log,
    wait,
  });
  await desk
    .resume()
    .catch((error: unknown) => log.error({}, `open commands not read: ${problemOf(error).detail}`));
  client.start();
  const sending = outbox.run(signal);
  let lastTold: Told | null = null;
  const atLeastEveryMs = (config.telemetryAtLeastSeconds ?? TELEMETRY_AT_LEAST_SECONDS) * 1000;
  // Whoever takes over at the other end knows nothing yet.
  client.onChange(() => {
    lastTold = null;
  });
  const telling = async (): Promise<void> => {
    while (await pause(wait, config.telemetrySeconds * 1000, signal)) await tell();
  };
  const tell = async (): Promise<void> => {
    if (!client.connected()) return;
    try {
      await sendTelemetry();
      await announceInventory(); // a driver may have come or gone
    } catch (error) {
      log.debug({}, `telemetry or inventory not sent: ${problemOf(error).detail}`);
    }
  };
  const sendTelemetry = async (): Promise<void> => {
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
    const figures = {
      agent: {
        rssBytes: process.memoryUsage.rss(),
        uptimeS: process.uptime(),
        journal: options.journalProblem?.() ?? null,
        ...writtenFigures(await options.written?.()),
      },
      node: { load1: loadavg()[0] ?? 0, memoryAvailableBytes: freemem() },
      functions,
    };
    const next = worthTelling(lastTold, figures, monotonic(), atLeastEveryMs);
    if (next === null) return;
    await client.publish(topics.telemetry(site, node), { ...envelope(), ...figures });
    lastTold = next;
  };
  const told = telling();
  return {
    connected: client.connected,
    inStep,
    wake: () => outbox.wake(),
    async stop() {
      ending.abort();
      if (client.connected()) {
        await client
          .publish(topics.status(site, node), { ...envelope(), status: "offline" })
          .catch((error: unknown) => log.warn({}, `goodbye not sent: ${problemOf(error).detail}`));
      }
      await client.stop();
      await Promise.all([sending, told]);
    },
  };
}

/** Where the kernel does not count, nothing is said. */
const writtenFigures = (written: Written | null | undefined) =>
  written ? { writtenBytes: written.bytes, writtenPerDayBytes: written.perDayBytes } : {};
