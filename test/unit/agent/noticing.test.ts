/** Writes that fail and that nobody records: the recorder hears of them, tells it, and forgets it when nobody fails any more. */
import { mock } from "node:test";
import t from "tap";
import { createRecorder } from "../../../agent/recorder.js";
import type { Journal } from "../../../agent/store/journal.js";
import { noticing } from "../../../agent/store/noticing.js";
import { silentLog } from "../../../bus/log.js";
import { LightmanoError } from "../../../model/errors.js";

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

t.test("a desired object that the disk does not take is told, though events fit", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.teardown(() => mock.timers.reset());
  const types: string[] = [];
  let code: "store.failed" | "usage.invalid" = "store.failed";
  const refuse = async (): Promise<never> => {
    throw new LightmanoError(code, "database or disk is full");
  };
  const journal = {
    putDesired: refuse,
    async append(events: readonly { readonly type: string }[]) {
      types.push(...events.map(({ type }) => type));
    },
    commands: {},
    terms: {},
    outbox: {},
  } as unknown as Journal;
  let time = 0;
  const recorder = createRecorder(journal, silentLog, null, { clock: () => time });
  const noticed = noticing(journal, recorder.failed);
  const put = () => noticed.putDesired({} as never);
  await t.rejects(put(), { code: "store.failed" });
  await settled();
  t.same(types, ["journal.unwritable", "journal.writable"]);
  t.equal(recorder.problem(), null, "what was to be written is");
  await t.rejects(put());
  t.match(recorder.problem(), /full/, "and still not everything can be");
  await settled();
  t.equal(types.length, 2, "which is not told every few seconds");
  mock.timers.tick(2_000);
  t.equal(recorder.problem(), null, "whoever failed tries again, and says so");
  time += 600_000;
  await t.rejects(put());
  await settled();
  t.equal(types.length, 4, "but now and then");
  code = "usage.invalid";
  await t.rejects(put(), { code: "usage.invalid" });
  t.equal(recorder.problem(), null, "that it is refused for another reason is none of the disk's");
});
