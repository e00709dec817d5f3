import { setImmediate as turn } from "node:timers/promises";
import t from "tap";
import { createPacemaker } from "../../../agent/pacemaker.js";

/** A pacemaker whose passes do what the test says. */
function bench(pass: () => void = () => undefined) {
  const stop = new AbortController();
  const counts = { passes: 0, begun: 0, ended: 0 };
  const failures: string[] = [];
  const pacemaker = createPacemaker({
    pass() {
      counts.passes += 1;
      pass();
    },
    failed: (_error, detail) => void failures.push(detail),
    progress: {
      begin() {
        counts.begun += 1;
      },
      end() {
        counts.ended += 1;
      },
    },
    signal: stop.signal,
  });
  return { pacemaker, counts, failures, stop };
}

/** As long as a pass over hundreds of functions may take. */
function longPass(): void {
  const until = performance.now() + 50;
  while (performance.now() < until);
}

t.test("any number of kicks make one pass, and one within a pass makes another", async (t) => {
  let again = true;
  const { pacemaker, counts } = bench(() => {
    if (again) pacemaker.kick();
    again = false;
  });
  pacemaker.kick();
  pacemaker.kick();
  t.equal(counts.passes, 0, "not at once");
  await turn();
  t.equal(counts.passes, 1);
  t.equal(counts.ended, 0, "another is wanted already");
  await turn();
  t.equal(counts.passes, 2);
  t.same([counts.begun, counts.ended], [2, 1]);
});

t.test("after a long pass the next one pauses, but not for who died", async (t) => {
  const { pacemaker, counts, stop } = bench(longPass);
  pacemaker.kick();
  await turn();
  pacemaker.kick();
  pacemaker.kickNow();
  pacemaker.kickNow();
  await turn();
  await turn();
  t.equal(counts.passes, 2, "once, without the pause");
  stop.abort();
});

t.test("a pass that throws is told once for each error, and the loop goes on", async (t) => {
  const errors = ["one", "one", null, "one", "two"];
  const { pacemaker, counts, failures, stop } = bench(() => {
    const next = errors.shift();
    if (next) throw new Error(next);
  });
  for (let i = 0; i < 5; i++) {
    pacemaker.kick();
    await turn();
  }
  t.equal(counts.passes, 5);
  t.same(failures, ["one", "one", "two"]);
  stop.abort();
});

t.test("after the end there are no passes", async (t) => {
  const { pacemaker, counts, stop } = bench();
  pacemaker.kick();
  stop.abort();
  pacemaker.kick();
  await turn();
  t.equal(counts.passes, 0);
});
