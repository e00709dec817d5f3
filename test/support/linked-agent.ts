/** An agent with a real journal and link, the loop over fake drivers behind it, and an operator at the same broker. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { createCatalogue } from "../../agent/catalogue.js";
import { type EventFields, eventAt } from "../../agent/chronicle.js";
import type { AgentConfig } from "../../agent/config.js";
import { type LinkOptions, startLink } from "../../agent/link.js";
import { createOperations } from "../../agent/operations.js";
import { openJournal } from "../../agent/store/journal.js";
import type { BusClient } from "../../bus/client.js";
import { type DesiredEntry, desiredRoot } from "../../bus/digest.js";
import { silentLog } from "../../bus/log.js";
import { asNodeId, asSiteId } from "../../model/ids.js";
import type { CommandReply, NodeInventory } from "../../model/messages/node.js";
import { topics } from "../../model/topics.js";
import type { Engine } from "../../store/engine.js";
import { client, envelope, time } from "./bus.js";
import { EXAMPLE_LAYOUT } from "./example.js";
import { createNode, startLoop } from "./loop.js";
import { until } from "./until.js";

export const site = asSiteId("s1");
export const node = asNodeId("n1");
export const HARDWARE = {
  os: "Debian",
  kernel: "6.1",
  architecture: "x64",
  cpu: { model: "Atom", cores: 2 },
  memoryBytes: 1,
  system: { manufacturer: "PC Engines", model: "APU2", virtual: false },
  disks: [],
};
export const CONFIG: AgentConfig = {
  site,
  node,
  ports: { ...EXAMPLE_LAYOUT.ports },
  bridge: { name: EXAMPLE_LAYOUT.bridge, datapathType: "netdev" },
  controller: { url: null, keptReports: 50_000, keptReportBytes: 16_777_216 },
  stateDir: "/nowhere",
  runDir: "/nowhere",
  ovs: { database: "/nowhere", runDir: "/nowhere" },
  docker: { socket: "/nowhere" },
  click: { program: "/nowhere" },
  links: { program: "/nowhere" },
  metrics: { port: null, host: "127.0.0.1" },
  telemetrySeconds: 0.05,
};

/** An agent without its drivers' daemons; `start` connects it through a port, also again after a stop. */
export async function agent(t: Test, options: Partial<LinkOptions> = {}, engine?: Engine) {
  const folder = await mkdtemp(join(tmpdir(), "lmt-link-"));
  const journal = await openJournal(join(folder, "journal.db"), Date.now, engine);
  const machine = createNode();
  const loop = startLoop(machine, []);
  const drivers = {
    ovs: machine.ovs.driver,
    docker: machine.docker.driver,
    click: machine.click.driver,
    link: machine.link.driver,
  };
  const catalogue = createCatalogue(journal, loop.setServices);
  const operations = createOperations({
    config: CONFIG,
    version: "1",
    catalogue,
    reconciler: loop,
    drivers,
    journal,
    observe: () => ({
      ovs: drivers.ovs.view(),
      docker: drivers.docker.view(),
      click: drivers.click.view(),
      link: drivers.link.view(),
    }),
    linkState: async () => ({ controller: null, connected: true, pendingReports: 0, inStep: null }),
    journalProblem: () => null,
    hardware: async () => HARDWARE,
    startedAt: 0,
    clock: Date.now,
  });
  const stop = new AbortController();
  t.teardown(async () => {
    stop.abort();
    loop.stop();
    await journal.close();
    await rm(folder, { recursive: true });
  });
  const log = silentLog;
  /** What the link had to tell. */
  const noted: EventFields[] = [];
  const note = (event: EventFields): void => {
    noted.push(event);
    const told = eventAt(Date.now(), event);
    void journal.append([told], [{ event: told }]);
  };
  const tellAgain = loop.tellAgain;
  const common = {
    config: CONFIG,
    version: "1",
    catalogue,
    journal,
    operations,
    note,
    tellAgain,
    ...time,
    log,
  };
  return {
    journal,
    catalogue,
    operations,
    machine,
    noted,
    start: (port: number) =>
      startLink(`mqtt://127.0.0.1:${port}`, { ...common, signal: stop.signal, ...options }).then(
        async (link) => {
          t.teardown(link.stop);
          await until("the agent is connected", link.connected);
          return link;
        },
      ),
  };
}

export async function operator(t: Test, port: number) {
  const bus: BusClient = client(t, port, `operator-${Math.random()}`, { clean: true });
  const replies = new Map<string, CommandReply>();
  const states: string[] = [];
  const inventories: NodeInventory[] = [];
  bus.on("reply", (reply, { tail }) => void replies.set(tail ?? "", reply));
  bus.on("status", (message) => void states.push(message.status));
  bus.on("inventory", (message) => void inventories.push(message));
  await bus.subscribe([`lightmano/v1/${site}/node/${node}/#`]);
  bus.start();
  await until("the operator is connected", bus.connected);
  const send = async (verb: string, args: Record<string, unknown> = {}, deadlineMs = 60_000) => {
    const deadline = new Date(Date.now() + deadlineMs).toISOString();
    const command = { ...envelope(), deadline, args };
    await bus.publish(topics.command(site, node, verb), command);
    return command.id;
  };
  const reply = (id: string) => until("the command is answered", () => replies.get(id));
  const ask = async (verb: string, args?: Record<string, unknown>) => reply(await send(verb, args));
  const sayRoot = (objects: readonly DesiredEntry[]) => {
    const { root, objects: count } = desiredRoot(objects);
    return bus.publish(topics.desiredDigest(site), { ...envelope(), root, objects: count });
  };
  const bury = async (id: string) => {
    await bus.publish(topics.desired(site, "service", id), { ...envelope(), revision: 1, deleted: true });
    await sayRoot([{ kind: "service", id, revision: 1, deleted: true }]);
  };
  return { bus, states, inventories, send, reply, ask, sayRoot, bury };
}
