import t from "tap";
import { createReporter } from "../../../agent/reporter.js";
import type { FunctionStatus, ServiceStatus } from "../../../model/messages/node.js";

const service = (functions: number, running: number) =>
  ({
    id: "s",
    functions: Array.from(
      { length: functions },
      (_, i) => ({ id: `s.f${i}`, state: i < running ? "running" : "starting" }) as FunctionStatus,
    ),
  }) as unknown as ServiceStatus;

t.test("a small service is told at every change, and not without one", async (t) => {
  const reporter = createReporter();
  for (const running of [0, 1, 2]) {
    t.match(reporter.news([service(2, running)], [], 1000), { changed: [{ id: "s" }], askAgainAt: null });
    t.match(reporter.news([service(2, running)], [], 1000), { changed: [], askAgainAt: null });
  }
});

t.test("a large one that changes all the time is told now and then, and in the end as it is", async (t) => {
  const reporter = createReporter();
  const FUNCTIONS = 500;
  let toldBytes = 0;
  let last: ServiceStatus | undefined;
  let askAgainAt: number | null = null;
  for (let running = 0; running <= FUNCTIONS; running++) {
    const news = reporter.news([service(FUNCTIONS, running)], [], running); // a change a millisecond
    toldBytes += JSON.stringify(news.changed).length;
    last = news.changed[0] ?? last;
    askAgainAt = news.askAgainAt;
  }
  t.ok(
    toldBytes <= 4 * JSON.stringify([service(FUNCTIONS, 0)]).length,
    `${toldBytes} bytes in half a second`,
  );
  t.ok(askAgainAt !== null && askAgainAt > FUNCTIONS, "what is not told yet has its time");
  const { changed } = reporter.news([service(FUNCTIONS, FUNCTIONS)], [], askAgainAt ?? 0);
  t.same(changed, [service(FUNCTIONS, FUNCTIONS)]);
  t.match(reporter.news([service(FUNCTIONS, FUNCTIONS)], [], 1e9), { changed: [], askAgainAt: null });
});

t.test(
  "the whole is told at first and when it is asked for, once whatever is there was looked at",
  async (t) => {
    const reporter = createReporter();
    reporter.bury(["gone"]);
    const early = reporter.news([service(1, 1)], [], 0, false);
    t.match(early, { changed: [{ id: "s" }], present: null });
    t.same(early.removed, [], "nobody has looked whether an earlier life left something of it");
    const first = reporter.news([service(1, 1)], ["held.f0", "held.f1"], 1, true);
    t.same(first.removed, ["gone"]);
    t.same(first.present, ["s", "held"], "what nobody wants and is there counts as well");
    t.equal(reporter.news([service(1, 1)], [], 2, true).present, null, "once");
    reporter.tellAgain();
    const again = reporter.news([service(1, 1)], [], 3, true);
    t.match(again, { changed: [{ id: "s" }], removed: ["gone"], present: ["s"] });
  },
);
