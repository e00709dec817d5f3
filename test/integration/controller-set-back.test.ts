/**
 * A real controller and a real agent (its core over fakes of the machine), a real broker between: the controller's
 * store is set back to a copy of itself, and two agents have one identity.
 */
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createCore } from "../../agent/core.js";
import { openJournal } from "../../agent/store/journal.js";
import { silentLog } from "../../bus/log.js";
import { realWait, type Wait } from "../../bus/wait.js";
import type { ServiceStatus } from "../../model/messages/node.js";
import { parsePackage } from "../../model/tosca/parse.js";
import { controller, type Running } from "../support/controller.js";
import { CONFIG, HARDWARE } from "../support/linked-agent.js";
import { createNode } from "../support/loop.js";
import { exampleCopy, squidOnWan } from "../support/packages.js";
import { until } from "../support/until.js";

/** So that nobody waits for long. */
const hasty: Wait = (delayMs, signal) => realWait(Math.min(delayMs, 200), signal);

async function folder(t: Test): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "lmt-set-back-"));
  t.teardown(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** An agent as agent/main.ts has it, on a machine and with a journal of its own. */
async function agent(t: Test, port: number) {
  const stop = new AbortController();
  const machine = createNode();
  const journal = await openJournal(join(await folder(t), "journal.db"), Date.now);
  const core = await createCore({
    config: { ...CONFIG, controller: { ...CONFIG.controller, url: `mqtt://127.0.0.1:${port}` } },
    version: "1",
    journal,
    drivers: {
      ovs: machine.ovs.driver,
      docker: machine.docker.driver,
      click: machine.click.driver,
      link: machine.link.driver,
    },
    hardware: async () => HARDWARE,
    bootId: "boot",
    startedAt: Date.now(),
    clock: Date.now,
    random: Math.random,
    log: silentLog,
    signal: stop.signal,
  });
  await core.begin();
  await core.connect({ wait: hasty });
  let isStopped = false;
  const end = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await core.leave();
    stop.abort();
    await core.recorder.flush();
    await journal.close();
  };
  t.teardown(end);
  return {
    ...core,
    end,
    states: () => core.operations.services().map(({ name, state }) => `${name} ${state}`),
  };
}

async function packageIn(path: string) {
  const names = (await readdir(path)).filter((name) => /\.(yaml|click)$/.test(name));
  const files: Record<string, string> = {};
  for (const name of names) files[name] = await readFile(join(path, name), "utf8");
  return { entry: "nsd.yaml", files };
}

async function instantiate(at: Running, nsName: string, content: object): Promise<string> {
  const { body: descriptor } = await at.call("POST", "/nsd/v1/ns_descriptors", {});
  await at.call("PUT", `/nsd/v1/ns_descriptors/${descriptor.id}/nsd_content`, content);
  const { body } = await at.call("POST", "/nslcm/v1/ns_instances", { nsdId: descriptor.id, nsName });
  const asked = await at.call("POST", `/nslcm/v1/ns_instances/${body.id}/instantiate`, { siteId: "s1" });
  await until(
    `${nsName} runs`,
    async () => (await at.call("GET", asked.location)).body.operationState === "COMPLETED",
  );
  return body.id;
}

async function terminate(at: Running, id: string): Promise<void> {
  const asked = await at.call("POST", `/nslcm/v1/ns_instances/${id}/terminate`, {});
  await until(
    "it is gone",
    async () => (await at.call("GET", asked.location)).body.operationState === "COMPLETED",
  );
}

const nsState = async (at: Running, id: string): Promise<string> =>
  (await at.call("GET", `/nslcm/v1/ns_instances/${id}`)).body.nsState;

/** What the controller has been told: service names with their states, of what is not gone. */
async function told(at: Running): Promise<readonly string[]> {
  const reported = await at.store.reports.services();
  return reported
    .flatMap(({ removed, status }) => (removed || !status ? [] : [status as ServiceStatus]))
    .map(({ name, state }) => `${name} ${state}`)
    .sort();
}

