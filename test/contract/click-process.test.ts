/** What only a real process of the Click driver can show. */
import { getEventListeners } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t, { type Test } from "tap";
import type { LvnfExit } from "../../agent/drivers/click/api.js";
import { openControlSocket } from "../../agent/drivers/click/control-socket.js";
import { createClickDriver } from "../../agent/drivers/click/driver.js";
import { restedSince, runMeter } from "../../agent/drivers/click/rest.js";
import { nowOf, until } from "../support/real.js";
import { declared, LCLICK, lvnf, missingClick } from "../support/real-click.js";

const missing = await missingClick();
const CAPACITY = declared("q.capacity", { access: "both", state: true });

/** A driver that has looked, with a folder of its own; it and the folder end with the test. */
async function readyDriver(t: Test, name: string, log: (message: string) => void = () => undefined) {
  const runDir = await mkdtemp(join(tmpdir(), "lmt-click-"));
  const nodeId = `test/${process.pid}-${name}`;
  const driver = createClickDriver({ nodeId, program: LCLICK, runDir, log });
  const stop = new AbortController();
  t.teardown(async () => {
    stop.abort();
    await rm(runDir, { recursive: true, force: true });
  });
  driver.watch(() => undefined, stop.signal);
  await until("ready", () => driver.view().state === "ready");
  return { driver, runDir, stop };
}

t.test(
  "state that was cut off by a crash does not keep the function from starting",
  { skip: missing ?? false },
  async (t) => {
    const words: string[] = [];
    const { driver, runDir, stop } = await readyDriver(t, "cut", (message) => words.push(message));
    driver.keepState("svc.c", [CAPACITY]);
    for (const text of ['{"q.capa', "[1]", "null", '{"q.capacity": 5}']) {
      await writeFile(join(runDir, "svc.c.state"), text);
      await driver.start(lvnf("c"), { signal: stop.signal });
      const process = nowOf(driver.view())?.processes.get("svc.c");
      t.ok(process, `runs although its state is ${text}`);
      if (process)
        await driver.stop("svc.c", process.pid, process.startTicks, 1_000, { signal: stop.signal });
      await until("it ended", () => !nowOf(driver.view())?.processes.has("svc.c"));
    }
    t.match(words.join("\n"), /state of svc\.c not restored/);
  },
);

t.test(
  "one that is started while its forerunner is still ending keeps what it has made",
  { skip: missing ?? false },
  async (t) => {
    const { driver, runDir, stop } = await readyDriver(t, "again");
    const context = { signal: stop.signal };
    const found = () => nowOf(driver.view())?.processes.get("svc.c");
    await driver.start(lvnf("c"), context);
    for (let round = 0; round < 10; round++) {
      const former = found();
      if (!former) throw new Error("it does not run");
      const stopping = driver.stop("svc.c", former.pid, former.startTicks, 1_000, context);
      await until("it has closed its socket", () => found() === undefined);
      await driver.start(lvnf("c"), context);
      await stopping;
      for (const suffix of ["sock", "click", "log"])
        t.ok(existsSync(join(runDir, `svc.c.${suffix}`)), `its ${suffix} is there`);
    }
    const last = found();
    if (!last) throw new Error("it does not run");
    await driver.stop("svc.c", last.pid, last.startTicks, 1_000, context);
    t.notOk(existsSync(join(runDir, "svc.c.sock")), "of one that is ended and not followed nothing stays");
  },
);

t.test(
  "on the signal that it is given a driver listens no more often for many LVNFs than for none",
  { skip: missing ?? false },
  async (t) => {
    const { driver, stop } = await readyDriver(t, "many");
    const listeners = (): number => getEventListeners(stop.signal, "abort").length;
    const before = listeners();
    const names = Array.from({ length: 12 }, (_, index) => `m${index}`);
    const context = { signal: AbortSignal.timeout(20_000) };
    for (const name of names) {
      driver.keepState(`svc.${name}`, [CAPACITY]);
      await driver.start(lvnf(name), context);
    }
    t.equal(nowOf(driver.view())?.processes.size, names.length);
    t.equal(listeners(), before);
    for (const { functionId, pid, startTicks } of nowOf(driver.view())?.processes.values() ?? [])
      await driver.stop(functionId, pid, startTicks, 1_000, context);
    await until("all ended", () => nowOf(driver.view())?.processes.size === 0);
  },
);

