/** How often the state of a function is asked for, over a ControlSocket that a test plays and a clock that it moves. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { ControlSocket } from "../../../agent/drivers/click/control-socket.js";
import { createStateKeeper, SAVING_SHARE } from "../../../agent/drivers/click/state.js";
import { ASK_RESTING_EVERY_MS, type StateHandler } from "../../../agent/drivers/click/state-asked.js";
import { LightmanoError } from "../../../model/errors.js";
import { until } from "../../support/until.js";

const STATE: StateHandler = { handler: "t.state", periodMs: 1_000, changed: null };
const WATCHED: StateHandler = { ...STATE, changed: "t.changes" };

/** A process whose handlers answer from `values`; reading one takes `costMs` of the clock. */
async function given(t: Test) {
  const runDir = await mkdtemp(join(tmpdir(), "lmt-state-"));
  const stop = new AbortController();
  t.teardown(async () => {
    stop.abort();
    await rm(runDir, { recursive: true, force: true });
  });
  const values: Record<string, string> = { "t.state": "s0", "t.changes": "0", "u.state": "u0" };
  const process = {
    costMs: 0,
    running: true,
    reads: [] as string[],
    hangs: false,
    ran: null as { slices: number; ns: number } | null,
    wakesPerAnswer: 1,
  };
  const words: string[] = [];
  let now = 0;
  let waiting: { readonly atMs: number; readonly wake: () => void }[] = [];
  const makeControl = (): ControlSocket => ({
    read: async () => "not to be used",
    async readBytes(handler, signal) {
      process.reads.push(handler);
      if (process.ran) process.ran.slices += process.wakesPerAnswer;
      if (process.hangs)
        await new Promise((_resolve, reject) => {
          const timer = setTimeout(() => undefined, 60_000); // keeps the test alive while it hangs
          signal.addEventListener("abort", () => {
            clearTimeout(timer);
            reject(new LightmanoError("operation.timeout", "the ControlSocket did not answer in time"));
          });
        });
      if (handler.endsWith(".state")) now += process.costMs;
      const value = values[handler];
      if (value === undefined) throw new LightmanoError("handler.failed", `${handler}: 511 No handler`);
      return Buffer.from(value);
    },
    async write(handler, value) {
      values[handler] = value.toString();
    },
    closed: new Promise(() => undefined),
    close: () => undefined,
    ran: () => process.ran && { ...process.ran },
  });
  let control = makeControl();
  const delay = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        waiting = waiting.filter((one) => one !== entry);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const entry = { atMs: now + Math.max(0, ms), wake };
      waiting.push(entry);
      signal.addEventListener("abort", wake, { once: true });
      if (signal.aborted) wake();
    });
  const keeper = createStateKeeper(runDir, (message) => words.push(message), { now: () => now, delay });
  keeper.watch(() => (process.running ? control : null), stop.signal);
  /** Until the loop waits for the clock again, or for a process that hangs. */
  const settled = (): Promise<unknown> =>
    until("it has done what there was", () => waiting.length > 0 || process.hangs || !keeper.isKept("svc.f"));
  return {
    keeper,
    process,
    values,
    words,
    control: () => control,
    restart: () => {
      control = makeControl();
    },
    now: () => now,
    saved: () => readFile(join(runDir, "svc.f.state"), "utf8").catch(() => null),
    /** Lets time pass as the loop waits for it, and gives what was read meanwhile. */
    async pass(ms: number): Promise<readonly string[]> {
      const end = now + ms;
      process.reads.length = 0;
      await settled();
      for (;;) {
        const next = waiting.toSorted((a, b) => a.atMs - b.atMs).find(({ atMs }) => atMs <= end);
        if (!next) break;
        now = Math.max(now, next.atMs);
        next.wake();
        await settled();
      }
      now = Math.max(now, end);
      return [...process.reads];
    },
  };
}

t.test("each handler is asked in its own period, and all lie in one file", async (t) => {
  const { keeper, pass, saved, values } = await given(t);
  keeper.keep("svc.f", [STATE, { ...STATE, handler: "u.state", periodMs: 5_000 }]);
  t.same(await pass(999), []);
  t.same(await pass(1), ["t.state"]);
  t.same(JSON.parse((await saved()) ?? ""), { "t.state": "s0" });
  t.same((await pass(4_000)).toSorted(), ["t.state", "t.state", "t.state", "t.state", "u.state"].toSorted());
  values["t.state"] = "s1";
  t.same(await pass(1_000), ["t.state"]);
  t.same(
    JSON.parse((await saved()) ?? ""),
    { "t.state": "s1", "u.state": "u0" },
    "what was not asked for stays",
  );
});

t.test("nothing is exported while the cheap handler says that nothing changed", async (t) => {
  const { keeper, pass, saved, values, restart } = await given(t);
  keeper.keep("svc.f", [WATCHED]);
  t.same(await pass(1_000), ["t.changes", "t.state"]);
  t.same(await pass(3_000), ["t.changes", "t.changes", "t.changes"]);
  Object.assign(values, { "t.changes": "1", "t.state": "s1" });
  t.same(await pass(1_000), ["t.changes", "t.state"]);
  t.same(JSON.parse((await saved()) ?? ""), { "t.state": "s1" });
  t.same(await pass(1_000), ["t.changes"]);
  restart();
  t.same(await pass(1_000), ["t.changes", "t.state"], "another process may say the same of another state");
});

t.test("where the cheap handler is not there nothing is saved, and that is said once", async (t) => {
  const { keeper, pass, values, words } = await given(t);
  delete values["t.changes"];
  keeper.keep("svc.f", [WATCHED]);
  await pass(5_000);
  t.match(words, [/state of svc\.f not saved: t\.changes: 511 No handler/]);
  t.equal(words.length, 1);
  values["t.changes"] = "0";
  await pass(1_000);
  delete values["t.changes"];
  await pass(1_000);
  t.equal(words.length, 2, "and again after it went well");
});

