import t from "tap";
import { openStore } from "../../controller/store/store.js";
import { digestOf } from "../../model/digest.js";
import { asServiceId, asSiteId } from "../../model/ids.js";
import { topics } from "../../model/topics.js";
import { content, controller, inputs, instantiate, onboard, state } from "../support/controller.js";
import { functionStatus, startFakeNode } from "../support/fake-node.js";
import { until } from "../support/until.js";

t.test("from a descriptor to an active service and back to nothing", async (t) => {
  const at = await controller(t);
  const created = await at.call("POST", "/nsd/v1/ns_descriptors", {});
  t.equal(created.status, 201);
  t.match(created.body, { nsdOnboardingState: "CREATED", nsdUsageState: "NOT_IN_USE" });
  const path = `/nsd/v1/ns_descriptors/${created.body.id}`;
  t.equal(created.location, path);
  t.equal((await at.call("PUT", `${path}/nsd_content`, content)).status, 204);
  t.equal((await at.call("PUT", `${path}/nsd_content`, content)).status, 204, "the same again is no error");
  const other = { ...content, files: { ...content.files, more: "x" } };
  t.match(await at.call("PUT", `${path}/nsd_content`, other), {
    status: 409,
    body: { code: "object.conflict" },
  });
  t.match((await at.call("GET", path)).body, {
    nsdOnboardingState: "ONBOARDED",
    nsdId: "edge-cache",
    nsdVersion: "1.0",
    digest: digestOf(content),
    inputs,
  });
  t.same((await at.call("GET", `${path}/nsd_content`)).body, content);

  const instance = await at.call("POST", "/nslcm/v1/ns_instances", {
    nsdId: "edge-cache",
    nsName: "cache one",
    nsDescription: "first",
  });
  t.match(instance, {
    status: 201,
    body: { nsState: "NOT_INSTANTIATED", nsInstanceName: "cache one", nsdInfoId: created.body.id },
  });
  const { id } = instance.body;
  const self = `/nslcm/v1/ns_instances/${id}`;
  t.match(await at.call("DELETE", path), { status: 409, body: { code: "package.in-use" } });
  t.match(await at.call("POST", `${self}/terminate`), { status: 409 });
  t.match(await at.call("POST", `${self}/instantiate`, { siteId: "s1" }), {
    status: 422,
    type: /problem\+json/,
    body: { code: "service.inputs-invalid", problems: [{ detail: "input wan is missing" }] },
  });

  const asked = await at.call("POST", `${self}/instantiate`, {
    siteId: "s1",
    nsFlavourId: "default",
    additionalParamsForNs: { wan: "wan0" },
  });
  t.equal(asked.status, 202);
  t.match((await at.call("GET", asked.location)).body, {
    operationState: "PROCESSING",
    lcmOperationType: "INSTANTIATE",
    nsInstanceId: id,
    detail: /never been heard/,
  });
  t.equal(
    (await at.call("POST", `${self}/instantiate`, { siteId: "s1", additionalParamsForNs: { wan: "wan0" } }))
      .status,
    409,
  );
  t.equal((await at.call("DELETE", self)).status, 409);

  const node = await startFakeNode({
    port: at.mqttPort ?? 0,
    onService: (fake, wanted) => {
      if (wanted.deleted) return fake.report({ removedService: id });
      fake.reportService(id, { state: "deploying" });
      fake.report({ event: fake.event("function.started", "gtp runs") });
      fake.reportService(id, { state: "active", functions: [functionStatus(id, "gtp")] });
    },
  });
  t.teardown(node.stop);
  await until("the operation is completed", async () => (await state(at, asked.location)) === "COMPLETED");
  t.match(node.services.get(id)?.service, {
    id,
    name: "cache one",
    packageDigest: digestOf(content),
    inputs: { wan: "wan0" },
  });
  t.match([...node.packages.values()], [{ package: { ...content, digest: digestOf(content) } }]);
  await until("the digest agrees", () => node.digest()?.root === node.root());
  t.match((await at.call("GET", self)).body, { nsState: "INSTANTIATED", siteId: "s1" });
  await until(
    "the node is shown online",
    async () => (await at.call("GET", "/api/v1/nodes")).body[0]?.online,
  );
  t.match((await at.call("GET", `/api/v1/services/${id}`)).body, [
    { state: "active", node: "n1", nodeOnline: true, functions: [{ name: "gtp" }] },
  ]);
  t.match((await at.call("GET", "/api/v1/sites")).body, [{ id: "s1", nodes: 1, online: 1, services: 1 }]);
  t.match((await at.call("GET", "/api/v1/events")).body, [
    { id: 1, type: "function.started", site: "s1", node: "n1" },
  ]);
  t.same((await at.call("GET", "/api/v1/events?since=1&limit=5")).body, []);
  t.match((await at.call("GET", "/api/v1/health")).body, {
    status: "ok",
    store: { ok: true },
    bus: { ok: true },
  });

  const ended = await at.call("POST", `${self}/terminate`);
  t.equal(ended.status, 202);
  await until("the termination is completed", async () => (await state(at, ended.location)) === "COMPLETED");
  await until("the package is buried too", () => [...node.packages.values()].every(({ deleted }) => deleted));
  await until("the digest agrees again", () => node.digest()?.root === node.root());
  t.equal((await at.call("GET", self)).body.nsState, "NOT_INSTANTIATED");
  t.same((await at.call("GET", "/api/v1/services")).body, []);
  t.equal((await at.call("DELETE", self)).status, 204);
  t.equal((await at.call("DELETE", path)).status, 204);
  t.equal((await at.call("GET", path)).status, 404);
});

