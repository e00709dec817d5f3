import { connect } from "mqtt";
import t from "tap";
import { startBroker } from "../../bus/broker.js";
import { silentLog } from "../../bus/log.js";
import { topics } from "../../model/topics.js";
import { controller, instantiate, inventory, state } from "../support/controller.js";
import { startFakeNode } from "../support/fake-node.js";
import { until } from "../support/until.js";

t.test("a controller that stops in the middle goes on where it was", async (t) => {
  const first = await controller(t);
  const { mqttPort, stateDir } = first;
  if (mqttPort === null) throw new Error("no embedded broker");
  const node = await startFakeNode({ port: mqttPort });
  t.teardown(node.stop);
  const { id, operation } = await instantiate(first);
  await until("the service arrived", () => node.services.has(id));
  const revision = node.services.get(id)?.revision;
  node.report({ event: node.event("before", "the stop") });
  await until("it is acknowledged", () => node.pending() === 0);
  await first.stop();
  node.reportService(id, { state: "active" });
  for (let index = 0; index < 120; index += 1) node.report({ event: node.event("meanwhile", String(index)) });
  t.equal(node.pending(), 121, "kept by the node while nobody takes it");

  const second = await controller(t, { stateDir, mqttPort });
  await until("the operation is completed", async () => (await state(second, operation)) === "COMPLETED");
  await until("everything is acknowledged", () => node.pending() === 0);
  const events = (await second.call("GET", "/api/v1/events?since=0&limit=1000")).body as unknown as {
    type: string;
    detail: string;
  }[];
  t.same(
    events.map(({ type, detail }) => (type === "meanwhile" ? Number(detail) : type)),
    ["before", ...Array.from({ length: 120 }, (_, index) => index)],
    "each once and in order",
  );
  await until(
    "the node is online again",
    async () => (await second.call("GET", "/api/v1/nodes")).body[0]?.online,
  );
  t.match((await second.call("GET", `/nslcm/v1/ns_instances/${id}`)).body, {
    nsState: "INSTANTIATED",
    nsInstanceName: "cache one",
  });
  await until("the digest is published again", () => node.digest()?.root === node.root());
  t.equal(node.services.get(id)?.revision, revision, "said again is not changed");
});

t.test("reports that come twice, out of order or with a hole are taken once and acknowledged", async (t) => {
  const at = await controller(t);
  const node = await startFakeNode({ port: at.mqttPort ?? 0 });
  t.teardown(node.stop);
  await until("the node is connected", node.connected);
  const acks: number[] = [];
  const watcher = connect(`mqtt://127.0.0.1:${at.mqttPort}`);
  t.teardown(() => watcher.endAsync(true));
  watcher.on("message", (_topic, payload) => void acks.push(JSON.parse(payload.toString()).upTo));
  await watcher.subscribeAsync(topics.reportAck(node.site, node.node), { qos: 1 });
  const item = (seq: number) => ({
    seq,
    ts: "2026-01-01T00:00:00Z",
    event: node.event("numbered", String(seq)),
  });
  const send = (...seqs: number[]) =>
    node.publish(topics.report(node.site, node.node), { store: "other", items: seqs.map(item) });
  await send(2, 1);
  await send(1, 2);
  await send(3, 3, 2);
  await send(7);
  await until("the last is acknowledged", () => acks.includes(7));
  const events = (await at.call("GET", "/api/v1/events")).body as unknown as { detail: string }[];
  t.same(
    events.map(({ detail }) => detail),
    ["1", "2", "3", "7"],
  );
});

t.test(
  "when the disk is full nothing is acknowledged and health says so; afterwards everything is there",
  async (t) => {
    const at = await controller(t);
    const node = await startFakeNode({ port: at.mqttPort ?? 0 });
    t.teardown(node.stop);
    node.report({ event: node.event("first", "") });
    await until("the first is acknowledged", () => node.pending() === 0);
    const pages = Number((await at.store.sqlite.get("PRAGMA page_count"))?.page_count);
    await at.store.sqlite.all(`PRAGMA max_page_count = ${pages}`);
    for (let index = 0; index < 40; index += 1) node.report({ event: node.event("large", "x".repeat(1000)) });
    const health = await until("health says it", async () => {
      const answer = await at.call("GET", "/api/v1/health");
      return answer.status === 503 && answer;
    });
    t.match(health.body, { status: "failing", store: { ok: false, reason: /full/ } });
    await until("the node has tried again", () => node.outbox().failures > 0);
    t.ok(node.pending() > 0);
    await at.store.sqlite.all("PRAGMA max_page_count = 1000000");
    await until("all is acknowledged", () => node.pending() === 0);
    t.equal((await at.call("GET", "/api/v1/health")).status, 200);
    t.equal((await at.call("GET", "/api/v1/events?since=0&limit=1000")).body.length, 41);
  },
);