t.test(
  "a controller restored from an old copy learns from the node what it lost, and can end it",
  async (t) => {
    const stateDir = await folder(t);
    const backup = await folder(t);
    const forwarder = await packageIn(await exampleCopy(t, "forwarder"));
    const squid = await packageIn(await squidOnWan(t));
    const options = { stateDir, parse: parsePackage } as const;

    const first = await controller(t, options);
    const mqttPort = first.mqttPort ?? 0;
    const node = await agent(t, mqttPort);
    const old = await instantiate(first, "old", forwarder);
    await first.stop();
    await cp(stateDir, backup, { recursive: true });

    const second = await controller(t, { ...options, mqttPort });
    await until("the node is back", node.connected);
    await terminate(second, old);
    const young = await instantiate(second, "young", squid);
    t.same(node.states(), ["young active"]);
    await second.stop();
    await rm(stateDir, { recursive: true });
    await cp(backup, stateDir, { recursive: true });

    const third = await controller(t, { ...options, mqttPort });
    t.equal(await nsState(third, old), "INSTANTIATED", "as the backup has it");
    await until(
      "it learns what was ended since",
      async () => (await nsState(third, old)) === "NOT_INSTANTIATED",
    );
    await until("and what was made", async () => (await nsState(third, young)) === "INSTANTIATED");
    await until(
      "and the states that it had acknowledged",
      async () => (await told(third)).join() === "young active",
    );
    const { body } = await third.call("GET", "/api/v1/events?since=0&limit=1000");
    const types = (body as unknown as { type: string }[]).map(({ type }) => type);
    t.ok(types.includes("desired.ahead"), "it is told that it was set back");
    t.ok(types.includes("reports.forgotten"), "and which reports are lost");
    t.same(node.states(), ["young active"], "nothing that ran was touched");

    await terminate(third, young);
    t.same(node.states(), [], "what it did not know any more can be ended");
    t.equal(await nsState(third, young), "NOT_INSTANTIATED");
  },
);

t.test(
  "a package that was removed after the backup is wanted again with what is made of it since",
  async (t) => {
    const stateDir = await folder(t);
    const backup = await folder(t);
    const options = { stateDir, parse: parsePackage } as const;
    const first = await controller(t, options);
    const mqttPort = first.mqttPort ?? 0;
    const node = await agent(t, mqttPort);
    const old = await instantiate(first, "old", await packageIn(await exampleCopy(t, "forwarder")));
    await first.stop();
    await cp(stateDir, backup, { recursive: true });

    const second = await controller(t, { ...options, mqttPort });
    await until("the node is back", node.connected);
    await terminate(second, old);
    t.same(node.operations.services(), [], "the node holds that service and package are to be no more");
    await second.stop();
    await rm(stateDir, { recursive: true });
    await cp(backup, stateDir, { recursive: true });

    const third = await controller(t, { ...options, mqttPort });
    const { body: older } = await third.call("GET", `/nslcm/v1/ns_instances/${old}`);
    const { nsdId } = older as unknown as { readonly nsdId: string };
    const { body: young } = await third.call("POST", "/nslcm/v1/ns_instances", { nsdId, nsName: "young" });
    await third.call("POST", `/nslcm/v1/ns_instances/${young.id}/instantiate`, { siteId: "s1" });
    await until("the newer one runs", () => node.states().join() === "young active");
    await until("and the older one is ended", async () => (await nsState(third, old)) === "NOT_INSTANTIATED");
  },
);

t.test("two agents of one identity are told of, and the one that stays has the last word", async (t) => {
  const at = await controller(t, { parse: parsePackage });
  const port = at.mqttPort ?? 0;
  const forwarder = await packageIn(await exampleCopy(t, "forwarder"));
  const squid = await packageIn(await squidOnWan(t));
  const original = await agent(t, port);
  await original.operations.apply({ ...forwarder, id: "ours", name: "ours", inputs: {} });
  await until("the original is known", async () => (await told(at)).join() === "ours active");

  const copy = await agent(t, port);
  await copy.operations.apply({ ...squid, id: "ghost", name: "ghost", inputs: {} });
  const events = async () =>
    (await at.call("GET", "/api/v1/events?since=0&limit=1000")).body as unknown as {
      type: string;
      detail: string;
    }[];
  const event = await until("it is told", async () =>
    (await events()).find(({ type }) => type === "node.two-agents"),
  );
  t.match(event.detail, /two agents say that they are node n1/);
  await until("the copy is heard", async () => (await told(at)).includes("ghost active"));
  t.equal((await events()).filter(({ type }) => type === "node.two-agents").length, 1, "once");

  await copy.end();
  await until("what the copy said is gone", async () => (await told(at)).join() === "ours active");
  t.same(original.states(), ["ours active"]);
});
