/** The watchdog outside, against a real datagram socket, and real Node processes that hang in every way there is. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { startHelper, untoldHangs } from "../../agent/watchdog/helper.js";
import { until } from "../support/until.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "build", "watchdog", "lightmano-watchdog");
const stack = join(root, "dist", "stack.mjs");
const built = { skip: existsSync(program) && existsSync(stack) ? false : "npm run build makes it" } as const;

async function folder(t: Test): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "lmt-watchdog-"));
  t.teardown(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A service manager that listens; what it was told. */
async function manager(t: Test, name: string): Promise<readonly string[]> {
  const told: string[] = [];
  const child = spawn("python3", [join(root, "test", "support", "notify-socket.py"), name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.teardown(() => void child.kill());
  createInterface({ input: child.stdout }).on("line", (line) => told.push(JSON.parse(line)));
  await until("it listens", () => told[0] === "bound");
  return told;
}

const AGENT = `
import { startHelper } from ${JSON.stringify(join(root, "build", "watchdog-test-helper.mjs"))};
process.debugPort = 0;
const [seconds, directory, stack] = process.argv.slice(2);
const helper = await startHelper({ program: ${JSON.stringify(program)}, seconds, directory, dumpProgram: [process.execPath, stack] });
helper.say("ready");
helper.say("status well so far");
const beats = setInterval(() => helper.say("beat"), 50);
function spinsForEver() { for (;;) Math.random(); }
process.stdin.on("data", (what) => {
  if (String(what) === "spin") spinsForEver();
  if (String(what) === "silent") clearInterval(beats);
});
console.log("begun");
`;

/** A process that beats, as the agent does, until it is told to hang. */
async function agent(t: Test, directory: string, env: NodeJS.ProcessEnv = {}, seconds = "1") {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(root, "agent", "watchdog", "helper.ts")],
    outfile: join(root, "build", "watchdog-test-helper.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const script = join(directory, "agent.mjs");
  await writeFile(script, AGENT);
  const child = spawn(process.execPath, [script, seconds, join(directory, "dumps"), stack], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  t.teardown(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return { child, exited };
}

async function onlyDump(directory: string): Promise<string> {
  const names = await readdir(join(directory, "dumps"));
  t.equal(names.length, 1);
  return readFile(join(directory, "dumps", names[0] ?? ""), "utf8");
}

for (const abstract of [false, true])
  t.test(
    `systemd is told: a socket ${abstract ? "in the abstract namespace" : "by path"}`,
    built,
    async (t) => {
      const directory = await folder(t);
      const name = abstract ? `@lmt-watchdog-${process.pid}` : join(directory, "notify");
      const told = await manager(t, name);
      const { child, exited } = await agent(t, directory, { NOTIFY_SOCKET: name });
      await until("it is told of life", () => told.filter((text) => text === "WATCHDOG=1").length >= 3);
      t.same(told.slice(1, 3), ["READY=1", "STATUS=well so far"]);
      child.kill("SIGTERM");
      t.same(await exited, [null, "SIGTERM"]);
      const sofar = told.length;
      t.notOk(existsSync(join(directory, "dumps")), "one that ends is no hang");
      t.equal(told.length, sofar);
    },
  );

t.test("an event loop that is blocked: where, is written; the process ends", built, async (t) => {
  const directory = await folder(t);
  const { child, exited } = await agent(t, directory);
  child.stdin?.write("spin");
  t.same(await exited, [null, "SIGKILL"]);
  const text = await onlyDump(directory);
  t.match(
    text,
    new RegExp(`agent pid ${child.pid} has given no sign of life for \\d+ ms\nlast status: well so far\n`),
  );
  t.match(text, /thread \d+\ncomm: node\nstat: \d+ \(node\) R/, "the kernel's view of its threads");
  t.match(text, /JavaScript:\n {2}at spinsForEver \(file:.*agent\.mjs:\d+:\d+\)\n/);
});

t.test("SIGSTOP is seen, and ends in an end", built, async (t) => {
  const directory = await folder(t);
  const { child, exited } = await agent(t, directory);
  child.kill("SIGSTOP");
  t.same(await exited, [null, "SIGKILL"]);
  t.match(
    await onlyDump(directory),
    /stat: \d+ \(node\) T[\s\S]*JavaScript: no stack: the inspector did not open/,
  );
});

t.test("one that beats is left alone, however long; its silence is not", built, async (t) => {
  const directory = await folder(t);
  const { child, exited } = await agent(t, directory, {}, "0.4");
  const ended = await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 1500, "runs"))]);
  t.equal(ended, "runs");
  child.stdin?.write("silent");
  t.same(await exited, [null, "SIGKILL"]);
});

