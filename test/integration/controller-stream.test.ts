import { connect } from "node:net";
import t from "tap";
import { asNodeId, asSiteId } from "../../model/ids.js";
import { controller, instantiate, type Running, type Tap } from "../support/controller.js";
import { startFakeNode } from "../support/fake-node.js";
import { until } from "../support/until.js";

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

const key = { site: asSiteId("s1"), node: asNodeId("n1"), store: "j" };
const ts = "2026-01-01T00:00:00Z";

/** As if a node had reported them, each with this number as its detail. */
const storeEvents = (at: Running, count: number): Promise<void> =>
  at.store.reports.take([
    {
      key,
      receivedAt: ts,
      items: Array.from({ length: count }, (_, index) => ({
        seq: index + 1,
        ts,
        event: { ...emptyEvent, detail: String(index + 1) },
      })),
    },
  ]);
const emptyEvent = { ts, object: "agent", type: "n", cause: null, rule: null, action: null, code: null };

t.test("who missed more events than are sent again gets the newest of them", async (t) => {
  const at = await controller(t);
  await storeEvents(at, 1_200);
  const resumed = await listen(t, at.restPort, "2");
  await until("the beginning is complete", () => resumed.names().includes("ready"));
  t.equal(resumed.events().length, 1_000);
  t.equal(resumed.events().at(-1), "1200");
});

t.test("a client that goes away while the beginning is read harms nobody", async (t) => {
  const at = await controller(t);
  const gone = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const socket = connect(at.restPort, "127.0.0.1");
      await new Promise((resolve) => socket.once("connect", resolve));
      socket.write("GET /api/v1/stream HTTP/1.1\r\nhost: x\r\n\r\n", () => socket.destroy());
      return new Promise((resolve) => socket.once("close", resolve));
    }),
  );
  t.equal(gone.length, 20);
  const stream = await listen(t, at.restPort);
  await until("the beginning is complete", () => stream.names().includes("ready"));
});

/** A client that asks for the stream and does not read until told to. */
async function slowClient(t: Tap, port: number) {
  const socket = connect(port, "127.0.0.1");
  t.teardown(() => void socket.destroy());
  let text = "";
  let ended = false;
  socket.on("close", () => {
    ended = true;
  });
  socket.on("error", () => undefined); // a reset is one of the ways of being cut off
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  socket.write("GET /api/v1/stream HTTP/1.1\r\nhost: x\r\n\r\n");
  await new Promise<void>((resolve) => socket.once("readable", resolve));
  return {
    read: () => void socket.on("data", (chunk) => (text += chunk)).resume(),
    text: () => text,
    ended: () => ended,
  };
}

t.test("a long beginning is not taken for a client that cannot keep up", async (t) => {
  const at = await controller(t);
  await storeEvents(at, 1);
  const names = Array.from({ length: 400 }, (_, index) => `svc-${index}`);
  const digest = `sha256:${"0".repeat(64)}`;
  const status = {
    packageDigest: digest,
    revision: 1,
    state: "failed",
    code: null,
    functions: [],
    chains: [],
  };
  await at.store.reports.take(
    names.map((id, index) => ({
      key,
      receivedAt: ts,
      items: [
        {
          seq: index + 2,
          ts,
          service: { ...status, id, name: id, state: "failed" as const, reason: "x".repeat(30_000) },
        },
      ],
    })),
  );
  const client = await slowClient(t, at.restPort);
  const node = await startFakeNode({ port: at.mqttPort ?? 0 });
  t.teardown(node.stop);
  node.report({ event: node.event("counted", "after the beginning") });
  await until("it is acknowledged", () => node.pending() === 0);
  client.read();
  await until("all came", () => client.text().includes("after the beginning") || client.ended());
  t.match(client.text(), /event: ready/);
  t.notOk(client.ended());
});

t.test("a client that cannot keep up is cut off, the others are not", async (t) => {
  const at = await controller(t);
  const slow = await slowClient(t, at.restPort);
  const quick = await listen(t, at.restPort);
  const node = await startFakeNode({ port: at.mqttPort ?? 0 });
  t.teardown(node.stop);
  for (let index = 0; index < 45; index += 1)
    node.report({ event: node.event("large", "x".repeat(300_000)) });
  node.report({ event: node.event("last", "the last") });
  await until("the quick one has all", () => quick.text().includes("the last"), {
    deadlineMs: 30_000,
    everyMs: 50,
  });
  slow.read();
  await until("the slow one is cut off", slow.ended);
  t.notMatch(slow.text(), /the last/);
});

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
