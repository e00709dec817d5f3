/**
 * Every acknowledgement that the controller gives, against a disk that takes long and one that fails. The table of all of
 * them is in docs/adr/0022.
 */
import t, { type Test } from "tap";
import { startBroker } from "../../bus/broker.js";
import { silentLog } from "../../bus/log.js";
import { realWait } from "../../bus/wait.js";
import { topics } from "../../model/topics.js";
import { client } from "../support/bus.js";
import { type Answer, content, controller, instantiate } from "../support/controller.js";
import { startFakeNode } from "../support/fake-node.js";
import { type SlowDisk, slowDisk } from "../support/slow-disk.js";
import { until } from "../support/until.js";

const FULL = "disk I/O error";
const aWhile = (): Promise<unknown> => realWait(20, new AbortController().signal);

async function proves(t: Test, disk: SlowDisk, ask: () => Promise<Answer>): Promise<Answer> {
  disk.fail(FULL);
  const refused = await ask();
  disk.fail(null);
  t.match(
    refused,
    { status: 507, type: /problem\+json/, body: { code: "store.failed", detail: new RegExp(FULL) } },
    "a failed write is told",
  );
  const letGo = disk.hold();
  let answered = false;
  const asked = ask().finally(() => {
    answered = true;
  });
  await disk.committing();
  await aWhile();
  t.notOk(answered, "not before it is on disk");
  letGo();
  const answer = await asked;
  t.match(answer.status, /20[0-4]/, "then it is");
  return answer;
}

t.test("REST", async (t) => {
  const disk = slowDisk();
  const at = await controller(t, { engine: disk.engine });
  const ask = (name: string, method: string, path: () => string, body?: unknown) =>
    t.test(name, (t) => proves(t, disk, () => at.call(method, path(), body)));
  let nsd = "";
  let instance = "";
  await t.test("a descriptor's resource", async (t) => {
    nsd = (await proves(t, disk, () => at.call("POST", "/nsd/v1/ns_descriptors", {}))).body.id;
  });
  await ask("its content", "PUT", () => `/nsd/v1/ns_descriptors/${nsd}/nsd_content`, content);
  await t.test("an instance", async (t) => {
    const asked = { nsdId: nsd, nsName: "one" };
    instance = (await proves(t, disk, () => at.call("POST", "/nslcm/v1/ns_instances", asked))).body.id;
  });
  await ask("instantiate", "POST", () => `/nslcm/v1/ns_instances/${instance}/instantiate`, {
    siteId: "s1",
    additionalParamsForNs: { wan: "wan0" },
  });
  await ask("terminate", "POST", () => `/nslcm/v1/ns_instances/${instance}/terminate`);
  await t.test("a command, and the removal of an instance and of a descriptor", async (t) => {
    const node = await startFakeNode({ port: at.mqttPort ?? 0 });
    t.teardown(node.stop);
    await until("the node is known", async () => (await at.call("GET", "/api/v1/nodes")).body.length === 1);
    await proves(t, disk, () => at.call("POST", "/api/v1/nodes/s1/n1/commands", { verb: "status" }));
    await until("the site has heard of its end", () => node.services.get(instance)?.deleted);
    node.report({ removedService: instance as never });
    await until(
      "it is terminated",
      async () =>
        (await at.call("GET", `/nslcm/v1/ns_instances/${instance}`)).body.nsState === "NOT_INSTANTIATED" &&
        node.pending() === 0,
    );
    await proves(t, disk, () => at.call("DELETE", `/nslcm/v1/ns_instances/${instance}`));
    await proves(t, disk, () => at.call("DELETE", `/nsd/v1/ns_descriptors/${nsd}`));
  });
});

t.test("what a site hears that it should be", async (t) => {
  const disk = slowDisk();
  const at = await controller(t, { engine: disk.engine });
  const node = await startFakeNode({ port: at.mqttPort ?? 0 });
  t.teardown(node.stop);
  await until("the node is connected", node.connected);
  const letGo = disk.hold();
  const asked = instantiate(at);
  await disk.committing();
  letGo();
  const { id } = await asked;
  await until("it is said once it is on disk", () => node.services.has(id));
  const again = disk.hold();
  const ended = at.call("POST", `/nslcm/v1/ns_instances/${id}/terminate`);
  await disk.committing();
  await aWhile();
  t.notOk(node.services.get(id)?.deleted, "not before");
  again();
  await ended;
  await until("its end too", () => node.services.get(id)?.deleted);
});

t.test("that reports were taken", async (t) => {
  const disk = slowDisk();
  const at = await controller(t, { engine: disk.engine });
  const node = await startFakeNode({ port: at.mqttPort ?? 0 });
  t.teardown(node.stop);
  const acks: number[] = [];
  const watcher = client(t, at.mqttPort ?? 0, "watcher", { clean: true });
  watcher.on("reportAck", ({ upTo }) => void acks.push(upTo));
  await watcher.subscribe([topics.reportAck(node.site, node.node)]);
  watcher.start();
  await until("both are connected", () => node.connected() && watcher.connected());
  disk.fail(FULL);
  node.report({ event: node.event("one", "") });
  await until("the node has sent it more than once", () => node.outbox().failures > 1);
  t.same(acks, [], "a failed write is not acknowledged");
  t.equal(node.pending(), 1, "and the node keeps it, whatever its broker said");
  t.match((await at.call("GET", "/api/v1/health")).body, { status: "failing", store: { ok: false } });
  const letGo = disk.hold();
  disk.fail(null);
  await disk.committing();
  await aWhile();
  t.same(acks, [], "nor one that takes long");
  letGo();
  await until("it is, once it is on disk", () => acks.includes(1) && node.pending() === 0);
});

t.test("a broker's PUBACK is no promise: what it forgets is said again by those who have it", async (t) => {
  const first = await startBroker({ host: "127.0.0.1", port: 0, log: silentLog });
  const node = await startFakeNode({ port: first.port });
  t.teardown(node.stop);
  await until("the node is connected", node.connected);
  node.report({ event: node.event("one", "") });
  await until("the broker has acknowledged it, and nobody else", () => node.outbox().failures > 0);
  await first.stop(); // with all that it had
  t.equal(node.pending(), 1);
  const second = await startBroker({ host: "127.0.0.1", port: first.port, log: silentLog });
  t.teardown(second.stop);
  const at = await controller(t, { brokerUrl: `mqtt://127.0.0.1:${first.port}` });
  await until("the controller has it", () => node.pending() === 0);
  t.match((await at.call("GET", "/api/v1/events")).body, [{ type: "one" }]);
});
