/** The agent's end of the bus: a real broker and journal, the loop over fake drivers behind it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createCatalogue } from "../../agent/catalogue.js";
import type { AgentConfig } from "../../agent/config.js";
import { startLink } from "../../agent/link.js";
import { createOperations } from "../../agent/operations.js";
import { openJournal } from "../../agent/store/journal.js";
import type { BusClient } from "../../bus/client.js";
import { silentLog } from "../../bus/log.js";
import { asNodeId, asSiteId } from "../../model/ids.js";
import type { CommandReply, NodeInventory } from "../../model/messages/node.js";
import { topics } from "../../model/topics.js";
import { broker, client, envelope, relay, status, time } from "../support/bus.js";
import { EXAMPLE_LAYOUT } from "../support/example.js";
import { createNode, startLoop } from "../support/loop.js";
import { until } from "../support/until.js";

const site = asSiteId("s1");
const node = asNodeId("n1");
const HARDWARE = {
  os: "Debian",
  kernel: "6.1",
  architecture: "x64",
  cpu: { model: "Atom", cores: 2 },
  memoryBytes: 1,
  system: { manufacturer: "PC Engines", model: "APU2", virtual: false },
  disks: [],
};
const CONFIG: AgentConfig = {
  site,
  node,
  ports: { ...EXAMPLE_LAYOUT.ports },
  bridge: { name: EXAMPLE_LAYOUT.bridge, datapathType: "netdev" },
  controller: { url: null },
  stateDir: "/nowhere",
  runDir: "/nowhere",
  ovs: { database: "/nowhere", runDir: "/nowhere" },
  docker: { socket: "/nowhere" },
  click: { program: "/nowhere" },
  metrics: { port: null, host: "127.0.0.1" },
  telemetrySeconds: 0.05,
};

/** An agent without its drivers' daemons; `start` connects it through a port, also again after a stop. */
async function agent(t: Test) {
  const folder = await mkdtemp(join(tmpdir(), "lmt-link-"));
  const journal = await openJournal(join(folder, "journal.db"), Date.now);
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
    linkState: async () => ({ controller: null, connected: true, pendingReports: 0 }),
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
  const common = { config: CONFIG, version: "1", catalogue, journal, operations, ...time, log };
  return {
    journal,
    machine,
    start: (port: number) =>
      startLink(`mqtt://127.0.0.1:${port}`, { ...common, signal: stop.signal }).then(async (link) => {
        t.teardown(link.stop);
        await until("the agent is connected", link.connected);
        return link;
      }),
  };
}

async function operator(t: Test, port: number) {
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
  const bury = (service: string) =>
    bus.publish(topics.desired(site, "service", service), { ...envelope(), revision: 1, deleted: true });
  return { bus, states, inventories, send, reply, ask, bury };
}

t.test("every command is answered, and what is wrong with it is said", async (t) => {
  const { port } = await broker(t);
  await (await agent(t)).start(port);
  const { ask } = await operator(t, port);
  t.match(await ask("status"), { outcome: "ok", result: { site, node, journal: { state: "ready" } } });
  const refused = { outcome: "failed", code: "usage.invalid" };
  t.match(await ask("reboot"), { ...refused, detail: /unknown verb "reboot"; known are status, / });
  t.match(await ask("constructor"), { ...refused, detail: /unknown verb "constructor"/ });
  t.match(await ask("why"), { ...refused, detail: /arguments: \/object: Expected required property/ });
  t.match(await ask("lvnf.write", { id: "a", handler: "b" }), { ...refused, detail: /\/value/ });
  t.match(await ask("events", { limit: -1 }), { ...refused, detail: /\/limit: .*greater or equal to 0/ });
  t.match(await ask("status", { extra: 1 }), { ...refused, detail: /\/extra: Unexpected property/ });
  const local = { outcome: "failed", code: "command.not-remote" };
  t.match(await ask("lvnf.console", { id: "a" }), { ...local, detail: /dialogue; use lvnf\.read/ });
  t.match(await ask("service.show", { id: "none" }), { outcome: "failed", code: "object.not-found" });
});

t.test("a result that is too large for a broker is refused, and the link stays", async (t) => {
  const { port } = await broker(t);
  const { start, journal } = await agent(t);
  const link = await start(port);
  const event = { ts: envelope().ts, object: "a", type: "test", detail: "x".repeat(300_000) };
  const none = { cause: null, rule: null, action: null, code: null };
  await journal.append(Array(5).fill({ ...event, ...none }), []);
  const { ask } = await operator(t, port);
  t.match(await ask("events"), { outcome: "failed", detail: /has 15\d{5} bytes.*ask for less/ });
  t.match(await ask("events", { limit: 2 }), { outcome: "ok", result: [{ object: "a" }, { object: "a" }] });
  t.ok(link.connected());
});

t.test("commands that waited at the broker while the node was away are answered too", async (t) => {
  const { port } = await broker(t);
  const { start } = await agent(t);
  await (await start(port)).stop();
  const { send, reply } = await operator(t, port);
  const late = await send("status", {}, -1);
  const soon = await send("port.list");
  await start(port);
  t.match(await reply(late), { outcome: "expired", code: "operation.timeout" });
  t.match(await reply(soon), { outcome: "ok" });
});

t.test("an answer that the link was lost under is sent over the next", async (t) => {
  const { port } = await broker(t);
  const wire = await relay(t, port);
  const { start, journal } = await agent(t);
  await start(wire.port);
  const { send, reply, bury } = await operator(t, port);
  wire.holdUp();
  const id = await send("status");
  await bury("web");
  await until("the agent has taken both", async () => (await journal.desired()).length > 0);
  wire.cut();
  t.match(await reply(id), { outcome: "ok" });
});

t.test("a node that stopped is offline, whatever is heard of it while it says goodbye", async (t) => {
  const { port } = await broker(t);
  const wire = await relay(t, port);
  const { start, journal } = await agent(t);
  const link = await start(wire.port);
  const { bus, states, bury } = await operator(t, port);
  await until("it is online", () => states.includes("online"));
  const letGo = wire.holdUp();
  const stopped = link.stop();
  // As a broker that sends a message to its subscribers before it acknowledges it.
  await bus.publish(topics.status(site, node), status("offline"));
  await bury("web");
  await until("the agent has heard both", async () => (await journal.desired()).length > 0);
  letGo();
  await stopped;
  const later = await operator(t, port);
  await until("its last word is there", () => later.states.length > 0);
  t.same(later.states, ["offline"]);
});

t.test("the inventory is said again when a driver comes or goes", async (t) => {
  const { port } = await broker(t);
  const { start, machine } = await agent(t);
  await start(port);
  const { inventories } = await operator(t, port);
  const docker = () => inventories.at(-1)?.drivers.find(({ name }) => name === "docker")?.state;
  await until("docker is ready", () => docker() === "ready");
  machine.docker.control.stopDaemon();
  await until("it is told", () => docker() === "degraded");
  const told = inventories.length;
  machine.docker.control.startDaemon();
  await until("and its return", () => docker() === "ready");
  t.equal(inventories.length, told + 1, "once, not with all telemetry");
});
