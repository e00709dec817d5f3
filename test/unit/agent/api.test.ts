/** REST of the agent, over a real socket, with operations that a test gives. */
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createApiServer } from "../../../agent/api/server.js";
import { createAgentClient } from "../../../agent/cli/client.js";
import type { Metrics } from "../../../agent/metrics/metrics.js";
import type { Operations } from "../../../agent/operations.js";
import { silentLog } from "../../../bus/log.js";
import { LightmanoError } from "../../../model/errors.js";
import type { AgentEvent } from "../../../model/messages/node.js";
import { agentEvent } from "../../support/events.js";
import { until } from "../../support/until.js";

type Listener = (event: AgentEvent) => void;

async function api(t: Test, operations: Partial<Operations>, families: Metrics["families"] = async () => []) {
  const folder = await mkdtemp(join(tmpdir(), "lmt-api-"));
  const socket = join(folder, "agent.sock");
  const listeners = new Set<Listener>();
  const logged: { readonly fields: object; readonly message: string }[] = [];
  const server = createApiServer(
    operations as Operations,
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    { ...silentLog, error: (fields, message) => void logged.push({ fields, message }) },
    { families },
  );
  await server.listen(socket);
  t.teardown(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { socket, listeners, logged, client: createAgentClient(socket) };
}

t.test("what is answered as 500 is logged with its stack; what is the caller's mistake is not", async (t) => {
  const { client, logged } = await api(t, {
    services() {
      throw new TypeError("undefined is no service");
    },
    service(id) {
      throw new LightmanoError("object.not-found", `no service ${id}`);
    },
  });
  await t.rejects(client.get("/api/v1/services"), {
    code: "agent.internal",
    detail: /undefined is no service/,
  });
  await t.rejects(client.get("/api/v1/services/x"), { code: "object.not-found" });
  await t.rejects(client.get("/api/v1/nothing"), { code: "object.not-found" });
  await t.rejects(client.get("/api/v1/events?limit=many"), { code: "usage.invalid", detail: /limit/ });
  t.match(logged, [
    { fields: { err: TypeError }, message: "GET /api/v1/services failed: undefined is no service" },
  ]);
  t.equal(logged.length, 1);
});

t.test("an id may be as long as ids are", async (t) => {
  const longest = `${"s".repeat(63)}.${"ä".repeat(63)}`;
  const { client } = await api(t, {
    stats: async (id: string) => ({ memoryBytes: id.length, cpuSeconds: 0 }),
  });
  const path = `/api/v1/functions/${encodeURIComponent(longest)}/stats`;
  t.match(await client.get(path), { memoryBytes: longest.length });
});

t.test("events come as they happen; a reader that is gone, or does not read, costs nothing", async (t) => {
  const { client, socket, listeners } = await api(t, {});
  const stop = new AbortController();
  const got: unknown[] = [];
  const streaming = client.stream("/api/v1/stream", (event) => got.push(event), stop.signal);
  await until("it is open", () => listeners.size === 1);
  for (const listener of listeners) listener(agentEvent("a"));
  await until("it came", () => got.length === 1);
  t.match(got, [{ object: "a" }]);
  stop.abort();
  await streaming;
  await until("nobody listens any more", () => listeners.size === 0);

  const response = await new Promise<IncomingMessage>((resolve) =>
    request({ socketPath: socket, path: "/api/v1/stream" }, resolve).end(),
  );
  response.on("error", () => undefined);
  t.teardown(() => void response.destroy());
  response.pause();
  await until("it listens", () => listeners.size === 1);
  const large = agentEvent("b", "x".repeat(64 * 1024));
  for (let i = 0; i < 100 && listeners.size > 0; i++) {
    for (const listener of listeners) listener(large);
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.equal(listeners.size, 0, "one that lags behind too far is cut off");
});

t.test("one who asks for a console and is gone before the answer does not end the agent", async (t) => {
  const { client, socket, logged } = await api(t, {
    containerPid() {
      throw new LightmanoError("object.not-found", "no function x");
    },
    chains: async () => [],
  });
  for (let i = 0; i < 20; i++) {
    const client = connect(socket);
    client.on("error", () => undefined);
    await new Promise<void>((resolve) =>
      client.write(
        "GET /api/v1/functions/x/console HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: lightmano-console/1\r\n\r\n",
        () => resolve(),
      ),
    );
    client.destroy();
  }
  t.same(await client.get("/api/v1/chains"), []);
  t.same(logged, []);
});

t.test("metrics are there as Prometheus and as programs want them", async (t) => {
  const family = {
    name: "m",
    type: "gauge",
    help: "Ms.",
    samples: [{ name: "m", labels: [["x", "1"]], value: "2", timestamp: null }],
  } as const;
  const { client, socket } = await api(t, {}, async () => [family]);
  t.same(await client.get("/api/v1/metrics"), [family]);
  const response = await new Promise<IncomingMessage>((resolve) =>
    request({ socketPath: socket, path: "/metrics" }, resolve).end(),
  );
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  t.equal(text, '# HELP m Ms.\n# TYPE m gauge\nm{x="1"} 2\n');
  t.equal(response.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
});

/** What is answered to one request as it stands on the wire. */
async function ask(socketPath: string, options: object, body?: string) {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request({ socketPath, ...options }, resolve)
      .once("error", reject)
      .end(body),
  );
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

t.test(
  "what cannot be taken is refused with what is wrong, and the connection serves the next",
  async (t) => {
    const { socket, client, logged } = await api(t, {
      chains: async () => [],
      plan: (async () => ({})) as never,
    });
    const cases = [
      [{ method: "POST", path: "/api/v1/plan" }, "{", /body: not JSON/],
      [{ method: "POST", path: "/api/v1/plan" }, "{}", /body: .*\/id: /],
      [{ method: "POST", path: "/api/v1/plan" }, "x".repeat(9 * 1024 * 1024), /larger than 8388608 bytes/],
      [{ path: "/api/v1/services/%E0%A4%A" }, undefined, /%E0%A4%A is not percent-encoded/],
      [{ path: "/api/v1/why" }, undefined, /querystring: .*\/object: /],
      [{ path: "/api/v1/events?limit=1001" }, undefined, /\/limit: .*1000/],
    ] as const;
    for (const [options, body, detail] of cases) {
      const { status, headers, text } = await ask(socket, options, body);
      t.equal(status, 400, text);
      t.equal(headers["content-type"], "application/problem+json");
      t.match(JSON.parse(text), { code: "usage.invalid", detail });
    }
    t.equal((await ask(socket, { method: "DELETE", path: "/api/v1/chains" })).status, 404);
    t.equal((await ask(socket, { path: "/api/v1/services/" })).status, 404, "no id is no service");
    t.same(await client.get("/api/v1/chains"), []);
    t.same(logged, []);
  },
);

t.test("statuses and forms of answers", async (t) => {
  const written: unknown[] = [];
  const { socket } = await api(t, {
    chains: async () => [{ id: "c" }] as never,
    events: (async (query: unknown) => {
      written.push(query);
      return [];
    }) as never,
    terminate: async (id) => void written.push(id),
    heal: (async () => undefined) as never,
    writeHandler: (async (...words: unknown[]) => void written.push(words)) as never,
  });
  const head = await ask(socket, { method: "HEAD", path: "/api/v1/chains" });
  t.match(head, { status: 200, text: "", headers: { "content-length": "12" } });
  t.match(await ask(socket, { method: "DELETE", path: "/api/v1/services/a%2Fb" }), {
    status: 202,
    text: '{"id":"a/b"}',
  });
  const put = { method: "PUT", path: "/api/v1/functions/f/handlers/h" };
  t.match(await ask(socket, put, '{"value":"1"}'), { status: 204, text: "" });
  t.match(await ask(socket, { method: "POST", path: "/api/v1/services/s/heal" }), { status: 200, text: "" });
  t.equal((await ask(socket, { path: "/api/v1/events?since=7&limit=5&object=x" })).text, "[]");
  t.same(written, ["a/b", ["f", "h", "1"], { since: 7, limit: 5, object: "x" }]);
});
