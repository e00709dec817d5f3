/** The agent's loop over stateful fakes: it deploys, heals what breaks, and waits for what is away. */
import t, { type Test } from "tap";
import { LightmanoError } from "../../model/errors.js";
import { exampleService } from "../support/example.js";
import { createNode, deployed, type Loop, type Node, startLoop } from "../support/loop.js";

const BREAKOUT = "mec.breakout";
const CACHE = "mec.cache";
const FLOWS = 10;

/** Starts a loop on a node that a test has prepared. */
function begun(t: Test, node: Node): Loop {
  const loop = startLoop(node, [exampleService()]);
  t.teardown(() => loop.stop());
  return loop;
}

t.test("deploys the example on an empty node, and tells how", async (t) => {
  const { node, loop } = await deployed(t);
  t.equal(node.flows().length, FLOWS);
  t.equal(node.ports().length, 3 + 3 + 2, "node ports, the breakout's, the cache's");
  t.equal(node.link.control.attached.size, 2);
  t.match(loop.service(), {
    functions: [
      { id: BREAKOUT, state: "running", pid: Number, restarts: 0, bootMs: Number },
      { id: CACHE, state: "running", pid: Number, restarts: 0, bootMs: Number },
    ],
    chains: Array(5).fill({ state: "active" }),
  });
  const done = loop.events.filter(({ type }) => type === "work.done");
  t.ok(done.length >= 6);
  for (const { cause, rule, action, object } of done)
    t.ok(cause && rule && action, `${object}: ${cause} → ${rule} → ${action}`);
  t.match(loop.eventsOf(`function/${BREAKOUT}`, "work.done"), [
    { cause: "its process does not run", rule: /runs as described/, action: /make veths?.*start LVNF/ },
  ]);
  t.equal(loop.eventsOf(`function/${BREAKOUT}`, "function.running").length, 1);
  t.equal(loop.eventsOf("chain/mec.s1-up", "chain.active").length, 1);
  t.same(
    loop.events.filter(({ type }) => type === "work.failed"),
    [],
  );
});

t.test("an LVNF that dies is started again at once; nothing else is touched", async (t) => {
  const { node, loop } = await deployed(t);
  const before = node.calls();
  const { pid } = loop.fn(BREAKOUT);
  const killedAt = performance.now();
  node.click.control.kill(BREAKOUT, "SIGSEGV");
  await loop.ran(BREAKOUT, 2);
  const tookMs = performance.now() - killedAt;
  t.not(loop.fn(BREAKOUT).pid, pid);
  t.ok((loop.fn(BREAKOUT).bootMs ?? Number.NaN) <= tookMs, "boot time is of this start");
  t.same(node.calls(), { ...before, click: before.click + 1 });
  t.equal(node.flows().length, FLOWS);
  t.match(loop.eventsOf(`function/${BREAKOUT}`, "function.died"), [
    {
      cause: /pid \d+ ended/,
      rule: "a function that dies is started again",
      action: "start again now",
      code: "click.exited",
    },
  ]);
  t.match(loop.eventsOf(`function/${BREAKOUT}`, "function.exited"), [{ detail: /SIGSEGV/ }]);
  t.match(loop.eventsOf(`function/${BREAKOUT}`, "function.running").at(-1)?.data, { healMs: Number });
});

t.test("a container that dies is started again and attached anew; traffic goes past meanwhile", async (t) => {
  const { node, loop } = await deployed(t);
  node.docker.control.setLog(CACHE, "FATAL: no space\n");
  const letGo = node.docker.control.hold("start");
  node.killContainer(CACHE);
  await loop.until("the breakout is bypassed", () => node.flows().length < FLOWS - 2);
  t.match(loop.service(), { state: "degraded", reason: /mec\.cache/ });
  t.ok(
    node.flows().some(({ match }) => /^in_port=\d+$/.test(match)),
    "the way past stays",
  );
  letGo();
  await loop.ran(CACHE, 2);
  t.equal(node.flows().length, FLOWS);
  t.equal(node.link.control.attached.size, 2);
  t.match(loop.fn(CACHE), { restarts: 1, state: "running" });
  t.match(loop.eventsOf(`function/${CACHE}`, "function.died"), [
    { code: "container.exited", cause: /exit code 137/ },
  ]);
  t.match(loop.eventsOf(`function/${CACHE}`, "function.output"), [{ detail: /FATAL: no space/ }]);
});

