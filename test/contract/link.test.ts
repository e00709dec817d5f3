/** The contract of the link driver: the fake and the driver in a real network namespace pass the same suite. */
import t, { type Test } from "tap";
import type { ContainerLinkSpec, LinkDriver } from "../../agent/drivers/link/api.js";
import { createLinkDriver } from "../../agent/drivers/link/driver.js";
import { type Run, run } from "../../agent/drivers/run.js";
import { systemWaitClock } from "../../agent/drivers/wait.js";
import { beginsWatching, openWorld } from "../support/contract.js";
import { createFakeLink } from "../support/fake-link.js";
import { missingFor, nowOf, sh, until } from "../support/real.js";
import { LINK_PROGRAMS, pidsIn, startRealLinks } from "../support/real-links.js";

/** What the suite does to the world behind the driver. */
interface World {
  readonly driver: LinkDriver;
  addInterface(name: string): Promise<void>;
  removeInterface(name: string): Promise<void>;
  /** A process in a network namespace of its own. */
  startProcess(): Promise<number>;
  endProcess(pid: number): Promise<void>;
  close(): Promise<void>;
}

const spec = (pid: number, change: Partial<ContainerLinkSpec> = {}): ContainerLinkSpec => ({
  hostName: "lmc0",
  name: "eth0",
  pid,
  macAddress: "02:00:00:00:00:0a",
  address: "10.40.0.10/24",
  routes: [{ to: "default", via: "10.40.0.1" }],
  redirects: [{ port: 80, toPort: 3129 }],
  mtuBytes: 1400,
  ...change,
});

async function linkContract(t: Test, makeWorld: () => Promise<World>): Promise<void> {
  const world = await openWorld(t, makeWorld);
  const { driver, context } = world;
  const names = () => nowOf(driver.view())?.names ?? new Set<string>();

  await beginsWatching(t, driver, context);
  t.ok(names().has("lo"));

  await t.test("makes a veth pair, once", async (t) => {
    await driver.createVeths([{ hostName: "lmv0", peerName: "lmv0p" }], context);
    t.ok(names().has("lmv0") && names().has("lmv0p"));
    await driver.createVeths([{ hostName: "lmv0", peerName: "lmv0p" }], context);
    t.equal(names().size, 3);
  });

  await t.test("makes a pair anew of which one end is taken", async (t) => {
    await driver.createVeths([{ hostName: "lmv0", peerName: "lmv1p" }], context);
    t.strictSame([...names()].sort(), ["lmv0", "lmv1p", "lo"]);
  });

  await t.test("removes both ends of a pair; not there is no error", async (t) => {
    await driver.remove("lmv1p", context);
    t.strictSame([...names()], ["lo"]);
    await driver.remove("lmv0", context);
  });

  await t.test("refuses what cannot be a name", async (t) => {
    for (const name of ["", "a b", "-x", "sixteen-letters-", "x\nlink del dev lo"]) {
      await t.rejects(
        driver.createVeths([{ hostName: name, peerName: "lmp" }], context),
        { code: "link.failed" },
        JSON.stringify(name),
      );
    }
    t.strictSame([...names()], ["lo"]);
  });

  await t.test("prepares a node port that is there, refuses one that is not", async (t) => {
    await world.addInterface("s1-ran");
    await driver.prepareNodePort("s1-ran", context);
    t.ok(names().has("s1-ran"), "seen without waiting");
    await t.rejects(driver.prepareNodePort("s1-none", context), { code: "link.failed", detail: /s1-none/ });
  });

  await t.test("sees interfaces that others make and remove", async () => {
    await world.addInterface("lmother");
    await until("it is seen", () => names().has("lmother"));
    await world.removeInterface("lmother");
    await until("it is gone", () => !names().has("lmother"));
  });

  await t.test("attaches a process, and again", async (t) => {
    const pid = await world.startProcess();
    await driver.attachContainer(spec(pid), context);
    t.ok(names().has("lmc0"));
    t.notOk(names().has("eth0"), "the other end is inside");
    await driver.attachContainer(spec(pid), context);
    t.ok(names().has("lmc0"));
    await world.endProcess(pid);
    await until("the veth went with the process", () => !names().has("lmc0"));
  });

  await t.test("leaves nothing behind when the process is gone", async (t) => {
    const pid = await world.startProcess();
    await world.endProcess(pid);
    await t.rejects(driver.attachContainer(spec(pid), context), {
      code: "container.attach-failed",
      detail: /lmc0.*process/,
    });
    t.notOk(names().has("lmc0"));
  });

  await t.test("gives up when its signal aborts", async (t) => {
    const given = new AbortController();
    given.abort(new Error("enough"));
    const work = driver.createVeths([{ hostName: "lmv5", peerName: "lmv5p" }], { signal: given.signal });
    await t.rejects(work, { code: "operation.timeout", detail: /enough/ });
    t.notOk(names().has("lmv5"));
  });
}

