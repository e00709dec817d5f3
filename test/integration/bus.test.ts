import t from "tap";
import { allowAll } from "../../bus/broker.js";
import { createInbox } from "../../bus/inbox.js";
import { silentLog } from "../../bus/log.js";
import { createOutbox } from "../../bus/outbox.js";
import { reportLink } from "../../bus/report-link.js";
import { asNodeId, asSiteId } from "../../model/ids.js";
import type { ReportItem } from "../../model/messages/node.js";
import { nodeClientId, topics } from "../../model/topics.js";
import { broker, client, envelope, status } from "../support/bus.js";
import { relay } from "../support/relay.js";
import { until } from "../support/until.js";

const site = asSiteId("s1");
const node = asNodeId("n1");

t.test("a lost client's will says offline, a stopped one's does not", async (t) => {
  const { port } = await broker(t);
  const heard: string[] = [];
  const watcher = client(t, port, "watcher", { clean: true });
  watcher.on("status", (message, at) => void heard.push(`${at.node}:${message.status}`));
  await watcher.subscribe(["lightmano/v1/+/node/+/status"]);
  watcher.start();
  await until("the watcher is connected", watcher.connected);

  const wire = await relay(t, port);
  const topic = topics.status(site, node);
  const lost = client(t, wire.port, "n1", {
    will: { topic, message: status("offline") },
    backoff: { baseMs: 60_000, capMs: 60_000 },
  });
  lost.start();
  await until("the node is connected", lost.connected);
  await lost.publish(topic, status("online"));
  await until("online is heard", () => heard.includes("n1:online"));
  wire.cut();
  await until("offline is heard", () => heard.includes("n1:offline"));

  const polite = client(t, port, "n2", {
    will: { topic: topics.status(site, asNodeId("n2")), message: status("offline") },
  });
  polite.start();
  await until("the second node is connected", polite.connected);
  await polite.stop();
  await watcher.publish(topics.status(site, asNodeId("n3")), status("online"));
  await until("what was sent after it is heard", () => heard.includes("n3:online"));
  t.notOk(heard.includes("n2:offline"));
});

t.test(
  "a node is not told by the broker that it is online itself, and is told when it is said to be away",
  async (t) => {
    const { port } = await broker(t);
    const own: string[] = [];
    const others: string[] = [];
    const agent = client(t, port, nodeClientId(site, node));
    const observer = client(t, port, "observer");
    agent.on("status", ({ status }) => void own.push(status));
    observer.on("status", ({ status }) => void others.push(status));
    for (const each of [agent, observer]) {
      each.start();
      await until("it is connected", each.connected);
      await each.subscribe([topics.status(site, node)]);
    }
    await agent.publish(topics.status(site, node), status("online"));
    await agent.publish(topics.status(site, node), status("offline"));
    await until("both have heard the last", () => own.includes("offline") && others.includes("offline"));
    t.same(own, ["offline"]);
    t.same(others, ["online", "offline"]);
  },
);

t.test("retained desired state comes again with every connection, and after a broker restart", async (t) => {
  const first = await broker(t);
  const sender = client(t, first.port, "controller", { clean: true });
  sender.start();
  await until("the controller is connected", sender.connected);
  const tombstone = { ...envelope(), revision: 2, deleted: true };
  await sender.publish(topics.desired(site, "service", "web"), tombstone);

  const wire = await relay(t, first.port);
  const agent = client(t, wire.port, "agent");
  const got: { revision: number; retained: boolean }[] = [];
  agent.on(
    "desiredService",
    (message, at) => void got.push({ revision: message.revision, retained: at.retained }),
  );
  await agent.subscribe([`lightmano/v1/${site}/desired/#`]);
  agent.start();
  await until("the tombstone came", () => got.length > 0);
  t.same(got[0], { revision: 2, retained: true });

  wire.cut();
  await until("it came again", () => got.length > 1);

  await first.stop();
  await until("the controller noticed", () => !sender.connected());
  await t.rejects(sender.publish(topics.desired(site, "service", "web"), tombstone), {
    code: "agent.unreachable",
  });
  await broker(t, { port: first.port });
  await until("the controller is back", sender.connected);
  await until("the agent is back", agent.connected);
  const before = got.length;
  await sender.publish(topics.desired(site, "service", "web"), { ...tombstone, revision: 3 });
  await until("the new revision came", () => got.slice(before).some(({ revision }) => revision === 3));
});

