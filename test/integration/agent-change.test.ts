/** What is wanted changes under a running agent: what is planned anew, what is left alone, and what is adopted. */
import t from "tap";
import {
  EXAMPLE_LAYOUT,
  exampleService,
  exampleSource,
  exampleWith,
  OTHER_LVNF,
} from "../support/example.js";
import { createNode, deployed, type Node, startLoop } from "../support/loop.js";

const BREAKOUT = "mec.breakout";
const CACHE = "mec.cache";
const OTHER_IMAGE = exampleWith("nsd.yaml", "default: lightmano/squid:1", "default: lightmano/squid:2");

const operations = (node: Node, driver: "ovs" | "docker" | "click" | "link", from: number) =>
  node[driver].control.calls.slice(from).map(({ operation }) => operation);

t.test("an upgrade replaces what changed and nothing else", async (t) => {
  const { node, loop } = await deployed(t);
  const before = node.calls();
  const cachePid = loop.fn(CACHE).pid;
  loop.setServices([exampleService("mec", OTHER_LVNF)]);
  t.not(loop.service().state, "active", "it does not look done before it is begun");
  await loop.ran(BREAKOUT, 2);
  t.same(operations(node, "click", before.click), ["stop", "start"]);
  t.equal(loop.fn(CACHE).pid, cachePid);
  t.same({ ...node.calls(), click: 0, ovs: 0 }, { ...before, click: 0, ovs: 0 });
  t.ok(
    operations(node, "ovs", before.ovs).every((name) => name === "applyFlows"),
    "no port is touched",
  );
  t.match(loop.eventsOf(`function/${BREAKOUT}`, "work.done").at(-1), {
    cause: /process \d+ runs an older description/,
  });

  const again = node.calls();
  const breakoutPid = loop.fn(BREAKOUT).pid;
  node.docker.control.addImage("lightmano/squid:2");
  loop.setServices([
    exampleService(
      "mec",
      exampleSource({ ...OTHER_LVNF.files, "nsd.yaml": OTHER_IMAGE.files["nsd.yaml"] ?? "" }),
    ),
  ]);
  await loop.ran(CACHE, 2);
  t.same(operations(node, "docker", again.docker), ["ensureImage", "remove", "create", "start"]);
  t.equal(loop.fn(BREAKOUT).pid, breakoutPid);
});

t.test("setting the same again changes nothing", async (t) => {
  const { node, loop } = await deployed(t);
  const before = node.calls();
  const passes = loop.passes();
  loop.setServices([exampleService()]);
  await loop.until("it was planned", () => loop.passes() > passes);
  t.same(node.calls(), before);
  t.equal(loop.service().state, "active");
});

t.test("terminate removes all that we made, and nothing else", async (t) => {
  const node = createNode();
  const context = { signal: AbortSignal.timeout(5_000) };
  const theirs = { name: EXAMPLE_LAYOUT.bridge, datapathType: "netdev", externalIds: {} } as const;
  await node.ovs.driver.ensureBridge(theirs, context);
  await node.ovs.driver.addPorts(theirs.name, [{ name: "eth9", externalIds: { owner: "them" } }], context);
  const { loop } = await deployed(t, node);
  loop.setServices([]);
  await loop.until("its removal is reported", () => loop.removed.length > 0);
  t.same(loop.removed, ["mec"]);
  t.equal(node.click.control.processOf(BREAKOUT), undefined);
  const containers = node.docker.driver.view();
  t.equal(containers.state === "ready" && containers.now.containers.size, 0);
  await loop.until("its ports are off the bridge", () => node.ports().length === 1);
  t.same(node.ports(), ["eth9"], "a port without our mark stays");
  await loop.until("its flows are gone", () => node.flows().length === 0);
  const links = node.link.driver.view();
  const interfaces = () => {
    const view = node.link.driver.view();
    return view.state === "ready" ? [...view.now.names].sort() : [];
  };
  t.equal(links.state, "ready");
  await loop.until("its interfaces are gone", () => interfaces().length === 5);
  t.same(interfaces(), ["eth9", "lo", "s1-core", "s1-ran", "wan0"]);
  t.equal(node.click.control.savedState(BREAKOUT), undefined, "kept state goes with the service");
});

