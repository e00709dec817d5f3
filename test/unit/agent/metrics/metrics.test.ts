/** The page: the agent's own figures and those of functions, of which any may be late, wrong, or hostile. */
import { request } from "node:http";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import t, { type Test } from "tap";
import { serveMetrics } from "../../../../agent/api/metrics-server.js";
import type { LvnfTarget } from "../../../../agent/domain/target.js";
import { parseExposition, renderExposition } from "../../../../agent/metrics/exposition.js";
import { createJoin } from "../../../../agent/metrics/join.js";
import { createMetrics } from "../../../../agent/metrics/metrics.js";
import type { OwnFacts } from "../../../../agent/metrics/own.js";
import { LightmanoError } from "../../../../model/errors.js";
import type { FunctionStatus } from "../../../../model/messages/node.js";
import { declared, lvnf } from "../../../support/real-click.js";
import { until } from "../../../support/until.js";

const status = (id: string, change: Partial<FunctionStatus> = {}): FunctionStatus => ({
  id,
  name: id.split(".")[1] ?? "",
  kind: "lvnf",
  state: "running",
  code: null,
  reason: null,
  since: "2026-01-01T00:00:00.000Z",
  restarts: 2,
  digest: "sha256:0",
  pid: 7,
  bootMs: 12.5,
  ...change,
});
const FACTS: OwnFacts = {
  site: "s1",
  node: "n1",
  version: "0.1.0",
  startedAt: 1_000_500,
  rssBytes: 5_000_000,
  cpuSeconds: 1.25,
  drivers: [
    { name: "click", state: "ready" },
    { name: "docker", state: "degraded" },
  ],
  connected: null,
  pendingReports: 3,
  journalWorks: true,
  journalBytes: 40_960,
  writtenBytes: null,
  services: [
    {
      id: "svc",
      name: "svc",
      packageDigest: "sha256:0",
      revision: 1,
      state: "degraded",
      code: null,
      reason: null,
      functions: [status("svc.a"), status("svc.b", { state: "backoff", bootMs: null, kind: "container" })],
      chains: [{ name: "up", state: "active", flows: 2 }],
    },
  ],
  stats: new Map([["svc.a", { memoryBytes: 2_000_000, cpuSeconds: 0.5 }]]),
};

const withMetrics = (name: string, ...handlers: readonly string[]): LvnfTarget =>
  lvnf(name, "", {
    handlers: handlers.map((handler) => declared(`t.${handler}`, { metrics: handler.startsWith("metrics") })),
  });

/** A page over functions whose answers a test gives; a function gets the signal. */
function given(answers: Readonly<Record<string, string | ((signal: AbortSignal) => Promise<string>)>>) {
  const asked: string[] = [];
  const told: (readonly [string, string, string])[] = [];
  const lvnfs = Object.keys(answers).reduce((all, key) => {
    const [name = "", handler = "metrics"] = key.split(" ");
    return all.set(name, [...(all.get(name) ?? []), handler]);
  }, new Map<string, readonly string[]>());
  const metrics = createMetrics({
    facts: async () => FACTS,
    lvnfs: () => [...lvnfs].map(([name, handlers]) => withMetrics(name, "count", ...handlers)),
    async read(functionId, handler, { signal }) {
      asked.push(`${functionId} ${handler}`);
      const name = functionId.replace("svc.", "");
      const answer = answers[`${name} ${handler.slice(2)}`] ?? answers[name] ?? "";
      return typeof answer === "string" ? answer : answer(signal);
    },
    unreadable: (functionId, handler, problem) => told.push([functionId, handler, problem]),
    timeoutMs: 50,
  });
  const page = async (): Promise<string> => renderExposition(await metrics.families());
  return { metrics, page, asked, told };
}
const linesOf = (page: string, pattern: RegExp): readonly string[] =>
  page.split("\n").filter((line) => pattern.test(line));