t.test(
  "a container whose interfaces go before Docker tells of its end has died, and is not waited for",
  async (t) => {
    const { node, loop } = await deployed(t);
    const gone = new LightmanoError("container.attach-failed", "invalid netns: No such process");
    node.link.control.failAlways("attachContainer", gone);
    const tried = () =>
      node.link.control.calls.filter(({ operation }) => operation === "attachContainer").length;
    const before = tried();
    for (const name of [...node.link.control.attached.keys()]) node.vanish(name);
    await loop.until("it is to be attached again", () => tried() > before);
    node.docker.control.kill(CACHE);
    node.link.control.failAlways("attachContainer", null);
    await loop.ran(CACHE, 2);
    t.match(loop.eventsOf(`function/${CACHE}`, "function.died"), [
      { code: "container.exited", action: "start again now" },
    ]);
    t.match(loop.fn(CACHE), { restarts: 1, state: "running" });
    t.match(loop.eventsOf(`function/${CACHE}`, "work.failed"), [{ code: "container.exited" }]);
  },
);

t.test("a container that somebody else restarted, unseen, has died and runs again", async (t) => {
  const { node, loop } = await deployed(t);
  const starts = () => node.docker.control.calls.filter(({ operation }) => operation === "start").length;
  const before = starts();
  const inside = [...node.link.control.attached.keys()];
  node.docker.control.restart(CACHE);
  for (const name of inside) node.vanish(name);
  await loop.ran(CACHE, 2);
  t.match(loop.eventsOf(`function/${CACHE}`, "function.died"), [
    { code: "container.exited", cause: /started again by somebody else/ },
  ]);
  t.match(loop.fn(CACHE), { restarts: 1, state: "running" });
  t.equal(starts(), before, "it was not started once more");
  t.equal(node.link.control.attached.size, 2, "and is attached again");
});

t.test("a container that is not to be attached has failed to start", async (t) => {
  const node = createNode();
  const wrong = new LightmanoError("container.attach-failed", "no such address");
  node.link.control.failAlways("attachContainer", wrong);
  const loop = begun(t, node);
  await loop.until("it waits", () => loop.fn(CACHE).state === "backoff");
  t.match(loop.fn(CACHE), { code: "container.attach-failed" });
});

t.test("a slow image pull holds up nothing else", async (t) => {
  const node = createNode();
  const letGo = node.docker.control.hold("ensureImage");
  const loop = begun(t, node);
  await loop.until("the LVNF runs", () => loop.fn(BREAKOUT).state === "running");
  node.click.control.kill(BREAKOUT);
  const again = () => loop.eventsOf(`function/${BREAKOUT}`, "function.running").length === 2;
  await loop.until("it runs again", again);
  t.equal(loop.fn(CACHE).state, "starting");
  t.equal(loop.service().state, "degraded");
  letGo();
  await loop.active();
});

t.test("flows that Open vSwitch lost come back, and no function notices", async (t) => {
  const { node, loop } = await deployed(t);
  const pids = loop.service().functions.map(({ pid }) => pid);
  const before = node.calls();
  node.ovs.control.restartSwitch();
  await loop.until("they are back", () => node.flows().length === FLOWS);
  t.same(node.calls(), { ...before, ovs: before.ovs + 1 }, "in one bundle");
  node.ovs.control.stopSwitch();
  await loop.until("it is told", () => loop.eventsOf("driver/ovs", "driver.degraded").length > 0);
  t.match(loop.eventsOf("driver/ovs").at(-1), { code: "driver.unavailable", detail: /vswitchd/ });
  node.ovs.control.startSwitch();
  await loop.until("they are back again", () => node.flows().length === FLOWS);
  t.same(
    loop.service().functions.map(({ pid }) => pid),
    pids,
  );
});

