import t from "tap";
import {
  type FunctionMemory,
  IMMEDIATE_RESTARTS,
  NEW_FUNCTION,
  supervise,
} from "../../../agent/domain/supervision.js";
import { problem } from "../../../model/errors.js";

const died = { type: "died", problem: problem("click.exited", "signal 9") } as const;
const running = { type: "running", bootMs: 12 } as const;

/** Dies `times` times in a row, each `ranMs` after it ran. */
function deaths(
  times: number,
  ranMs: number,
  start: FunctionMemory = NEW_FUNCTION,
): { memory: FunctionMemory; now: number } {
  let memory = start;
  let now = 1_000;
  for (let i = 0; i < times; i++) {
    now = Math.max(now, memory.nextAttemptAt);
    memory = supervise(memory, running, now, 0.5);
    now += ranMs;
    memory = supervise(memory, died, now, 0.5);
  }
  return { memory, now };
}

t.test("the first deaths are followed by an immediate start", async (t) => {
  const { memory, now } = deaths(IMMEDIATE_RESTARTS, 5);
  t.equal(memory.nextAttemptAt, now);
  t.equal(memory.restarts, IMMEDIATE_RESTARTS);
  t.equal(memory.diedAt, now);
});

t.test("a crash loop backs off, doubling up to a minute", async (t) => {
  const waits = Array.from({ length: 10 }, (_, i) => {
    const { memory, now } = deaths(IMMEDIATE_RESTARTS + 1 + i, 5);
    return memory.nextAttemptAt - now;
  });
  t.same(waits, [750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000, 45_000, 45_000]);
});

t.test("running forgives: a death now and then is never waited for", async (t) => {
  const { memory, now } = deaths(100, 10_000);
  t.equal(memory.nextAttemptAt, now);
});

t.test("a failed start backs off from the first on, and running clears its reason", async (t) => {
  const failed = supervise(
    NEW_FUNCTION,
    { type: "start-failed", problem: problem("click.script-invalid", "no") },
    0,
    0,
  );
  t.equal(failed.nextAttemptAt, 500);
  t.match(failed.problem, { code: "click.script-invalid", detail: "no" });
  t.equal(supervise(failed, running, 600, 0).problem, null);
});

t.test("one that is forgiven stays as it is, and is started again at once when it dies next", async (t) => {
  const { memory, now } = deaths(IMMEDIATE_RESTARTS + 5, 5);
  const later = now + 60_000;
  const again = supervise(memory, running, later, 0.5);
  const forgiven = supervise(again, { type: "forgiven" }, later, 0.5);
  t.same(forgiven, { ...again, failures: 0, nextAttemptAt: 0 });
  t.equal(supervise(forgiven, died, later + 5, 0.5).nextAttemptAt, later + 5);
  t.ok(supervise(again, died, later + 5, 0.5).nextAttemptAt > later + 5, "one that is not has to wait");
});

t.test("a reset forgives all", async (t) => {
  const { memory } = deaths(IMMEDIATE_RESTARTS + 5, 5);
  t.match(supervise(memory, { type: "reset" }, 0, 0), { failures: 0, nextAttemptAt: 0, diedAt: null });
});
