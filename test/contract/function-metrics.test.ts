/** What a real GTPTable answers is in the format, and is on the page. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { createClickDriver } from "../../agent/drivers/click/driver.js";
import { parseExposition, renderExposition } from "../../agent/metrics/exposition.js";
import { createMetrics } from "../../agent/metrics/metrics.js";
import { nowOf, until } from "../support/real.js";
import { declared, LCLICK, lvnf, missingClick } from "../support/real-click.js";

/** An Echo Request makes a path, so that there are labels. */
const SCRIPT = `t :: GTPTable;
InfiniteSource(DATA \\<02000000000102000000000208004500002800010000401166b00a0900020a090001086808680014a8db320100040000000000010000>, LIMIT 1)
  -> down :: GTPDecap(t, DOWNLINK) -> Discard; down[1] -> GTPSignalling(t, DOWNLINK) -> Discard;
`;

t.test("metrics of a GTPTable", { skip: (await missingClick()) ?? false }, async (t) => {
  const runDir = await mkdtemp(join(tmpdir(), "lmt-metrics-"));
  const stop = new AbortController();
  const options = { nodeId: `test/${process.pid}-metrics`, program: LCLICK, runDir, log: () => undefined };
  const driver = createClickDriver(options);
  t.teardown(async () => {
    const { signal } = new AbortController();
    for (const { functionId, pid, startTicks } of nowOf(driver.view())?.processes.values() ?? [])
      await driver.stop(functionId, pid, startTicks, 1_000, { signal });
    stop.abort();
    await rm(runDir, { recursive: true, force: true });
  });
  driver.watch(() => undefined, stop.signal);
  await until("ready", () => driver.view().state === "ready");
  const target = lvnf("table", SCRIPT, { handlers: [declared("t.metrics", { metrics: true })] });
  await driver.start(target, { signal: stop.signal });
  await until("the path is there", async () =>
    (await driver.read("svc.table", "t.metrics", { signal: stop.signal })).includes(
      "gtp_path_packets_total{",
    ),
  );
  const problems: string[] = [];
  const metrics = createMetrics({
    facts: async () => ({
      site: "s",
      node: "n",
      version: "0",
      startedAt: 0,
      rssBytes: 0,
      cpuSeconds: 0,
      drivers: [],
      connected: null,
      pendingReports: 0,
      journalWorks: true,
      journalBytes: 40_960,
      writtenBytes: null,
      services: [],
      stats: new Map(),
    }),
    lvnfs: () => [target],
    read: driver.read,
    unreadable: (_id, _handler, problem) => problems.push(problem),
  });
  const page = renderExposition(await metrics.families());
  t.same(problems, []);
  const whose = 'site="s",node="n",service="svc",function="table"';
  t.match(page, `# TYPE gtp_sessions gauge\ngtp_sessions{${whose}} 0\n`);
  t.match(
    page,
    `gtp_path_packets_total{${whose},enb="10.9.0.1",core="10.9.0.2",vlan="0",direction="uplink"} 0\n`,
  );
  t.match(page, `gtp_packets_total{${whose},direction="downlink",reason=`);
  t.match(page, `lightmano_function_metrics_readable{${whose},handler="metrics"} 1\n`);
  t.ok(parseExposition(page).ok);
});
