import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { silentLog } from "../../bus/log.js";
import { type Controller, startController } from "../../controller/controller.js";
import type { NsSummary, ParsePackage } from "../../controller/descriptor.js";
import { digestOf } from "../../model/digest.js";
import { err, ok, problem } from "../../model/errors.js";
import { topics } from "../../model/topics.js";
import { functionStatus, startFakeNode } from "../support/fake-node.js";
import { until } from "../support/until.js";

/** Stands in for the TOSCA parser: the entry file is the summary as JSON. */
const parsePackage: ParsePackage = ({ entry, files }, inputs) => {
  const text = files[entry];
  if (!text) return err([problem("package.unreadable", `${entry} is not in the package`)]);
  if (text.includes("!"))
    return err([
      problem("descriptor.invalid", "unexpected !", { file: entry, line: 1, column: text.indexOf("!") + 1 }),
    ]);
  const nsd = JSON.parse(text) as NsSummary;
  const missing = Object.entries(nsd.inputs).filter(
    ([name, { required }]) => inputs && required && !(name in inputs),
  );
  return missing.length > 0
    ? err(missing.map(([name]) => problem("service.inputs-invalid", `input ${name} is missing`)))
    : ok(nsd);
};
const inputs = { wan: { type: "string", required: true } };
const nsd = {
  id: "edge-cache",
  name: "Edge cache",
  version: "1.0",
  inputs,
  saps: [],
  functions: [{ name: "gtp", kind: "lvnf" }],
};
const content = { entry: "ns.yaml", files: { "ns.yaml": JSON.stringify(nsd) } };
const dashboardDir = join(import.meta.dirname, "../../dashboard");

type Tap = Pick<typeof t, "teardown">;
type Running = Controller &
  Readonly<{
    call: typeof call extends (base: string, ...rest: infer R) => infer P ? (...rest: R) => P : never;
    stateDir: string;
  }>;

async function controller(
  t: Tap,
  options: { stateDir?: string; mqttPort?: number; restPort?: number } = {},
): Promise<Running> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "lightmano-controller-")));
  const started = await startController({
    host: "127.0.0.1",
    restPort: options.restPort ?? 0,
    mqttPort: options.mqttPort ?? 0,
    stateDir,
    dashboardDir,
    version: "test",
    parsePackage,
    clock: Date.now,
    random: Math.random,
    log: silentLog,
  });
  t.teardown(async () => {
    await started.stop();
    if (!options.stateDir) await rm(stateDir, { recursive: true, force: true });
  });
  const base = `http://127.0.0.1:${started.restPort}`;
  return { ...started, stateDir, call: (...rest) => call(base, ...rest) };
}

/** What came over the wire, as far as the tests reach into it; all else is matched as a whole. */
interface Body {
  readonly id: string;
  readonly nsState: string;
  readonly operationState: string;
  readonly problems: unknown;
  readonly length: number;
  readonly [index: number]: { readonly online: boolean };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly location: string;
  readonly body: Body;
}

