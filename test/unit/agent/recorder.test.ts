/** The recorder over a journal whose disk a test can fill. */
import { mock } from "node:test";
import t, { type Test } from "tap";
import { createRecorder } from "../../../agent/recorder.js";
import type { Journal, ReportBody } from "../../../agent/store/journal.js";
import { silentLog } from "../../../bus/log.js";
import type { ServiceStatus } from "../../../model/messages/node.js";
import { agentEvent } from "../../support/events.js";

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const status = (id: string, state: ServiceStatus["state"]): ServiceStatus => ({
  id,
  name: id,
  packageDigest: `sha256:${"0".repeat(64)}`,
  revision: 1,
  state,
  code: null,
  reason: null,
  functions: [],
  chains: [],
});

function given(t: Test) {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.teardown(() => mock.timers.reset());
  const disk = { full: false, tries: 0, reports: [] as ReportBody[] };
  const journal: Pick<Journal, "append"> = {
    async append(_events, reports) {
      disk.tries += 1;
      if (disk.full) throw new Error("disk full");
      disk.reports.push(...reports);
    },
  };
  return { disk, recorder: createRecorder(journal, silentLog, () => undefined) };
}

t.test("a disk that is full is tried once in a while, however much there is to write", async (t) => {
  const { disk, recorder } = given(t);
  disk.full = true;
  for (let i = 0; i < 20; i++) {
    recorder.record([agentEvent(`e/${i}`)], [], []);
    await settled();
    mock.timers.tick(50);
  }
  const before = disk.tries;
  for (let ms = 0; ms < 2_000; ms += 50) {
    mock.timers.tick(50);
    await settled();
  }
  t.equal(disk.tries - before, 1);
  disk.full = false;
  mock.timers.tick(2_000);
  await settled();
  t.same(
    disk.reports.flatMap((report) => ("event" in report ? report.event.type : [])),
    [...Array(1).fill("test"), "journal.unwritable", ...Array(19).fill("test"), "journal.writable"],
    "and that it could not, and can again",
  );
  t.equal(recorder.problem(), null);
});

t.test("what comes in the very moment in which a write ends is written too", async (t) => {
  for (let turns = 0; turns < 12; turns++) {
    const { disk, recorder } = given(t);
    recorder.record([agentEvent("first")], [], []);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    recorder.record([agentEvent("second")], [], []);
    await recorder.flush();
    t.equal(disk.reports.length, 2, `after ${turns} turns`);
    mock.timers.reset();
  }
});

t.test(
  "when too much waits, the oldest events go, and what is said last of each service stays",
  async (t) => {
    const { disk, recorder } = given(t);
    disk.full = true;
    recorder.record([], [status("a", "deploying"), status("b", "active")], ["c"]);
    recorder.record([], [status("a", "active")], []);
    recorder.record(
      Array.from({ length: 3_000 }, (_, i) => agentEvent(`e/${i}`)),
      [],
      [],
    );
    await settled();
    t.match(recorder.problem(), /1004 records lost/);
    disk.full = false;
    await recorder.flush();
    t.match(
      disk.reports.splice(2_000),
      [
        { event: { type: "journal.unwritable" } },
        { event: { type: "journal.writable", data: { lost: 1_004 } } },
      ],
      "and what happened to the journal itself",
    );
    t.match(disk.reports.slice(0, 4), [
      { service: { id: "b" } },
      { removedService: "c" },
      { service: { id: "a", state: "active" } },
      { event: { object: "e/1003" } },
    ]);
    t.match(disk.reports.at(-1), { event: { object: "e/2999" } });
  },
);
