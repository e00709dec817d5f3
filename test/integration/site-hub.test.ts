/** A site of three agents with real brokers: the hub dies, the network parts, and the functions do not notice. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { parsePackage } from "../../model/tosca/parse.js";
import { controller, type Running, state } from "../support/controller.js";
import { EXAMPLE_INPUTS, exampleSource } from "../support/example.js";
import { type SiteNodeAgent, siteAgents } from "../support/site-agents.js";
import { until } from "../support/until.js";

const PARSE = { parse: parsePackage };

async function instantiate(at: Running, nsName: string): Promise<{ id: string; operation: string }> {
  const known = await at.call("GET", "/nsd/v1/ns_descriptors");
  let nsdId = known.body.length > 0 ? (known.body as unknown as { id: string }[])[0]?.id : undefined;
  if (!nsdId) {
    nsdId = (await at.call("POST", "/nsd/v1/ns_descriptors", {})).body.id;
    await at.call("PUT", `/nsd/v1/ns_descriptors/${nsdId}/nsd_content`, exampleSource());
  }
  const { body } = await at.call("POST", "/nslcm/v1/ns_instances", { nsdId, nsName });
  const asked = await at.call("POST", `/nslcm/v1/ns_instances/${body.id}/instantiate`, {
    siteId: "s1",
    additionalParamsForNs: EXAMPLE_INPUTS,
  });
  return { id: body.id, operation: asked.location };
}

const hubIs = (agents: readonly SiteNodeAgent[], hub: string) =>
  until(`${hub} is the hub of ${agents.map(({ node }) => node)}`, () =>
    agents.every((agent) => agent.view().hub === hub),
  );
const runners = (agents: readonly SiteNodeAgent[], id: string): readonly string[] =>
  agents.flatMap((agent) => (agent.process(`${id}.breakout`) ? [agent.node] : []));
const told = async (at: Running, node: string, detail: string): Promise<boolean> =>
  (await at.store.reports.latestEvents(500)).some((e) => e.node === node && e.event.detail === detail);

t.test("the hub dies and comes back: nothing restarts, and the controller hears everybody", async (t) => {
  const cloud = await controller(t, PARSE);
  const { agents } = await siteAgents(t, cloud.mqttPort ?? 0, ["n1", "n2", "n3"], {
    without: { n1: ["ran"] },
  });
  const [n1, n2, n3] = agents as [SiteNodeAgent, SiteNodeAgent, SiteNodeAgent];
  await hubIs(agents, "n1");
  const { id, operation } = await instantiate(cloud, "one");
  await until(
    "the controller hears that it is active",
    async () => (await state(cloud, operation)) === "COMPLETED",
  );
  const [owner, ...others] = [n2, n3].filter((agent) => agent.process(`${id}.breakout`));
  if (!owner) throw new Error("it is active and runs nowhere");
  t.same(others, [], "one node has it");
  const before = owner.process(`${id}.breakout`);
  const says = new RegExp(`owned by node ${owner.node} by term \\d+ of n1`);
  await until("the hub says whose it is", async () => {
    const { now } = await n1.now().operations.why(`service/${id}`);
    return now !== null && says.test(now);
  });

  await n1.kill();
  await hubIs([n2, n3], "n2");
  n3.note("said after the take-over");
  await until("n3 is heard through the new hub", () => told(cloud, "n3", "said after the take-over"));
  const second = await instantiate(cloud, "two");
  const secondOwner = () => n3.view().nodes.find(({ services }) => services.includes(second.id))?.node;
  await until("the new hub gave it out", secondOwner);

  await n1.start();
  await hubIs(agents, "n1");
  n3.note("said after the return");
  await until("n3 is heard through the first hub", () => told(cloud, "n3", "said after the return"));
  t.equal(owner.process(`${id}.breakout`), before, "its function is the same process");
  t.same(runners(agents, id), [owner.node]);
  t.ok((n1.view().journalled?.number ?? 0) >= 3, "each reign had a higher term");
  const hubs = n3.events.flatMap(({ type, detail }) => (type === "site.hub" ? [detail?.slice(0, 7)] : []));
  t.ok(hubs.includes("node n2"), `told of: ${hubs}`);
  t.equal(hubs.at(-1), "node n1");
});

t.test("the network parts: two hubs, one owner; whole again: one hub, the same owners", async (t) => {
  const cloud = await controller(t, PARSE);
  const { agents, part, mend } = await siteAgents(t, cloud.mqttPort ?? 0, ["n1", "n2", "n3"]);
  const [n1, n2, n3] = agents as [SiteNodeAgent, SiteNodeAgent, SiteNodeAgent];
  await hubIs(agents, "n1");
  const first = await instantiate(cloud, "one");
  await until("it runs", () => runners(agents, first.id).length > 0);
  t.same(runners(agents, first.id), ["n1"]);
  const before = n1.process(`${first.id}.breakout`);

  part((name) => (name === "n1" ? 1 : 2));
  await hubIs([n2, n3], "n2");
  t.equal(n1.view().hub, "n1", "two hubs");
  const second = await instantiate(cloud, "two");
  await until("the side with most nodes gave it out", () => runners(agents, second.id).length > 0);
  const [keeper] = runners(agents, second.id);
  await until("the smaller side knows of it", () => n1.view().unowned.includes(second.id));
  t.equal(n1.process(`${first.id}.breakout`), before, "what runs there goes on");

  mend();
  await hubIs(agents, "n1");
  await until("both know all owners", () => n1.view().unowned.length === 0 && n3.view().unowned.length === 0);
  t.same(runners(agents, first.id), ["n1"]);
  t.same(runners(agents, second.id), [keeper], "one owner, the one that it had");
  t.equal(n1.process(`${first.id}.breakout`), before);
});

t.test(
  "a candidate whose broker cannot listen follows the next one, and takes over when it can",
  async (t) => {
    const cloud = await controller(t, PARSE);
    const { agents, free } = await siteAgents(t, cloud.mqttPort ?? 0, ["n1", "n2"], { occupied: "n1" });
    const [n1, n2] = agents as [SiteNodeAgent, SiteNodeAgent];
    const failures = () => n1.events.filter(({ type }) => type === "site.broker-failed");
    await until("n1 has tried", () => failures().length > 0);
    await hubIs(agents, "n2");
    t.match(failures()[0]?.detail, /cannot listen on .*EADDRINUSE.*free that address/);
    const { operation } = await instantiate(cloud, "one");
    await until("it is active", async () => (await state(cloud, operation)) === "COMPLETED");
    n1.note("said by who cannot be hub");
    await until("n1 is heard through n2", () => told(cloud, "n1", "said by who cannot be hub"));
    const { number } = n2.view().journalled ?? { number: 0 };
    await free();
    await hubIs(agents, "n1");
    t.equal(n1.view().journalled?.number, number + 1, "its attempts took no terms");
    t.equal(failures().length, 1, "told once");
  },
);

t.test("a removed service goes wherever it is, and the operation ends", async (t: Test) => {
  const cloud = await controller(t, PARSE);
  const { agents } = await siteAgents(t, cloud.mqttPort ?? 0, ["n1", "n2"], { without: { n1: ["wan"] } });
  await hubIs(agents, "n1");
  const { id, operation } = await instantiate(cloud, "one");
  await until("it is active", async () => (await state(cloud, operation)) === "COMPLETED");
  t.same(runners(agents, id), ["n2"]);
  const { location } = await cloud.call("POST", `/nslcm/v1/ns_instances/${id}/terminate`, {
    terminationType: "FORCEFUL",
  });
  await until("its removal is done", async () => (await state(cloud, location)) === "COMPLETED");
  t.same(runners(agents, id), []);
  await until("no node owns it", () =>
    agents.every((agent) => agent.view().nodes.every(({ services }) => services.length === 0)),
  );
});

t.test("a site whose controller was set back tells it through the hub what it lost", async (t: Test) => {
  const stateDir = await mkdtemp(join(tmpdir(), "lmt-site-set-back-"));
  const backup = `${stateDir}.backup`;
  t.teardown(() => Promise.all([stateDir, backup].map((path) => rm(path, { recursive: true, force: true }))));
  const first = await controller(t, { ...PARSE, stateDir });
  const mqttPort = first.mqttPort ?? 0;
  const { agents } = await siteAgents(t, mqttPort, ["n1", "n2"], { without: { n1: ["wan"] } });
  await hubIs(agents, "n1");
  await first.stop();
  await cp(stateDir, backup, { recursive: true });
  const second = await controller(t, { ...PARSE, stateDir, mqttPort });
  const { id, operation } = await instantiate(second, "one");
  const patience = { deadlineMs: 60_000 }; // the hub tries again after up to half a minute
  await until("it is active", async () => (await state(second, operation)) === "COMPLETED", patience);
  await second.stop();
  await rm(stateDir, { recursive: true });
  await cp(backup, stateDir, { recursive: true });
  const third = await controller(t, { ...PARSE, stateDir, mqttPort });
  const path = `/nslcm/v1/ns_instances/${id}`;
  await until(
    "it learns of the instance",
    async () => (await third.call("GET", path)).body.nsState === "INSTANTIATED",
    patience,
  );
  await until(
    "and of its state",
    async () =>
      (await third.store.reports.services()).some(
        (one) => one.node === "n2" && one.status?.state === "active",
      ),
    patience,
  );
  t.same(runners(agents, id), ["n2"], "which nobody touched");
});

t.test(
  "one that lost only what was reported is told that again, though nobody has anything new",
  async (t: Test) => {
    const stateDir = await mkdtemp(join(tmpdir(), "lmt-site-set-back-"));
    const backup = `${stateDir}.backup`;
    t.teardown(() =>
      Promise.all([stateDir, backup].map((path) => rm(path, { recursive: true, force: true }))),
    );
    const first = await controller(t, { ...PARSE, stateDir });
    const mqttPort = first.mqttPort ?? 0;
    const { agents } = await siteAgents(t, mqttPort, ["n1", "n2"], { without: { n1: ["wan"] } });
    const [, n2] = agents as [SiteNodeAgent, SiteNodeAgent];
    await hubIs(agents, "n1");
    await n2.kill();
    const { id, operation } = await instantiate(first, "one");
    await first.stop();
    await cp(stateDir, backup, { recursive: true });
    const second = await controller(t, { ...PARSE, stateDir, mqttPort });
    await n2.start();
    const patience = { deadlineMs: 60_000 }; // the hub tries again after up to half a minute
    await until("it is active", async () => (await state(second, operation)) === "COMPLETED", patience);
    const ofN2 = async (at: Running) =>
      (await at.store.reports.services()).find(({ node }) => node === "n2")?.status?.state;
    t.equal(await ofN2(second), "active");
    await second.stop();
    await rm(stateDir, { recursive: true });
    await cp(backup, stateDir, { recursive: true });
    const third = await controller(t, { ...PARSE, stateDir, mqttPort });
    t.equal(await ofN2(third), undefined, "it was not up yet");
    await until("it learns that it is", async () => (await ofN2(third)) === "active", patience);
    await until("and ends the operation", async () => (await state(third, operation)) === "COMPLETED");
    t.same(runners(agents, id), ["n2"], "which nobody touched");
  },
);
