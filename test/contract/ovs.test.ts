/** The contract of the Open vSwitch driver: the fake and the driver on a real Open vSwitch pass the same suite. */

import t, { type Test } from "tap";
import type { ObservedBridge, ObservedOvs } from "../../agent/domain/observed.js";
import { beginsWatching, openWorld } from "../support/contract.js";
import { createFakeOvs } from "../support/fake-ovs.js";
import {
  ALL_TABLES,
  BIG,
  BRIDGE,
  flow,
  MARK,
  makeRealWorld,
  ONE,
  type OvsWorld,
  realOptions,
} from "../support/ovs-world.js";
import { nowOf, until } from "../support/real.js";

async function ovsContract(t: Test, makeWorld: () => Promise<OvsWorld>): Promise<void> {
  const world = await openWorld(t, makeWorld);
  const { driver, context } = world;
  const bridge = (): ObservedBridge | undefined => nowOf(driver.view())?.bridges.get(BRIDGE.name);
  const last = (): ObservedOvs | null | undefined => {
    const view = driver.view();
    return view.state === "ready" ? view.now : view.last;
  };
  const ready = () => until("the view is ready", () => driver.view().state === "ready");

  await beginsWatching(t, driver, context);

  await t.test("makes a bridge once, with our mark, without flows", async (t) => {
    await driver.ensureBridge(BRIDGE, context);
    t.match(bridge(), { name: BRIDGE.name, datapathType: "netdev", externalIds: MARK });
    t.strictSame([bridge()?.ports.size, bridge()?.flowCookies], [0, new Set()]);
    await driver.ensureBridge(BRIDGE, context);
    t.equal(nowOf(driver.view())?.bridges.size, 1);
  });

  await t.test("corrects a bridge's external ids and keeps those of others", async (t) => {
    await driver.ensureBridge({ ...BRIDGE, externalIds: { more: "1" } }, context);
    t.strictSame(bridge()?.externalIds, { ...MARK, more: "1" });
  });

  await t.test("adds several ports at once, each with an OpenFlow number of its own", async (t) => {
    for (const name of ["lmp0", "lmp1"]) await world.addInterface(name);
    await driver.addPorts(
      BRIDGE.name,
      [
        { name: "lmp0", externalIds: { f: "a" } },
        { name: "lmp1", externalIds: {} },
      ],
      context,
    );
    const [one, other] = [bridge()?.ports.get("lmp0"), bridge()?.ports.get("lmp1")];
    t.match(one, { name: "lmp0", error: null, linkUp: true, externalIds: { f: "a" } });
    t.ok(one?.ofport && other?.ofport && one.ofport !== other.ofport, "numbers differ");
    t.ok(one?.ifindex && other?.ifindex, "devices are bound");
  });

  await t.test("leaves a port that is there alone, and corrects its external ids", async (t) => {
    const before = bridge()?.ports.get("lmp0");
    await driver.addPorts(BRIDGE.name, [{ name: "lmp0", externalIds: { f: "b" } }], context);
    t.strictSame(bridge()?.ports.get("lmp0"), { ...before, externalIds: { f: "b" } });
  });

  await t.test(
    "refuses a port that Open vSwitch cannot open, in its words, and leaves nothing of it",
    async (t) => {
      const refused = driver.addPorts(BRIDGE.name, [{ name: "lmnone", externalIds: {} }], context);
      await t.rejects(refused, { code: "ovs.failed", detail: /lmnone.*No such device/ });
      t.strictSame([...(bridge()?.ports.keys() ?? [])].sort(), ["lmp0", "lmp1"]);
    },
  );

  await t.test("refuses a port of another bridge, and a bridge that is not there", async (t) => {
    await driver.ensureBridge({ ...BRIDGE, name: "br-other" }, context);
    const conflict = driver.addPorts("br-other", [{ name: "lmp0", externalIds: {} }], context);
    await t.rejects(conflict, { code: "ovs.port-conflict", detail: /lmp0.*br-test/ });
    await driver.removeBridge("br-other", context);
    await driver.removeBridge("br-other", context);
    t.notOk(nowOf(driver.view())?.bridges.has("br-other"));
    await t.rejects(driver.addPorts("br-other", [{ name: "lmp0", externalIds: {} }], context), {
      code: "ovs.failed",
    });
  });

  await t.test("adds and removes flows in one bundle", async (t) => {
    await driver.applyFlows(
      BRIDGE.name,
      { add: [flow("0x1", "in_port=1", "output:2"), flow(BIG, "", "drop")], removeCookies: [] },
      context,
    );
    t.strictSame(bridge()?.flowCookies, new Set([ONE, BIG]));
    const replace = { add: [flow("0x2", "in_port=1", "drop")], removeCookies: [ONE, BIG] };
    await driver.applyFlows(BRIDGE.name, replace, context);
    t.strictSame(bridge()?.flowCookies, new Set(["0x0000000000000002"]));
    // A real port's kernel may have sent something by itself meanwhile.
    const counters = await driver.flowCounters(BRIDGE.name, context);
    t.same([...counters.keys()], ["0x0000000000000002"]);
    const { packets = -1, bytes = -1 } = counters.get("0x0000000000000002") ?? {};
    t.ok(packets >= 0 && packets < 100 && bytes >= packets && bytes < 100_000, `${packets}, ${bytes}`);
  });

  await t.test("changes nothing when one flow of a bundle is refused", async (t) => {
    const bad = {
      add: [flow("0x3", "in_port=2", "drop"), flow("0x4", "in_port=1", "group:7")],
      removeCookies: ["0x2"],
    };
    await t.rejects(driver.applyFlows(BRIDGE.name, bad, context), { code: "ovs.failed" });
    t.strictSame(bridge()?.flowCookies, new Set(["0x0000000000000002"]));
    // Table 255 means all tables, which only a removal may name.
    const refusedBySwitch = { ...bad, add: [flow("0x3", "in_port=2", "drop"), ALL_TABLES] };
    await t.rejects(driver.applyFlows(BRIDGE.name, refusedBySwitch, context), {
      code: "ovs.failed",
      detail: /Open vSwitch refused flow .*table.*255/,
    });
    t.strictSame(bridge()?.flowCookies, new Set(["0x0000000000000002"]));
    const twoLines = { add: [flow("0x5", "in_port=1,\nflow delete", "drop")], removeCookies: [] };
    await t.rejects(driver.applyFlows(BRIDGE.name, twoLines, context), { code: "ovs.failed" });
  });

  await t.test("sees flows that somebody else deletes", async (t) => {
    await world.dropFlows(BRIDGE.name);
    await until("the flow is gone", () => bridge()?.flowCookies?.size === 0, 2_000);
    t.equal(driver.view().state, "ready");
  });

  await t.test(
    "sees an interface that vanishes; made anew under its name it must be bound anew",
    async (t) => {
      await world.removeInterface("lmp0");
      await until("ifindex is 0", () => bridge()?.ports.get("lmp0")?.ifindex === 0);
      t.equal(bridge()?.ports.get("lmp0")?.linkUp, false);
      await world.addInterface("lmp0");
      await until("the link is up", () => bridge()?.ports.get("lmp0")?.linkUp);
      t.equal(
        bridge()?.ports.get("lmp0")?.ifindex,
        0,
        "another device of the same name is not the one that is bound",
      );
      await driver.addPorts(BRIDGE.name, [{ name: "lmp0", externalIds: {} }], context);
      t.ok(bridge()?.ports.get("lmp0")?.ifindex, "bound");
    },
  );

  await t.test("a restart of ovs-vswitchd: degraded at once, then ports without flows", async (t) => {
    await driver.applyFlows(BRIDGE.name, { add: [flow("0x1", "", "drop")], removeCookies: [] }, context);
    await world.stopSwitch();
    await until("degraded", () => driver.view().state === "degraded", 1_000);
    t.match(driver.view(), { reason: /ovs-vswitchd does not answer/ });
    t.equal(last()?.bridges.get(BRIDGE.name)?.flowCookies, null);
    t.equal(last()?.bridges.get(BRIDGE.name)?.ports.size, 2, "the ports are still known");
    await t.rejects(driver.flowCounters(BRIDGE.name, context), { code: "driver.unavailable" });
    const change = { add: [flow("0x2", "", "drop")], removeCookies: [] };
    await t.rejects(driver.applyFlows(BRIDGE.name, change, context), { code: "driver.unavailable" });
    await world.startSwitch();
    await ready();
    t.strictSame([bridge()?.flowCookies, bridge()?.ports.size], [new Set(), 2]);
  });

  await t.test("ovsdb-server gone: degraded with what was seen last; back: ready", async (t) => {
    await world.stopDatabase();
    await until("degraded", () => driver.view().state === "degraded", 1_000);
    t.match(driver.view(), { reason: /ovsdb-server does not answer/ });
    t.ok(last()?.bridges.has(BRIDGE.name));
    const work = driver.addPorts(BRIDGE.name, [{ name: "lmp3", externalIds: {} }], context);
    await t.rejects(work, { code: "driver.unavailable" });
    for (const nothingToDo of [
      () => driver.ensureBridge(BRIDGE, context),
      () => driver.addPorts(BRIDGE.name, [{ name: "lmp0", externalIds: {} }], context),
      () => driver.removePorts(BRIDGE.name, ["lmnone"], context),
      () => driver.removeBridge("br-none", context),
    ])
      await t.rejects(
        nothingToDo(),
        { code: "driver.unavailable" },
        "who cannot look cannot say that all is done",
      );
    await world.startDatabase();
    await ready();
    t.equal(bridge()?.ports.size, 2);
  });

  await t.test("gives up when its signal aborts", async (t) => {
    const given = new AbortController();
    given.abort(new Error("enough"));
    const work = driver.applyFlows(
      BRIDGE.name,
      { add: [flow("0x9", "", "drop")], removeCookies: [] },
      { signal: given.signal },
    );
    await t.rejects(work, { code: "operation.timeout", detail: /enough/ });
    t.notOk(bridge()?.flowCookies?.has("0x0000000000000009"));
  });

  await t.test("removes ports, also such that are not there, and the bridge", async (t) => {
    await driver.removePorts(BRIDGE.name, ["lmp0", "lmnone"], context);
    t.strictSame([...(bridge()?.ports.keys() ?? [])], ["lmp1"]);
    await driver.removeBridge(BRIDGE.name, context);
    t.equal(bridge(), undefined);
  });
}

t.test("the fake", (t) =>
  ovsContract(t, async () => {
    const interfaces = new Set<string>();
    const { driver, control } = createFakeOvs({ hasInterface: (name) => interfaces.has(name) });
    return {
      driver,
      addInterface: async (name) => {
        interfaces.add(name);
        control.restoreInterface(name);
      },
      removeInterface: async (name) => {
        interfaces.delete(name);
        control.vanishInterface(name);
      },
      dropFlows: async (bridge) => control.dropFlows(bridge),
      stopSwitch: async () => control.stopSwitch(),
      startSwitch: async () => control.startSwitch(),
      stopDatabase: async () => control.stopDatabase(),
      startDatabase: async () => control.startDatabase(),
      close: async () => undefined,
    };
  }),
);

t.test("a real Open vSwitch", realOptions, (t) => ovsContract(t, makeRealWorld));
