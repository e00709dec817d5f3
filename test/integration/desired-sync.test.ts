/** Desired state over the wire: what a rejoin costs, and that what was missed is found by the root digest. */
import t, { type Test } from "tap";
import { silentLog } from "../../bus/log.js";
import { realWait, type Wait } from "../../bus/wait.js";
import { createDesiredPublisher } from "../../controller/desired.js";
import type { DesiredObject } from "../../controller/store/desired.js";
import { digestOf } from "../../model/digest.js";
import { broker, client, envelope } from "../support/bus.js";
import { agent, CONFIG, operator, site } from "../support/linked-agent.js";
import { relay } from "../support/relay.js";
import { until } from "../support/until.js";

const files = { "nsd.yaml": "x".repeat(3_000) };
const digest = digestOf({ entry: "nsd.yaml", files });
const servicePackage = (revision: number): DesiredObject => ({
  site,
  kind: "package",
  id: digest.replace("sha256:", ""),
  revision,
  deleted: false,
  body: { digest, entry: "nsd.yaml", files },
});
const service = (id: string, revision: number, deleted = false): DesiredObject => ({
  site,
  kind: "service",
  id,
  revision,
  deleted,
  body: deleted ? null : { id, name: id, packageDigest: digest, inputs: {} },
});

/** The controller's publisher over a list of objects that a test changes. */
async function publisher(t: Test, port: number, objects: DesiredObject[]) {
  const bus = client(t, port, `controller-${Math.random()}`, { clean: true });
  const end = new AbortController();
  const desired = createDesiredPublisher({
    store: {
      desired: { ofSites: async () => new Map([[site, objects]]), sites: async () => [site] } as never,
    },
    bus,
    envelope,
    knownSites: () => [],
    log: silentLog,
  });
  const running = desired.run(end.signal);
  t.teardown(async () => {
    end.abort();
    await running;
  });
  bus.start();
  await until("the controller is connected", bus.connected);
  return {
    stop: bus.stop,
    change(...changed: DesiredObject[]) {
      for (const object of changed) {
        const at = objects.findIndex(({ kind, id }) => kind === object.kind && id === object.id);
        objects.splice(at === -1 ? objects.length : at, at === -1 ? 0 : 1, object);
      }
      desired.changed(site);
    },
  };
}

t.test(
  "a rejoin that finds nothing new moves less than 1 KB, also at a node that many objects are wanted of",
  async (t) => {
    const { port } = await broker(t);
    const wire = await relay(t, port);
    const services = Array.from({ length: 20 }, (_, i) => service(`service-${i}`, 1));
    await publisher(t, port, [servicePackage(1), ...services]);
    const { start, catalogue } = await agent(t, { config: { ...CONFIG, telemetrySeconds: 3_600 } });
    const link = await start(wire.port);
    await until("all is there", () => catalogue.services().length === 20 && link.inStep());
    const first = wire.bytes();
    t.ok(first > 8_000, `the first connection moved ${first} bytes`);
    const { states, ask } = await operator(t, port);
    await until("the operator knows", () => states.includes("online"));
    /** Bytes that a question moves, whose answer is behind all that the agent sent and got before. */
    const roundTrip = async () => {
      const before = wire.bytes();
      t.match(await ask("nothing"), { outcome: "failed" });
      return wire.bytes() - before;
    };
    await roundTrip();
    const cost = await roundTrip();
    for (let round = 0; round < 3; round++) {
      states.length = 0;
      const before = wire.bytes();
      wire.cut();
      await until("it is back", () => states.includes("online"));
      await until("it knows that it has all", link.inStep);
      await roundTrip();
      const moved = wire.bytes() - before - cost;
      t.ok(moved < 1_000, `a rejoin moved ${moved} bytes`);
    }
  },
);

t.test("changes come as they are made, and what was missed is found by the digest", async (t) => {
  const { port } = await broker(t);
  const { change } = await publisher(t, port, [servicePackage(1), service("web", 1)]);
  const { start, catalogue } = await agent(t);
  const link = await start(port);
  const ids = () => catalogue.services().map(({ request }) => request.id);
  await until("it has the first", () => ids().join() === "web" && link.inStep());
  change(service("dns", 1));
  await until("and a second as it is made", () => ids().join() === "dns,web" && link.inStep());
  await link.stop();
  change(service("web", 2, true));
  const again = await start(port);
  await until("a removal while it was away", () => ids().join() === "dns" && again.inStep());
});

t.test(
  "a broker that lost its memory costs a node that has all nothing, and the next change finds it",
  async (t) => {
    const first = await broker(t);
    const { port } = first;
    const objects = [servicePackage(1), service("web", 1)];
    await publisher(t, port, objects);
    const wire = await relay(t, port);
    const { start, catalogue } = await agent(t);
    const link = await start(wire.port);
    await until("it has all", link.inStep);
    await first.stop();
    await until("the connection is lost", () => !link.connected());
    const before = wire.bytes();
    await broker(t, { port });
    await until("it has all at the new one", link.inStep, { deadlineMs: 20_000 });
    const moved = wire.bytes() - before;
    t.ok(moved < 1_000, `${moved} bytes`);
    const { change } = await publisher(t, port, objects);
    change(service("dns", 1));
    await until("a change is asked for", () => catalogue.services().length === 2 && link.inStep());
  },
);

/** So that nobody waits for long. */
const hasty: Wait = (delayMs, signal) => realWait(Math.min(delayMs, 200), signal);

t.test("a controller that was set back removes nothing and takes nothing back, and is told so", async (t) => {
  const first = await broker(t);
  const { port } = first;
  const { start, catalogue, noted } = await agent(t, { wait: hasty });
  const newest = await publisher(t, port, [
    servicePackage(1),
    service("web", 3),
    service("dns", 1),
    service("old", 2, true),
  ]);
  const link = await start(port);
  const running = () => catalogue.services().map(({ request, revision }) => `${request.id} ${revision}`);
  await until("it has all", () => running().length === 2 && link.inStep());
  await newest.stop();
  await first.stop();
  await broker(t, { port });
  await publisher(t, port, [servicePackage(1), service("web", 2), service("old", 1)]);
  const told = await until("it is told", () => noted.find(({ type }) => type === "desired.ahead"));
  t.equal(
    told.detail,
    "this node holds what the controller does not know yet: service dns at revision 1, service old at revision 2 (removed), service web at revision 3",
  );
  t.same(told.data, {
    objects: [
      { kind: "service", id: "dns", revision: 1, deleted: false },
      { kind: "service", id: "old", revision: 2, deleted: true },
      { kind: "service", id: "web", revision: 3, deleted: false },
    ],
  });
  t.same(running(), ["dns 1", "web 3"]);
  t.equal(link.inStep(), false);
  t.equal(noted.length, 1, "once");
});