t.test("what the agent knows is told, with the node's and the functions' labels", async (t) => {
  const { page } = given({});
  const text = await page();
  t.ok(parseExposition(text).ok);
  const own = 'site="s1",node="n1"';
  const a = `${own},service="svc",function="a"`;
  for (const line of [
    `lightmano_agent_info{${own},version="0.1.0"} 1`,
    `lightmano_agent_start_time_seconds{${own}} 1000.5`,
    `lightmano_agent_resident_memory_bytes{${own}} 5000000`,
    `lightmano_agent_cpu_seconds_total{${own}} 1.25`,
    `lightmano_agent_journal_works{${own}} 1`,
    `lightmano_reports_pending{${own}} 3`,
    `lightmano_driver_ready{${own},driver="click"} 1`,
    `lightmano_driver_ready{${own},driver="docker"} 0`,
    `lightmano_service_active{${own},service="svc"} 0`,
    `lightmano_path_active{${own},service="svc",path="up"} 1`,
    `lightmano_function_state{${a},kind="lvnf",state="running"} 1`,
    `lightmano_function_state{${a},kind="lvnf",state="failed"} 0`,
    `lightmano_function_state{${own},service="svc",function="b",kind="container",state="backoff"} 1`,
    `lightmano_function_restarts_total{${a}} 2`,
    `lightmano_function_boot_seconds{${a}} 0.0125`,
    `lightmano_function_memory_bytes{${a}} 2000000`,
    `lightmano_function_cpu_seconds_total{${a}} 0.5`,
  ])
    t.ok(text.includes(`${line}\n`), line);
  t.equal(
    linesOf(text, /^lightmano_(controller_connected|function_boot_seconds\{.*"b")/).length,
    0,
    "what is not known is not told",
  );
});

t.test("families of several functions become one, each series with whose it is", async (t) => {
  const gtp = (n: number): string =>
    `# HELP gtp_sessions UEs.\n# TYPE gtp_sessions gauge\ngtp_sessions ${n}\ngtp_x{node="enb1"} 1\n`;
  const { page, asked } = given({ a: gtp(1), b: gtp(2) });
  const text = await page();
  t.same(linesOf(text, /gtp_/), [
    "# HELP gtp_sessions UEs.",
    "# TYPE gtp_sessions gauge",
    'gtp_sessions{site="s1",node="n1",service="svc",function="a"} 1',
    'gtp_sessions{site="s1",node="n1",service="svc",function="b"} 2',
    "# TYPE gtp_x untyped",
    'gtp_x{site="s1",node="n1",service="svc",function="a",exported_node="enb1"} 1',
    'gtp_x{site="s1",node="n1",service="svc",function="b",exported_node="enb1"} 1',
  ]);
  t.same(asked, ["svc.a t.metrics", "svc.b t.metrics"], "only what is declared for it");
  t.ok(parseExposition(text).ok);
});

t.test("labels that are taken already are given way to", async (t) => {
  const join = createJoin([]);
  const exposition = parseExposition('m{function="x",exported_function="y",node="z"} 1');
  if (!exposition.ok) return t.fail(exposition.problem);
  t.equal(join.add(exposition.families, [["function", "f"]]), null);
  t.same(join.families()[0]?.samples[0]?.labels, [
    ["function", "f"],
    ["exported_exported_function", "x"],
    ["exported_function", "y"],
    ["node", "z"],
  ]);
});

t.test("one that answers wrongly, late or not at all is left out, and told of once", async (t) => {
  let wellAgain = false;
  const { page, told } = given({
    good: "# TYPE m gauge\nm 1\n",
    html: async () => (wellAgain ? "m2 5\n" : "<html>"),
    half: "n 1\nn{",
    late: (signal) => delay(10_000, "", { signal }),
    gone: () => Promise.reject(new LightmanoError("click.not-answering", "ControlSocket closed")),
    other: "# TYPE m counter\nm 1\no 1\n",
    thief: 'lightmano_agent_info{version="9"} 1\n',
    large: `p 1\n${"#".repeat(8 * 1024 * 1024)}`,
  });
  const begun = performance.now();
  const text = await page();
  t.ok(performance.now() - begun < 1_000);
  t.ok(parseExposition(text).ok, "the page is whole");
  t.same(linesOf(text, /^(m|m2|n|o|p)[ {]/), ['m{site="s1",node="n1",service="svc",function="good"} 1']);
  const readable = linesOf(text, /^lightmano_function_metrics_readable/);
  t.equal(readable.length, 8);
  t.same(
    readable.filter((line) => line.endsWith(" 1")),
    [
      'lightmano_function_metrics_readable{site="s1",node="n1",service="svc",function="good",handler="metrics"} 1',
    ],
  );
  const why = new Map(told.map(([id, , problem]) => [id, problem]));
  t.match(why.get("svc.html"), /^line 1: no metric's name at "<html>"/);
  t.match(why.get("svc.half"), /^line 2: n: no label/);
  t.match(why.get("svc.late"), /aborted/);
  t.match(why.get("svc.gone"), /ControlSocket closed/);
  t.match(why.get("svc.other"), /m is a counter here and a gauge of another function/);
  t.match(why.get("svc.thief"), /lightmano_agent_info: names with lightmano_ are the agent's own/);
  t.match(why.get("svc.large"), /more than 8388608 characters/);
  await page();
  t.equal(told.length, 7, "each once");
  wellAgain = true;
  t.equal(linesOf(await page(), /^m2/).length, 1);
  wellAgain = false;
  await page();
  t.equal(told.length, 8, "and again after it was well");
});

t.test("two handlers of one function may not tell the same series", async (t) => {
  const { page, told } = given({ "a metrics": "m 1\n", "a metrics2": 'm 2\nq{x="1"} 1\n' });
  t.same(linesOf(await page(), /^[mq][ {]/), ['m{site="s1",node="n1",service="svc",function="a"} 1']);
  t.match(told, [["svc.a", "metrics2", /m\{.*\} is told by another handler of it/]]);
});

t.test("who asks while the page is being made gets the same", async (t) => {
  const { metrics, asked } = given({ a: "m 1\n" });
  const [one, two] = await Promise.all([metrics.families(), metrics.families()]);
  t.equal(one, two);
  t.equal(asked.length, 1);
  t.not(await metrics.families(), one);
});

/** Asks over TCP; gives status, type and text. */
function ask(url: string, method = "GET", path = "/metrics") {
  return new Promise<{ status: number | undefined; type: string | undefined; text: string }>(
    (resolve, reject) => {
      const sent = request(new URL(path, url), { method, agent: false }, async (response) => {
        let text = "";
        for await (const chunk of response.setEncoding("utf8")) text += chunk;
        resolve({ status: response.statusCode, type: response.headers["content-type"], text });
      });
      sent.once("error", reject);
      sent.end();
    },
  );
}

function serving(t: Test, port: number, page: () => Promise<string>) {
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  const urls: string[] = [];
  const reasons: string[] = [];
  serveMetrics({
    host: "127.0.0.1",
    port,
    page,
    listening: (url) => urls.push(url),
    failed: (reason) => reasons.push(reason),
    signal: stop.signal,
  });
  return { urls, reasons, stop };
}

t.test("over TCP there is the page and nothing else", async (t) => {
  let broken = false;
  const { urls, stop } = serving(t, 0, async () => {
    if (broken) throw new Error("no facts");
    return "m 1\n";
  });
  const url = await until("it listens", () => urls[0]);
  t.match(url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  t.same(await ask(url), { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", text: "m 1\n" });
  t.match(await ask(url, "HEAD"), { status: 200, text: "" });
  t.match(await ask(url, "GET", "/metrics?x=1"), { status: 200 });
  t.match(await ask(url, "POST"), { status: 405 });
  t.match(await ask(url, "GET", "/api/v1/status"), { status: 404 });
  broken = true;
  t.match(await ask(url), { status: 500, text: /no facts/ });
  stop.abort();
  await until("it is closed", () =>
    ask(url).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === "ECONNREFUSED",
    ),
  );
});

t.test("a port that is taken is told of once, and tried again", async (t) => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { urls, reasons } = serving(t, port, async () => "");
  await until("it is told", () => reasons.length > 0);
  t.match(reasons, [/EADDRINUSE/]);
  await new Promise((resolve) => other.close(resolve));
  await until("it listens", () => urls.length > 0);
  t.equal(reasons.length, 1);
});
