/** The contract of the Open vSwitch driver: the fake and the driver on a real Open vSwitch pass the same suite. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { flowsOf } from "../../agent/domain/flows.js";
import type { Flow, ObservedBridge, ObservedOvs } from "../../agent/domain/observed.js";
import type { OvsDriver } from "../../agent/drivers/ovs/api.js";
import { createOvsDriver } from "../../agent/drivers/ovs/driver.js";
import type { LightmanoError } from "../../model/errors.js";
import type { FlowMatch } from "../../model/service.js";
import { beginsWatching, openWorld } from "../support/contract.js";
import { createFakeOvs } from "../support/fake-ovs.js";
import { missingFor, nowOf, sh, until } from "../support/real.js";
import { OVS_PROGRAMS, startRealOvs } from "../support/real-ovs.js";

/** What the suite does to the world behind the driver. */
interface World {
  readonly driver: OvsDriver;
  addInterface(name: string): Promise<void>;
  removeInterface(name: string): Promise<void>;
  dropFlows(bridge: string): Promise<void>;
  stopSwitch(): Promise<void>;
  startSwitch(): Promise<void>;
  stopDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  close(): Promise<void>;
}

const MARK = { lightmano: "test" };
const BRIDGE = { name: "br-test", datapathType: "netdev", externalIds: MARK } as const;
const flow = (cookie: string, match: string, actions: string): Flow => ({
  cookie,
  table: 0,
  priority: 10,
  match,
  actions,
});
const ALL_TABLES: Flow = { ...flow("0x4", "in_port=1", "drop"), table: 255 };
const ONE = "0x0000000000000001";
const BIG = "0xfedcba9876543210";

/** All that a rule may say, alone and together. */
const EVERY_MATCH: readonly FlowMatch[] = [
  {},
  { etherSource: "0A:00:00:00:00:01", etherDestination: "ff:ff:ff:ff:ff:ff" },
  { vlan: 0 },
  { vlan: 4094, etherType: "arp" },
  { etherType: "ipv4" },
  { etherType: "ipv6", dscp: 46 },
  { protocol: "icmp", dscp: 0 },
  { protocol: "icmp", etherType: "ipv6" },
  { protocol: "udp", destinationPorts: [2152, 2152] },
  { protocol: "tcp", sourcePorts: [1, 65535], destinationPorts: [1000, 2047] },
  { protocol: "sctp", destinationPorts: [36412, 36422] },
  { protocol: "tcp", destinationPorts: [0, 65535] },
  { sourcePrefix: "10.45.77.3/16", destinationPrefix: "192.0.2.1/32" },
  { sourcePrefix: "0.0.0.0/0", destinationPrefix: "192.0.2.129/25", protocol: "udp", vlan: 7 },
  { sourcePrefix: "2001:db8::1/32", destinationPrefix: "::ffff:192.0.2.1/128", protocol: "tcp" },
  { sourcePrefix: "::/0", destinationPrefix: "fe80::1/10" },
  { destinationPrefix: "2001:db8:1:2:3:4:5:6/63", protocol: "sctp", sourcePorts: [7, 9] },
];

