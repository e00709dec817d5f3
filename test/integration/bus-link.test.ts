/** The client over links and brokers that fail in ways of their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import t from "tap";
import { silentLog } from "../../bus/log.js";
import type { Session } from "../../bus/session.js";
import { LightmanoError } from "../../model/errors.js";
import { asNodeId, asSiteId } from "../../model/ids.js";
import { topics } from "../../model/topics.js";
import { broker, client, envelope, mute, status } from "../support/bus.js";
import { relay } from "../support/relay.js";
import { until } from "../support/until.js";

const site = asSiteId("s1");
const node = asNodeId("n1");

t.test("a publish on a connection that dies rejects", async (t) => {
  const { port, sockets } = await mute(t);
  const lonely = client(t, port, "lonely", { backoff: { baseMs: 60_000, capMs: 60_000 } });
  lonely.start();
  await until("it is connected", lonely.connected);
  const sent = lonely.publish(topics.status(site, node), status("online"));
  for (const socket of sockets) socket.destroy();
  await t.rejects(sent, { code: "agent.unreachable" });
});

t.test("a broker that leaves a request unanswered is left for a new connection", async (t) => {
  const { port, sockets } = await mute(t);
  const deaf = client(t, port, "deaf", { answerTimeoutMs: 100 });
  deaf.start();
  await until("it is connected", deaf.connected);
  await t.rejects(deaf.publish(topics.status(site, node), status("online")), {
    code: "agent.unreachable",
    detail: /unanswered after 100 ms/,
  });
  await until("it came again", () => sockets.length > 1);
  await deaf.subscribe([topics.status(site, node)]);
  const seen = sockets.length;
  await until("nor is it held up by a SUBSCRIBE", () => sockets.length > seen + 1);
});

t.test("a link that is open and dead is noticed, also while messages are sent into it", async (t) => {
  const { port } = await broker(t);
  const wire = await relay(t, port);
  const agent = client(t, wire.port, "agent", { keepaliveS: 1 });
  const changes: boolean[] = [];
  agent.onChange((connected) => changes.push(connected));
  agent.start();
  await until("it is connected", agent.connected);
  wire.freeze();
  const body = {
    agent: { rssBytes: 1, uptimeS: 1 },
    node: { load1: 0, memoryAvailableBytes: 1 },
    functions: [],
  };
  await until("it is noticed, and connected anew", async () => {
    if (changes.length === 3) return true;
    await agent.publish(topics.telemetry(site, node), { ...envelope(), ...body }).catch(() => undefined);
    return false;
  });
  t.same(changes, [true, false, true]);
});

t.test("a client on a dead link can be stopped, with a message on its way", async (t) => {
  const { port } = await broker(t);
  const wire = await relay(t, port);
  const agent = client(t, wire.port, "agent", { keepaliveS: 3_600, answerTimeoutMs: 3_600_000 });
  agent.start();
  await until("it is connected", agent.connected);
  wire.freeze();
  const sent = t.rejects(agent.publish(topics.status(site, node), status("online")), {
    code: "agent.unreachable",
  });
  await agent.stop();
  await sent;
  t.notOk(agent.connected());
});

t.test("of a connection that ends before all is subscribed to the end is told, too", async (t) => {
  let attempts = 0;
  const session = (refuses: boolean): Session => {
    let resolve: (reason: string) => void = () => undefined;
    const ended = new Promise<string>((end) => {
      resolve = end;
    });
    const reset = new LightmanoError("agent.unreachable", "connection reset");
    return {
      resumed: true,
      publish: async () => undefined,
      subscribe: () => (refuses ? Promise.reject(reset) : Promise.resolve()),
      ended,
      end: async () => resolve("stopped"),
    };
  };
  const one = client(t, 1, "one", {
    wait: async () => undefined,
    open: async () => session(++attempts === 1),
  });
  const changes: boolean[] = [];
  one.onChange((connected) => void changes.push(connected));
  await one.subscribe(["a/b"]);
  one.start();
  await until("it is connected", () => one.connected());
  t.same(changes, [false, true], "what was heard meanwhile was heard on a connection that is gone");
});

t.test("a broker that has taken the connection is waited for while others are before us", async (t) => {
  let sockets = 0;
  const server = createServer((socket) => {
    sockets += 1;
    socket.on("error", () => socket.destroy());
    socket.once("data", () => setTimeout(() => socket.write(Buffer.from([0x20, 2, 0, 0])), 500));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const patient = client(t, port, "patient", { connectTimeoutMs: 100, connackTimeoutMs: 60_000 });
  patient.start();
  await until("it is connected", patient.connected);
  t.equal(sockets, 1, "by its first attempt");
  sockets = 0;
  const impatient = client(t, port, "impatient", { connectTimeoutMs: 100 });
  impatient.start();
  await until("one that does not wait comes again", () => sockets > 1);
  t.notOk(impatient.connected());
});

t.test("a machine that does not take the connection is given up soon, however patient we are", async (t) => {
  // A process that stands still, and has as many connections waiting for it as the kernel keeps: no more are taken.
  const program = `const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () =>
    console.log(server.address().port))`;
  const full = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => void full.kill("SIGKILL"));
  const [line] = await once(full.stdout, "data");
  const port = Number(String(line));
  full.kill("SIGSTOP");
  await until("it stands still", async () =>
    /^State:\s+T/m.test(await readFile(`/proc/${full.pid}/status`, "utf8")),
  );
  const waiting = Array.from({ length: 8 }, () => createConnection(port, "127.0.0.1"));
  t.teardown(() => waiting.forEach((socket) => void socket.destroy()));
  for (const socket of waiting) socket.on("error", () => socket.destroy());
  await once(waiting[0] as Socket, "connect");
  const reasons: string[] = [];
  const away = client(t, port, "away", {
    connectTimeoutMs: 100,
    connackTimeoutMs: 3_600_000,
    log: {
      ...silentLog,
      warn: (fields: { readonly reason?: string }) => void reasons.push(fields.reason ?? ""),
    },
  });
  away.start();
  await until("it gave up", () => reasons.length > 0);
  t.match(reasons[0], /not connected within 100 ms/);
});

t.test("the pause before the next attempt grows, however long an attempt takes to fail", async (t) => {
  const delays: number[] = [];
  let now = 0;
  const away = client(t, 1, "away", {
    clock: () => (now += 60_000),
    random: () => 1,
    backoff: { baseMs: 100, capMs: 1_000 },
    wait: async (delayMs) => void delays.push(delayMs),
  });
  away.start();
  await until("it tried some times", () => delays.length >= 5);
  await away.stop();
  t.same(delays.slice(0, 5), [100, 200, 400, 800, 1_000]);
});

t.test(
  "a message is acknowledged when its handler has done with it, and comes again when it has not",
  async (t) => {
    const { port } = await broker(t);
    const wire = await relay(t, port);
    const sender = client(t, port, "sender", { clean: true });
    const node1 = client(t, wire.port, "node1");
    const heard: string[] = [];
    let letGo: () => void = () => undefined;
    const disk = new Promise<void>((resolve) => (letGo = resolve));
    node1.on(
      "command",
      (command) => {
        heard.push(command.id);
        return heard.length === 1 ? disk : undefined;
      },
      { holdsAck: true },
    );
    await node1.subscribe([topics.command(site, node, "+")]);
    for (const each of [sender, node1]) each.start();
    await until("both are connected", () => sender.connected() && node1.connected());
    const command = { ...envelope(), deadline: new Date().toISOString(), args: {} };
    await sender.publish(topics.command(site, node, "status"), command);
    await until("it came", () => heard.length === 1);
    wire.cut();
    await until("it came again over the next connection", () => heard.length === 2);
    letGo();
    // What is acknowledged to us after it is a round trip behind our acknowledgement of it.
    await until("it is connected", node1.connected);
    await node1.publish(topics.status(site, node), status("online"));
    wire.cut();
    await until("the connection is lost", () => !node1.connected());
    await until("and there again", node1.connected);
    await sender.publish(topics.command(site, node, "status"), { ...command, id: "last" });
    await until("the next one came", () => heard.includes("last"));
    t.same(heard, [command.id, command.id, "last"], "acknowledged: not a third time");
  },
);

t.test("a broker whose port is taken says so, and leaves nothing behind", async (t) => {
  const { port } = await broker(t);
  const intervals = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = intervals();
  await t.rejects(broker(t, { port }), { code: "object.conflict", detail: /127\.0\.0\.1:\d+: .*EADDRINUSE/ });
  t.equal(intervals(), before);
});
