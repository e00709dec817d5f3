import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { startFakeNode } from "../support/fake-node.js";
import { until } from "../support/until.js";

const MAIN = join(import.meta.dirname, "../../controller/main.ts");
const REPORTS = 1_000;

interface Ready {
  readonly restPort: number;
  readonly mqttPort: number;
}

/** The program itself, with the loader that this test runs under. */
function program(t: { teardown(work: () => void): void }, ...flags: string[]) {
  const child: ChildProcess = spawn(process.execPath, [...process.execArgv, MAIN, ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.teardown(() => child.kill("SIGKILL"));
  let out = "";
  let errors = "";
  child.stdout?.on("data", (text) => {
    out += text;
  });
  child.stderr?.on("data", (text) => {
    errors += text;
  });
  const exit = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const ready = async (): Promise<Ready> => {
    await until("it is ready", () => out.includes("\n") || child.exitCode !== null, { deadlineMs: 30_000 });
    return JSON.parse(out) as Ready;
  };
  return { child, exit, ready, out: () => out, errors: () => errors };
}

t.test("kill -9 in the middle of reports loses none and doubles none; SIGTERM ends well", async (t) => {
  const stateDir = await mkdtemp(join(tmpdir(), "lightmano-controller-"));
  t.teardown(() => rm(stateDir, { recursive: true, force: true }));
  const first = program(
    t,
    "--rest-port",
    "0",
    "--mqtt-port",
    "0",
    "--state-dir",
    stateDir,
    "--log-level",
    "warn",
  );
  const { mqttPort } = await first.ready();
  t.match(first.errors(), /the MQTT broker is OPEN/);
  const nodes = await Promise.all(["n1", "n2", "n3"].map((node) => startFakeNode({ port: mqttPort, node })));
  for (const node of nodes) t.teardown(node.stop);
  await until("they are connected", () => nodes.every((node) => node.connected()));
  for (const node of nodes) {
    for (let index = 0; index < REPORTS; index += 1)
      node.report({ event: node.event("numbered", String(index)) });
  }
  await until("some are taken", () => nodes.some((node) => node.pending() < REPORTS * 0.8), { everyMs: 1 });
  first.child.kill("SIGKILL");
  await first.exit;
  t.ok(
    nodes.some((node) => node.pending() > 0),
    "it was in the middle",
  );

  const second = program(t, "--rest-port", "0", "--mqtt-port", String(mqttPort), "--state-dir", stateDir);
  const { restPort } = await second.ready();
  await until("all are acknowledged", () => nodes.every((node) => node.pending() === 0), {
    deadlineMs: 20_000,
  });
  const base = `http://127.0.0.1:${restPort}`;
  const seen = new Map<string, string[]>();
  for (let since = 0, more = true; more; ) {
    const events = (await (await fetch(`${base}/api/v1/events?since=${since}&limit=1000`)).json()) as {
      id: number;
      node: string;
      detail: string;
    }[];
    for (const { node, detail } of events) seen.set(node, [...(seen.get(node) ?? []), detail]);
    since = events.at(-1)?.id ?? since;
    more = events.length > 0;
  }
  const all = Array.from({ length: REPORTS }, (_, index) => String(index));
  t.same([...seen.keys()].sort(), ["n1", "n2", "n3"]);
  for (const [node, details] of seen) t.same(details, all, `${node}: each once and in order`);

  const page = await fetch(`${base}/`);
  t.match(await page.text(), /<title>LightMANO<\/title>/);
  t.match(page.headers.get("content-security-policy"), /default-src 'self'/);
  for (const file of ["app.js", "dom.js", "view.js", "style.css", "icon.svg"])
    t.equal((await fetch(`${base}/${file}`)).status, 200, file);

  second.child.kill("SIGTERM");
  t.equal(await second.exit, 0);
});

t.test("wrong usage is told with exit code 2, help with 0, a port in use with 4", async (t) => {
  const stateDir = await mkdtemp(join(tmpdir(), "lightmano-controller-"));
  t.teardown(() => rm(stateDir, { recursive: true, force: true }));
  const wrong = program(t, "--rest-port", "many");
  const help = program(t, "--help");
  t.equal(await wrong.exit, 2);
  t.match(wrong.errors(), /restPort/);
  t.equal(await help.exit, 0);
  t.match(help.out(), /usage: controller/);
  const { createServer } = await import("node:net");
  const taken = createServer().listen(0, "127.0.0.1");
  t.teardown(() => taken.close());
  await until("the port is taken", () => taken.listening);
  const { port } = taken.address() as { port: number };
  const refused = program(t, "--mqtt-port", String(port), "--state-dir", stateDir);
  t.equal(await refused.exit, 4);
  t.match(refused.errors(), new RegExp(`cannot listen on 127.0.0.1:${port}`));
});