async function ovsContract(t: Test, makeWorld: () => Promise<World>): Promise<void> {
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

const missing = missingFor(OVS_PROGRAMS);
const realOptions = missing === null ? {} : { skip: missing };

async function makeRealWorld(): Promise<World & { readonly real: Awaited<ReturnType<typeof startRealOvs>> }> {
  const real = await startRealOvs();
  return {
    ...real,
    real,
    driver: createOvsDriver({ ovsdbSocket: real.ovsdbSocket, runDir: real.runDir }),
    addInterface: async (name) => {
      await real.ip("link", "add", "name", name, "type", "veth", "peer", "name", `${name}p`);
      await real.ip("link", "set", "dev", name, "up");
      await real.ip("link", "set", "dev", `${name}p`, "up");
    },
    removeInterface: async (name) => void (await real.ip("link", "del", "dev", name)),
    dropFlows: async (bridge) => void (await real.ofctl("del-flows", `unix:${real.runDir}/${bridge}.mgmt`)),
  };
}

t.test("a real Open vSwitch", realOptions, (t) => ovsContract(t, makeRealWorld));

t.test("on a real Open vSwitch", realOptions, async (t) => {
  const world = await openWorld(t, makeRealWorld);
  const { driver, real, context } = world;
  driver.watch(() => undefined, context.signal);
  await until("ready", () => driver.view().state === "ready");
  await driver.ensureBridge(BRIDGE, context);

  await t.test("the bridge is secure, has OpenFlow 1.4 and also speaks to a bare ovs-ofctl", async (t) => {
    t.equal(await real.vsctl("get", "bridge", BRIDGE.name, "fail_mode"), "secure");
    await sh("ovs-ofctl", "show", `unix:${real.runDir}/${BRIDGE.name}.mgmt`);
    await real.vsctl("set", "bridge", BRIDGE.name, "fail_mode=standalone", "protocols=OpenFlow10");
    await driver.ensureBridge(BRIDGE, context);
    t.equal(await real.vsctl("get", "bridge", BRIDGE.name, "fail_mode"), "secure");
    await real.ofctl("show", `unix:${real.runDir}/${BRIDGE.name}.mgmt`);
  });

  await t.test(
    "packets pass between ports, are counted, and pass again after a veth was made anew",
    async (t) => {
      const inside = async (name: string, address: string) => {
        await sh("ip", "netns", "add", `${real.namespace}-${name}`);
        t.teardown(() => sh("ip", "netns", "del", `${real.namespace}-${name}`));
        return async () => {
          await world.addInterface(name);
          await real.ip("link", "set", "dev", `${name}p`, "netns", `${real.namespace}-${name}`);
          await sh(
            "ip",
            "-n",
            `${real.namespace}-${name}`,
            "addr",
            "add",
            `${address}/24`,
            "dev",
            `${name}p`,
          );
          await sh("ip", "-n", `${real.namespace}-${name}`, "link", "set", "dev", `${name}p`, "up");
          await driver.addPorts(BRIDGE.name, [{ name, externalIds: {} }], context);
        };
      };
      const [one, other] = [await inside("lmx0", "10.77.0.1"), await inside("lmx1", "10.77.0.2")];
      await one();
      await other();
      const wire = { add: [flow("0xaa", "", "normal")], removeCookies: [] };
      await driver.applyFlows(BRIDGE.name, wire, context);
      const ping = () =>
        sh("ip", "netns", "exec", `${real.namespace}-lmx0`, "ping", "-c", "1", "-W", "2", "10.77.0.2");
      await ping();
      const counted = await driver.flowCounters(BRIDGE.name, context);
      t.ok((counted.get("0x00000000000000aa")?.packets ?? 0) >= 2, "counted");
      await world.removeInterface("lmx1");
      const ports = () => nowOf(driver.view())?.bridges.get(BRIDGE.name)?.ports;
      await until("it is seen", () => ports()?.get("lmx1")?.ifindex === 0);
      await other();
      // Its MAC address is another one too.
      await sh("ip", "-n", `${real.namespace}-lmx0`, "neigh", "flush", "all");
      await ping();
    },
  );

  await t.test("many at once from two drivers: none is lost, none is double", async (t) => {
    const second = createOvsDriver({ ovsdbSocket: real.ovsdbSocket, runDir: real.runDir });
    second.watch(() => undefined, context.signal);
    await until("ready", () => second.view().state === "ready");
    const names = ["lmr0", "lmr1", "lmr2", "lmr3"];
    for (const name of names) await world.addInterface(name);
    const ports = names.map((name) => ({ name, externalIds: {} }));
    await Promise.all(
      [driver, second, driver, second].map((one) => one.addPorts(BRIDGE.name, ports, context)),
    );
    const seen = nowOf(driver.view())?.bridges.get(BRIDGE.name)?.ports;
    t.strictSame(
      names.filter((name) => seen?.get(name)?.ofport),
      names,
    );
  });

  await t.test("a switch has of us just the flows that ovs-ofctl would have given it", async (t) => {
    const other = { ...BRIDGE, name: "br-ofctl" };
    await driver.ensureBridge(other, context);
    t.teardown(() => driver.removeBridge(other.name, context));
    const ports = new Map([
      ["a", 1],
      ["b", 65279],
      ["local", 65534],
    ]);
    const add = EVERY_MATCH.flatMap((match, at) =>
      flowsOf({ fromDevice: "a", toDevice: ["a", "b", "local"][at % 3] ?? "a", match, priority: at }, ports),
    );
    t.ok(add.length > EVERY_MATCH.length, "ranges take several");
    const removeCookies = [...(nowOf(driver.view())?.bridges.get(BRIDGE.name)?.flowCookies ?? [])];
    await driver.applyFlows(BRIDGE.name, { add, removeCookies }, context);
    const target = (name: string) => `unix:${real.runDir}/${name}.mgmt`;
    const lines = add.map(
      ({ cookie, table, priority, match, actions }) =>
        `cookie=${cookie},table=${table},priority=${priority},${match},actions=${actions}`,
    );
    const file = join(real.runDir, "flows");
    await writeFile(file, lines.join("\n"));
    await real.ofctl("add-flows", target(other.name), file);
    const dump = async (name: string) =>
      (await real.ofctl("dump-flows", target(name), "--no-stats", "--no-names")).split("\n").sort();
    const [ours, theirs] = [await dump(BRIDGE.name), await dump(other.name)];
    t.equal(ours.length, add.length);
    t.strictSame(ours, theirs);
  });

  await t.test("a thousand flows in one bundle", async (t) => {
    const add = Array.from({ length: 1000 }, (_, at) =>
      flow(`0x${(at + 4096).toString(16)}`, `udp,nw_src=10.${at >> 8}.${at & 255}.1`, "drop"),
    );
    const startMs = performance.now();
    await driver.applyFlows(BRIDGE.name, { add, removeCookies: [] }, context);
    t.comment(`1000 flows: ${(performance.now() - startMs).toFixed(0)} ms`);
    const seen = nowOf(driver.view())?.bridges.get(BRIDGE.name)?.flowCookies;
    t.equal(add.filter(({ cookie }) => seen?.has(`0x${cookie.slice(2).padStart(16, "0")}`)).length, 1000);
  });

  await t.test("an operation that waits for an ovs-vswitchd that is gone ends with its signal", async (t) => {
    await real.stopSwitch();
    await world.addInterface("lmlate");
    const given = new AbortController();
    const work = driver.addPorts(BRIDGE.name, [{ name: "lmlate", externalIds: {} }], {
      signal: given.signal,
    });
    const refused = work.catch((thrown: unknown) => thrown as LightmanoError);
    await until("the port is in the database", async () =>
      (await real.vsctl("list-ports", BRIDGE.name)).includes("lmlate"),
    );
    given.abort(new Error("too late"));
    t.match(await refused, { code: "operation.timeout", detail: /ovs-vswitchd has not taken up.*too late/ });
  });
});
