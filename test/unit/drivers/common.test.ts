import t from "tap";
import { attachCommands, steadyMac } from "../../../agent/drivers/link/commands.js";
import { parseNames } from "../../../agent/drivers/link/names.js";
import { run } from "../../../agent/drivers/run.js";
import { inStepMs, keepConnected, untilInStep } from "../../../agent/drivers/wait.js";
import { missingFor } from "../../support/real.js";

const signal = new AbortController().signal;

t.test("run: what the program wrote, given its input", async (t) => {
  t.equal(await run(["cat"], { code: "link.failed", signal, input: "ü" }), "ü");
});

t.test("run: says command, exit code and standard error", async (t) => {
  const failing = run(["sh", "-c", "echo why >&2; exit 3"], { code: "link.failed", signal });
  await t.rejects(failing, { code: "link.failed", detail: /`sh -c .*` ?:? ended with exit code 3: why/ });
  await t.rejects(run(["/nowhere/x"], { code: "ovs.failed", signal }), {
    code: "ovs.failed",
    detail: /cannot be run.*ENOENT/,
  });
  await t.rejects(run([], { code: "ovs.failed", signal }), { code: "ovs.failed" });
});

t.test("run: a program that reads nothing of a long input is no accident", async (t) => {
  t.equal(await run(["true"], { code: "link.failed", signal, input: "x".repeat(1_000_000) }), "");
});

t.test("run: ends with its deadline, its signal, its limit, and what it started with it", async (t) => {
  const startMs = performance.now();
  const script = ["sh", "-c", "sleep 60 & wait"];
  await t.rejects(run(script, { code: "link.failed", signal, timeoutMs: 50 }), {
    code: "operation.timeout",
    detail: /50 ms/,
  });
  const given = new AbortController();
  const call = run(script, { code: "link.failed", signal: given.signal }).catch((thrown: unknown) => thrown);
  given.abort(new Error("enough"));
  t.match(await call, { code: "operation.timeout", detail: /enough/ });
  await t.rejects(run(["yes"], { code: "link.failed", signal, maxOutputBytes: 1000 }), {
    code: "link.failed",
    detail: /more than 1000 bytes/,
  });
  t.ok(performance.now() - startMs < 10_000, "nobody waited for sleep");
});

t.test("run: does not wait for what left the group of a killed program and holds its output", async (t) => {
  const script = ["sh", "-c", "setsid sleep 10 & wait"];
  const startMs = performance.now();
  await t.rejects(run(script, { code: "link.failed", signal, timeoutMs: 50 }), { code: "operation.timeout" });
  t.ok(performance.now() - startMs < 8_000, "nobody waited for sleep");
});

t.test(
  "run: a program that cannot be started for want of descriptors is an error like any other",
  async (t) => {
    // `ulimit` in a shell of its own: descriptors are the process's, and the test needs its own.
    const module = new URL("../../../agent/drivers/run.ts", import.meta.url).href;
    const code = `
    import { openSync } from "node:fs";
    import { run } from ${JSON.stringify(module)};
    try { for (;;) openSync("/dev/null"); } catch (full) { void full; }
    await run(["true"], { code: "link.failed", signal: new AbortController().signal })
      .catch((error) => process.exit(error.code === "link.failed" ? 7 : 8));`;
    const script = 'ulimit -n 200; exec "$@"';
    const node = [process.execPath, ...process.execArgv, "--input-type=module", "-e", code];
    const child = run(["sh", "-c", script, "sh", ...node], { code: "ovs.failed", signal, timeoutMs: 30_000 });
    await t.rejects(child, { code: "ovs.failed", detail: /ended with exit code 7/ });
  },
);

