/** What is being ended is `stopping`, a service `terminating` until its last piece is gone, over the agent's death too. */
import t from "tap";
import { LightmanoError } from "../../model/errors.js";
import type { ServiceStatus } from "../../model/messages/node.js";
import { exampleService, OTHER_LVNF } from "../support/example.js";
import { deployed, type Loop, startLoop } from "../support/loop.js";

const BREAKOUT = "mec.breakout";
const CACHE = "mec.cache";
const TOMBSTONE = { id: "mec", revision: 7 };
const outline = ({ state, functions }: ServiceStatus) => [
  state,
  ...functions.map((f) => `${f.name} ${f.state}`).sort(),
];
const found = (loop: Loop): ServiceStatus | undefined =>
  loop.snapshot().services.find(({ id }) => id === "mec");

t.test("a service is terminating from the wish on until its last piece is gone", async (t) => {
  const { node, loop } = await deployed(t);
  const { restarts, digest } = loop.fn(CACHE);
  const stopped = node.docker.control.hold("remove");
  const unbridged = node.ovs.control.hold("removePorts");
  loop.setServices([], [TOMBSTONE]);
  t.same(outline(loop.service()), ["terminating", "breakout stopping", "cache stopping"], "at once");
  t.match(loop.service(), {
    name: "mec",
    revision: 7,
    packageDigest: exampleService().request.packageDigest,
  });
  await loop.until("the LVNF is gone", () => loop.service().functions.length === 1);
  t.match(loop.fn(CACHE), { state: "stopping", restarts, digest, pid: Number, code: null, reason: null });
  t.match(loop.service().reason, /still here: container mec\.cache, port lmb/);
  t.same(loop.removed, []);
  stopped();
  await loop.until("the container is gone", () => loop.service().functions.length === 0);
  t.match(loop.service(), { state: "terminating", reason: /^still here: port lmb\w+ of mec\./ });
  t.same(loop.removed, [], "its ports are there still");
  unbridged();
  await loop.until("its removal is reported", () => loop.removed.length > 0);
  t.equal(found(loop), undefined);
  t.equal(node.flows().length, 0, "not before its flows were gone");
  t.notOk([...node.ports()].some((name) => name.startsWith("lmb")));
});

t.test("what holds it up is said, with the reason of the last try", async (t) => {
  const { node, loop } = await deployed(t);
  const busy = new LightmanoError("docker.failed", "the device is busy");
  node.docker.control.failAlways("remove", busy);
  loop.setServices([], [TOMBSTONE]);
  await loop.until("it is said", () => loop.service().code);
  t.match(loop.service(), {
    state: "terminating",
    code: "docker.failed",
    reason: /mec\.cache: .*device is busy/,
  });
  t.match(loop.fn(CACHE), { state: "stopping", code: "docker.failed", reason: /the device is busy/ });
  t.same(loop.removed, []);
  node.docker.control.failAlways("remove", null);
  await loop.until("its removal is reported", () => loop.removed.length > 0);
});

t.test("a driver that is away holds it up, with the reason", async (t) => {
  const { node, loop } = await deployed(t);
  node.docker.control.stopDaemon();
  await loop.until("it is told", () => loop.eventsOf("driver/docker", "driver.degraded").length > 0);
  loop.setServices([], [TOMBSTONE]);
  await loop.until("the LVNF is gone", () => loop.service().functions.length === 1);
  t.match(loop.service(), {
    state: "terminating",
    code: "driver.unavailable",
    reason: /^still here: container mec\.cache: driver docker is degraded: /,
  });
  t.match(loop.fn(CACHE), { state: "stopping", code: "driver.unavailable" });
  node.docker.control.startDaemon();
  await loop.until("its removal is reported", () => loop.removed.length > 0);
});

t.test("an agent that was killed over it goes on with it when it starts again", async (t) => {
  const { node, loop: first } = await deployed(t);
  node.docker.control.hold("remove");
  first.setServices([], [TOMBSTONE]);
  await first.until("the LVNF is gone", () => first.service().functions.length === 1);
  first.stop();
  const letGo = node.docker.control.hold("remove");
  const loop = startLoop(node, [], { terminated: ["mec"] });
  t.teardown(() => loop.stop());
  t.same(loop.removed, [], "nobody has looked yet");
  await loop.until("it is found", () => found(loop));
  t.match(loop.service(), { state: "terminating", name: "mec", packageDigest: null, revision: 1 });
  t.match(loop.service().functions, [{ id: CACHE, name: "cache", kind: "container", state: "stopping" }]);
  t.same(loop.removed, []);
  letGo();
  await loop.until("its removal is reported", () => loop.removed.length > 0);
  t.equal(found(loop), undefined);
});

t.test("a service that is wanted again is terminating no more", async (t) => {
  const { node, loop } = await deployed(t);
  const stopped = node.docker.control.hold("remove");
  loop.setServices([], [TOMBSTONE]);
  await loop.until("the LVNF is gone", () => loop.service().functions.length === 1);
  loop.setServices([exampleService()], []);
  t.match(outline(loop.service())[0], /deploying|degraded/);
  t.equal(loop.service().functions.filter(({ id }) => id === CACHE).length, 1, "once, though it is ending");
  stopped();
  await loop.active();
  t.same(loop.removed, []);
});

t.test(
  "a function that its service has no longer is stopping in it, and the service is active",
  async (t) => {
    const { node, loop } = await deployed(t);
    const stopped = node.docker.control.hold("remove");
    const { descriptor, ...service } = exampleService();
    if (!descriptor) throw new Error("the example cannot be read");
    const functions = descriptor.functions.filter(({ name }) => name !== "cache");
    loop.setServices([{ ...service, descriptor: { ...descriptor, functions, chains: [] } }]);
    await loop.until("it is ended", () => loop.fn(CACHE).state === "stopping");
    t.match(loop.service(), { state: "active", code: null, reason: null });
    stopped();
    await loop.until("it is gone", () => loop.service().functions.length === 1);
  },
);

t.test("what is replaced is stopping while it is ended, and starting then", async (t) => {
  const { node, loop } = await deployed(t);
  const stopped = node.click.control.hold("stop");
  loop.setServices([exampleService("mec", OTHER_LVNF)]);
  await loop.until("it is ended", () => loop.fn(BREAKOUT).state === "stopping");
  t.match(loop.fn(BREAKOUT).reason, /started anew/);
  t.equal(loop.service().state, "degraded");
  stopped();
  await loop.active();
  t.equal(loop.fn(BREAKOUT).reason, null);
});

t.test("what an operator restarts is stopping while it is ended", async (t) => {
  const { node, loop } = await deployed(t);
  const process = node.click.control.processOf(BREAKOUT);
  if (!process) throw new Error("it does not run");
  let over = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    over = resolve;
  });
  const restarted = loop.restart(BREAKOUT, async () => {
    await until;
    await node.click.driver.stop(BREAKOUT, process.pid, process.startTicks, 0, {
      signal: AbortSignal.timeout(1_000),
    });
  });
  await loop.until("it is ended", () => loop.fn(BREAKOUT).state === "stopping");
  over();
  await restarted;
  await loop.active();
});
