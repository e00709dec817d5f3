/** One node: the agent's core as agent/main.ts has it, with a journal of its own, and no daemons. */
import { setMaxListeners } from "node:events";
import { join } from "node:path";
import type { AgentConfig } from "../../agent/config.js";
import { createCore } from "../../agent/core.js";
import { openJournal } from "../../agent/store/journal.js";
import type { Log } from "../../bus/log.js";
import type { OpenSession } from "../../bus/session.js";
import { absentDrivers } from "./drivers.js";

const HARDWARE = {
  os: "Debian GNU/Linux 12 (bookworm)",
  kernel: "6.1.0-28-amd64",
  architecture: "x64",
  cpu: { model: "AMD GX-412TC SOC", cores: 4 },
  memoryBytes: 4_000_000_000,
  system: { manufacturer: "PC Engines", model: "APU2", virtual: false },
  disks: [],
};
const DAY_S = 86_400;

export interface NodeOptions {
  readonly name: string;
  readonly url: string;
  readonly folder: string;
  readonly open: OpenSession;
  readonly log: Log;
}

export interface Node {
  connected(): boolean;
  /** Holds what the controller wants, and has nothing to report that the controller has not acknowledged. */
  inStep(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Each is a site of its own, as most sites are. */
export async function startNode({ name, url, folder, open, log }: NodeOptions): Promise<Node> {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const journal = await openJournal(join(folder, name, "journal.db"), Date.now);
  const core = await createCore({
    config: configOf(name, url, folder),
    version: "bench",
    journal,
    drivers: absentDrivers(),
    hardware: async () => HARDWARE,
    bootId: "boot",
    startedAt: Date.now(),
    clock: Date.now,
    random: Math.random,
    log,
    signal: stopping.signal,
  });
  await core.begin();
  await core.connect({ open });
  return {
    connected: core.connected,
    inStep: async () =>
      core.connected() && core.inStep() === true && (await journal.pendingCount()) === 0 && core.connected(),
    async stop() {
      stopping.abort();
      await core.leave();
      await core.recorder.flush();
      await journal.close();
    },
  };
}

const configOf = (name: string, url: string, folder: string): AgentConfig => ({
  site: name,
  node: "node1",
  ports: {}, // so its service fails at once, and no operation of the controller stays open
  bridge: { name: "lightmano0", datapathType: "system" },
  controller: { url, keptReports: 50_000, keptReportBytes: 16_777_216 },
  stateDir: folder,
  runDir: folder,
  ovs: { database: "", runDir: "" },
  docker: { socket: "" },
  click: { program: "" },
  links: { program: "" },
  metrics: { port: null, host: "127.0.0.1" },
  telemetrySeconds: DAY_S,
});
