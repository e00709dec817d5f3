/** What a node promised its site survives the agent, and says so only once it is on the disk. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { firstPromises, type Promises, take } from "../../agent/domain/site/member.js";
import { openJournal } from "../../agent/store/journal.js";

t.test("promises are there again after a restart, the newest ones alone", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "lmt-terms-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "journal.db");
  const first = await openJournal(path, Date.now);
  t.equal(await first.terms.promises(), null, "a node that never was a member");
  const begun = firstPromises("n1", ["web"]);
  await first.terms.put(begun);
  const term = { number: 3, hub: "n2", session: "a" };
  const table = { term, version: 2, owners: { web: { node: "n2", release: false } } };
  const taken: Promises = take(begun, { table, committed: 0, voice: "s" }, "s");
  await first.terms.put(taken);
  await first.close();
  const second = await openJournal(path, Date.now);
  t.same(await second.terms.promises(), taken);
  t.match(taken, { adopted: term, table, voice: true, obeyed: { owners: { web: { node: "n1" } } } });
  await second.close();
});
