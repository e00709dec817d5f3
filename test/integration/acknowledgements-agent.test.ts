/**
 * Every acknowledgement that an agent gives, against a disk that takes long and one that fails: none leaves before the commit
 * that it is of, and each becomes an error that says so. The table of all of them is in docs/adr/0022.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createApiServer } from "../../agent/api/server.js";
import { createAgentClient } from "../../agent/cli/client.js";
import { NO_FACTS } from "../../agent/domain/site/messages.js";
import { createSite } from "../../agent/hub/site.js";
import { type Journal, openJournal } from "../../agent/store/journal.js";
import { silentLog } from "../../bus/log.js";
import { realWait, type Wait } from "../../bus/wait.js";
import { digestOf } from "../../model/digest.js";
import type { CommandReply } from "../../model/messages/node.js";
import { topics } from "../../model/topics.js";
import { acknowledgementTap } from "../support/acknowledged.js";
import { broker, envelope, status, time } from "../support/bus.js";
import { agentEvent } from "../support/events.js";
import { EXAMPLE_INPUTS, exampleSource } from "../support/example.js";
import { agent, node, operator, site } from "../support/linked-agent.js";
import { ownAddress } from "../support/own-address.js";
import { type SlowDisk, slowDisk } from "../support/slow-disk.js";
import { until } from "../support/until.js";

const FULL = "disk I/O error";
/** Of the times that a store is tried again and an acknowledgement waited for; the order of them stays. */
const hasty: Wait = (delayMs, signal) => realWait(delayMs / 50, signal);
/** Not so hasty that a busy machine makes a held disk one that takes too long. */
const brisk: Wait = (delayMs, signal) => realWait(delayMs / 5, signal);
const source = exampleSource();
const digest = digestOf(source);
const applied = { ...source, name: "mec", id: "mec", inputs: EXAMPLE_INPUTS };

async function journalOn(t: Test, disk: SlowDisk): Promise<Journal> {
  const folder = await mkdtemp(join(tmpdir(), "lmt-acknowledged-"));
  const journal = await openJournal(join(folder, "journal.db"), Date.now, disk.engine);
  t.teardown(async () => {
    await journal.close();
    await rm(folder, { recursive: true });
  });
  return journal;
}

/** What is answered by a promise: not before its commit; then; and refused when that fails. */
async function proves(t: Test, disk: SlowDisk, ask: () => Promise<unknown>): Promise<void> {
  disk.fail(FULL);
  await t.rejects(ask(), { code: "store.failed", detail: new RegExp(FULL) }, "a failed write is told");
  disk.fail(null);
  const letGo = disk.hold();
  let answered = false;
  const asked = ask().finally(() => {
    answered = true;
  });
  await disk.committing();
  await realWait(20, new AbortController().signal); // many turns of the loop, and of a socket
  t.notOk(answered, "not before it is on disk");
  letGo();
  await asked;
}

t.test("what the journal promises to those who ask it", async (t) => {
  const disk = slowDisk();
  const journal = await journalOn(t, disk);
  const service = { kind: "service", id: "a", origin: "local", body: null } as const;
  const promises = { adopted: null } as never;
  let revision = 0;
  const paths: Readonly<Record<string, () => Promise<unknown>>> = {
    "a desired object": () => journal.putDesired({ ...service, revision: ++revision }),
    "an event, its report and how far a function's events are noted": () =>
      journal.append([agentEvent("e")], [{ removedService: "a" }], []),
    "a hub's term": () => journal.terms.put(promises),
    "a command": () =>
      journal.commands.begin({ id: `c${++revision}`, verb: "apply", digest: "d", again: null }),
    "a command's answer": () => journal.commands.answer("c1", "{}"),
    "that an answer is with the broker": () => journal.commands.sent("c1", true),
    "that the controller has reports": () => journal.acknowledgeReports(1),
    "that numbers may leave": () => journal.outbox.trusted(),
    "a new name of the numbering": () => journal.outbox.renew(),
  };
  for (const [name, ask] of Object.entries(paths)) await t.test(name, (t) => proves(t, disk, ask));
});