t.test("while Open vSwitch is away, a dead LVNF is started all the same", async (t) => {
  const { node, loop } = await deployed(t);
  node.ovs.control.stopDatabase();
  await loop.until("it is told", () => loop.eventsOf("driver/ovs", "driver.degraded").length > 0);
  node.click.control.kill(BREAKOUT);
  await loop.until(
    "it runs again",
    () => loop.fn(BREAKOUT).restarts === 1 && node.click.control.processOf(BREAKOUT),
  );
  node.ovs.control.startDatabase();
  await loop.active();
});

t.test("a port whose interface is gone is made anew, and its LVNF started on the new one", async (t) => {
  const { node, loop } = await deployed(t);
  const { pid } = loop.fn(BREAKOUT);
  const [device = ""] = node
    .ports()
    .filter((name) => name.startsWith("lmb") && !node.link.control.attached.has(name));
  node.vanish(device);
  await loop.ran(BREAKOUT, 2);
  t.not(loop.fn(BREAKOUT).pid, pid, "the old process had the old interface open");
  t.equal(node.flows().length, FLOWS);
  t.ok(node.link.control.has(device));
  t.equal(loop.fn(BREAKOUT).restarts, 0, "it did not die");

  const killedAt = performance.now();
  node.click.control.kill(BREAKOUT);
  await loop.ran(BREAKOUT, 3);
  const tookMs = performance.now() - killedAt;
  t.ok((loop.fn(BREAKOUT).bootMs ?? Number.NaN) <= tookMs, "boot time is not counted from the repair before");
});

t.test(
  "a container that only gets a port back is not started; its next boot counts from its next start",
  async (t) => {
    const { node, loop } = await deployed(t);
    const { pid } = loop.fn(CACHE);
    const [device = ""] = node.link.control.attached.keys();
    const before = node.calls();
    node.vanish(device);
    await loop.until("it is attached anew", () => node.link.control.attached.has(device));
    await loop.active();
    t.equal(loop.fn(CACHE).pid, pid);
    t.equal(node.calls().docker, before.docker);
    const killedAt = performance.now();
    node.killContainer(CACHE);
    await loop.ran(CACHE, 2);
    t.ok((loop.fn(CACHE).bootMs ?? Number.NaN) <= performance.now() - killedAt);
  },
);

t.test("Docker away: what needs it waits with the reason, and goes on when it is back", async (t) => {
  const node = createNode();
  node.docker.control.stopDaemon();
  const loop = begun(t, node);
  await loop.until("the LVNF runs", () => loop.fn(BREAKOUT).state === "running");
  t.match(loop.fn(CACHE), {
    state: "pending",
    code: "driver.unavailable",
    reason: /docker: Docker does not answer/,
  });
  t.match(loop.service(), { state: "degraded", code: "driver.unavailable", reason: /docker/ });
  t.match(loop.eventsOf("driver/docker"), [{ type: "driver.degraded", detail: /does not answer/ }]);
  node.docker.control.startDaemon();
  await loop.active();
  t.match(loop.eventsOf("driver/docker").at(-1), { type: "driver.ready" });

  node.docker.control.stopDaemon();
  node.killContainer(CACHE);
  await loop.until("the service is degraded", () => loop.service().state === "degraded");
  t.match(loop.service(), { code: "driver.unavailable" });
  node.docker.control.startDaemon();
  await loop.active();
  t.equal(node.flows().length, FLOWS);
});

