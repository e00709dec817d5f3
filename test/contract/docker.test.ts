/** The contract of the Docker driver: the fake and the driver on a real dockerd pass the same suite. */
import { readFile, readlink } from "node:fs/promises";
import t, { type Test } from "tap";
import type { ContainerSpec, DockerDriver } from "../../agent/drivers/docker/api.js";
import { createDockerDriver } from "../../agent/drivers/docker/driver.js";
import { RESOLV_CONF, resolvConfOf } from "../../agent/drivers/docker/name-files.js";
import { beginsWatching, openWorld } from "../support/contract.js";
import { createFakeDocker } from "../support/fake-docker.js";
import { missingFor, nowOf, sh, until } from "../support/real.js";
import { DOCKER_PROGRAMS, startRealDocker, TEST_IMAGE } from "../support/real-docker.js";

/** What the suite does to the world behind the driver. */
interface World {
  readonly driver: DockerDriver;
  /** The container ends by itself with exit code 3, having written "out" and, to stderr, "sorry". */
  fail(functionId: string): Promise<void>;
  kill(functionId: string): Promise<void>;
  stopDaemon(): Promise<void>;
  startDaemon(): Promise<void>;
  close(): Promise<void>;
}

const LISTEN = ["sh", "-c", "trap 'exit 0' TERM; nc -l -p 8080 & wait"];
/** Ends with 3 when a file appears, see `fail`. */
const FAIL = ["sh", "-c", "echo out; echo sorry >&2; while [ ! -e /stop ]; do sleep 0.05; done; exit 3"];
const spec = (functionId: string, change: Partial<ContainerSpec> = {}): ContainerSpec => ({
  functionId,
  digest: "sha256:one",
  name: `lightmano-${functionId}`,
  image: TEST_IMAGE,
  command: LISTEN,
  environment: {},
  memoryBytes: null,
  cpus: null,
  readyPorts: [8080],
  ...change,
});

async function dockerContract(t: Test, makeWorld: () => Promise<World>): Promise<void> {
  const world = await openWorld(t, makeWorld);
  const { driver, context } = world;
  const container = (functionId: string) => nowOf(driver.view())?.containers.get(functionId);
  const isReady = () => until("the view is ready", () => driver.view().state === "ready", 20_000);

  await beginsWatching(t, driver, context);
  t.equal(nowOf(driver.view())?.containers.size, 0);

  await t.test("tells of an image whether it is here and how big it is", async (t) => {
    await driver.ensureImage(TEST_IMAGE, context);
    t.ok((await driver.imageBytes(TEST_IMAGE, context)) ?? 0 > 1_000_000);
    const nowhere = "localhost:1/lightmano/nowhere:1";
    t.equal(await driver.imageBytes(nowhere, context), null);
    await t.rejects(driver.ensureImage(nowhere, context), {
      code: "docker.image-missing",
      detail: /nowhere.*cannot be pulled/,
    });
    await t.rejects(driver.create(spec("no.image", { image: nowhere }), context), {
      code: "docker.image-missing",
    });
  });

  await t.test("makes a container, once", async (t) => {
    const id = await driver.create(spec("svc.one"), context);
    t.match(container("svc.one"), {
      containerId: id,
      digest: "sha256:one",
      state: "created",
      pid: null,
      exitCode: null,
      ready: false,
    });
    t.equal(await driver.create(spec("svc.one"), context), id, "the same again is the same");
    await t.rejects(driver.create(spec("svc.one", { digest: "sha256:two" }), context), {
      code: "docker.failed",
      detail: /in use/,
    });
  });

  await t.test("starts it; it is ready when its ports listen", async (t) => {
    const id = container("svc.one")?.containerId ?? "";
    await driver.start(id, context);
    t.match(container("svc.one"), { state: "running", exitCode: null, error: null });
    t.ok((container("svc.one")?.pid ?? 0) > 1);
    t.ok(container("svc.one")?.startedAt);
    await until("it is ready", () => container("svc.one")?.ready);
    await driver.start(id, context);
    t.equal(container("svc.one")?.containerId, id, "starting it again is no error");
  });

  await t.test("measures it while it runs", async (t) => {
    const id = container("svc.one")?.containerId ?? "";
    const stats = await driver.stats(id, context);
    t.ok(
      stats && stats.memoryBytes > 10_000 && stats.memoryBytes < 100_000_000,
      `memory ${stats?.memoryBytes}`,
    );
    t.ok(stats && stats.cpuSeconds > 0 && stats.cpuSeconds < 10, `cpu ${stats?.cpuSeconds}`);
    t.equal(await driver.stats("0".repeat(64), context), null);
  });

  await t.test("sees it die", async (t) => {
    await world.kill("svc.one");
    await until("exited", () => container("svc.one")?.state === "exited", 2_000);
    t.match(container("svc.one"), { exitCode: 137, pid: null, ready: false });
    t.equal(await driver.stats(container("svc.one")?.containerId ?? "", context), null);
  });

  await t.test("shows the exit code and what it wrote last", async (t) => {
    const id = await driver.create(spec("svc.bad", { command: FAIL, readyPorts: [] }), context);
    await driver.start(id, context);
    await until("ready without ports to wait for", () => container("svc.bad")?.ready);
    await world.fail("svc.bad");
    await until("exited", () => container("svc.bad")?.state === "exited");
    t.equal(container("svc.bad")?.exitCode, 3);
    await until("the log is there", async () => (await driver.logTail(id, 10, context)).includes("sorry"));
    const log = await driver.logTail(id, 10, context);
    t.strictSame(log.trim().split("\n").sort(), ["out", "sorry"]);
    t.equal((await driver.logTail(id, 1, context)).trim().split("\n").length, 1);
    await t.rejects(driver.logTail("0".repeat(64), 1, context), { code: "docker.failed" });
  });

  await t.test("removes, running or not, there or not", async (t) => {
    const bad = container("svc.bad")?.containerId ?? "";
    await driver.remove(bad, 1000, context);
    t.equal(container("svc.bad"), undefined);
    await driver.remove(bad, 1000, context);
    await driver.start(container("svc.one")?.containerId ?? "", context);
    await driver.remove(container("svc.one")?.containerId ?? "", 0, context);
    t.equal(nowOf(driver.view())?.containers.size, 0);
  });

  await t.test(
    "dockerd gone: degraded with what was seen last, containers go on; back: adopted",
    async (t) => {
      const id = await driver.create(spec("svc.stays"), context);
      await driver.start(id, context);
      await until("ready", () => container("svc.stays")?.ready);
      const before = container("svc.stays");
      await world.stopDaemon();
      await until("degraded", () => driver.view().state === "degraded", 1_000);
      const view = driver.view();
      t.match(view, { reason: /Docker|dockerd/ });
      t.ok(view.state !== "ready" && view.last?.containers.has("svc.stays"));
      await t.rejects(driver.create(spec("svc.later"), context), { code: "driver.unavailable" });
      await world.startDaemon();
      await isReady();
      await until("ready again", () => container("svc.stays")?.ready);
      t.strictSame(container("svc.stays"), before, "the same process");
      await driver.remove(id, 0, context);
    },
  );

  await t.test("gives up when its signal aborts", async (t) => {
    const given = new AbortController();
    given.abort(new Error("enough"));
    const work = driver.ensureImage(TEST_IMAGE, { signal: given.signal });
    await t.rejects(work, { code: "operation.timeout", detail: /enough/ });
  });
}