t.test("REST on the socket, which the command line asks", async (t) => {
  const disk = slowDisk();
  const { operations } = await agent(t, {}, disk.engine);
  const folder = await mkdtemp(join(tmpdir(), "lmt-socket-"));
  const metrics = { families: async () => [] };
  const api = createApiServer(operations, () => () => undefined, silentLog, metrics as never);
  await api.listen(join(folder, "agent.sock"));
  t.teardown(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });
  const rest = createAgentClient(join(folder, "agent.sock"));
  await t.test("apply", (t) => proves(t, disk, () => rest.send("POST", "/api/v1/services", applied)));
  await t.test("terminate", (t) => proves(t, disk, () => rest.send("DELETE", "/api/v1/services/mec")));
});

t.test("PUBACK of what the controller wants", async (t) => {
  const { port } = await broker(t);
  const tap = await acknowledgementTap(t, port);
  const disk = slowDisk();
  const { start, catalogue } = await agent(t, { wait: brisk }, disk.engine);
  const link = await start(tap.port);
  const { bus, states, sayRoot } = await operator(t, port);
  /** What the agent says when it is taken for gone comes behind all that it acknowledged before. */
  const roundTrip = async (): Promise<void> => {
    states.length = 0;
    await bus.publish(topics.status(site, node), status("offline"), { retain: false });
    await until("it says that it is here", () => states.includes("online"));
  };
  const id = digest.replace("sha256:", "");
  const wanted: readonly (readonly [string, string, object])[] = [
    ["package", topics.desired(site, "package", id), { package: { digest, ...source } }],
    [
      "service",
      topics.desired(site, "service", "web"),
      { service: { id: "web", name: "web", packageDigest: digest, inputs: EXAMPLE_INPUTS } },
    ],
    ["end of a service", topics.desired(site, "service", "old"), { deleted: true }],
  ];
  await bus.publish(topics.desired(site, "service", "first"), {
    ...envelope(),
    revision: 1,
    deleted: true,
  });
  await sayRoot([{ kind: "service", id: "first", revision: 1, deleted: true }]);
  await until("it subscribed to what is desired", link.inStep);
  for (const [name, topic, content] of wanted)
    await t.test(name, async (t) => {
      await roundTrip();
      const before = tap.pubacks();
      const letGo = disk.hold();
      await bus.publish(topic, { ...envelope(), revision: 2, ...content });
      await disk.committing();
      await roundTrip();
      t.equal(tap.pubacks(), before, "none before it is on disk");
      letGo();
      await until("it is acknowledged", () => tap.pubacks() === before + 1);
    });
  await t.test("a disk that fails", async (t) => {
    await roundTrip();
    const before = tap.pubacks();
    disk.fail(FULL);
    await bus.publish(topics.desired(site, "service", "new"), {
      ...envelope(),
      revision: 1,
      service: { id: "new", name: "new", packageDigest: digest, inputs: EXAMPLE_INPUTS },
    });
    await roundTrip();
    t.equal(tap.pubacks(), before, "not acknowledged, and others are heard meanwhile");
    disk.fail(null);
    await until("it is, once the journal can be written", () => tap.pubacks() === before + 1);
    t.equal(catalogue.originOf("new"), "controller");
  });
  await t.test("many at once share commits", async (t) => {
    await roundTrip();
    const commits = disk.commits();
    const before = tap.pubacks();
    const letGo = disk.hold();
    for (let index = 0; index < 40; index += 1)
      void bus.publish(topics.desired(site, "service", `s${index}`), {
        ...envelope(),
        revision: 1,
        deleted: true,
      });
    await disk.committing();
    await roundTrip();
    letGo();
    await until("all are acknowledged", () => tap.pubacks() === before + 40);
    t.ok(disk.commits() - commits < 10, `${disk.commits() - commits} commits for 40 objects`);
  });
});