t.test("an image that cannot be had is a failed function, tried again with growing pauses", async (t) => {
  const node = createNode();
  const { failAlways, calls } = node.docker.control;
  const gone = new LightmanoError("docker.image-missing", "image lightmano/squid:1: manifest unknown");
  failAlways("ensureImage", gone);
  const loop = begun(t, node);
  const tries = () => calls.filter(({ operation }) => operation === "ensureImage").length;
  for (let attempt = 1; attempt <= 4; attempt++) {
    await loop.until(`try ${attempt} failed`, () => tries() === attempt && loop.fn(CACHE).state === "failed");
    t.match(loop.fn(CACHE), { code: "docker.image-missing", reason: /manifest unknown/ });
    t.match(loop.service(), {
      state: "failed",
      code: "docker.image-missing",
      reason: /mec\.cache.*manifest unknown/,
    });
    loop.putForward(100);
    await loop.until("that was too soon", () => loop.fn(CACHE).state === "failed");
    t.equal(tries(), attempt);
    loop.putForward(750 * 2 ** (attempt - 1));
  }
  await loop.until("one more", () => tries() === 5);
  await loop.until("and failed", () => loop.fn(CACHE).state === "failed");
  failAlways("ensureImage", null);
  t.ok(loop.reset(CACHE), "an operator need not wait");
  await loop.active();
});

t.test("a change of flows that is refused is tried again, without spinning meanwhile", async (t) => {
  const node = createNode();
  node.ovs.control.failAlways("applyFlows", new LightmanoError("ovs.failed", "table full"));
  const loop = begun(t, node);
  await loop.until("it is told", () => loop.eventsOf("flows", "work.failed").length > 0);
  t.match(loop.eventsOf("flows", "work.failed")[0], {
    code: "ovs.failed",
    detail: /table full/,
    cause: /flows are missing/,
  });
  await loop.until("all but the flows is there", () => loop.fn(CACHE).state === "running");
  const letGo = node.ovs.control.hold("applyFlows");
  const tries = () => node.ovs.control.calls.filter(({ operation }) => operation === "applyFlows").length;
  const before = tries();
  loop.putForward(30_000);
  await loop.until("it is tried again", () => tries() > before);
  const passes = loop.passes();
  await new Promise((resolve) => setTimeout(resolve, 60)); // a measurement, not a wait
  t.ok(loop.passes() - passes < 10, `${loop.passes() - passes} passes in 60 ms in which nothing happened`);
  node.ovs.control.failAlways("applyFlows", null);
  letGo();
  await loop.until("the flows are there", () => node.flows().length === FLOWS);
});

t.test("an error that nobody thought of costs one pass, and is told", async (t) => {
  const node = createNode();
  let broken = false;
  const loop = startLoop(node, [exampleService()], {
    onObserve() {
      if (broken) throw new TypeError("undefined is not a port");
    },
  });
  t.teardown(() => loop.stop());
  await loop.active();
  broken = true;
  for (let i = 0; i < 3; i++) {
    const before = loop.passes();
    node.click.control.kill(BREAKOUT);
    loop.kick();
    await loop.until("a pass was tried", () => loop.passes() > before);
  }
  t.match(loop.eventsOf("agent")[0], {
    type: "agent.error",
    code: "agent.internal",
    detail: /undefined is not a port/,
  });
  t.equal(loop.eventsOf("agent").length, 1, "once, not with every pass");
  broken = false;
  loop.kick();
  await loop.until("it goes on", () => loop.fn(BREAKOUT).state === "running");
});

t.test("what is restarted on purpose has not died", async (t) => {
  const { node, loop } = await deployed(t);
  const view = node.docker.driver.view();
  const container = view.state === "ready" ? view.now.containers.get(CACHE) : undefined;
  const context = { signal: AbortSignal.timeout(5_000) };
  const before = loop.passes();
  await loop.restart(CACHE, async () => {
    loop.kick();
    await loop.until("it is looked at meanwhile", () => loop.passes() > before);
    await node.docker.driver.remove(container?.containerId ?? "", 0, context);
  });
  await loop.ran(CACHE, 2);
  t.match(loop.fn(CACHE), { state: "running", restarts: 0 });
  t.same(loop.eventsOf(`function/${CACHE}`, "function.died"), []);
  t.same(loop.eventsOf(`function/${CACHE}`, "function.adopted"), []);
  const refused = new LightmanoError("docker.failed", "no");
  await t.rejects(
    loop.restart(CACHE, () => Promise.reject(refused)),
    { code: "docker.failed" },
  );
  node.killContainer(CACHE);
  await loop.ran(CACHE, 3);
  t.equal(loop.fn(CACHE).restarts, 1, "the next death is one again");
});
