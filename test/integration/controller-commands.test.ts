/** Commands by way of the controller: kept before they leave, done once, answered always, whatever the broker forgets. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { controller, type Running } from "../support/controller.js";
import { EXAMPLE_INPUTS, exampleSource } from "../support/example.js";
import { agent } from "../support/linked-agent.js";
import { slowDisk } from "../support/slow-disk.js";
import { until } from "../support/until.js";

const PATH = "/api/v1/nodes/s1/n1/commands";
const APPLY = { ...exampleSource(), id: "mec", name: "mec", inputs: EXAMPLE_INPUTS };

interface CommandView {
  readonly id: string;
  readonly state: string;
  readonly result: unknown;
  readonly code: string | null;
  readonly detail: string | null;
}

const viewOf = async (at: Running, id: string): Promise<CommandView> =>
  (await at.call("GET", `${PATH}/${id}`)).body as unknown as CommandView;
const answered = (at: Running, id: string): Promise<CommandView> =>
  until(`${id} is answered`, async () => {
    const view = await viewOf(at, id);
    return ["ok", "failed", "expired"].includes(view.state) && view;
  });
const known = (at: Running) =>
  until("the node is known", async () => (await at.call("GET", "/api/v1/nodes")).body.length === 1);

t.test("a command is answered, and done once however often it is asked for", async (t) => {
  const at = await controller(t);
  const { start, catalogue, journal } = await agent(t);
  await start(at.mqttPort ?? 0);
  await known(at);
  const asked = await at.call("POST", PATH, { id: "one", verb: "apply", args: APPLY });
  t.match(asked, { status: 202, location: `${PATH}/one`, body: { id: "one", verb: "apply", code: null } });
  t.match(await answered(at, "one"), { state: "ok", result: { id: "mec", revision: 1 }, code: null });
  t.match(await at.call("POST", PATH, { id: "one", verb: "apply", args: APPLY }), {
    status: 202,
    body: { state: "ok", result: { revision: 1 } },
  });
  t.equal(catalogue.services()[0]?.revision, 1, "not a second time");
  t.match(await at.call("POST", PATH, { id: "one", verb: "status" }), {
    status: 409,
    body: { code: "object.conflict" },
  });
  const made = (await at.call("POST", PATH, { verb: "no.such" })).body.id;
  t.match(await answered(at, made), { state: "failed", code: "usage.invalid", detail: /unknown verb/ });
  t.match(await at.call("GET", PATH), { body: [{ id: made }, { id: "one" }] });
  t.match(await at.call("POST", "/api/v1/nodes/s1/none/commands", { verb: "status" }), { status: 404 });
  t.match(await at.call("GET", `${PATH}/none`), { status: 404 });
  t.match(await at.call("POST", PATH, { verb: "A b" }), { status: 400, body: { code: "usage.invalid" } });
  t.match(await at.call("POST", PATH, { verb: "status", deadlineSeconds: 0 }), { status: 400 });
  t.ok(await until("the node keeps nothing open", async () => (await journal.commands.open()).length === 0));
});

t.test(
  "a command to a node that is away reaches it when it is back, also over a controller's restart",
  async (t) => {
    const stateDir = await mkdtemp(join(tmpdir(), "lmt-commands-"));
    t.teardown(() => rm(stateDir, { recursive: true, force: true }));
    const first = await controller(t, { stateDir });
    const node = await agent(t);
    const link = await node.start(first.mqttPort ?? 0);
    await known(first);
    await link.stop();
    await first.call("POST", PATH, { id: "late", verb: "service.list", deadlineSeconds: 3_600 });
    await first.call("POST", PATH, {
      id: "short",
      verb: "service.terminate",
      args: { id: "x" },
      deadlineSeconds: 1,
    });
    t.ok(await until("the broker has it", async () => (await viewOf(first, "late")).state === "sent"));
    await first.stop(); // and with it the broker's memory
    const second = await controller(t, { stateDir });
    t.match(await viewOf(second, "late"), { state: "sent" });
    await until("the short one's time is over", async () => {
      const { deadline } = (await viewOf(second, "short")) as unknown as { readonly deadline: string };
      return Date.parse(deadline) < Date.now();
    });
    await node.start(second.mqttPort ?? 0);
    t.match(await answered(second, "late"), { state: "ok", result: [] });
    t.match(await answered(second, "short"), { state: "expired", code: "operation.timeout" });
  },
);

t.test("an answer that cannot be kept is asked for again, and the command is not done again", async (t) => {
  const disk = slowDisk();
  const at = await controller(t, { engine: disk.engine });
  const { start, catalogue } = await agent(t);
  await start(at.mqttPort ?? 0);
  await known(at);
  await at.call("POST", PATH, { id: "one", verb: "apply", args: APPLY });
  await answered(at, "one");
  await at.call("POST", PATH, { id: "two", verb: "service.terminate", args: { id: "mec" } });
  disk.fail("disk I/O error");
  await until("the node has done it", () => catalogue.services().length === 0);
  await until("its answer could not be kept", () => disk.failed.some((sql) => sql.includes("SET answer")));
  disk.fail(null);
  t.match(await answered(at, "two"), { state: "ok", result: { id: "mec" } });
});