t.test("an object that the journal does not take for long comes again over another connection", async (t) => {
  const { port } = await broker(t);
  const tap = await acknowledgementTap(t, port);
  const disk = slowDisk();
  const { start, catalogue } = await agent(t, { wait: hasty }, disk.engine);
  const link = await start(tap.port);
  const { bus, sayRoot, states } = await operator(t, port);
  const bury = (id: string) =>
    bus.publish(topics.desired(site, "service", id), { ...envelope(), revision: 1, deleted: true });
  await bury("first");
  await sayRoot([{ kind: "service", id: "first", revision: 1, deleted: true }]);
  await until("it subscribed to what is desired", link.inStep);
  disk.fail(FULL);
  states.length = 0;
  for (let index = 0; index < 8; index += 1) await bury(`s${index}`);
  await until("the connection was ended, for a broker may hold back what is behind these", () =>
    states.includes("offline"),
  );
  await until("it is back", link.connected);
  disk.fail(null);
  t.ok(await until("and has them", () => catalogue.controllersObjects().length === 9));
});

t.test("PUBACK and answer of a command", async (t) => {
  const { port } = await broker(t);
  const tap = await acknowledgementTap(t, port);
  const disk = slowDisk();
  const { start } = await agent(t, {}, disk.engine);
  await start(tap.port);
  const { bus, send, reply } = await operator(t, port);
  const answers: CommandReply[] = [];
  bus.on("reply", (message) => void answers.push(message));
  t.equal((await reply(await send("status"))).outcome, "ok");
  const before = tap.pubacks();
  const letGo = disk.hold();
  const id = await send("service.terminate", { id: "none" });
  await disk.committing();
  await realWait(20, new AbortController().signal);
  t.equal(tap.pubacks(), before, "not before it is on disk");
  t.equal(answers.length, 1, "nor answered");
  letGo();
  t.match(await reply(id), { outcome: "failed", code: "object.not-found" });
  disk.fail(FULL);
  t.match(
    await reply(await send("service.terminate", { id: "none" })),
    { outcome: "failed", code: "store.failed", detail: new RegExp(FULL) },
    "a change that is not remembered is not made, and that is its answer",
  );
  t.equal((await reply(await send("status"))).outcome, "ok", "what changes nothing is answered");
});

t.test("no report leaves before it is on disk", async (t) => {
  const { port } = await broker(t);
  const disk = slowDisk();
  const { start, journal } = await agent(t, {}, disk.engine);
  const link = await start(port);
  const { bus } = await operator(t, port);
  let heard = 0;
  bus.on("report", () => {
    heard += 1;
  });
  const event = agentEvent("e");
  const letGo = disk.hold();
  const appended = journal.append([event], [{ event }]);
  await disk.committing();
  link.wake();
  await realWait(20, new AbortController().signal);
  t.equal(heard, 0);
  letGo();
  await appended;
  link.wake();
  await until("the controller is asked how far it is, for there is something to report", () => heard > 0);
});

t.test("a node is hub when its term is on disk, and not before", async (t) => {
  const disk = slowDisk();
  const journal = await journalOn(t, disk);
  const end = new AbortController();
  const { host, port } = ownAddress();
  const made = createSite({
    site: "s1",
    node: "n1",
    hub: {
      candidates: [{ node: "n1", url: `mqtt://${host}:${port}` }],
      listen: host,
      unseen: "keep",
      takeOverSeconds: 0.2,
      preferSeconds: null,
      leaseSeconds: 60,
    },
    terms: journal.terms,
    monotonic: () => performance.now(),
    lease: { read: () => Number.NEGATIVE_INFINITY, write: () => undefined },
    facts: () => NO_FACTS,
    onOwners: () => undefined,
    bridge: null,
    tell: () => undefined,
    ...time,
    log: silentLog,
    signal: end.signal,
  });
  await made.prepare([]);
  disk.fail(FULL);
  await made.start();
  t.teardown(async () => {
    end.abort();
    await made.stop();
  });
  await realWait(600, new AbortController().signal);
  t.equal(made.hub.now(), null, "three times as long as it waits for another: its term is not on disk");
  const letGo = disk.hold();
  disk.fail(null);
  await disk.committing();
  t.equal(made.hub.now(), null);
  letGo();
  await until("it is hub", () => made.hub.now() !== null);
});