t.test(
  "a service is not said to be removed while a driver that is away may have something of it",
  async (t) => {
    const { node, loop } = await deployed(t);
    node.docker.control.stopDaemon();
    await loop.until("it is told", () => loop.eventsOf("driver/docker", "driver.degraded").length > 0);
    loop.setServices([]);
    await loop.until("the LVNF is gone", () => !node.click.control.processOf(BREAKOUT));
    await loop.until("and its flows", () => node.flows().length === 0);
    t.same(loop.removed, []);
    node.docker.control.startDaemon();
    await loop.until("its removal is reported", () => loop.removed.length > 0);
    t.match(node.docker.control.calls.at(-1), { operation: "remove" });
  },
);

t.test("a service on this node is not removed with one whose id begins alike", async (t) => {
  const { loop } = await deployed(t);
  loop.setServices([], [{ id: "me", revision: 1 }]);
  await loop.until("both are reported", () => loop.removed.length === 2);
  t.same([...loop.removed].sort(), ["me", "mec"]);
});

t.test("an agent that starts again adopts what runs, and touches nothing", async (t) => {
  const { node, loop: first } = await deployed(t);
  const pids = first.service().functions.map(({ pid }) => pid);
  first.stop();
  const before = node.calls();
  const second = startLoop(node, [exampleService()], { click: node.click.control.another() });
  t.teardown(() => second.stop());
  await second.active();
  await second.until(
    "all is adopted",
    () => second.events.filter(({ type }) => type === "function.adopted").length === 2,
  );
  const passes = second.passes();
  second.kick();
  await second.until("it was planned once more", () => second.passes() > passes);
  t.same(node.calls(), before, "no operation on any driver");
  t.same(
    second.service().functions.map(({ pid, restarts, state }) => ({ pid, restarts, state })),
    pids.map((pid) => ({ pid, restarts: 0, state: "running" })),
  );
  node.click.control.kill(BREAKOUT);
  await second.ran(BREAKOUT, 1);
  t.not(second.fn(BREAKOUT).pid, pids[0], "and looks after it");
  t.equal(second.fn(BREAKOUT).restarts, 1);
});

t.test("what died while no agent ran is started, what was not wanted any more is removed", async (t) => {
  const { node, loop: first } = await deployed(t);
  const other = startLoop;
  first.stop();
  node.click.control.kill(BREAKOUT);
  const second = other(node, [exampleService()], { click: node.click.control.another() });
  t.teardown(() => second.stop());
  await second.ran(BREAKOUT, 1);
  second.stop();
  const third = startLoop(node, [], { click: node.click.control.another(), terminated: ["mec"] });
  t.teardown(() => third.stop());
  await third.until("the LVNF is gone", () => !node.click.control.processOf(BREAKOUT));
  await third.until("the ports are gone", () => node.ports().length === 0);
});

t.test("an agent whose journal knows nothing of what runs leaves it as it is, until told", async (t) => {
  const { node, loop: first } = await deployed(t);
  first.stop();
  const [calls, flows] = [node.calls(), node.flows().length];
  const amnesiac = startLoop(node, [], { click: node.click.control.another() });
  t.teardown(() => amnesiac.stop());
  await amnesiac.until("it is told", () => amnesiac.eventsOf("function/mec.cache", "function.held")[0]);
  const passes = amnesiac.passes();
  amnesiac.kick();
  await amnesiac.until("it was planned once more", () => amnesiac.passes() > passes);
  t.same(node.calls(), calls, "no operation on any driver");
  t.equal(amnesiac.eventsOf("function/mec.cache", "function.held").length, 1, "it is told once");

  amnesiac.setServices([exampleService()]);
  await amnesiac.active();
  t.same(node.calls(), calls, "the service comes back, and finds what it wants running");
  t.equal(node.flows().length, flows);
  amnesiac.setServices([], [{ id: "mec", revision: 1 }]);
  await amnesiac.until("what is terminated goes", () => node.ports().length + node.flows().length === 0);
});