t.test(
  "what is looked at every so often falls into one waking, and no timer that ends early makes two of it",
  (t) => {
    t.strictSame(
      [1_000, 2_000, 5_000].map((period) => inStepMs(12_600, period)),
      [13_000, 14_000, 17_000],
      "at first sooner than a period",
    );
    t.strictSame(
      [12_999.2, 13_000, 13_001.7].map((now) => inStepMs(now, 1_000)),
      [14_000, 14_000, 14_000],
      "and then a period later",
    );
    t.equal(inStepMs(100, 100, 25), 200);
    t.equal(untilInStep(50, 12_600), 50, "a short period is its own");
    t.equal(untilInStep(2_000, 12_600), 1_400);
    t.end();
  },
);

t.test("a connection is made again after each end; a success begins the back-off anew", async (t) => {
  const stop = new AbortController();
  const waits: number[] = [];
  const reasons: string[] = [];
  let life = 0;
  await keepConnected({
    signal: stop.signal,
    firstMs: 10,
    maxMs: 1000,
    clock: { random: () => 1, delay: async (ms) => void waits.push(ms) },
    connect: async (up) => {
      life += 1;
      if (life === 5) stop.abort();
      if (life !== 3) throw new Error(`refused ${life}`);
      up();
      return "closed";
    },
    down: (reason, failures) => void reasons.push(`${reason} ${failures}`),
  });
  t.strictSame(waits, [10, 20, 10, 20]);
  t.strictSame(reasons, ["refused 1 1", "refused 2 2", "closed 1", "refused 4 2"]);
});

t.test("a test that cannot run says loudly what is missing", async (t) => {
  t.match(
    missingFor(["no-such-program", "sh"]),
    /^NOT RUN against the real thing; missing: (root rights, )?no-such-program$/,
  );
});

t.test("interface names are read from /proc/net/dev", async (t) => {
  const text = "Inter-|   Receive\n face |bytes\n    lo:  1 2\nlmc0:1 2\n eth0: 3 4\n";
  t.strictSame([...parseNames(text)], ["lo", "lmc0", "eth0"]);
});

t.test("what goes into a command is checked: a blank would make it two words", async (t) => {
  const spec = {
    hostName: "lmc0",
    name: "eth0",
    pid: 7,
    macAddress: "02:00:00:00:00:01",
    address: "10.0.0.2/24",
    routes: [{ to: "default", via: "10.0.0.1" }],
    redirects: [],
    mtuBytes: null,
  };
  const own = "06:00:00:00:00:09";
  t.strictSame(attachCommands(spec, own), [
    "veth lmc0 eth0 address 02:00:00:00:00:01 pid 7",
    "bridge-port lmc0",
    "enter 7",
    "address eth0 10.0.0.2/24",
    "up eth0",
    "route eth0 default via 10.0.0.1",
    "no-checksum-offload eth0",
    "no-rp-filter eth0",
  ]);
  const other = {
    ...spec,
    macAddress: null,
    mtuBytes: 1450,
    address: null,
    redirects: [{ port: 80, toPort: 3129 }],
  };
  t.strictSame(attachCommands(other, own).slice(0, 4).concat(attachCommands(other, own).slice(-1)), [
    "veth lmc0 eth0 address 06:00:00:00:00:09 mtu 1450 pid 7",
    "bridge-port lmc0",
    "enter 7",
    "up eth0",
    "redirect eth0 80 3129",
  ]);
  t.throws(() => attachCommands({ ...spec, address: "10.0.0.2/24 dev lo" }, own), {
    code: "container.attach-failed",
  });
  t.throws(() => attachCommands({ ...spec, routes: [{ to: "x", via: "10.0.0.1" }] }, own), {
    code: "container.attach-failed",
  });
});

t.test("an interface that is made anew has the address that it had, and no other port has it", async (t) => {
  const one = steadyMac("site/node", "lmb0123456789");
  t.equal(steadyMac("site/node", "lmb0123456789"), one);
  t.match(one, /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
  t.equal(Number.parseInt(one.slice(0, 2), 16) & 3, 2, "locally administered, and of one station");
  t.not(steadyMac("site/other", "lmb0123456789"), one, "another node on the same network");
  t.not(steadyMac("site/node", "lmb0123456780"), one);
});
