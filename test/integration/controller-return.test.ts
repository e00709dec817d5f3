/** A controller with its broker that was away: what a node tells it that comes back. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { controller, type Running } from "../support/controller.js";
import { agent, CONFIG } from "../support/linked-agent.js";
import { relay } from "../support/relay.js";
import { until } from "../support/until.js";

const folder = async (t: Test): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), "lmt-return-"));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
};
const quiet = { config: { ...CONFIG, telemetrySeconds: 3_600 } };
const DEADLINE = { deadlineMs: 20_000 };

/** The controller's only node, as REST shows it. */
async function shown({ call }: Running) {
  const { body } = await call("GET", "/api/v1/nodes");
  return body[0] as unknown as { online: boolean; inventory: { kernel: string } | null } | undefined;
}

t.test("a node that comes back to a controller which has its inventory does not send it again", async (t) => {
  const stateDir = await folder(t);
  const first = await controller(t, { stateDir });
  const mqttPort = first.mqttPort ?? 0;
  const wire = await relay(t, mqttPort);
  const { start } = await agent(t, quiet);
  const link = await start(wire.port);
  await until("the inventory is there", async () => (await shown(first))?.inventory);
  await until("it is in step", link.inStep);
  await first.stop();
  await until("the connection is lost", () => !link.connected());
  const before = wire.bytes();
  const second = await controller(t, { stateDir, mqttPort });
  await until("it is online again", async () => (await shown(second))?.online, DEADLINE);
  await until("and in step", () => link.inStep() === true, DEADLINE);
  const moved = wire.bytes() - before;
  t.ok(moved < 1_250, `${moved} bytes`);
  t.match(await shown(second), { inventory: { kernel: "6.1" } }, "the controller has it all the same");
});

t.test("a controller that does not have the inventory asks for it", async (t) => {
  const first = await controller(t, { stateDir: await folder(t) });
  const mqttPort = first.mqttPort ?? 0;
  const { start } = await agent(t, quiet);
  await start(mqttPort);
  await until("the inventory is there", async () => (await shown(first))?.inventory);
  await first.stop();
  const second = await controller(t, { stateDir: await folder(t), mqttPort });
  const node = await until("it is there again", async () => (await shown(second))?.inventory, DEADLINE);
  t.match(node, { kernel: "6.1" });
});
