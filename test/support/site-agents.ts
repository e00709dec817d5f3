/** Agents of one site: real journals, brokers and links on loopback, each with a machine of fakes, and wires that can be cut. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { type Catalogue, createCatalogue } from "../../agent/catalogue.js";
import { type EventFields, eventAt } from "../../agent/chronicle.js";
import { createExecutor } from "../../agent/executor.js";
import { joinSite } from "../../agent/hub/join.js";
import type { HubConfig } from "../../agent/hub/settings.js";
import { startLink } from "../../agent/link.js";
import { createOperations } from "../../agent/operations.js";
import { createReconciler } from "../../agent/reconciler.js";
import { createRecorder } from "../../agent/recorder.js";
import { openJournal } from "../../agent/store/journal.js";
import { silentLog } from "../../bus/log.js";
import { EXAMPLE_LAYOUT } from "./example.js";
import { CONFIG } from "./linked-agent.js";
import { createNode } from "./loop.js";
import { OWN_HOST, ownAddress } from "./own-address.js";
import { type Relay, relay } from "./relay.js";

export type SiteNodeAgent = Awaited<ReturnType<typeof siteAgents>>["agents"][number];

/** `ports`: by node, its SAPs; without, all of the example's. */
export async function siteAgents(
  t: Test,
  controllerPort: number,
  names: readonly string[],
  options: {
    readonly hub?: Partial<HubConfig>;
    readonly without?: Readonly<Record<string, readonly string[]>>;
    /** Where its broker is to listen something else does, until `free` is called. */
    readonly occupied?: string;
  } = {},
) {
  const brokers = Object.fromEntries(names.map((name) => [name, ownAddress()]));
  const intruder = createServer((socket) => socket.destroy());
  const occupied = options.occupied === undefined ? undefined : brokers[options.occupied];
  if (occupied) await once(intruder.listen(occupied), "listening");
  const free = async (): Promise<void> => {
    if (intruder.listening) await new Promise((resolve) => intruder.close(resolve));
  };
  t.teardown(free);
  const wires = new Map<string, Relay>();
  for (const from of names)
    for (const [to, address] of Object.entries(brokers))
      if (from !== to) wires.set(`${from} ${to}`, await relay(t, address));
  const urlFrom = (from: string, to: string): string => {
    const port = wires.get(`${from} ${to}`)?.port;
    return port === undefined ? `mqtt://${OWN_HOST}:${brokers[to]?.port}` : `mqtt://127.0.0.1:${port}`;
  };
  const agents = [];
  for (const name of names) {
    const hub: HubConfig = {
      candidates: names.map((node) => ({ node, url: urlFrom(name, node) })),
      listen: OWN_HOST,
      unseen: "keep",
      takeOverSeconds: 1,
      preferSeconds: 1,
      leaseSeconds: 5,
      ...options.hub,
    };
    const withoutPorts = options.without?.[name] ?? [];
    const saps = Object.entries(EXAMPLE_LAYOUT.ports).filter(([sap]) => !withoutPorts.includes(sap));
    agents.push(await siteAgent(t, name, hub, controllerPort, Object.fromEntries(saps)));
  }
  return {
    agents,
    free,
    /** Nodes of the two groups do not reach each other. */
    part(groupOf: (name: string) => number): void {
      for (const [key, wire] of wires) {
        const [from = "", to = ""] = key.split(" ");
        if (groupOf(from) !== groupOf(to)) wire.shut();
      }
    },
    mend(): void {
      for (const wire of wires.values()) wire.mend();
    },
  };
}

