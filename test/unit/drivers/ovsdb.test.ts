/** The OVSDB client against a server that the test plays. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createCommits } from "../../../agent/drivers/ovs/commit.js";
import { createJsonFramer, type Json } from "../../../agent/drivers/ovs/json-rpc.js";
import { createOvsdbClient } from "../../../agent/drivers/ovs/ovsdb-client.js";
import { createReplica } from "../../../agent/drivers/ovs/replica.js";
import { systemWaitClock } from "../../../agent/drivers/wait.js";
import { until } from "../../support/real.js";

t.test("cuts a stream into objects, wherever it is split", async (t) => {
  const messages = ['{"a":"}{\\"\\\\"}', '{"b":{"c":[{"d":"ü€😀"}]}}', '{"e":"\\\\"}'];
  const stream = Buffer.from(messages.join("\n"));
  for (let size = 1; size <= stream.length; size++) {
    const frames = createJsonFramer();
    const seen: string[] = [];
    for (let at = 0; at < stream.length; at += size) seen.push(...frames(stream.subarray(at, at + size)));
    t.strictSame(seen, messages, `chunks of ${size}`);
  }
});

t.test("refuses a message without end", async (t) => {
  const frames = createJsonFramer(10);
  t.throws(() => frames(Buffer.from('{"a":"0123456789')), /longer than 10 bytes/);
});

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly Json[];
}

/** A server that answers what `answer` says (undefined: not at all) and can say things of its own. */
async function makeServer(t: Test, answer: (call: Call) => unknown) {
  const folder = await mkdtemp(join(tmpdir(), "lmt-ovsdb-"));
  const address = join(folder, "db.sock");
  const sockets: Socket[] = [];
  const received: unknown[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    const frames = createJsonFramer();
    socket.on("data", (chunk) => {
      for (const text of frames(chunk)) {
        const call = JSON.parse(text) as Call;
        received.push(call);
        const result = call.method === undefined ? undefined : answer(call);
        if (result !== undefined) socket.write(JSON.stringify({ id: call.id, result, error: null }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(address, resolve));
  const stop = new AbortController();
  const seen: string[] = [];
  const client = createOvsdbClient({
    address,
    database: "Open_vSwitch",
    monitor: { Bridge: ["name"] },
    clock: { ...systemWaitClock, random: () => 0 },
    initial: (tables) => void seen.push(`initial ${JSON.stringify(tables)}`),
    update: (tables) => void seen.push(`update ${JSON.stringify(tables)}`),
    disconnected: () => void seen.push("disconnected"),
  });
  t.teardown(async () => {
    stop.abort();
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(folder, { recursive: true });
  });
  client.start(stop.signal);
  const say = (message: unknown) => sockets.at(-1)?.write(JSON.stringify(message));
  return { client, sockets, received, seen, say, signal: stop.signal };
}

const onlyMonitor = ({ method }: Call) => (method === "monitor" ? {} : undefined);

t.test("an update that comes in one chunk with the monitor's reply is applied after it", async (t) => {
  const { seen, sockets } = await makeServer(t, ({ id }) => {
    const update = { id: null, method: "update", params: ["lightmano", { Bridge: { two: {} } }] };
    sockets[0]?.write(
      JSON.stringify({ id, result: { Bridge: { one: {} } }, error: null }) + JSON.stringify(update),
    );
    return undefined;
  });
  await until("both", () => seen.length === 2);
  t.strictSame(seen, ['initial {"Bridge":{"one":{}}}', 'update {"Bridge":{"two":{}}}']);
});

t.test("answers echo", async (t) => {
  const { seen, received, say } = await makeServer(t, onlyMonitor);
  await until("connected", () => seen.length === 1);
  say({ id: "echo", method: "echo", params: ["x"] });
  await until("answered", () => received.length === 2);
  t.strictSame(received[1], { id: "echo", result: ["x"], error: null });
});

t.test("finds the failed operation inside a good reply, also the commit's after the last", async (t) => {
  const failed = { error: "constraint violation", details: "twice" };
  for (const results of [
    [{}, failed, null],
    [{}, {}, failed],
  ]) {
    const { client, seen, signal } = await makeServer(t, ({ method }) =>
      method === "monitor" ? {} : results,
    );
    await until("connected", () => seen.length === 1);
    t.strictSame(await client.transact([{ op: "comment" }], signal), {
      ok: false,
      ...{ error: failed.error, details: "twice" },
    });
  }
});

t.test(
  "calls that wait are rejected when the connection closes; it is made again and monitored anew",
  async (t) => {
    const { client, seen, sockets, signal } = await makeServer(t, onlyMonitor);
    await until("connected", () => seen.length === 1);
    const call = client.transact([], signal).catch((thrown: unknown) => thrown);
    sockets[0]?.destroy();
    t.match(await call, { code: "driver.unavailable" });
    await until("again", () => seen.length === 3);
    t.strictSame(seen, ["initial {}", "disconnected", "initial {}"]);
  },
);

t.test("a call ends with its signal, others go on", async (t) => {
  const { client, seen, signal } = await makeServer(t, ({ method, params }) =>
    method === "monitor" ? {} : params.length > 1 ? [{}] : undefined,
  );
  await until("connected", () => seen.length === 1);
  const given = new AbortController();
  const call = client.transact([], given.signal).catch((thrown: unknown) => thrown);
  given.abort(new Error("enough"));
  t.match(await call, { code: "operation.timeout", detail: /enough/ });
  t.strictSame(await client.transact([{ op: "comment" }], signal), { ok: true, results: [{}] });
});

t.test("a note that the database refuses is an error, although the reply is good", async (t) => {
  const refusal = { error: "referential integrity violation", details: "gone" };
  const { client, seen, signal } = await makeServer(t, ({ method }) =>
    method === "monitor" ? {} : [refusal],
  );
  await until("connected", () => seen.length === 1);
  const commits = createCommits({ client, rows: createReplica().rows });
  await t.rejects(
    commits.noted("ports of br0", () => [{ op: "comment" }], signal),
    { code: "ovs.failed", detail: /ports of br0: referential integrity violation: gone/ },
  );
});

t.test("a commit that others are faster than is computed anew, and not for ever", async (t) => {
  const { client, seen, received, signal } = await makeServer(t, ({ method }) =>
    method === "monitor" ? {} : [{ error: "timed out", details: "" }],
  );
  await until("connected", () => seen.length === 1);
  let computed = 0;
  const compute = () => [{ op: "comment", comment: String(++computed) }];
  const commits = createCommits({ client, rows: createReplica().rows });
  await t.rejects(commits.confirmed("port p", compute, signal), {
    code: "ovs.failed",
    detail: /port p: timed out/,
  });
  t.equal(computed, received.length - 1, "each was sent");
  t.ok(computed > 1);
});

t.test("what ovs-vswitchd does not take up in time is said, and waits for nothing any more", async (t) => {
  const { client, seen, signal } = await makeServer(t, ({ method }) =>
    method === "monitor" ? {} : [{}, {}, { rows: [{ next_cfg: 7 }] }],
  );
  await until("connected", () => seen.length === 1);
  const commits = createCommits({ client, rows: createReplica().rows, confirmTimeoutMs: 20 });
  await t.rejects(
    commits.confirmed("port p", () => [{ op: "comment" }], signal),
    { code: "driver.unavailable", detail: /ovs-vswitchd has not taken up port p \(waited 20 ms\)/ },
  );
});

t.test("without a connection a call fails at once", async (t) => {
  const options = {
    database: "x",
    monitor: {},
    clock: systemWaitClock,
    initial: () => undefined,
    update: () => undefined,
  };
  const client = createOvsdbClient({ ...options, address: "/nowhere", disconnected: () => undefined });
  await t.rejects(client.transact([], new AbortController().signal), { code: "driver.unavailable" });
});
