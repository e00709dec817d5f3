import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import t, { type Test } from "tap";
import { systemWaitClock } from "../../../agent/drivers/wait.js";
import { type MemoryTrend, NO_TREND, sample, verdict } from "../../../agent/watchdog/memory.js";
import { createParts, watchedClock, watchedJournal } from "../../../agent/watchdog/parts.js";
import { EXIT_MEMORY, EXIT_STUCK, startWatchdog } from "../../../agent/watchdog/watchdog.js";
import { silentLog } from "../../../bus/log.js";
import { until } from "../../support/until.js";

const MIB = 1024 ** 2;
const MINUTE_MS = 60_000;

t.test(
  "a part that has begun is stuck when its bound is over, and not when it is done in time",
  async (t) => {
    let now = 0;
    const parts = createParts(() => now);
    const pass = parts.part("reconciler", 100);
    now = 1_000_000;
    t.same(parts.stuck(), [], "one that has not begun anything may rest for ever");
    pass.begin();
    now += 60;
    pass.begin();
    now += 40;
    t.same(parts.stuck(), []);
    now += 1;
    t.same(parts.stuck(), [{ name: "reconciler", overdueMs: 1 }], "from the first time");
    pass.end();
    t.same(parts.stuck(), []);
  },
);

t.test(
  "a loop that waits is well until its wait and its bound are over; the longest wait counts",
  async (t) => {
    let now = 0;
    const parts = createParts(() => now);
    const stop = new AbortController();
    const clock = watchedClock(
      { ...systemWaitClock, delay: async () => undefined },
      parts.part("driver/x", 50),
    );
    await clock.delay(1000, stop.signal);
    await clock.delay(10, stop.signal);
    now = 1050;
    t.same(parts.stuck(), []);
    now = 1051;
    t.match(parts.stuck(), [{ name: "driver/x" }]);
    await clock.delay(10, stop.signal);
    t.same(parts.stuck(), [], "it goes on");
  },
);

t.test("a commit that never ends is stuck; one that fails is not", async (t) => {
  let now = 0;
  const parts = createParts(() => now);
  let outcome: Promise<void> = Promise.reject(new Error("disk full"));
  const journal = watchedJournal({ append: () => outcome } as never, parts.part("journal", 10));
  await t.rejects(journal.append([], []), /disk full/);
  now = 100;
  t.same(parts.stuck(), []);
  outcome = new Promise(() => undefined);
  void journal.append([], []);
  now = 200;
  t.match(parts.stuck(), [{ name: "journal" }]);
});

/** A day of samples a minute. */
function day(bytesAt: (hour: number) => number, hours = 24): MemoryTrend {
  let trend = NO_TREND;
  for (let minute = 0; minute < hours * 60; minute++)
    trend = sample(trend, minute * MINUTE_MS, bytesAt(minute / 60));
  return trend;
}

t.test("memory: garbage is no leak, a start is none, a leak is one", async (t) => {
  const limit = 128 * MIB;
  const garbage = day((hour) => 60 * MIB + ((hour * 60) % 7) * 4 * MIB);
  t.match(verdict(garbage, limit), { leaks: false, beyondLimit: false });
  t.ok(Math.abs(verdict(garbage, limit).bytesPerHour ?? Number.NaN) < MIB / 10);
  t.match(
    verdict(
      day((hour) => (hour < 0.2 ? 30 : 70) * MIB),
      limit,
    ),
    { leaks: false },
  );
  const leak = day((hour) => 60 * MIB + hour * 3 * MIB + ((hour * 60) % 7) * MIB, 12);
  t.match(verdict(leak, limit), { leaks: true, beyondLimit: false });
  t.ok(Math.abs((verdict(leak, limit).bytesPerHour ?? 0) - 3 * MIB) < MIB / 3);
  t.match(
    verdict(
      day(() => 140 * MIB, 1),
      limit,
    ),
    { leaks: false, beyondLimit: true },
  );
  t.match(
    verdict(
      day((hour) => 60 * MIB + hour * 3 * MIB, 1),
      limit,
    ),
    { bytesPerHour: null, leaks: false },
  );
});

t.test("memory: one short peak is not beyond the limit, and what is kept is bounded", async () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 10, max: 200 }), { minLength: 11, maxLength: 600 }), (samples) => {
      let trend = NO_TREND;
      for (const [i, mib] of samples.entries()) trend = sample(trend, i * MINUTE_MS, mib * MIB);
      const least = Math.min(...samples);
      return trend.spans.length <= 36 && trend.spans.every(({ leastBytes }) => leastBytes >= least * MIB);
    }),
  );
});

async function watchdog(t: Test, options: { memoryLimitBytes?: number } = {}) {
  const directory = await mkdtemp(join(tmpdir(), "lmt-watchdog-"));
  const stop = new AbortController();
  t.teardown(async () => {
    stop.abort();
    await rm(directory, { recursive: true, force: true });
  });
  let now = 0;
  const parts = createParts(() => now);
  const told: { type: string; detail: string }[] = [];
  const ends: number[] = [];
  const watching = startWatchdog({
    parts,
    seconds: 0.04,
    program: "/nowhere/lightmano-watchdog",
    dumpProgram: [],
    directory,
    memoryLimitBytes: options.memoryLimitBytes ?? 1e12,
    tell: async (type, detail) => void told.push({ type, detail }),
    end: (code) => void ends.push(code),
    log: silentLog,
    clock: systemWaitClock,
    now: () => now,
    signal: stop.signal,
  });
  return { directory, parts, told, ends, watching, pass: (ms: number) => (now += ms) };
}

t.test("a stuck part is dumped, told, and ends the agent, once", async (t) => {
  const { directory, parts, told, ends, pass } = await watchdog(t);
  for (let i = 0; i < 9; i++) await writeFile(join(directory, `stuck-${i}-1.json`), "{}");
  parts.part("driver/ovs", 1000).begin();
  pass(3000);
  await until("it ends", () => ends.length > 0);
  t.same(ends, [EXIT_STUCK]);
  t.equal(told.length, 1);
  t.match(told[0], {
    type: "agent.stuck",
    detail: /^driver\/ovs has made no progress and is 2 s late; .*report: .*stuck-\d+-\d+\.json$/,
  });
  const reports = (await readdir(directory)).filter((name) => name.startsWith("stuck-")).sort();
  t.equal(reports.length, 5, "a bounded number is kept");
  const report = JSON.parse(await readFile(told[0]?.detail.split("report: ")[1] ?? "", "utf8"));
  t.ok(report.javascriptStack && report.libuv, "a report of Node's");
  t.equal(ends.length, 1);
});

t.test("more memory than allowed ends the agent in an orderly way", async (t) => {
  const { told, ends } = await watchdog(t, { memoryLimitBytes: MIB });
  await until("it ends", () => ends.length > 0);
  t.same(ends, [EXIT_MEMORY]);
  t.match(told, [{ type: "agent.memory-limit", detail: /MiB .*, more than 1\.0 MiB/ }]);
});

t.test("without the program outside the agent goes on, and says so", async (t) => {
  const { watching, ends, parts } = await watchdog(t);
  parts.part("link", 1);
  await until("it was tried", () => watching.state().includes("ENOENT"));
  t.match(
    watching.state(),
    /MiB of memory \(trend not known yet\); not watched from outside: cannot start \/nowhere\/lightmano-watchdog: .*; parts: link/,
  );
  t.same(ends, []);
});