t.test("the fake", (t) =>
  linkContract(t, async () => {
    const lives = new Set<number>();
    const { driver, control } = createFakeLink({ hasProcess: (pid) => lives.has(pid) });
    return {
      driver,
      addInterface: async (name) => control.addInterface(name),
      removeInterface: async (name) => control.vanish(name),
      startProcess: async () => {
        lives.add(lives.size + 100);
        return lives.size + 99;
      },
      endProcess: async (pid) => {
        lives.delete(pid);
        control.endProcess(pid);
      },
      close: async () => undefined,
    };
  }),
);

const missing = missingFor(LINK_PROGRAMS);
const realOptions = missing === null ? {} : { skip: missing };

async function makeRealWorld() {
  const real = await startRealLinks();
  return { ...real, driver: createLinkDriver(real.options) };
}

t.test("real interfaces", realOptions, (t) => linkContract(t, makeRealWorld));

t.test("on real interfaces", realOptions, async (t) => {
  const world = await openWorld(t, makeRealWorld);
  const { driver, namespace, context } = world;
  driver.watch(() => undefined, context.signal);
  const inNode = (...args: readonly string[]) => sh("ip", "netns", "exec", namespace, ...args);
  const inside = (pid: number, ...args: readonly string[]) => sh("nsenter", "-t", String(pid), "-n", ...args);
  const names = () => nowOf(driver.view())?.names ?? new Set<string>();
  const isBridgePort = async (t: Test, name: string) => {
    t.match(
      await inNode("ip", "-d", "link", "show", "dev", name),
      /<.*UP.*>[\s\S]*addrgenmode none/,
      `${name} is up, without IPv6`,
    );
    t.match(await inNode("ethtool", "-k", name), /tx-checksumming: off/, `${name} computes checksums`);
  };

  await t.test("both ends of a pair are up, without checksum offload and IPv6 addresses", async (t) => {
    await driver.createVeths([{ hostName: "lmv0", peerName: "lmv0p" }], context);
    for (const name of ["lmv0", "lmv0p"]) {
      await isBridgePort(t, name);
      t.equal(await inNode("ip", "-o", "addr", "show", "dev", name), "");
    }
  });

  await t.test("a node port is up, without offload that would change frames", async (t) => {
    await inNode("ip", "link", "add", "name", "s1-ran", "type", "veth", "peer", "name", "s1-enb");
    await driver.prepareNodePort("s1-ran", context);
    t.match(
      await inNode("ethtool", "-k", "s1-ran"),
      /tx-checksumming: off[\s\S]*generic-receive-offload: off/,
    );
    t.match(await inNode("ip", "link", "show", "dev", "s1-ran"), /<.*[<,]UP[,>]/);
  });

  await t.test(
    "inside there are address, MAC, MTU, route, redirect, and no rp_filter; packets pass",
    async (t) => {
      const pid = await world.startProcess();
      await inside(pid, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter");
      await driver.attachContainer(spec(pid), context);
      await driver.attachContainer(
        spec(pid, {
          redirects: [
            { port: 80, toPort: 3129 },
            { port: 8080, toPort: 3130 },
          ],
        }),
        context,
      );
      await isBridgePort(t, "lmc0");
      t.match(await inside(pid, "ip", "link", "show", "dev", "eth0"), /mtu 1400[\s\S]*02:00:00:00:00:0a/);
      t.match(await inside(pid, "ip", "-4", "-o", "addr", "show", "dev", "eth0"), "10.40.0.10/24");
      t.match(await inside(pid, "ip", "route"), "default via 10.40.0.1 dev eth0");
      t.match(await inside(pid, "ethtool", "-k", "eth0"), /tx-checksumming: off/);
      t.equal(
        await inside(
          pid,
          "cat",
          "/proc/sys/net/ipv4/conf/eth0/rp_filter",
          "/proc/sys/net/ipv4/conf/all/rp_filter",
        ),
        "0\n0",
      );
      const rules = (await inside(pid, "iptables", "-t", "nat", "-S", "PREROUTING")).split("\n").slice(1);
      t.strictSame(rules, [
        "-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3129",
        "-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j REDIRECT --to-ports 3130",
      ]);
      await inNode("ip", "addr", "add", "10.40.0.1/24", "dev", "lmc0");
      await inNode("ping", "-c", "1", "-W", "2", "10.40.0.10");
    },
  );

  await t.test("undoes what it began when a step inside fails, and says which and why", async (t) => {
    const pid = await world.startProcess();
    const unreachable = spec(pid, { hostName: "lmc1", routes: [{ to: "10.9.0.0/16", via: "192.0.2.1" }] });
    const work = driver.attachContainer(unreachable, context);
    await t.rejects(work, {
      code: "container.attach-failed",
      detail: /lmc1[\s\S]*Nexthop has invalid gateway[\s\S]*via 192\.0\.2\.1/,
    });
    t.notOk(names().has("lmc1"));
    await t.rejects(inside(pid, "ip", "link", "show", "dev", "eth0"), "nor is the end inside left");
  });

  await t.test("undoes what it began when its signal aborts", async (t) => {
    const pid = await world.startProcess();
    const given = new AbortController();
    // So many that it takes long enough to be interrupted.
    const redirects = Array.from({ length: 300 }, (_, at) => ({ port: at + 1, toPort: 3129 }));
    const slow = spec(pid, { hostName: "lmc2", redirects });
    const attach = driver.attachContainer(slow, { signal: given.signal });
    const refused = attach.catch((thrown: unknown) => thrown);
    await until("it is half made", () =>
      inNode("ip", "link", "show", "dev", "lmc2").then(
        () => true,
        () => false,
      ),
    );
    given.abort(new Error("enough"));
    t.match(await refused, { code: "operation.timeout", detail: /enough/ });
    await t.rejects(inNode("ip", "link", "show", "dev", "lmc2"), "nothing is left");
  });

  await t.test("never configures the node's own namespace, whatever pid it is given", async (t) => {
    await t.rejects(driver.attachContainer(spec(world.keeper, { hostName: "lmc3" }), context), {
      code: "container.attach-failed",
      detail: /is not in a container/,
    });
    await t.rejects(inNode("ip", "link", "show", "dev", "eth0"));
    t.notOk(names().has("lmc3"));
  });

  await t.test("an interface that is made anew has the MAC address that it had", async (t) => {
    const macOf = async () => {
      const pid = await world.startProcess();
      await driver.attachContainer(spec(pid, { hostName: "lmc6", macAddress: null }), context);
      const words = await sh("nsenter", "-t", `${pid}`, "-n", "ip", "-br", "link", "show", "dev", "eth0");
      const mac = /([0-9a-f]{2}:){5}[0-9a-f]{2}/.exec(words)?.[0];
      await world.endProcess(pid);
      await until("it is gone", async () => !(await inNode("ip", "-br", "link")).includes("lmc6"));
      return mac;
    };
    const first = await macOf();
    t.ok(first);
    t.equal(await macOf(), first);
    const peerMac = async () => {
      await driver.createVeths([{ hostName: "lmv6", peerName: "lmv6p" }], context);
      const words = await inNode("ip", "-br", "link", "show", "dev", "lmv6p");
      await driver.remove("lmv6", context);
      return /([0-9a-f]{2}:){5}[0-9a-f]{2}/.exec(words)?.[0];
    };
    const peer = await peerMac();
    t.ok(peer);
    t.equal(await peerMac(), peer);
  });

  await t.test("attaches although the kernel takes the old end away at the same time", async (t) => {
    const pid = await world.startProcess();
    const attached = spec(pid, { hostName: "lmc4" });
    await driver.attachContainer(attached, context);
    let begun = false;
    const racing: Run = async (argv, options) => {
      if (!begun) await inNode("ip", "link", "del", "dev", "lmc4");
      begun = true;
      return run(argv, options);
    };
    await createLinkDriver({ ...world.options, run: racing }).attachContainer(attached, context);
    t.ok((await inNode("ip", "link", "show", "dev", "lmc4")).includes("UP"));
  });

  await t.test("says why an interface cannot be removed", async (t) => {
    await t.rejects(driver.remove("lo", context), {
      code: "link.failed",
      detail: /removing interface lo.*Operation not (supported|permitted)/s,
    });
  });

  await t.test("without a monitor it looks from time to time", async () => {
    const words: string[] = [];
    const log = (message: string) => void words.push(message);
    const polling = createLinkDriver({ ...world.options, monitor: ["false"], pollMs: 20, log });
    polling.watch(() => undefined, context.signal);
    await until("it says so", () => words.some((line) => /polled.*false: ended with exit code 1/.test(line)));
    await world.addInterface("lmpoll");
    await until("it is seen", () => nowOf(polling.view())?.names.has("lmpoll"));
    await world.removeInterface("lmpoll");
    await until("it is gone", () => !nowOf(polling.view())?.names.has("lmpoll"));
  });

  await t.test("a monitor that was killed is started again; none is left when watching ends", async (t) => {
    const watching = new AbortController();
    const monitors = async () =>
      (await pidsIn(world.keeper)).filter(({ command }) => /lightmano-links\0monitor/.test(command));
    const before = new Set((await monitors()).map(({ pid }) => pid));
    const own = async () => (await monitors()).find(({ pid }) => !before.has(pid));
    const watched = createLinkDriver({ ...world.options, clock: { ...systemWaitClock, random: () => 0 } });
    watched.watch(() => undefined, watching.signal);
    const { pid } = await until("it runs", own);
    process.kill(pid, "SIGKILL");
    const again = await until("another runs", async () => {
      const found = await own();
      return found && found.pid !== pid ? found : null;
    });
    t.not(again.pid, pid);
    watching.abort();
    await until("it has ended", async () => (await own()) === undefined);
  });

  await t.test("degraded when interfaces cannot be read, ready when they can", async (t) => {
    const blind = createLinkDriver({ ...world.options, procNetDev: "/proc/0/net/dev" });
    blind.watch(() => undefined, context.signal);
    await until("degraded", () => blind.view().state === "degraded");
    t.match(blind.view(), { reason: /\/proc\/0\/net\/dev cannot be read/, last: null });
    await t.rejects(blind.remove("lmc0", context), { code: "driver.unavailable", detail: /cannot be read/ });
  });
});
