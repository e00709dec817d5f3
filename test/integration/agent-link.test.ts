/** The agent's end of the bus: a real broker and journal, the loop over fake drivers behind it. */
import t from "tap";
import { topics } from "../../model/topics.js";
import { broker, envelope, status } from "../support/bus.js";
import { agent, node, operator, site } from "../support/linked-agent.js";
import { relay } from "../support/relay.js";
import { until } from "../support/until.js";

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
  await bury("dns"); // asked for by the digest: what is changed from now on comes by itself
  await until("the agent has taken it", async () => (await journal.desired()).length === 1);
  wire.holdUp();
  const id = await send("status");
  await bury("web");
  await until("the agent has taken both", async () => (await journal.desired()).length === 2);
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
  await bury("dns");
  await until("the agent has taken it", async () => (await journal.desired()).length === 1);
  const letGo = wire.holdUp();
  const stopped = link.stop();
  // As a broker that sends a message to its subscribers before it acknowledges it.
  await bus.publish(topics.status(site, node), status("offline"));
  await bury("web");
  await until("the agent has heard both", async () => (await journal.desired()).length === 2);
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