t.test(
  "what runs has no capabilities and a filter of system calls",
  { skip: missing ?? false },
  async (t) => {
    const runDir = await mkdtemp(join(tmpdir(), "lmt-click-"));
    const stop = new AbortController();
    t.teardown(async () => {
      stop.abort();
      await rm(runDir, { recursive: true, force: true });
    });
    const driver = createClickDriver({
      nodeId: `test/${process.pid}-confined`,
      program: LCLICK,
      runDir,
      log: () => undefined,
    });
    driver.watch(() => undefined, stop.signal);
    await until("ready", () => driver.view().state === "ready");
    await driver.start(lvnf("c"), { signal: stop.signal });
    const found = nowOf(driver.view())?.processes.get("svc.c");
    if (!found) throw new Error("it does not run");
    const status = await readFile(`/proc/${found.pid}/status`, "utf8");
    t.match(status, /^CapEff:\t0+$/m);
    t.match(status, /^Seccomp:\t2$/m);
    await driver.write("svc.c", "q.capacity", "5", { signal: stop.signal });
    t.equal(await driver.read("svc.c", "q.capacity", { signal: stop.signal }), "5");
    await driver.stop("svc.c", found.pid, found.startTicks, 1_000, { signal: stop.signal });
    t.equal(await readFile(join(runDir, "svc.c.sock")).catch((error) => error.code), "ENOENT");
  },
);

t.test(
  "an end before it is ready is the script's fault only where Click said so",
  { skip: missing ?? false },
  async (t) => {
    const runDir = await mkdtemp(join(tmpdir(), "lmt-click-"));
    t.teardown(() => rm(runDir, { recursive: true, force: true }));
    const program = join(runDir, "killed");
    await writeFile(program, "#!/bin/sh\nkill -9 $$\n", { mode: 0o755 });
    const driver = createClickDriver({ nodeId: "test/killed", program, runDir, log: () => undefined });
    await t.rejects(driver.start(lvnf("x"), { signal: AbortSignal.timeout(10_000) }), {
      code: "click.exited",
      detail: /SIGKILL/,
    });
  },
);

t.test(
  "of a function at rest what somebody else changes is saved, and that it is stopped is noticed",
  { skip: missing ?? false },
  async (t) => {
    const runDir = await mkdtemp(join(tmpdir(), "lmt-click-"));
    const options = { nodeId: `test/${process.pid}-rest`, program: LCLICK, runDir, log: () => undefined };
    const stop = new AbortController();
    t.teardown(async () => {
      stop.abort();
      await rm(runDir, { recursive: true, force: true });
    });
    const driver = createClickDriver(options);
    const exits: LvnfExit[] = [];
    driver.onExit((exit) => void exits.push(exit));
    driver.watch(() => undefined, stop.signal);
    await until("ready", () => driver.view().state === "ready");
    driver.keepState("svc.c", [{ ...CAPACITY, periodMs: 100 }]);
    await driver.start(lvnf("c"), { signal: stop.signal });
    const found = nowOf(driver.view())?.processes.get("svc.c");
    if (!found) throw new Error("it does not run");
    const saved = () => readFile(join(runDir, "svc.c.state"), "utf8").catch(() => "");
    await until("it is saved", async () => (await saved()) !== "");

    const meter = runMeter(found.pid);
    t.teardown(meter.close);
    let before = meter.read();
    const rests = async () => {
      await delay(500); // five periods
      const earlier = before;
      before = meter.read();
      return restedSince(earlier, before);
    };
    await until("it is not asked any more", rests);
    const other = await openControlSocket(join(runDir, "svc.c.sock"), stop.signal);
    await other.write("q.capacity", "77", stop.signal);
    await until("the change is saved", async () => (await saved()).includes("77"));
    other.close();

    await until("it is not asked any more", rests);
    t.same(exits, [], "nor is it taken for hung");
    process.kill(found.pid, "SIGSTOP");
    await until("it is ended", () => exits.length > 0, 20_000);
    t.match(exits[0]?.problem, { code: "click.not-answering", detail: /did nothing/ });
  },
);
