import t from "tap";
import { reportRow, reportText, spreadOf } from "../../../lab/chaos/report.js";
import type { Outcome } from "../../../lab/chaos/round.js";
import type { Row } from "../../../lab/chaos/row.js";
import { type Told, unexplained } from "../../../lab/chaos/watch.js";

const outcome = (change: Partial<Outcome> = {}): Outcome => ({
  stream: { sent: 1_000, there: 990, back: 980, duplicates: 0, runs: [] },
  lost: 20,
  trafficMs: 40,
  pages: { ok: 10, failed: 0, pastCache: 0, failedMs: null },
  writes: { acknowledged: 3, lost: 0 },
  cachedMs: null,
  healMs: { breakout: 35 },
  told: { "function.died": 1 },
  healed: true,
  broken: [],
  ...change,
});
const row = (bounds: Row["bounds"]): Row => ({
  name: "x",
  does: "something breaks",
  victims: [],
  bounds,
  tells: [],
  act: async () => ({ atUs: 0 }),
});

t.test("a row that held its bounds", async (t) => {
  const bounds = { lost: 20, trafficMs: { median: 50, p99: 250 }, pagesFailed: 0 };
  const report = reportRow(row(bounds), [outcome(), outcome({ trafficMs: 60, lost: 10 })]);
  t.match(report, {
    held: true,
    broken: [],
    rounds: 2,
    sent: 2_000,
    lost: { median: 15, max: 20 },
    lostThere: 20,
    lostBack: 20,
    trafficMs: { median: 50, p99: 60, n: 2 },
    told: { "function.died": 2 },
    writes: { acknowledged: 6, lost: 0 },
  });
  t.match(reportText([report]), /^x +2 +15, 20 +50, p99 60 .* yes$/m);
});

t.test("each bound that is missed is said, and so is what broke", async (t) => {
  const held = (bounds: Row["bounds"], change: Partial<Outcome>) =>
    reportRow(row(bounds), [outcome(change)]).broken;
  t.match(held({ lost: 19 }, {}), [/20 datagrams lost in a round, more than 19/]);
  t.match(held({ lost: null, trafficMs: { median: 39, p99: 250 } }, {}), [/median 40\.0 ms, more than 39/]);
  t.match(
    held({ lost: null, trafficMs: { median: 50, p99: 250 } }, { trafficMs: Number.POSITIVE_INFINITY }),
    [/median Infinity/, /p99 Infinity/],
  );
  t.match(held({ lost: null, cachedMs: { median: 1, p99: 99 } }, { cachedMs: 100 }), [/median/, /p99/]);
  const failed = { ok: 1, failed: 1, pastCache: 0, failedMs: null };
  t.match(held({ lost: null, pagesFailed: 0 }, { pages: failed }), [/1 pages failed/]);
  t.same(held({ lost: null }, { broken: ["it never came back"] }), ["it never came back"]);
});

t.test("p99 of few values is the greatest of them", async (t) => {
  t.equal(spreadOf([]), null);
  t.match(spreadOf([3, 1, 2]), { median: 2, p99: 3, max: 3, n: 3 });
  const hundred = Array.from({ length: 200 }, (_, i) => i + 1);
  t.match(spreadOf(hundred), { median: 100.5, p99: 198, max: 200 });
});

t.test("a state without a reason, of which no event speaks, is unexplained", async (t) => {
  const told = (object: string): Told => ({
    seq: 1,
    ts: "",
    object,
    type: "x",
    cause: null,
    code: null,
    detail: "",
  });
  const seen = { object: "function/s.f", state: "starting", reason: null };
  t.match(unexplained([seen], []), [/function\/s\.f was starting, and nothing says why/]);
  t.same(unexplained([seen], [told("function/s.f")]), []);
  t.equal(unexplained([seen], [told("function/s.g")]).length, 1, "another's event explains nothing");
  t.same(unexplained([{ ...seen, reason: "its image is pulled" }], []), []);
  const service = { object: "service/s", state: "degraded", reason: null };
  t.same(unexplained([service], [told("chain/s.p")]), []);
  t.equal(unexplained([service], [told("agent")]).length, 1);
});
