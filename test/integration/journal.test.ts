/** The journal on a real disk: what it acknowledged is there, whatever happens to the process or the disk. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { createCatalogue } from "../../agent/catalogue.js";
import { createRecorder } from "../../agent/recorder.js";
import { type DesiredObject, type Journal, openJournal } from "../../agent/store/journal.js";
import { silentLog } from "../../bus/log.js";
import { openSqlite } from "../../store/sqlite.js";
import { agentEvent } from "../support/events.js";
import { EXAMPLE_INPUTS, exampleSource } from "../support/example.js";
import { missingFor, sh } from "../support/real.js";
import { until } from "../support/until.js";

const WRITER = fileURLToPath(new URL("../support/journal-writer.ts", import.meta.url));
const PACKAGE = { digest: `sha256:${"0".repeat(64)}`, entry: "nsd.yaml", files: {} };
const wanted = (revision: number, change: Partial<DesiredObject> = {}): DesiredObject => ({
  kind: "service",
  id: "s",
  revision,
  origin: "controller",
  body: { id: "s", name: `revision ${revision}`, packageDigest: PACKAGE.digest, inputs: {} },
  ...change,
});

async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lmt-journal-"));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}
async function opened(t: Test, path: string): Promise<Journal> {
  const journal = await openJournal(path, Date.now);
  let isOpen = true;
  t.teardown(() => isOpen && journal.close());
  return {
    ...journal,
    close() {
      isOpen = false;
      return journal.close();
    },
  };
}
const objectsOf = async (journal: Journal): Promise<readonly string[]> =>
  (await journal.events({ limit: 20_000 })).map(({ object }) => object);

t.test("what was acknowledged before kill -9 is there afterwards, in order and whole", async (t) => {
  const path = join(await folder(t), "deep", "journal.db");
  const writer = spawn(process.execPath, [...process.execArgv, WRITER, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(writer, "exit");
  t.teardown(() => writer.kill("SIGKILL"));
  let acknowledged = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged = Number(line);
    if (acknowledged === 200) writer.kill("SIGKILL"); // lines that are in the pipe by then count as well
  }
  t.same(await ended, [null, "SIGKILL"]);
  const journal = await opened(t, path);
  const objects = await objectsOf(journal);
  t.ok(
    acknowledged >= 200 && objects.length >= acknowledged,
    `${acknowledged} acknowledged, ${objects.length} there`,
  );
  t.same(
    objects,
    objects.map((_, at) => `number/${at + 1}`),
  );
  const reports = await journal.pendingReports(20_000, 0);
  t.equal(reports.length, objects.length, "an event and its report come together or not at all");
});

t.test("an older revision never replaces a newer one, also where both come at once", async (t) => {
  const path = join(await folder(t), "journal.db");
  const journal = await opened(t, path);
  t.ok(await journal.putDesired(wanted(2)));
  t.notOk(await journal.putDesired(wanted(1)));
  t.notOk(await journal.putDesired(wanted(2, { body: null })), "nor does an equal one");
  t.match(await journal.desired(), [{ revision: 2, body: { name: "revision 2" } }]);
  const put = await Promise.all([6, 4, 5, 3].map((revision) => journal.putDesired(wanted(revision))));
  t.ok(put[0]);
  t.match(await journal.desired(), [{ revision: 6, body: { name: "revision 6" } }]);

  const rivals = await Promise.all(
    (["local", "controller"] as const).map((origin) => journal.putDesired(wanted(7, { origin }))),
  );
  t.same(rivals, [true, false], "of two that call themselves the same revision one is stored, and told so");
  t.match((await journal.desired())[0], { revision: 7, origin: "local" });

  t.ok(await journal.putDesired(wanted(8, { body: null })), "a tombstone is a revision like another");
  t.notOk(await journal.putDesired(wanted(7)));
  t.match(await journal.desired(), [{ revision: 8, body: null, origin: "controller" }]);
  await journal.putDesired({ kind: "package", id: "p", revision: 1, origin: "local", body: PACKAGE });
  await journal.close();

  const again = await opened(t, path);
  t.match(await again.desired(), [
    { kind: "package", id: "p", origin: "local", body: PACKAGE },
    { kind: "service", revision: 8, body: null },
  ]);
  t.ok(await again.putDesired(wanted(9)), "and may be followed by a new beginning");
});

t.test("writes that come together share a commit", async (t) => {
  const at = await folder(t);
  const written = async (name: string, write: (journal: Journal) => Promise<unknown>): Promise<number> => {
    const journal = await opened(t, join(at, name));
    const before = (await stat(join(at, `${name}-wal`))).size;
    await write(journal);
    t.equal((await objectsOf(journal)).length, 100);
    return (await stat(join(at, `${name}-wal`))).size - before;
  };
  const many = Array.from({ length: 100 }, (_, i) => agentEvent(`e/${i}`));
  const apart = await written("apart.db", async (journal) => {
    for (const event of many) await journal.append([event], []);
  });
  const together = await written("together.db", (journal) =>
    Promise.all(many.map((event) => journal.append([event], []))),
  );
  t.ok(together * 10 < apart, `${together} bytes for 100 at once, ${apart} for 100 in turn`);
});

t.test(
  "an event and the mark of it are on disk together; marks of functions that are gone are dropped",
  async (t) => {
    const path = join(await folder(t), "journal.db");
    const journal = await opened(t, path);
    const mark = (functionId: string, number: number, process = "p1") => ({
      functionId,
      handler: "t.events",
      process,
      number,
    });
    t.same(await journal.eventMarks(["s.a"]), []);
    const recorder = createRecorder(journal, silentLog, null);
    for (let number = 1; number <= 3; number++)
      recorder.recordTold(agentEvent("function/s.a", `${number}`), mark("s.a", number));
    recorder.recordTold(agentEvent("function/s.b"), mark("s.b", 7));
    await recorder.flush();
    await journal.append([], [], [mark("s.b", 1, "p2")]);
    await journal.close();
    const again = await opened(t, path);
    t.equal((await again.events({})).length, 4);
    t.same(await again.eventMarks(["s.a", "s.b"]), [mark("s.a", 3), mark("s.b", 1, "p2")]);
    t.same(await again.eventMarks(["s.b"]), [mark("s.b", 1, "p2")]);
    t.same(await again.eventMarks(["s.a", "s.b"]), [mark("s.b", 1, "p2")]);
  },
);

t.test("keeps the newest events, and finds them by object and number", async (t) => {
  const journal = await opened(t, join(await folder(t), "journal.db"));
  await journal.append(
    Array.from({ length: 10_050 }, (_, i) => agentEvent(i % 2 === 0 ? "even" : "odd", `${i}`)),
    [],
  );
  const all = await journal.events({ limit: 20_000 });
  t.equal(all.length, 10_000);
  t.match([all[0], all.at(-1)], [{ detail: "50" }, { detail: "10049", seq: 10_050 }]);
  t.match(await journal.events({ object: "odd", limit: 2 }), [{ detail: "10047" }, { detail: "10049" }]);
  t.match(await journal.events({ since: 10_048 }), [{ detail: "10048" }, { detail: "10049" }]);
  t.equal((await journal.events({})).length, 200);
  t.same(await journal.events({ object: "none" }), []);
});

t.test("reports keep their numbers, over acknowledgement and restart", async (t) => {
  const path = join(await folder(t), "journal.db");
  const journal = await opened(t, path);
  const report = (name: string) => journal.append([], [{ removedService: name }]);
  for (const name of ["a", "b", "c"]) await report(name);
  t.match(await journal.pendingReports(2, 0), [{ seq: 1, removedService: "a" }, { seq: 2 }]);
  t.match(await journal.pendingReports(10, 2), [{ seq: 3, removedService: "c" }]);
  await journal.acknowledgeReports(3);
  t.equal(await journal.pendingCount(), 0);
  await journal.close();
  const again = await opened(t, path);
  t.equal(again.id, journal.id, "the same journal");
  await again.append([], [{ removedService: "d" }]);
  t.match(await again.pendingReports(10, 0), [{ seq: 4, removedService: "d" }], "no number is given twice");
  t.same(await objectsOf(again), [], "reports are no events");
});

t.test(
  "a full disk: what is not on it is not acknowledged; it goes on when there is space",
  { skip: missingFor(["mount", "umount"]) ?? false },
  async (t) => {
    const at = await folder(t);
    await sh("mount", "-t", "tmpfs", "-o", "size=640k", "lmt-journal", at);
    t.teardown(() => sh("umount", "-l", at));
    const path = join(at, "journal.db");
    const ballast = join(at, "ballast");
    const journal = await opened(t, path);
    await writeFile(ballast, Buffer.alloc(128 * 1024));
    const acknowledged: string[] = [];
    const failure = await (async (): Promise<unknown> => {
      for (let i = 0; i < 1_000; i++) {
        const event = agentEvent(`e/${i}`, "x".repeat(2_000));
        try {
          await journal.append([event], [{ event }]);
          acknowledged.push(event.object);
        } catch (error) {
          return error;
        }
      }
      return null;
    })();
    t.match(failure, { code: "store.failed", detail: /journal\.db.*full/i });
    t.ok(acknowledged.length > 10);
    t.same(await objectsOf(journal), acknowledged, "the journal has what it acknowledged, no more");
    t.equal(await journal.pendingCount(), acknowledged.length);

    const catalogue = createCatalogue(journal, () => undefined);
    await catalogue.load();
    const request = { ...exampleSource(), id: "mec", name: "mec", inputs: EXAMPLE_INPUTS };
    await t.rejects(catalogue.apply(request), { code: "store.failed" });
    t.same(catalogue.services(), [], "what could not be stored is not acted upon");

    let reported = 0;
    const recorder = createRecorder(journal, silentLog, () => reported++);
    const heard: string[] = [];
    recorder.onEvent(({ object }) => heard.push(object));
    recorder.record([agentEvent("late/1", "y".repeat(3_000))], [], ["gone"]);
    await until("the recorder notices", () => recorder.problem());
    t.match(recorder.problem(), /full/i);
    t.same(heard, ["late/1", "journal"], "who listens hears of it all the same");
    t.equal(reported, 0);

    await rm(ballast);
    recorder.record([agentEvent("late/2")], [], []);
    await recorder.flush();
    t.equal(recorder.problem(), null);
    t.same(
      (await objectsOf(journal)).slice(acknowledged.length),
      ["late/1", "journal", "late/2", "journal"],
      "kept, and in order, with what became of the journal",
    );
    t.match((await journal.pendingReports(10, acknowledged.length)).at(1), { removedService: "gone" });
    t.ok(reported > 0);
    await catalogue.apply(request);
    t.match(catalogue.services(), [{ request: { id: "mec" }, revision: 1, problems: [] }]);
    await journal.close();
    t.equal((await objectsOf(await opened(t, path))).length, acknowledged.length + 4);
  },
);

t.test("a second agent on the same journal is refused, with the reason", async (t) => {
  const path = join(await folder(t), "journal.db");
  await opened(t, path);
  await t.rejects(openJournal(path, Date.now), {
    code: "store.failed",
    detail: /journal\.db: .*another process has it open/,
  });
});

t.test("a transaction that was left open fails one write, not all that come after it", async (t) => {
  const sqlite = await openSqlite(join(await folder(t), "a.db"), ["CREATE TABLE a(x);"], Date.now);
  await sqlite.all("BEGIN");
  const write = () => sqlite.write([{ sql: "INSERT INTO a VALUES (1)" }]);
  await t.rejects(write(), { code: "store.failed", detail: /within a transaction/ });
  await write();
  t.same(await sqlite.all("SELECT x FROM a"), [{ x: 1 }]);
  await sqlite.close();
});

t.test("what waits is written at the agent's end, once more", async (t) => {
  const journal = await opened(t, join(await folder(t), "journal.db"));
  let full = true;
  const append: Journal["append"] = (...rows) =>
    full ? Promise.reject(new Error("disk full")) : journal.append(...rows);
  const recorder = createRecorder({ ...journal, append }, silentLog, null);
  recorder.record([agentEvent("last words")], [], []);
  await until("it could not be written", () => recorder.problem());
  full = false;
  await recorder.flush();
  t.same(await objectsOf(journal), ["last words", "journal", "journal"]);
});
