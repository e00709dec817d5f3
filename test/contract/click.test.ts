/** The contract of the Click driver: the fake and the driver with a real lclick pass the same suite. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { ObservedLvnf } from "../../agent/domain/observed.js";
import type { LvnfTarget } from "../../agent/domain/target.js";
import type { ClickDriver, LvnfExit } from "../../agent/drivers/click/api.js";
import { createClickDriver } from "../../agent/drivers/click/driver.js";
import { isRunning } from "../../agent/drivers/proc.js";
import { beginsWatching, openWorld } from "../support/contract.js";
import { createFakeClick } from "../support/fake-click.js";
import { createCleanup, makeNamespace, nowOf, sh, until } from "../support/real.js";
import { declared, LCLICK, lvnf, missingClick } from "../support/real-click.js";

/** What the suite does to the world behind the driver. */
interface World {
  readonly driver: ClickDriver;
  /** Another driver over the same processes, as a restarted agent has it. */
  another(): ClickDriver;
  kill(process: ObservedLvnf): void;
  addVeth(name: string, peer: string): Promise<void>;
  /** The driver of a node without Click. */
  withoutProgram(): ClickDriver;
  savedState(functionId: string): Promise<string | undefined>;
  /** Ids of functions of which there are files. */
  files(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const portOn = (functionDevice: string): LvnfTarget["ports"][number] => ({
  bridgeDevice: `${functionDevice}b`,
  functionDevice,
  interfaceName: "eth0",
  point: {
    name: "a",
    order: 0,
    macAddress: null,
    ipAddress: null,
    routes: [],
    redirects: [],
  },
});

const CAPACITY = declared("q.capacity", { access: "both", state: true, periodMs: 100 });

async function clickContract(t: Test, makeWorld: () => Promise<World>): Promise<void> {
  const world = await openWorld(t, makeWorld);
  const { driver, context } = world;
  const exits: LvnfExit[] = [];
  driver.onExit((exit) => exits.push(exit));
  const seen = (id: string, by = driver): ObservedLvnf | undefined => nowOf(by.view())?.processes.get(id);
  const running = (id: string, by = driver): ObservedLvnf => {
    const found = seen(id, by);
    if (found?.state !== "running") throw new Error(`${id} does not run`);
    return found;
  };
  const start = async (target: LvnfTarget): Promise<ObservedLvnf> => {
    await driver.start(target, context);
    return running(target.id);
  };
  const end = async ({ functionId, pid, startTicks }: ObservedLvnf, by = driver): Promise<void> => {
    await by.stop(functionId, pid, startTicks, 2_000, context);
    await until(`${functionId} is gone`, () => !seen(functionId, by));
  };

  const changes = await beginsWatching(t, driver, context);
  t.equal(nowOf(driver.view())?.processes.size, 0);

  await t.test("starts: shown as starting, then as running, and its handlers answer", async (t) => {
    const before = changes();
    const started = driver.start(lvnf("a"), context);
    await until("it is shown", () => seen("svc.a"));
    await started;
    const { pid, digest } = running("svc.a");
    t.equal(digest, "sha256:a");
    t.ok(pid > 1);
    await until("changed was called", () => changes() > before);
    t.equal((await driver.read("svc.a", "q.capacity", context)).trim(), "10");
  });

  await t.test(
    "writes a handler; one that is refused or is not there says so in Click's words",
    async (t) => {
      await driver.write("svc.a", "q.capacity", "20", context);
      t.equal((await driver.read("svc.a", "q.capacity", context)).trim(), "20");
      const failed = { code: "handler.failed" } as const;
      await t.rejects(driver.write("svc.a", "q.capacity", "many", context), {
        ...failed,
        detail: /^q\.capacity: 5\d\d /,
      });
      await t.rejects(driver.read("svc.a", "q.none", context), { ...failed, detail: /^q\.none: 5\d\d / });
      await t.rejects(driver.read("svc.a", "none.count", context), failed);
      await t.rejects(driver.read("svc.b", "q.count", context), { code: "click.not-answering" });
      t.equal((await driver.read("svc.a", "q.capacity", context)).trim(), "20", "and it goes on");
    },
  );

  await t.test("tells its memory", async (t) => {
    t.ok(((await driver.stats("svc.a"))?.memoryBytes ?? 0) > 100_000);
    t.equal(await driver.stats("svc.b"), null);
  });

  await t.test("leaves a newer process alone when asked to stop the one before it", async (t) => {
    const { pid, startTicks } = running("svc.a");
    await driver.stop("svc.a", pid, startTicks + 1, 100, context);
    await driver.stop("svc.a", 4_194_303, 1, 100, context);
    t.equal((await driver.read("svc.a", "q.capacity", context)).trim(), "20", "it still answers");
    t.equal(running("svc.a").pid, pid);
  });

  await t.test("stops; that is no exit, and once more is no error", async (t) => {
    const ended = running("svc.a");
    const last: string[] = [];
    driver.beforeStop(async (id) => {
      if (id === "svc.a") last.push(await driver.read(id, "q.capacity", context));
    });
    await end(ended);
    t.match(last, [/^20\s*$/], "who wants to ask it a last time can");
    await driver.stop("svc.a", ended.pid, ended.startTicks, 100, context);
    t.same(exits, []);
    await t.rejects(driver.read("svc.a", "q.count", context), { code: "click.not-answering" });
  });

  await t.test(
    "a script that does not parse: file and line of the image, and it can be read again",
    async (t) => {
      const bad = lvnf("bad", "// one\n// two\nIdle -> Nonsense -> Discard;\n", {
        ports: [portOn("lmcgone")],
      });
      await t.rejects(driver.start({ ...bad, ports: [] }, context), {
        code: "click.script-invalid",
        detail: /svc\.bad:3: .*Nonsense/,
      });
      t.equal(seen("svc.bad"), undefined);
      t.match(await driver.logTail("svc.bad", 10), /svc\.bad:3/);
      t.same(exits, [], "what never ran did not exit");
    },
  );

  await t.test("what never ran has left files: they are shown, and are forgotten when told to", async (t) => {
    t.ok(nowOf(driver.view())?.files.has("svc.bad"));
    const other = world.another();
    other.watch(() => undefined, context.signal);
    await until("another driver has looked", () => other.view().state === "ready");
    t.ok(nowOf(other.view())?.files.has("svc.bad"), "also to an agent that starts again");
    await driver.forget("svc.bad", context);
    await until("they are not shown any more", () => !nowOf(driver.view())?.files.has("svc.bad"));
    t.notOk((await world.files()).includes("svc.bad"));
    await driver.forget("svc.bad", context);
    const process = await start(lvnf("a"));
    await driver.forget("svc.a", context);
    t.ok((await world.files()).includes("svc.a"), "not while it runs");
    t.equal((await driver.read("svc.a", "q.capacity", context)).trim(), "10");
    await end(process);
    t.notOk((await world.files()).includes("svc.a"));
  });

  await t.test("an element that cannot be configured: which, and why", async (t) => {
    const target = lvnf("device", "in0 -> Discard;\nIdle -> out0;\n", { ports: [portOn("lmcnone")] });
    await t.rejects(driver.start(target, context), {
      code: "click.script-invalid",
      detail: /in0[\s\S]*lmcnone: no such device/,
    });
    t.equal(seen("svc.device"), undefined);
  });

  await t.test("runs on the devices that it is given", async (t) => {
    await world.addVeth("lmcx0", "lmcx0p");
    const target = lvnf("device", "in0 -> c :: Counter -> Discard; // nothing to out0\n", {
      ports: [portOn("lmcx0")],
    });
    const process = await start(target);
    t.match(await driver.read("svc.device", "c.count", context), /^\d+\s*$/);
    await end(process);
  });

  await t.test("no program: click.missing", async (t) => {
    const without = world.withoutProgram();
    await t.rejects(without.start(lvnf("a"), context), { code: "click.missing" });
    await t.rejects(without.checkProgram(context), { code: "click.missing", detail: /cannot be run/ });
    t.match(await driver.checkProgram(context), /./);
    t.match(await without.withoutFastPath(context), /./);
  });

  await t.test("an end that nobody asked for is noticed at once, with its reason", async (t) => {
    const process = await start(lvnf("k"));
    const killedAt = performance.now();
    world.kill(process);
    await until("its exit is told", () => exits.length > 0);
    const tookMs = performance.now() - killedAt;
    t.ok(tookMs < 250, `told after ${tookMs.toFixed(1)} ms`);
    const [exit] = exits.splice(0);
    t.match(exit, { functionId: "svc.k", pid: process.pid, problem: { code: "click.exited" } });
    t.match(exit?.problem.detail, new RegExp(`pid ${process.pid}`));
    t.ok(Math.abs((exit?.at ?? 0) - Date.now()) < 2_000);
    t.match(await exit?.status, /SIGKILL/);
    t.equal(seen("svc.k"), undefined);
    await end(await start(lvnf("k")));
    t.same(exits, []);
  });

  await t.test("another driver adopts what runs, with the same pid, and notices its end", async (t) => {
    const process = await start(lvnf("adopted"));
    const other = world.another();
    const told: LvnfExit[] = [];
    other.onExit((exit) => told.push(exit));
    other.watch(() => undefined, context.signal);
    await until("it has looked", () => other.view().state === "ready");
    t.same(running("svc.adopted", other), process, "the same pid, start time and digest");
    t.equal((await other.read("svc.adopted", "q.capacity", context)).trim(), "10");
    const killedAt = performance.now();
    world.kill(process);
    await until("its exit is told", () => told.length > 0);
    t.ok(performance.now() - killedAt < 250);
    t.match(told, [{ functionId: "svc.adopted", pid: process.pid, problem: { code: "click.exited" } }]);
    await told[0]?.status;
    await until("the first driver has seen it too", () => !seen("svc.adopted"));
    exits.splice(0);
  });

  await t.test("nothing is shown of what is being adopted until all of it is", async (t) => {
    const names = ["m1", "m2", "m3", "m4"];
    const made: ObservedLvnf[] = [];
    for (const name of names) made.push(await start(lvnf(name)));
    const other = world.another();
    const sizes: number[] = [];
    other.watch(() => {
      const now = nowOf(other.view());
      if (now) sizes.push(now.processes.size);
    }, context.signal);
    await until("it is ready and said so", () => sizes.length > 0);
    t.equal(sizes[0], names.length, "or the loop would start the missing ones a second time");
    for (const process of made) await end(process);
    exits.splice(0);
  });

  await t.test("state is kept: what the handlers held is written into the next process", async (t) => {
    driver.keepState("svc.s", [CAPACITY]);
    const first = await start(lvnf("s"));
    await driver.write("svc.s", "q.capacity", "77", context);
    await until("the state is saved", async () => (await world.savedState("svc.s"))?.includes("77"));
    world.kill(first);
    await until("it ended", () => !seen("svc.s"));
    const second = await start(lvnf("s"));
    t.equal((await driver.read("svc.s", "q.capacity", context)).trim(), "77");
    await end(second);
    t.match(await world.savedState("svc.s"), /77/, "also over a stop: it is being replaced");
    const next = await start(lvnf("s"));
    await driver.write("svc.s", "q.capacity", "88", context);
    await end(next);
    t.match(
      await world.savedState("svc.s"),
      /88/,
      "a stop saves what there is then, and waits for no period",
    );
    const third = await start(lvnf("s"));
    driver.keepState("svc.s", []);
    await end(third);
    t.equal(await world.savedState("svc.s"), undefined, "but not over its removal");
    const fourth = await start(lvnf("s"));
    t.equal((await driver.read("svc.s", "q.capacity", context)).trim(), "10");
    await end(fourth);
    exits.splice(0);
  });

  await t.test("state that is saved once in an hour is saved at a stop all the same", async (t) => {
    driver.keepState("svc.h", [{ ...CAPACITY, periodMs: 3_600_000 }]);
    const first = await start(lvnf("h"));
    await driver.write("svc.h", "q.capacity", "55", context);
    await end(first);
    t.match(await world.savedState("svc.h"), /55/);
    driver.keepState("svc.h", [{ ...CAPACITY, changed: "q.capacity" }]);
    const second = await start(lvnf("h"));
    t.equal((await driver.read("svc.h", "q.capacity", context)).trim(), "55");
    await driver.write("svc.h", "q.capacity", "66", context);
    await until("what changed is saved", async () => (await world.savedState("svc.h"))?.includes("66"));
    driver.keepState("svc.h", []);
    await end(second);
    exits.splice(0);
  });
}

t.test("the fake", (t) =>
  clickContract(t, async () => {
    const interfaces = new Set<string>();
    const { driver, control } = createFakeClick({ hasInterface: (name) => interfaces.has(name) });
    return {
      driver,
      another: control.another,
      kill: ({ functionId }) => control.kill(functionId),
      addVeth: async (name, peer) => void interfaces.add(name).add(peer),
      withoutProgram: () => {
        const none = createFakeClick();
        none.control.setInstalled(false);
        return none.driver;
      },
      savedState: async (id) => control.savedState(id),
      files: async () => control.files(),
      close: async () => undefined,
    };
  }),
);

const missing = await missingClick();

t.test("the real one", { skip: missing ?? false }, (t) =>
  clickContract(t, async () => {
    const cleanup = createCleanup();
    const runDir = await mkdtemp(join(tmpdir(), "lmt-click-"));
    const namespace = await makeNamespace(cleanup);
    const options = {
      nodeId: `test/${namespace}`,
      program: LCLICK,
      runDir,
      commandPrefix: ["nsenter", `--net=/run/netns/${namespace}`, "--"],
      log: () => undefined,
    };
    const drivers: ClickDriver[] = [];
    const make = (change: Partial<typeof options> = {}): ClickDriver => {
      const made = createClickDriver({ ...options, ...change });
      drivers.push(made);
      return made;
    };
    cleanup.add(() => rm(runDir, { recursive: true, force: true }));
    cleanup.add(async () => {
      const left = drivers.flatMap((one) => [...(nowOf(one.view())?.processes.values() ?? [])]);
      for (const process_ of left) if (await isRunning(process_)) process.kill(process_.pid, "SIGKILL");
    });
    return {
      driver: make(),
      another: () => make(),
      kill: ({ pid }) => void process.kill(pid, "SIGKILL"),
      addVeth: async (name, peer) => {
        await sh("ip", "-n", namespace, "link", "add", name, "type", "veth", "peer", "name", peer);
        for (const end of [name, peer]) await sh("ip", "-n", namespace, "link", "set", end, "up");
      },
      withoutProgram: () => make({ program: join(runDir, "no-click"), commandPrefix: [] }),
      savedState: (id) =>
        readFile(join(runDir, `${id}.state`), "utf8").catch((error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return undefined;
          throw error;
        }),
      files: async () => (await readdir(runDir)).map((name) => name.replace(/\.(sock|click|log|state)$/, "")),
      close: cleanup.run,
    };
  }),
);
