/** What is remembered of a function that crashes again and again outlives the agent, and is forgiven as ever. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { IMMEDIATE_RESTARTS, NEW_FUNCTION, supervise } from "../../agent/domain/supervision.js";
import { keptOf, revived } from "../../agent/domain/supervision-kept.js";
import { crashLoop } from "../../agent/explain.js";
import { createMemoryKeeper } from "../../agent/memory-keeper.js";
import { openJournal } from "../../agent/store/journal.js";
import { problem } from "../../model/errors.js";
import { exampleService } from "../support/example.js";
import { createNode, startLoop } from "../support/loop.js";
import { until } from "../support/until.js";

const BREAKOUT = "mec.breakout";
const DEATHS = IMMEDIATE_RESTARTS + 4;

t.test("an agent that starts again goes on waiting for a function that crashes", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "lmt-memory-"));
  const journal = await openJournal(join(folder, "journal.db"), Date.now);
  t.teardown(async () => {
    await journal.close();
    await rm(folder, { recursive: true });
  });
  const node = createNode();
  const first = createMemoryKeeper(journal.memory, node.clock, node.monotonic);
  const life = startLoop(node, [exampleService()], { remembered: first.remembered });
  t.teardown(life.stop);
  const digest = () => life.snapshot().target.functions.get(BREAKOUT)?.digest ?? "";
  await first.revive(new Map([[BREAKOUT, digest()]]));
  await life.active();
  for (let death = 1; death <= DEATHS; death += 1) {
    node.click.control.kill(BREAKOUT);
    await life.until("its death was seen", () => life.fn(BREAKOUT).restarts === death);
    if (death === DEATHS) break;
    if (death > IMMEDIATE_RESTARTS) life.putForward(61_000);
    await life.ran(BREAKOUT, death + 1);
  }
  await life.until("it waits", () => life.fn(BREAKOUT).state === "backoff");
  const kept = await until("it is in the journal", async () => {
    const found = (await journal.memory.all()).get(BREAKOUT);
    return found?.restarts === DEATHS && found;
  });
  t.match(kept, { failures: DEATHS, problem: { code: /\S/ }, runningAt: null });
  life.stop();

  const second = createMemoryKeeper(journal.memory, node.clock, node.monotonic);
  const memories = await second.revive(new Map([[BREAKOUT, digest()]]));
  const next = startLoop(node, [exampleService()], { remembered: second.remembered, revive: memories });
  t.teardown(next.stop);
  await next.until("it waits still", () => next.fn(BREAKOUT).state === "backoff");
  t.match(next.fn(BREAKOUT), { restarts: DEATHS, reason: /\S/ });
  const remembered = next.snapshot().memory.get(BREAKOUT);
  t.match(
    remembered && crashLoop(remembered, next.snapshot().now),
    /14 failures count against it, the next try is in/,
  );
  next.putForward(61_000);
  await next.until("it is tried in the end", () => next.fn(BREAKOUT).state === "running");
  next.reset(BREAKOUT);
  t.same(
    (await second.revive(new Map([[BREAKOUT, "another"]]))).size,
    0,
    "another description starts from nothing",
  );
});

t.test("whatever the clock did meanwhile, no wait is longer than a back-off, and running forgives", (t) => {
  const times = fc.integer({ min: -1e12, max: 2e12 });
  const events = fc.array(
    fc.record({
      type: fc.constantFrom("running", "died", "start-failed", "reset"),
      afterMs: fc.nat(100_000),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(events, times, times, fc.nat(1e9), (history, time, jump, downMs) => {
      let memory = NEW_FUNCTION;
      let now = 0;
      for (const { type, afterMs } of history) {
        now += afterMs;
        const event = { type, problem: problem("click.exited", "x"), bootMs: null };
        memory = supervise(memory, event as never, now, 0.5);
      }
      const kept = keptOf(memory, "d", now, time);
      if (!kept) return memory.failures === 0 && memory.restarts === 0;
      const next = revived(kept, 5_000, time + downMs + jump);
      const waitMs = Math.max(0, next.nextAttemptAt - 5_000);
      const forgiven = memory.failures - next.failures;
      return (
        waitMs <= 60_000 &&
        next.restarts === memory.restarts &&
        forgiven >= 0 &&
        (memory.runningSince !== null || forgiven === 0) &&
        (jump !== 0 ||
          memory.runningSince === null ||
          next.failures ===
            Math.max(0, memory.failures - Math.floor((now + downMs - memory.runningSince) / 10_000)))
      );
    }),
  );
  t.pass("for whatever happened before");
  t.end();
});