t.test(
  "a failed service fails its operation with the site's own reason, and can be terminated",
  async (t) => {
    const at = await controller(t);
    const node = await startFakeNode({
      port: at.mqttPort ?? 0,
      onService: (fake, wanted) => {
        if (wanted.service)
          fake.reportService(wanted.service.id, {
            state: "failed",
            code: "sap.unknown",
            reason: "no port named wan0",
          });
      },
    });
    t.teardown(node.stop);
    const { id, operation } = await instantiate(at);
    await until("the operation failed", async () => (await state(at, operation)) === "FAILED");
    t.match((await at.call("GET", operation)).body, {
      detail: "no port named wan0",
      error: { code: "sap.unknown", status: 422 },
    });
    t.equal((await at.call("DELETE", `/nslcm/v1/ns_instances/${id}`)).status, 409);
    const ended = await at.call("POST", `/nslcm/v1/ns_instances/${id}/terminate`);
    t.match((await at.call("GET", ended.location)).body, { operationState: "PROCESSING" });
    node.report({ removedService: id });
    await until("it is gone", async () => (await state(at, ended.location)) === "COMPLETED");
  },
);

t.test(
  "while its site is away an operation waits and says so; a site never heard of has nothing to remove",
  async (t) => {
    const at = await controller(t);
    const node = await startFakeNode({ port: at.mqttPort ?? 0 });
    await until("the node is online", async () => (await at.call("GET", "/api/v1/nodes")).body[0]?.online);
    await node.publish(topics.status(node.site, node.node), { status: "offline" });
    await node.stop();
    await until(
      "the node is offline",
      async () => (await at.call("GET", "/api/v1/nodes")).body[0]?.online === false,
    );
    const { operation } = await instantiate(at);
    t.match((await at.call("GET", operation)).body, {
      operationState: "PROCESSING",
      detail: /site s1 is away since 20/,
    });

    const nowhere = await instantiate(at, "tpyo");
    const ended = await at.call("POST", `/nslcm/v1/ns_instances/${nowhere.id}/terminate`);
    t.equal(await state(at, ended.location), "COMPLETED");
    t.match((await at.call("GET", nowhere.operation)).body, {
      operationState: "FAILED",
      detail: /terminated before/,
    });
    t.equal((await at.call("DELETE", `/nslcm/v1/ns_instances/${nowhere.id}`)).status, 204);
  },
);