t.test("five dumps are kept, the newest; each is told of once", built, async (t) => {
  const directory = await folder(t);
  const dumps = join(directory, "dumps");
  await mkdir(dumps);
  for (let i = 1; i <= 8; i++) await writeFile(join(dumps, `hang-000000000${i}-1.txt`), `old ${i}\nx\ny\n`);
  const { child, exited } = await agent(t, directory, {}, "0.3");
  child.kill("SIGSTOP");
  await exited;
  const kept = (await readdir(dumps)).sort();
  t.equal(kept.length, 5);
  t.equal(kept[0], "hang-0000000005-1.txt");
  const told: string[] = [];
  const tell = ({ summary }: { summary: string }) => void told.push(summary);
  await untoldHangs(dumps, tell);
  t.equal(told.length, 5);
  t.equal(told[0], "old 5; x");
  t.match(told[4], /^agent pid \d+ has given no sign of life for \d+ ms; last status: well so far$/);
  await untoldHangs(dumps, tell);
  t.equal(told.length, 5, "no second time");
  await writeFile(join(dumps, "hang-9999999999-1.txt"), "new\n");
  await untoldHangs(dumps, tell);
  t.equal(told.length, 6);
  await untoldHangs(join(directory, "none"), tell);
});

t.test("a program that is not there, or not right, is an error that says so", async (t) => {
  const options = { seconds: 1, directory: "/nowhere", dumpProgram: [] };
  await t.rejects(startHelper({ ...options, program: "/nowhere/watchdog" }), { code: "ENOENT" });
  if (!existsSync(program)) return;
  const refused = await startHelper({ ...options, program, seconds: Number.NaN });
  let why = "";
  void refused.ended.then((reason) => {
    why = reason;
  });
  await until("it has ended", () => why !== "");
  t.equal(why, "ended with exit code 2");
});

/** What systemd does by Restart=always. */
function restarting(start: () => ChildProcess, signal: AbortSignal): { readonly pids: number[] } {
  const pids: number[] = [];
  const begin = (): void => {
    const child = start();
    pids.push(child.pid ?? 0);
    child.once("exit", () => signal.aborted || begin());
    signal.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
  };
  begin();
  return { pids };
}

t.test(
  "the agent itself: stopped, it is ended, started again, and says why",
  { ...built, timeout: 60_000 },
  async (t) => {
    const directory = await folder(t);
    const stop = new AbortController();
    t.teardown(() => stop.abort());
    const socket = join(directory, "notify");
    const told = await manager(t, socket);
    const config = {
      site: "s1",
      node: "n1",
      stateDir: join(directory, "state"),
      runDir: join(directory, "run"),
      ovs: { database: join(directory, "db.sock"), runDir: directory },
      docker: { socket: join(directory, "docker.sock") },
      click: { program: join(root, "build", "click", "lclick") },
      links: { program: join(root, "build", "links", "lightmano-links") },
      watchdog: { program, seconds: 2 },
    };
    await writeFile(join(directory, "agent.yaml"), JSON.stringify(config));
    const command = join(root, "bin", "lightmano");
    const supervised = restarting(
      () =>
        spawn(command, ["agent", "--config", join(directory, "agent.yaml")], {
          stdio: "ignore",
          env: { ...process.env, NOTIFY_SOCKET: socket },
        }),
      stop.signal,
    );
    await until("it is ready", () => told.includes("READY=1"), { deadlineMs: 20_000 });
    await until("it beats", () => told.includes("WATCHDOG=1"), { deadlineMs: 20_000 });
    await until("it says how it is", () => told.includes("STATUS=running"), { deadlineMs: 20_000 });
    const [first = 0] = supervised.pids;
    process.kill(first, "SIGSTOP");
    await until("another one is ready", () => told.filter((text) => text === "READY=1").length === 2, {
      deadlineMs: 30_000,
    });
    t.equal(supervised.pids.length, 2);
    const why = async (): Promise<string> => {
      const asked = spawn(
        command,
        ["--socket", join(config.runDir, "agent.sock"), "--json", "why", "agent"],
        {
          stdio: ["ignore", "pipe", "ignore"],
        },
      );
      let text = "";
      for await (const chunk of asked.stdout) text += chunk;
      return text;
    };
    const text = await why();
    const { now, events } = JSON.parse(text) as { now: string; events: { type: string; detail: string }[] };
    t.match(now, /watched from outside, 2 s; parts: .*journal.*driver\/ovs.*reconciler.*api/);
    t.match(
      events.find(({ type }) => type === "agent.hung")?.detail,
      new RegExp(
        `agent pid ${first} has given no sign of life for \\d+ ms; last status: running; .*hang-.*txt`,
      ),
    );
  },
);