t.test("the fake", (t) =>
  dockerContract(t, async () => {
    const { driver, control } = createFakeDocker({ images: [TEST_IMAGE] });
    return {
      driver,
      fail: async (functionId) => {
        control.setLog(functionId, "out\nsorry\n");
        control.kill(functionId, 3);
      },
      kill: async (functionId) => control.kill(functionId),
      stopDaemon: async () => control.stopDaemon(),
      startDaemon: async () => control.startDaemon(),
      close: async () => undefined,
    };
  }),
);

const missing = missingFor(DOCKER_PROGRAMS);
const realOptions = missing === null ? {} : { skip: missing };

async function makeRealWorld() {
  const real = await startRealDocker();
  return {
    real,
    driver: createDockerDriver({ socketPath: real.socketPath }),
    fail: async (functionId: string) =>
      void (await real.docker("exec", `lightmano-${functionId}`, "sh", "-c", ": > /stop")),
    kill: async (functionId: string) => void (await real.docker("kill", `lightmano-${functionId}`)),
    stopDaemon: real.stop,
    startDaemon: real.start,
    close: real.close,
  };
}

t.test("a real dockerd", realOptions, (t) => dockerContract(t, makeRealWorld));

t.test("on a real dockerd", realOptions, async (t) => {
  const { real, driver, context } = await openWorld(t, makeRealWorld);
  driver.watch(() => undefined, context.signal);
  const container = (functionId: string) => nowOf(driver.view())?.containers.get(functionId);
  await until("ready", () => driver.view().state === "ready");

  await t.test(
    "it has no network but its own, no restart policy, its limits, environment and labels",
    async (t) => {
      const limits = { memoryBytes: 32 * 1024 * 1024, cpus: 0.5, environment: { A: "b=c d" } };
      const id = await driver.create(spec("svc.env", limits), context);
      const [inspected] = JSON.parse(await real.docker("inspect", id));
      t.match(inspected.HostConfig, {
        NetworkMode: "none",
        RestartPolicy: { Name: "no" },
        Memory: limits.memoryBytes,
        NanoCpus: 5e8,
      });
      t.match(inspected.Config, {
        NetworkDisabled: true,
        Env: ["A=b=c d"],
        Labels: {
          "lightmano.function": "svc.env",
          "lightmano.digest": "sha256:one",
          "lightmano.ready-ports": "8080",
        },
      });
      await driver.remove(id, 0, context);
    },
  );

  await t.test(
    "its network is its loopback alone, and its own; it finds names, and what it writes there stays",
    async (t) => {
      const id = await driver.create(spec("svc.names"), context);
      await driver.start(id, context);
      const inside = (...words: readonly string[]) =>
        real.docker("exec", "lightmano-svc.names", "busybox", ...words);
      t.match(
        await sh("nsenter", "-t", `${container("svc.names")?.pid}`, "-n", "ip", "-o", "link"),
        /^1: lo: <LOOPBACK,UP,LOWER_UP>[^\n]*$/,
      );
      const own = await readlink("/proc/self/ns/net");
      t.not(await readlink(`/proc/${container("svc.names")?.pid}/ns/net`), own);
      t.match(await inside("cat", "/etc/hosts"), /^127\.0\.0\.1\tlocalhost\n/);
      t.equal(await inside("cat", "/etc/hostname"), await inside("hostname"));
      const ours = await Promise.all(RESOLV_CONF.map((path) => readFile(path, "utf8").catch(() => "")));
      t.equal(await inside("cat", "/etc/resolv.conf"), resolvConfOf(ours).trim());
      t.match(await inside("stat", "-c", "%a %u %g", "/etc/resolv.conf"), "644 0 0");

      await inside("sh", "-c", "echo 'nameserver 192.0.2.53' >/etc/resolv.conf");
      await real.docker("kill", "lightmano-svc.names");
      await until("it is seen", () => container("svc.names")?.state === "exited");
      await driver.start(id, context);
      t.equal(await inside("cat", "/etc/resolv.conf"), "nameserver 192.0.2.53");
      await driver.remove(id, 0, context);
    },
  );

  await t.test("a program that is not there: refused in Docker's words, and seen", async (t) => {
    const id = await driver.create(spec("svc.nope", { command: ["nope"] }), context);
    await t.rejects(driver.start(id, context), {
      code: "docker.failed",
      detail: /executable file not found/,
    });
    t.match(container("svc.nope"), { state: "created", error: /executable file not found/ });
    await driver.remove(id, 0, context);
  });

  await t.test("not ready before it listens; ready within moments after", async (t) => {
    const late = ["sh", "-c", "while [ ! -e /go ]; do sleep 0.01; done; exec nc -l -p 8080"];
    const id = await driver.create(spec("svc.late", { command: late }), context);
    await driver.start(id, context);
    // A round trip through the container takes longer than several looks at its ports.
    await real.docker("exec", "lightmano-svc.late", "echo");
    t.match(container("svc.late"), { state: "running", ready: false });
    await real.docker("exec", "lightmano-svc.late", "sh", "-c", ": > /go");
    await until("ready", () => container("svc.late")?.ready, 2_000);
    await driver.remove(id, 0, context);
  });

  await t.test("one that stops listening is ready no more, though it runs on; and is again", async (t) => {
    const script = "trap 'kill $!; wait $!; while [ ! -e /go ]; do sleep 0.01; done' TERM; ";
    const turns = "while :; do nc -l -p 8080 & wait $!; done";
    const id = await driver.create(spec("svc.turns", { command: ["sh", "-c", script + turns] }), context);
    await driver.start(id, context);
    await until("ready", () => container("svc.turns")?.ready);
    await real.docker("kill", "--signal", "TERM", "lightmano-svc.turns");
    await until("not ready", () => container("svc.turns")?.ready === false, 5_000);
    t.match(container("svc.turns"), { state: "running" });
    await real.docker("exec", "lightmano-svc.turns", "sh", "-c", ": > /go");
    await until("ready again", () => container("svc.turns")?.ready, 5_000);
    await driver.remove(id, 0, context);
  });

  await t.test("a container of somebody else is not ours", async (t) => {
    await real.docker(
      "run",
      "-d",
      "--network",
      "none",
      "--name",
      "lightmano-svc.alien",
      TEST_IMAGE,
      "sleep",
      "60",
    );
    await t.rejects(driver.create(spec("svc.alien"), context), { code: "docker.failed", detail: /in use/ });
    t.equal(container("svc.alien"), undefined);
  });

  await t.test("a graceful stop lets it end by itself", async (t) => {
    const id = await driver.create(spec("svc.soft"), context);
    await driver.start(id, context);
    await until("ready", () => container("svc.soft")?.ready);
    const startMs = performance.now();
    await driver.remove(id, 20_000, context);
    t.ok(performance.now() - startMs < 10_000, "SIGTERM was enough");
  });

  await t.test(
    "a dockerd that hangs: degraded after 5 s without an answer, ready when it goes on",
    async (t) => {
      await real.freeze();
      t.teardown(() => real.thaw());
      await t.rejects(driver.imageBytes(TEST_IMAGE, context), {
        code: "driver.unavailable",
        detail: /did not answer/,
      });
      await until("degraded", () => driver.view().state === "degraded", 1_000);
      real.thaw();
      await until("ready", () => driver.view().state === "ready");
    },
  );
});
