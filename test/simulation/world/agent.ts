/** One incarnation of an agent: its core, as agent/main.ts has it, on the simulated journal, drivers and bus. */
import { setMaxListeners } from "node:events";
import type { Catalogue } from "../../../agent/catalogue.js";
import { eventAt } from "../../../agent/chronicle.js";
import type { AgentConfig } from "../../../agent/config.js";
import { type CoreOptions, createCore } from "../../../agent/core.js";
import type { Drivers } from "../../../agent/executor.js";
import type { Operations } from "../../../agent/operations.js";
import type { Reconciler } from "../../../agent/reconciler-api.js";
import { type Journal, openJournal } from "../../../agent/store/journal.js";
import type { Log } from "../../../bus/log.js";
import type { OpenSession } from "../../../bus/session.js";
import type { AgentEvent } from "../../../model/messages/node.js";
import type { Engine } from "../../../store/engine.js";
import { BRIDGE, type Machine } from "./machine.js";

export interface AgentOptions {
  readonly site: string;
  readonly node: string;
  readonly controllerUrl: string;
  /** The node's ports, by SAP. */
  readonly ports: Readonly<Record<string, string>>;
  readonly machine: Machine;
  /** In a site of several nodes. */
  readonly join: CoreOptions["join"];
  readonly drivers: Drivers;
  readonly engine: Engine;
  readonly openSession: OpenSession;
  readonly clock: () => number;
  readonly random: () => number;
  readonly log: Log;
  /** Told of each event that the loop notes, before it is in the journal. */
  readonly noted: (event: AgentEvent) => void;
  /** Told of each service that is about to be reported as removed. */
  readonly removed: (serviceId: string) => void;
  /** Wraps the journal, to see what it promises. */
  readonly watched: (journal: Journal) => Journal;
}

export interface Agent {
  readonly operations: Operations;
  readonly catalogue: Catalogue;
  readonly journal: Journal;
  readonly reconciler: Reconciler;
  connected(): boolean;
  /** Asked to end, as by SIGTERM. */
  stop(): Promise<void>;
}

const HARDWARE = {
  os: "Debian GNU/Linux 12",
  kernel: "6.1",
  architecture: "x64",
  cpu: { model: "simulated", cores: 4 },
  memoryBytes: 4_000_000_000,
  system: { manufacturer: "none", model: "none", virtual: true },
  disks: [],
};

/** Rejects as agent/main.ts does: then whoever supervises starts it again. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { drivers, clock, random, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  setMaxListeners(0, signal); // all that runs listens for the end
  const config: AgentConfig = {
    site: options.site,
    node: options.node,
    ports: { ...options.ports },
    bridge: { name: BRIDGE, datapathType: "netdev" },
    controller: {
      url: options.controllerUrl,
      keptReports: 50_000,
      keptReportBytes: 16_777_216,
      keepaliveSeconds: 60,
    },
    stateDir: "/state",
    runDir: "/run",
    ovs: { database: "", runDir: "" },
    docker: { socket: "" },
    click: { program: "" },
    links: { program: "" },
    metrics: { port: null, host: "127.0.0.1" },
    telemetrySeconds: 60,
  } as AgentConfig;
  const journal = options.watched(await openJournal("/state/journal.db", clock, options.engine));
  const core = await createCore({
    config,
    version: "simulated",
    journal,
    drivers,
    hardware: async () => HARDWARE,
    bootId: "boot",
    ...(options.join && { join: options.join }),
    startedAt: clock(),
    noted(events, _services, removed) {
      for (const event of events) options.noted(event);
      for (const id of removed) options.removed(id);
    },
    clock,
    random,
    log,
    signal,
  });
  const { recorder, operations, catalogue, reconciler } = core;
  await core.begin();
  await core.connect({ open: options.openSession });
  recorder.record(
    [eventAt(clock(), { object: "agent", type: "agent.started", detail: "agent started" })],
    [],
    [],
  );
  return {
    operations,
    catalogue,
    journal,
    reconciler,
    connected: core.connected,
    async stop() {
      stopping.abort();
      await core.leave();
      await recorder.flush();
      await journal.close();
    },
  };
}