t.test(
  "what is not valid is dropped with a problem that names topic and error, in both directions",
  async (t) => {
    const { port } = await broker(t);
    const bus = client(t, port, "bus");
    const problems: string[] = [];
    bus.onProblem((topic, problem) => void problems.push(`${topic} ${problem.detail}`));
    bus.on("status", (message) => {
      if (message.agentVersion === "boom") throw new Error("the handler failed");
    });
    await bus.subscribe(["lightmano/v1/#"]);
    bus.start();
    await until("it is connected", bus.connected);
    const topic = topics.status(site, node);
    await t.rejects(bus.publish(topic, { status: "asleep" }), { code: "usage.invalid" });
    await t.rejects(bus.publish("elsewhere", {}), { code: "usage.invalid" });

    const raw = (await import("mqtt")).connect(`mqtt://127.0.0.1:${port}`);
    t.teardown(() => raw.endAsync(true));
    await raw.publishAsync(topic, "{", { qos: 1 });
    await raw.publishAsync(topic, JSON.stringify({ ...envelope(), status: "asleep" }), { qos: 1 });
    await raw.publishAsync("lightmano/v1/s1/nonsense", "", { qos: 1 });
    await raw.publishAsync(topic, JSON.stringify({ ...status("online"), agentVersion: "boom" }), { qos: 1 });
    await until("four problems were told", () => problems.length === 4);
    t.match(problems[0], /s1\/node\/n1\/status .*not JSON/);
    t.match(problems[1], /status: \/status/);
    t.match(problems[2], /not a topic of ours/);
    t.match(problems[3], /the handler failed/);
    t.ok(bus.connected());
  },
);

t.test("500 reports pass over links that are cut again and again, once each and in order", async (t) => {
  const { port } = await broker(t);
  const wire = await relay(t, port);
  const received: number[] = [];
  const inbox = createInbox();
  const controller = client(t, port, "controller", { clean: true });
  controller.on("report", async (report, at) => {
    const key = { site: at.site, node: at.node ?? node, store: report.store };
    const draft = inbox.draft();
    const admission = draft.admit(key, report.items);
    received.push(...admission.items.map(({ seq }) => seq));
    draft.commit();
    await controller.publish(topics.reportAck(key.site, key.node), {
      ...envelope(),
      store: report.store,
      upTo: admission.upTo,
    });
  });
  await controller.subscribe(["lightmano/v1/+/node/+/report"]);
  controller.start();

  const journal: ReportItem[] = Array.from({ length: 500 }, (_, index) => ({
    seq: index + 1,
    ts: "2026-01-01T00:00:00Z",
    removedService: "x",
  }));
  const agent = client(t, wire.port, "agent");
  const link = await reportLink(agent, site, node, envelope);
  const outbox = createOutbox({
    store: {
      pending: async (limit, after) => journal.filter(({ seq }) => seq > after).slice(0, limit),
      acknowledge: async (upTo) => void journal.splice(0, upTo - (journal[0]?.seq ?? upTo + 1) + 1),
    },
    storeId: "journal",
    link,
    random: Math.random,
    log: silentLog,
    batchItems: 10,
    ackTimeoutMs: 200,
    backoff: { baseMs: 10, capMs: 50 },
  });
  const stop = new AbortController();
  const running = outbox.run(stop.signal);
  agent.start();
  for (const mark of [50, 150, 250, 350]) {
    await until(`${mark} are acknowledged`, () => outbox.state().acknowledged >= mark);
    wire.cut();
  }
  await until("all are acknowledged", () => journal.length === 0);
  stop.abort();
  await running;
  t.same(
    received,
    Array.from({ length: 500 }, (_, index) => index + 1),
  );
});

t.test("the broker refuses whom it is told to refuse, and packets that are too large", async (t) => {
  const authorisation = {
    ...allowAll,
    open: false,
    connect: ({ id }: { id: string }) => id !== "stranger",
    subscribe: () => false,
  };
  const { port, clients } = await broker(t, { authorisation, maxPacketBytes: 20_000 });
  const stranger = client(t, port, "stranger");
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (fields: object) => void warnings.push(JSON.stringify(fields)) };
  const eager = client(t, port, "eager", { log });
  await eager.subscribe(["lightmano/v1/#"]);
  const large = client(t, port, "large");
  for (const each of [stranger, eager, large]) each.start();
  await until("the third is connected", large.connected);
  await until("the refusal is told", () =>
    warnings.some((text) => text.includes("lightmano/v1/# refused by the broker")),
  );
  t.notOk(stranger.connected());
  t.notOk(eager.connected(), "half a subscription is no connection");
  await t.rejects(
    large.publish(topics.status(site, node), { ...status("online"), agentVersion: "x".repeat(30_000) }),
  );
  t.ok(clients() < 4);
});

t.test("what waits for a client that is away comes when it is back, up to a bound", async (t) => {
  const { port } = await broker(t, { maxQueued: 5 });
  const away = client(t, port, "away");
  await away.subscribe([`lightmano/v1/${site}/node/${node}/cmd/+`]);
  away.start();
  await until("it is connected", away.connected);
  await away.stop();
  const operator = client(t, port, "operator", { clean: true });
  operator.start();
  await until("the operator is connected", operator.connected);
  const send = (verb: string) =>
    operator.publish(topics.command(site, node, verb), { ...envelope(), deadline: envelope().ts, args: {} });
  for (const verb of ["a", "b", "c", "d", "e", "f", "g"]) await send(verb);
  const back = client(t, port, "away");
  const got: string[] = [];
  back.on("command", (_message, at) => void got.push(at.tail ?? ""));
  back.start();
  await until("five came", () => got.length === 5);
  await until("they are acknowledged and the next comes", async () => {
    if (got.includes("h")) return true;
    await send("h");
    return got.includes("h");
  });
  t.same(got.slice(0, 5), ["a", "b", "c", "d", "e"]);
});