t.test("a work that is superseded is aborted: the old image is neither waited for nor run", async (t) => {
  const node = createNode();
  const letGo = node.docker.control.hold("ensureImage");
  const loop = startLoop(node, [exampleService()]);
  t.teardown(() => loop.stop());
  const asked = () =>
    node.docker.control.calls.flatMap(({ operation, args }) => (operation === "ensureImage" ? args : []));
  await loop.until("the first image is asked for", () => asked().length === 1);
  node.docker.control.addImage("lightmano/squid:2");
  loop.setServices([exampleService("mec", OTHER_IMAGE)]);
  await loop.until("the second image is asked for", () => asked().length === 2);
  t.same(asked(), ["lightmano/squid:1", "lightmano/squid:2"]);
  letGo();
  await loop.active();
  const created = node.docker.control.calls.filter(({ operation }) => operation === "create");
  t.match(created, [{ args: [{ image: "lightmano/squid:2" }] }]);
  t.same(loop.eventsOf(`function/${CACHE}`, "work.failed"), [], "that is no failure");
});

t.test("an upgrade that is taken back while its image is pulled leaves the old one as it is", async (t) => {
  const { node, loop } = await deployed(t);
  const letGo = node.docker.control.hold("ensureImage");
  node.docker.control.addImage("lightmano/squid:2");
  const before = node.calls();
  loop.setServices([exampleService("mec", OTHER_IMAGE)]);
  await loop.until("the image is asked for", () => operations(node, "docker", before.docker).length > 0);
  const passes = loop.passes();
  loop.setServices([exampleService()]);
  await loop.until("it is planned anew", () => loop.passes() > passes);
  letGo();
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  t.same(operations(node, "docker", before.docker), ["ensureImage"], "and nothing else was done");
  t.match(loop.fn(CACHE), { state: "running", restarts: 0 });
  t.same(loop.eventsOf(`function/${CACHE}`, "work.failed"), [], "that is no failure");
});

t.test("what is under way for a service that was terminated is aborted", async (t) => {
  const node = createNode();
  const letGo = node.docker.control.hold("ensureImage");
  const loop = startLoop(node, [exampleService()]);
  t.teardown(() => loop.stop());
  await loop.until("the image is asked for", () => node.docker.control.calls.length > 0);
  await loop.until("the LVNF runs", () => loop.fn(BREAKOUT).state === "running");
  loop.setServices([]);
  await loop.until("its removal is reported", () => loop.removed.length > 0);
  letGo();
  await loop.until("its ports are gone", () => node.ports().length === 0);
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  t.same(operations(node, "docker", 0), ["ensureImage"], "nothing was created after that");
});

t.test(
  "of an LVNF that never started, or waits for its next start, nothing stays after terminate",
  async (t) => {
    const node = createNode();
    const bad = exampleWith("gtp-breakout.click", "GTPDecap", "NoSuchElement");
    const loop = startLoop(node, [exampleService("mec", bad)]);
    t.teardown(() => loop.stop());
    await loop.until("it failed", () => loop.fn(BREAKOUT).state === "failed");
    t.same(node.click.control.files(), [BREAKOUT]);
    loop.setServices([]);
    await loop.until("its removal is reported", () => loop.removed.length > 0);
    t.same(node.click.control.files(), []);
    t.match(loop.eventsOf(`function/${BREAKOUT}`, "work.done").at(-1), {
      cause: /files of LVNF mec\.breakout/,
    });
  },
);
