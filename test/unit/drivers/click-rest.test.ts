/** Whether a process has run, by the real kernel's count of a real process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import t from "tap";
import { restedSince, runMeter } from "../../../agent/drivers/click/rest.js";
import { until } from "../../support/until.js";

t.test("a process that sleeps rests; one that is spoken to, stopped, or loops does not", async (t) => {
  const child = spawn("cat", { stdio: ["pipe", "pipe", "ignore"] });
  t.teardown(() => child.kill("SIGKILL"));
  await once(child, "spawn");
  const meter = runMeter(child.pid as number);
  t.teardown(meter.close);
  const answer = async () => {
    child.stdin.write("a\n");
    await once(child.stdout, "data");
    return meter.read();
  };
  let mark = await answer();
  t.ok(mark, "this kernel counts");
  // What it does to sleep again is within the slice of its answer, unless another took the processor from it.
  await until("it rests", async () => {
    const before = mark;
    mark = meter.read();
    return restedSince(before, mark);
  });
  const rested = mark;
  mark = await answer();
  t.notOk(restedSince(rested, mark), "spoken to");
  await until("it rests again", async () => {
    const before = mark;
    mark = meter.read();
    return restedSince(before, mark);
  });
  child.kill("SIGSTOP");
  await until("it is seen that it was stopped", async () => !restedSince(mark, meter.read()));
  child.kill("SIGKILL");
  await once(child, "exit");
  t.equal(meter.read(), null, "a pid that may be another's now");
});

t.test("a slice that goes on is no rest; what is not known is none either", async (t) => {
  const mark = { slices: 3, ns: 1_000 };
  t.ok(restedSince(mark, { slices: 3, ns: 90_000 }));
  t.notOk(restedSince(mark, { slices: 3, ns: 1_000_000_000 }), "it loops");
  t.notOk(restedSince(mark, { slices: 4, ns: 1_000 }));
  t.notOk(restedSince(null, mark));
  t.notOk(restedSince(mark, null));
  t.equal(runMeter(process.pid).read(), null, "the file is of one thread only");
  t.equal(runMeter(2 ** 22 + 1).read(), null);
});