t.test("of two requests at once for one instance only one is accepted", async (t) => {
  const at = await controller(t);
  const { body } = await at.call("POST", "/nslcm/v1/ns_instances", {
    nsdId: await onboard(at),
    nsName: "one",
  });
  const self = `/nslcm/v1/ns_instances/${body.id}`;
  const twice = async (verb: string, request?: object) => {
    const answers = await Promise.all([1, 2].map(() => at.call("POST", `${self}/${verb}`, request)));
    return answers.map(({ status }) => status).sort();
  };
  t.same(await twice("instantiate", { siteId: "s1", additionalParamsForNs: { wan: "wan0" } }), [202, 409]);
  const node = await startFakeNode({
    port: at.mqttPort ?? 0,
    onService: (fake, wanted) => fake.reportService(wanted.service?.id ?? "", { state: "active" }),
  });
  t.teardown(node.stop);
  await until("it is instantiated", async () => (await at.call("GET", self)).body.nsState === "INSTANTIATED");
  t.same(await twice("terminate"), [202, 409]);
});

t.test("what another site says of a service does not end an operation", async (t) => {
  const at = await controller(t);
  const { id, operation } = await instantiate(at, "s1");
  const other = await startFakeNode({ port: at.mqttPort ?? 0, site: "s2" });
  t.teardown(other.stop);
  other.reportService(id, { state: "active" });
  await until("it is acknowledged", () => other.pending() === 0);
  t.equal(await state(at, operation), "PROCESSING");
});

t.test("an operation whose end could not be written is ended with the next report of any node", async (t) => {
  const at = await controller(t);
  const node = await startFakeNode({ port: at.mqttPort ?? 0 });
  t.teardown(node.stop);
  const { id, operation } = await instantiate(at);
  const nowhere = await instantiate(at, "nowhere");
  await at.store.sqlite.all(
    "CREATE TRIGGER full BEFORE UPDATE ON ns_operation WHEN new.state = 'COMPLETED' BEGIN SELECT RAISE(FAIL, 'no space'); END",
  );
  node.reportService(id, { state: "active" });
  await until("it is acknowledged", () => node.pending() === 0);
  const ended = await at.call("POST", `/nslcm/v1/ns_instances/${nowhere.id}/terminate`);
  t.equal(ended.status, 202, "it was accepted: the request and its tombstone are on disk");
  t.equal(await state(at, operation), "PROCESSING");
  await at.store.sqlite.all("DROP TRIGGER full");
  node.report({ event: node.event("anything", "else") });
  await until("the instantiation ends", async () => (await state(at, operation)) === "COMPLETED");
  await until("the termination ends", async () => (await state(at, ended.location)) === "COMPLETED");
});

t.test("the largest package that REST takes reaches the node", async (t) => {
  const at = await controller(t);
  const node = await startFakeNode({ port: at.mqttPort ?? 0 });
  t.teardown(node.stop);
  const { body } = await at.call("POST", "/nsd/v1/ns_descriptors", {});
  const scripts = Object.fromEntries([1, 2, 3].map((n) => [`${n}.click`, "// ".padEnd(262_144, "x")]));
  const large = { ...content, files: { ...content.files, ...scripts } };
  const path = `/nsd/v1/ns_descriptors/${body.id}/nsd_content`;
  t.match(
    await at.call("PUT", path, { ...large, files: { ...large.files, "4.click": "x".repeat(262_144) } }),
    {
      status: 413,
    },
  );
  t.equal((await at.call("PUT", path, large)).status, 204);
  const instance = await at.call("POST", "/nslcm/v1/ns_instances", { nsdId: body.id, nsName: "large" });
  await at.call("POST", `/nslcm/v1/ns_instances/${instance.body.id}/instantiate`, {
    siteId: "s1",
    additionalParamsForNs: { wan: "wan0" },
  });
  await until("the package arrived", () => [...node.packages.values()].some((each) => each.package));
});

t.test("what was committed and not published before a crash is published at the next start", async (t) => {
  const first = await controller(t);
  const { stateDir } = first;
  await first.stop();
  const store = await openStore(stateDir, Date.now);
  const { site, id } = { site: asSiteId("s1"), id: asServiceId("late") };
  const digest = digestOf(content);
  await store.sqlite.write([
    store.desired.putPackage(site, { ...content, digest }),
    store.desired.putService(site, { id, name: "late", packageDigest: digest, inputs: {} }),
  ]);
  await store.close();
  const second = await controller(t, { stateDir });
  const node = await startFakeNode({ port: second.mqttPort ?? 0 });
  t.teardown(node.stop);
  await until("the service arrived", () => node.services.has(id));
  await until("the digest agrees", () => node.digest()?.root === node.root());
  t.equal(node.packages.size, 1);
});