t.test("when a node was last heard is not refreshed by what its broker kept of it", async (t) => {
  const broker = await startBroker({ host: "127.0.0.1", port: 0, log: silentLog });
  t.teardown(broker.stop);
  const brokerUrl = `mqtt://127.0.0.1:${broker.port}`;
  const first = await controller(t, { brokerUrl });
  const node = await startFakeNode({ port: broker.port });
  await until("the node is connected", node.connected);
  await node.publish(topics.inventory(node.site, node.node), inventory);
  const shown = async ({ call }: typeof first) =>
    ((await call("GET", "/api/v1/nodes")).body as unknown as Shown[])[0];
  await until("its inventory is shown", async () => (await shown(first))?.inventory);
  await node.publish(topics.status(node.site, node.node), { status: "offline" });
  await node.stop();
  const before = await until("it is offline", async () => {
    const now = await shown(first);
    return now?.online === false && now;
  });
  await first.store.sqlite.all("UPDATE node SET inventory = NULL"); // to see that it came again
  const second = await controller(t, { brokerUrl });
  await until("what was kept arrived", async () => (await shown(second))?.inventory);
  t.equal((await shown(second))?.heardAt, null, "a controller that never heard it itself");
  t.ok(before.heardAt);
  await first.stop();
  const again = await controller(t, { brokerUrl, stateDir: first.stateDir });
  await until("what was kept arrived", async () => (await shown(again))?.inventory);
  t.equal((await shown(again))?.heardAt, before.heardAt);
});

interface Shown {
  readonly online: boolean;
  readonly heardAt: string | null;
  readonly inventory: object | null;
}

t.test("a sender whose site or node is no identifier is not taken for a node", async (t) => {
  const at = await controller(t);
  const stranger = connect(`mqtt://127.0.0.1:${at.mqttPort}`);
  t.teardown(() => stranger.endAsync(true));
  await new Promise<void>((resolve) => stranger.once("connect", () => resolve()));
  const online = JSON.stringify({ v: 1, id: "a", ts: "2026-01-01T00:00:00Z", status: "online" });
  for (const topic of ["a b/node/n1", "s1/node/<b>", "-/node/n1", "s1/node/n1"])
    await stranger.publishAsync(`lightmano/v1/${topic}/status`, online, { qos: 1 });
  const nodes = await until("the proper one is there", async () => {
    const { body } = await at.call("GET", "/api/v1/nodes");
    return body.length > 0 && (body as unknown as { id: string }[]);
  });
  t.match(nodes, [{ site: "s1", id: "n1" }]);
  t.equal(nodes.length, 1);
});

t.test("what is old goes at the next start", async (t) => {
  const first = await controller(t);
  const { sqlite } = first.store;
  const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
  await sqlite.write([
    {
      sql: `${numbers} INSERT INTO event(site, node, store, seq, received_at, body) SELECT 's1', 'n1', 'j', i, '', '{}' FROM n`,
      values: [100_010],
    },
    {
      sql: `${numbers} INSERT INTO ns_operation SELECT 'op' || i, 'gone', 'TERMINATE', 'COMPLETED', 's1', '{}', printf('%09d', i), '', NULL FROM n`,
      values: [10_010],
    },
    { sql: "INSERT INTO service_status VALUES('s1', 'n1', 'gone', 1, 1, NULL, '', '', 'j', 1)" },
  ]);
  await first.stop();
  const { store } = await controller(t, { stateDir: first.stateDir });
  const count = async (table: string, oldest: string) =>
    store.sqlite.get(`SELECT count(*) AS n, ${oldest} AS oldest FROM ${table}`);
  t.same(await count("event", "min(id)"), { n: 100_000, oldest: 11 });
  t.same(await count("ns_operation", "min(started_at)"), { n: 10_000, oldest: "000000011" });
  t.match(await count("service_status", "0"), { n: 0 });
});

t.test("a controller that was set back goes on above what a node holds", async (t) => {
  const at = await controller(t);
  const node = await startFakeNode({ port: at.mqttPort ?? 0 });
  t.teardown(node.stop);
  const { id } = await instantiate(at);
  await until("the service arrived", () => node.services.has(id));
  node.reportService(id, { state: "active" });
  const [packageId] = [...node.packages.keys()];
  const revision = node.services.get(id)?.revision ?? 0;
  const ahead = revision + 3_600_000; // by a clock that was set back since
  const objects = [
    { kind: "package", id: packageId, revision: ahead, deleted: true },
    { kind: "service", id, revision: ahead + 2, deleted: false },
  ];
  node.report({
    event: { ...node.event("desired.ahead", "package and service are newer here"), data: { objects } },
  });
  await until(
    "the package, which is what its id says, comes again above the node's",
    () => node.packages.get(packageId ?? "")?.revision === ahead + 1,
  );
  t.equal(node.services.get(id)?.revision, revision, "what the service should be it does not know");
  await until("the instance is there", async () => {
    const { body } = await at.call("GET", `/nslcm/v1/ns_instances/${id}`);
    return body.nsState === "INSTANTIATED";
  });
  await at.call("POST", `/nslcm/v1/ns_instances/${id}/terminate`, {});
  await until("its removal counts for the node", () => node.services.get(id)?.deleted);
  t.equal(node.services.get(id)?.revision, ahead + 3);
});
