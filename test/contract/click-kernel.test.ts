/** Run mode kernel, over a file system that behaves as Click's manual says of the kernel module's. The module itself was never there. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { ClickDriver, LvnfExit } from "../../agent/drivers/click/api.js";
import { createKernelClickDriver } from "../../agent/drivers/click/kernel-driver.js";
import { byRunMode } from "../../agent/drivers/click/run-modes.js";
import { createFakeClick } from "../support/fake-click.js";
import { createCleanup, nowOf, until } from "../support/real.js";
import { declared, lvnf } from "../support/real-click.js";
import { missingKernel, mountKernel } from "../support/real-kernel.js";

const SCRIPT = `define($CAPACITY 10, $NAME "a, b"); // two
q :: Queue($CAPACITY);
Idle -> q -> Discard;
box/c :: Counter; Idle -> box/c -> Discard;
`;
const CAPACITY = declared("q.capacity", { access: "both", state: true, periodMs: 100 });
const target = (name = "k", script = SCRIPT, change = {}) =>
  lvnf(name, script, { runMode: "kernel", ...change });

async function given(t: Test) {
  const cleanup = createCleanup();
  t.teardown(cleanup.run);
  const runDir = await mkdtemp(join(tmpdir(), "lmt-kernel-"));
  cleanup.add(() => rm(runDir, { recursive: true, force: true }));
  const kernel = await mountKernel(cleanup);
  const stop = new AbortController();
  cleanup.add(() => stop.abort());
  const context = { signal: stop.signal };
  const make = async (nodeId = "s/n"): Promise<ClickDriver & { readonly exits: readonly LvnfExit[] }> => {
    const paths = [join(kernel.path, "..", "not-there"), kernel.path];
    const driver = createKernelClickDriver({ nodeId, paths, runDir, log: () => undefined });
    const exits: LvnfExit[] = [];
    driver.onExit((exit) => exits.push(exit));
    driver.watch(() => undefined, stop.signal);
    await until("it has looked", () => driver.view().state === "ready");
    return { ...driver, exits };
  };
  const driver = await make();
  const seen = (id = "svc.k", by: ClickDriver = driver) => nowOf(by.view())?.processes.get(id);
  return {
    driver,
    context,
    kernel,
    make,
    seen,
    runDir,
    config: () => readFile(join(kernel.path, "config"), "utf8"),
    end: async (by: ClickDriver = driver, id = "svc.k") => {
      const { pid = -1, startTicks = 0 } = seen(id, by) ?? {};
      await by.stop(id, pid, startTicks, 100, context);
    },
  };
}

const missing = await missingKernel();
const skip = missing ?? false;

t.test(
  "installs a configuration, reads and writes its handlers, and takes it away again",
  { skip },
  async (t) => {
    const { driver, context, seen, config, end } = await given(t);
    t.equal(await driver.withoutKernel(context), null);
    t.match(await driver.checkProgram(context), /./);
    await driver.start(target(), context);
    t.match(seen(), { functionId: "svc.k", digest: "sha256:k", pid: 0, state: "running" });
    t.ok((seen()?.startTicks ?? 0) > 0);
    t.match(await config(), /^\/\/ LightMANO \{"node":"s\/n",.*"functionId":"svc\.k"/);
    t.equal((await driver.read("svc.k", "q.capacity", context)).trim(), "10");
    t.equal(
      (await driver.read("svc.k", "box/c.count", context)).trim(),
      "0",
      "names with slashes are directories",
    );
    await driver.write("svc.k", "q.capacity", "20", context);
    t.equal((await driver.read("svc.k", "q.capacity", context)).trim(), "20");
    const failed = { code: "handler.failed" } as const;
    await t.rejects(driver.write("svc.k", "q.capacity", "many", context), {
      ...failed,
      detail: /^q\.capacity: .*invalid number/s,
    });
    await t.rejects(driver.read("svc.k", "q.none", context), { ...failed, detail: /no such handler/ });
    await t.rejects(driver.read("svc.k", "none.count", context), { ...failed, detail: /no such handler/ });
    await t.rejects(driver.read("svc.other", "q.capacity", context), { code: "click.not-answering" });
    for (const outside of [
      "../../etc.passwd",
      "..config",
      "q../../config",
      ".config",
      "q.",
      "q/../q.capacity",
      "config",
    ])
      await t.rejects(driver.read("svc.k", outside, context), failed, outside);
    await end();
    t.equal((await config()).trim(), "", "Linux has its devices back");
    t.equal(seen(), undefined);
    t.same(driver.exits, []);
  },
);

t.test("parameters are put into the script's defines", { skip }, async (t) => {
  const { driver, context, end } = await given(t);
  await driver.start(target("k", SCRIPT, { parameters: { CAPACITY: "33", OTHER: "5" } }), context);
  t.equal((await driver.read("svc.k", "q.capacity", context)).trim(), "33");
  await end();
});

t.test("a script that the kernel refuses: its words, and nothing is left behind", { skip }, async (t) => {
  const { driver, context, seen, config } = await given(t);
  await t.rejects(driver.start(target("bad", "// one\nIdle -> Nonsense -> Discard;\n"), context), {
    code: "click.script-invalid",
    detail: /svc\.bad:2: .*Nonsense/,
  });
  t.equal((await config()).trim(), "");
  t.equal(seen("svc.bad"), undefined);
  const port = {
    bridgeDevice: "lmtb",
    functionDevice: "lmtnone",
    interfaceName: "eth0",
    point: { name: "a", order: 0, macAddress: null, ipAddress: null, routes: [], redirects: [] },
  };
  await t.rejects(driver.start(target("dev", "in0 -> Discard;\n", { ports: [port] }), context), {
    code: "click.script-invalid",
    detail: /lmtnone/,
  });
  await driver.start(target(), context);
  t.ok(seen(), "and the next one has its place");
});

t.test("another's configuration is left alone", { skip }, async (t) => {
  const { driver, context, kernel, config, make, end } = await given(t);
  const others = "Idle -> Discard; // somebody's\n";
  await writeFile(join(kernel.path, "config"), others);
  await t.rejects(driver.start(target(), context), { code: "click.kernel-busy", detail: /not this node's/ });
  await driver.stop("svc.k", 0, 1, 100, context);
  t.equal(await config(), others);
  await writeFile(join(kernel.path, "config"), "\n");
  await driver.start(target(), context);
  await t.rejects(driver.start(target("second"), context), {
    code: "click.kernel-busy",
    detail: /still runs svc\.k/,
  });
  const neighbour = await make("s/other");
  t.equal(nowOf(neighbour.view())?.processes.size, 0, "nor is it taken for one's own");
  await t.rejects(neighbour.start(target(), context), { code: "click.kernel-busy" });
  await end();
});

t.test("an agent that starts again finds it; who replaces or unloads it is noticed", { skip }, async (t) => {
  const { driver, context, kernel, make, seen } = await given(t);
  await driver.start(target(), context);
  const other = await make();
  t.same(seen("svc.k", other), seen());
  t.equal((await other.read("svc.k", "q.capacity", context)).trim(), "10");
  await writeFile(join(kernel.path, "hotconfig"), "Idle -> Discard;\n");
  await until("both have noticed", () => driver.exits.length > 0 && other.exits.length > 0);
  t.match(other.exits, [
    {
      functionId: "svc.k",
      pid: 0,
      problem: { code: "click.exited", detail: /was replaced by another configuration/ },
    },
  ]);
  t.equal(seen("svc.k", other), undefined);
  await writeFile(join(kernel.path, "config"), "\n");
  await other.start(target(), context);
  await kernel.unmount();
  await until("it is gone", () => other.exits.length === 2);
  t.match(other.exits[1], { problem: { detail: /the module was unloaded/ } });
  t.match(await other.withoutKernel(context), /no Click file system at .*not-there or /);
  await t.rejects(other.start(target(), context), { code: "click.kernel-missing" });
});

t.test("its state is kept as a process' is", { skip }, async (t) => {
  const { driver, context, end, runDir, seen } = await given(t);
  const file = () => readFile(join(runDir, "svc.k.state"), "utf8").catch(() => null);
  driver.keepState("svc.k", [CAPACITY]);
  await driver.start(target(), context);
  await driver.write("svc.k", "q.capacity", "77", context);
  await until("it is saved", async () => (await file())?.includes("77"));
  await driver.write("svc.k", "q.capacity", "88", context);
  await end();
  t.match(await file(), /88/, "a stop saves what there is then");
  await driver.start(target(), context);
  t.equal((await driver.read("svc.k", "q.capacity", context)).trim(), "88");
  t.ok(nowOf(driver.view())?.files.has("svc.k"));
  driver.keepState("svc.k", []);
  await end();
  t.equal(await file(), null, "but not over its removal");
  t.equal(seen(), undefined);
  t.notOk(nowOf(driver.view())?.files.has("svc.k"));
});

t.test("beside processes it is one driver", { skip }, async (t) => {
  const { driver, context } = await given(t);
  const fake = createFakeClick();
  const both = byRunMode(fake.driver, driver);
  fake.driver.watch(() => undefined, context.signal);
  await until("ready", () => both.view().state === "ready");
  const asked: string[] = [];
  both.beforeStop(async (id) => void asked.push(id));
  const exits: LvnfExit[] = [];
  both.onExit((exit) => exits.push(exit));
  await both.start(lvnf("p"), context);
  await both.start(target(), context);
  const processes = () => nowOf(both.view())?.processes ?? new Map();
  t.same([...processes().keys()].toSorted(), ["svc.k", "svc.p"]);
  t.equal((await both.read("svc.k", "q.capacity", context)).trim(), "10");
  t.equal((await both.read("svc.p", "q.capacity", context)).trim(), "10");
  t.equal(await both.stats("svc.k"), null);
  t.ok(await both.stats("svc.p"));
  t.match(await both.checkProgram(context), /fake/);
  t.equal(await both.withoutKernel(context), null);
  for (const { functionId, pid, startTicks } of processes().values())
    await both.stop(functionId, pid, startTicks, 100, context);
  await until("both have ended", () => processes().size === 0);
  t.same(asked.toSorted(), ["svc.k", "svc.p"]);
  t.same(exits, []);
});

t.test("a node without it says so", async (t) => {
  const runDir = await mkdtemp(join(tmpdir(), "lmt-kernel-"));
  t.teardown(() => rm(runDir, { recursive: true, force: true }));
  const signal = AbortSignal.timeout(10_000);
  const driver = createKernelClickDriver({
    nodeId: "s/n",
    paths: [join(runDir, "none")],
    runDir,
    log: () => undefined,
  });
  driver.watch(() => undefined, signal);
  await until("ready", () => driver.view().state === "ready");
  t.equal(nowOf(driver.view())?.processes.size, 0);
  t.match(await driver.withoutKernel({ signal }), /no Click file system at .*none/);
  await t.rejects(driver.start(target(), { signal }), { code: "click.kernel-missing" });
  await driver.stop("svc.k", 0, 1, 100, { signal });
});