async function siteAgent(
  t: Test,
  node: string,
  hub: HubConfig,
  controllerPort: number,
  ports: Record<string, string>,
) {
  const folder = await mkdtemp(join(tmpdir(), `lmt-site-${node}-`));
  const machine = createNode();
  const config = {
    ...CONFIG,
    node,
    ports,
    runDir: folder,
    controller: {
      url: `mqtt://127.0.0.1:${controllerPort}`,
      keptReports: 50_000,
      keptReportBytes: 16_777_216,
    },
    telemetrySeconds: 1,
    hub,
  };
  const events: EventFields[] = [];
  let life: Awaited<ReturnType<typeof live>> | null = null;

  async function live() {
    const stop = new AbortController();
    const journal = await openJournal(join(folder, "journal.db"), Date.now);
    let wake = (): void => undefined;
    const recorder = createRecorder(journal, silentLog, () => wake());
    const note = (event: EventFields): void => {
      events.push(event);
      recorder.record([eventAt(Date.now(), event)], [], []);
    };
    const drivers = {
      ovs: machine.ovs.driver,
      docker: machine.docker.driver,
      click: machine.click.driver,
      link: machine.link.driver,
    };
    const observe = () => ({
      ovs: drivers.ovs.view(),
      docker: drivers.docker.view(),
      click: drivers.click.view(),
      link: drivers.link.view(),
    });
    const reconciler = createReconciler({
      layout: { ...EXAMPLE_LAYOUT, ports },
      observe,
      execute: createExecutor(drivers),
      containerOutput: (id) => drivers.docker.logTail(id, 20, { signal: AbortSignal.timeout(1_000) }),
      useHandlers: () => undefined,
      clock: machine.clock,
      random: () => 0.5,
      record: recorder.record,
      signal: stop.signal,
    });
    const common = { clock: Date.now, random: Math.random, log: silentLog, signal: stop.signal };
    const site = await joinSite({
      config,
      hub,
      journal,
      originOf: (id) => catalogue.originOf(id),
      observe,
      setServices: reconciler.setServices,
      note,
      bootId: "b",
      ...common,
    });
    const catalogue: Catalogue = createCatalogue(journal, site.changed);
    const operations = createOperations({
      config,
      version: "1",
      catalogue,
      reconciler,
      drivers,
      journal,
      observe,
      site: site.view,
      linkState: async () => ({ controller: null, connected: true, pendingReports: 0, inStep: null }),
      journalProblem: () => null,
      hardware: async () => ({
        os: "Debian",
        kernel: "6.1",
        architecture: "x64",
        cpu: { model: "Atom", cores: 2 },
        memoryBytes: 1,
        system: { manufacturer: "", model: "", virtual: false },
        disks: [],
      }),
      startedAt: 0,
      clock: Date.now,
    });
    await catalogue.load();
    drivers.click.onExit(reconciler.lvnfExited);
    for (const driver of Object.values(drivers)) driver.watch(reconciler.kick, stop.signal);
    await site.start();
    const link = await startLink(config.controller.url, {
      config,
      version: "1",
      catalogue,
      journal,
      operations,
      note,
      tellAgain: reconciler.tellAgain,
      connect: site.connect,
      ...common,
    });
    wake = link.wake;
    return { stop, journal, recorder, reconciler, site, operations, catalogue, link };
  }
  const agent = {
    node,
    machine,
    events,
    now() {
      if (!life) throw new Error(`agent ${node} does not run`);
      return life;
    },
    view: () => agent.now().site.view(),
    note: (detail: string) =>
      agent.now().recorder.record([eventAt(Date.now(), { object: "agent", type: "test", detail })], [], []),
    async start() {
      life ??= await live();
    },
    /** As a process that is killed: the connections end, nothing is said; the functions go on. */
    async kill() {
      const was = life;
      life = null;
      if (!was) return;
      was.stop.abort();
      await was.site.stop();
      await was.link.stop();
      await was.recorder.flush();
      await was.journal.close();
    },
    /** What the function's process is; the same as long as nobody has restarted it. */
    process: (functionId: string): string | null => {
      const found = machine.click.control.processOf(functionId);
      return found ? `${found.pid}/${found.startTicks}` : null;
    },
  };
  await agent.start();
  t.teardown(async () => {
    await agent.kill();
    await rm(folder, { recursive: true, force: true });
  });
  return agent;
}
