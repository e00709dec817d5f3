/** What a real Open vSwitch alone can show: packets, flows as ovs-ofctl would have given them, and many at once. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { flowsOf } from "../../agent/domain/flows.js";
import { createOvsDriver } from "../../agent/drivers/ovs/driver.js";
import type { LightmanoError } from "../../model/errors.js";
import type { FlowMatch } from "../../model/service.js";
import { openWorld } from "../support/contract.js";
import { BRIDGE, flow, makeRealWorld, realOptions } from "../support/ovs-world.js";
import { nowOf, sh, until } from "../support/real.js";

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

  await t.test(
    "a switch that stands still is degraded, with a reason, and ready when it goes on",
    async (t) => {
      real.pauseSwitch();
      t.teardown(real.resumeSwitch);
      await until("degraded", () => driver.view().state === "degraded");
      t.match(driver.view(), {
        reason: /ovs-vswitchd does not answer for bridge br-test: no answer in 3000 ms/,
      });
      real.resumeSwitch();
      await until("ready", () => driver.view().state === "ready");
    },
  );

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