t.test("saving takes no more than its share of the time", async (t) => {
  const { keeper, pass, process, now } = await given(t);
  keeper.keep("svc.f", [STATE]);
  process.costMs = 500;
  const begun = now();
  const reads = await pass(100_000);
  const share = (reads.length * 500) / (now() - begun);
  t.ok(share <= SAVING_SHARE * 1.2, `${reads.length} times in 100 s: ${share}`);
  t.ok(reads.length >= 5, "and it is done all the same");
  process.costMs = 0;
  await pass(20_000);
  t.equal((await pass(10_000)).length, 10, "once it is quick again it is done in its period");
});

t.test("a function that does not run is looked for in its period, not more often", async (t) => {
  const { keeper, pass, process } = await given(t);
  process.running = false;
  keeper.keep("svc.f", [STATE]);
  t.same(await pass(10_000), []);
  process.running = true;
  t.same(await pass(2_000), ["t.state", "t.state"]);
});

t.test("at the end all is saved, whatever the period and the cheap handler say", async (t) => {
  const { keeper, pass, saved, values, control } = await given(t);
  keeper.keep("svc.f", [{ ...WATCHED, periodMs: 3_600_000 }]);
  await pass(3_600_000);
  values["t.state"] = "last";
  await keeper.saveNow("svc.f", control());
  t.same(JSON.parse((await saved()) ?? ""), { "t.state": "last" });
});

t.test("an end does not wait for a reading that is under way and hangs", async (t) => {
  const { keeper, pass, process, words, control, saved } = await given(t);
  keeper.keep("svc.f", [STATE]);
  process.hangs = true;
  await pass(1_000);
  await until("it is asked", () => process.reads.length > 0);
  process.hangs = false;
  await keeper.saveNow("svc.f", control());
  t.same(JSON.parse((await saved()) ?? ""), { "t.state": "s0" });
  t.same(words, [], "that it was broken off is no complaint");
});

t.test("an end waits for a state that takes long to save, in whole milliseconds", async (t) => {
  const { keeper, pass, process, values, words, control, saved } = await given(t);
  keeper.keep("svc.f", [STATE]);
  process.costMs = 1_700.583713;
  await pass(1_000);
  values["t.state"] = "s1";
  await keeper.saveNow("svc.f", control());
  t.same(JSON.parse((await saved()) ?? ""), { "t.state": "s1" });
  t.same(words, []);
});

t.test("a declaration that changes holds from then on; the same again changes nothing", async (t) => {
  const { keeper, pass } = await given(t);
  keeper.keep("svc.f", [{ ...STATE, periodMs: 10_000 }]);
  for (let i = 0; i < 3; i++) {
    await pass(3_000);
    keeper.keep("svc.f", [{ ...STATE, periodMs: 10_000 }]);
  }
  t.same(await pass(1_000), ["t.state"], "ten seconds after the first time");
  keeper.keep("svc.f", [STATE]);
  t.same(await pass(2_000), ["t.state", "t.state"]);
  keeper.keep("svc.f", []);
  t.same(await pass(5_000), []);
  t.notOk(keeper.isKept("svc.f"));
});

t.test(
  "a process that rests is asked twice, and then now and then; as soon as it runs, in its period",
  async (t) => {
    const { keeper, pass, process, values, saved, restart } = await given(t);
    process.ran = { slices: 7, ns: 0 };
    keeper.keep("svc.f", [STATE]);
    t.same(await pass(1_000), ["t.state"]);
    values["t.state"] = "s1"; // it went on for a moment after it had answered
    t.same(await pass(1_000), ["t.state"], "what it did then is seen");
    t.same(JSON.parse((await saved()) ?? ""), { "t.state": "s1" });
    t.same(await pass(ASK_RESTING_EVERY_MS - 1_000), []);
    t.same(await pass(1_000), ["t.state"], "not for ever");
    t.same(await pass(5_000), []);
    process.ran.slices += 1;
    values["t.state"] = "s2";
    t.same(await pass(1_000), ["t.state"]);
    t.same(JSON.parse((await saved()) ?? ""), { "t.state": "s2" });
    process.ran.ns += 50_000_000; // it goes on in the slice in which it answered
    t.same(await pass(1_000), ["t.state"]);
    t.same(await pass(2_000), ["t.state"]);
    restart();
    t.same(await pass(1_000), ["t.state"], "another process");
  },
);

t.test("one that was woken by others between two answers does not rest", async (t) => {
  const { keeper, pass, process } = await given(t);
  process.ran = { slices: 7, ns: 0 };
  keeper.keep("svc.f", [STATE, { ...STATE, handler: "u.state" }]);
  t.same((await pass(3_000)).length, 4, "asked twice, both");
  t.same((await pass(3_000)).length, 0);
  process.wakesPerAnswer = 2;
  process.ran.slices += 1;
  t.same((await pass(5_000)).length, 10);
});

t.test("what answered before another failed is not taken for saved", async (t) => {
  const { keeper, pass, process, values, saved } = await given(t);
  process.ran = { slices: 7, ns: 0 };
  keeper.keep("svc.f", [WATCHED, { ...STATE, handler: "u.state" }]);
  delete values["u.state"];
  await pass(5_000);
  t.equal(await saved(), null);
  values["u.state"] = "u1";
  await pass(1_000);
  t.same(JSON.parse((await saved()) ?? ""), { "t.state": "s0", "u.state": "u1" });
});