async function call(base: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(base + path, {
    method,
    ...(body === undefined ? {} : { body: payload, headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  return {
    status: response.status,
    type,
    location: response.headers.get("location") ?? "",
    body: type.includes("json") ? JSON.parse(text) : text,
  };
}

async function onboard({ call }: Running): Promise<string> {
  const { body } = await call("POST", "/nsd/v1/ns_descriptors", {});
  await call("PUT", `/nsd/v1/ns_descriptors/${body.id}/nsd_content`, content);
  return body.id;
}

async function instantiate(at: Running, siteId = "s1"): Promise<{ id: string; operation: string }> {
  const { body } = await at.call("POST", "/nslcm/v1/ns_instances", {
    nsdId: await onboard(at),
    nsName: "cache one",
  });
  const asked = await at.call("POST", `/nslcm/v1/ns_instances/${body.id}/instantiate`, {
    siteId,
    additionalParamsForNs: { wan: "wan0" },
  });
  return { id: body.id, operation: asked.location };
}

const state = async ({ call }: Running, operation: string): Promise<string> =>
  (await call("GET", operation)).body.operationState;

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

t.test("a controller that stops in the middle goes on where it was", async (t) => {
  const first = await controller(t);
  const { mqttPort, stateDir } = first;
  if (mqttPort === null) throw new Error("no embedded broker");
  const node = await startFakeNode({ port: mqttPort });
  t.teardown(node.stop);
  const { id, operation } = await instantiate(first);
  await until("the service arrived", () => node.services.has(id));
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
  t.equal(node.services.get(id)?.revision, 1, "said again is not changed");
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

t.test("reports that come twice, out of order or with a hole are taken once and acknowledged", async (t) => {
  const at = await controller(t);
  const node = await startFakeNode({ port: at.mqttPort ?? 0 });
  t.teardown(node.stop);
  await until("the node is connected", node.connected);
  const acks: number[] = [];
  const watcher = (await import("mqtt")).connect(`mqtt://127.0.0.1:${at.mqttPort}`);
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

t.test("what is wrong with a request is told as problem details", async (t) => {
  const at = await controller(t);
  const { body } = await at.call("POST", "/nsd/v1/ns_descriptors", {});
  const path = `/nsd/v1/ns_descriptors/${body.id}/nsd_content`;
  const told = async (status: number, code: string, ...request: [string, string, unknown?]) => {
    const answer = await at.call(...request);
    t.match(
      answer,
      {
        status,
        type: /^application\/problem\+json/,
        body: { status, code, type: `urn:lightmano:error:${code}` },
      },
      request.slice(0, 2).join(" "),
    );
    return answer.body;
  };
  const invalid = await told(422, "descriptor.invalid", "PUT", path, {
    entry: "ns.yaml",
    files: { "ns.yaml": "abc!" },
  });
  t.same(invalid.problems, [
    { code: "descriptor.invalid", detail: "unexpected !", place: { file: "ns.yaml", line: 1, column: 4 } },
  ]);
  await told(422, "descriptor.invalid", "PUT", path, { entry: "absent.yaml", files: {} });
  await told(400, "usage.invalid", "PUT", path, "{ this is no JSON");
  await told(400, "usage.invalid", "PUT", path, { entry: 5 });
  await told(404, "object.not-found", "PUT", "/nsd/v1/ns_descriptors/none/nsd_content", content);
  await told(404, "object.not-found", "GET", "/nslcm/v1/ns_instances/none");
  await told(404, "object.not-found", "GET", "/nslcm/v1/ns_lcm_op_occs/none");
  await told(404, "object.not-found", "POST", "/nslcm/v1/ns_instances", { nsdId: "none", nsName: "x" });
  await told(409, "object.conflict", "POST", "/nslcm/v1/ns_instances", { nsdId: body.id, nsName: "x" });
  await told(404, "object.not-found", "GET", "/nowhere");
  await told(404, "object.not-found", "GET", "/api/v1/nowhere");
  await told(404, "object.not-found", "GET", "/..%2fpackage.json");
  await told(400, "usage.invalid", "GET", "/api/v1/events?since=yesterday");
  await told(413, "usage.invalid", "PUT", path, { entry: "x", files: { x: "y".repeat(9 * 1024 * 1024) } });
});

t.test(
  "the stream begins with all that there is, goes on with changes, and resumes after Last-Event-ID",
  async (t) => {
    const at = await controller(t);
    const node = await startFakeNode({ port: at.mqttPort ?? 0 });
    t.teardown(node.stop);
    for (const detail of ["one", "two", "three"]) node.report({ event: node.event("counted", detail) });
    await until("they are acknowledged", () => node.pending() === 0);
    const stream = await listen(t, at.restPort);
    await until("the beginning is complete", () => stream.names().includes("ready"));
    t.same(stream.names().slice(0, 3), ["hello", "nodes", "services"]);
    t.same(stream.events(), ["one", "two", "three"]);
    const { id } = await instantiate(at);
    await until("the new service is told", () => stream.text().includes(`"id":"${id}","services":[{`));
    node.report({ event: node.event("counted", "four") });
    await until("the new event is told", () => stream.events().includes("four"));
    const resumed = await listen(t, at.restPort, "2");
    await until("the rest is told", () => resumed.names().includes("ready"));
    t.same(resumed.events(), ["three", "four"]);
  },
);

async function listen(t: Tap, port: number, lastEventId?: string) {
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/stream`, { signal: stop.signal, headers });
  let text = "";
  const read = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk as Uint8Array);
  };
  read().catch(() => undefined);
  return {
    text: () => text,
    names: () => [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name),
    events: () =>
      [...text.matchAll(/^event: event\ndata: (.*)$/gm)].map(
        ([, data]) => JSON.parse(data ?? "").detail as string,
      ),
  };
}
