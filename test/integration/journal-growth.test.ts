/** The journal's size: what is deleted comes back, the WAL is cut, and what nobody needs any more goes. */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createCatalogue } from "../../agent/catalogue.js";
import { openJournal } from "../../agent/store/journal.js";
import { openNodeJournal } from "../../agent/store/open-journal.js";
import { writtenOf } from "../../agent/written.js";
import { digestOf } from "../../model/digest.js";
import { openSqlite } from "../../store/sqlite.js";
import { agentEvent } from "../support/events.js";
import { EXAMPLE_INPUTS, exampleSource } from "../support/example.js";

const DAY_MS = 24 * 3_600_000;
const MEGABYTE = 1024 * 1024;
const sizeOf = async (path: string): Promise<number> => (await stat(path)).size;

async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lmt-growth-"));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}

t.test(
  "the file shrinks when much that waited for the controller was acknowledged, and the WAL too",
  async (t) => {
    const path = join(await folder(t), "journal.db");
    const journal = await openJournal(path, Date.now);
    const many = Array.from({ length: 1_000 }, () => ({ event: agentEvent("e", "x".repeat(9_000)) }));
    await journal.append([], many);
    t.ok((await journal.usage()).bytes > 8 * MEGABYTE);
    t.ok((await sizeOf(`${path}-wal`)) > 8 * MEGABYTE, "one commit of so much");
    await journal.acknowledgeReports(1_000);
    for (let index = 0; index < 64; index += 1) await journal.append([agentEvent("e")], []);
    const { bytes, freeBytes, commits } = await journal.usage();
    t.ok(bytes < 2 * MEGABYTE, `${bytes} bytes, ${freeBytes} of them free`);
    t.equal(commits > 65, true);
    t.ok((await sizeOf(`${path}-wal`)) <= 5 * MEGABYTE, `a WAL of ${await sizeOf(`${path}-wal`)} bytes`);
    await journal.close();
    t.ok((await sizeOf(path)) < 2 * MEGABYTE);
  },
);

t.test("a file that was made before it could shrink is made so, and loses nothing", async (t) => {
  const path = join(await folder(t), "a.db");
  const first = await openSqlite(path, ["CREATE TABLE a (x TEXT);"], Date.now);
  await first.all("PRAGMA auto_vacuum=NONE");
  await first.all("VACUUM");
  await first.write([{ sql: "INSERT INTO a VALUES ('kept')" }]);
  await first.close();
  const second = await openSqlite(path, ["CREATE TABLE a (x TEXT);"], Date.now);
  t.match(await second.get("PRAGMA auto_vacuum"), { auto_vacuum: 2 });
  t.same(await second.all("SELECT x FROM a"), [{ x: "kept" }]);
  await second.close();
});

t.test(
  "packages that no service is of go after a week, but for the newest, and with their copies",
  async (t) => {
    const at = await folder(t);
    let now = Date.now();
    const open = () =>
      openNodeJournal({
        stateDir: join(at, "state"),
        scratchDir: at,
        clock: () => now,
        warn: (message) => t.fail(message),
        damaged: (reason) => t.fail(reason),
      });
    const { journal } = await open();
    const packages = async (from = journal) =>
      (await from.desired()).filter(({ kind }) => kind === "package").map(({ id }) => id);
    const idOf = (source: { entry: string; files: Readonly<Record<string, string>> }) =>
      digestOf(source).replace("sha256:", "");
    const catalogue = createCatalogue(journal, () => undefined);
    await catalogue.load();
    const sourceOf = (version: number) => exampleSource({ "notes.yaml": `# ${version}` });
    const apply = (version: number, id: string) =>
      catalogue.apply({ ...sourceOf(version), id, name: id, inputs: EXAMPLE_INPUTS });
    await apply(0, "stays");
    for (let version = 1; version <= 12; version += 1) {
      now += 1_000;
      await apply(version, "changes");
    }
    await journal.putDesired({
      kind: "package",
      id: "f".repeat(64),
      revision: 1,
      origin: "controller",
      body: { digest: `sha256:${"f".repeat(64)}`, entry: "a", files: {} },
    });
    await catalogue.terminate("changes");
    t.equal((await packages()).length, 14, "all stay for a week");
    now += 8 * DAY_MS;
    await apply(13, "other");
    await catalogue.terminate("other");
    const left = await packages();
    t.ok(left.includes(idOf(sourceOf(0))), "what a service is of stays however old it is");
    t.ok(left.includes("f".repeat(64)), "what is the controller's is the controller's");
    t.same(
      [1, 5, 6, 12, 13].map((version) => left.includes(idOf(sourceOf(version)))),
      [false, false, true, true, true],
      "and of the others the newest eight",
    );
    await journal.close();
    t.notOk((await readdir(join(at, "state", "desired"))).includes(`package.${idOf(sourceOf(1))}.json`));
    await rm(join(at, "state", "journal.db"));
    const restored = await open();
    t.same(
      (await packages(restored.journal)).sort(),
      [...left].sort(),
      "nor does the journal's loss bring them back",
    );
    const again = createCatalogue(restored.journal, () => undefined);
    await again.load();
    await again.apply({ ...sourceOf(1), id: "back", name: "back", inputs: EXAMPLE_INPUTS });
    t.match(
      again.services().find(({ request }) => request.id === "back"),
      { problems: [] },
      "it can be applied again",
    );
    await restored.journal.close();
  },
);

t.test("ends of services of the node's own are bounded", async (t) => {
  const journal = await openJournal(join(await folder(t), "journal.db"), Date.now);
  t.teardown(journal.close);
  for (let index = 0; index < 1_003; index += 1)
    await journal.putDesired({
      kind: "service",
      id: `s${index}`,
      revision: 1,
      origin: index === 1 ? "controller" : "local",
      body: null,
      added: index,
    });
  t.same(await journal.prune(), [
    { kind: "service", id: "s2" },
    { kind: "service", id: "s0" },
  ]);
  t.equal((await journal.desired()).length, 1_001);
});

t.test("what the kernel counts, and a day at that pace", (t) => {
  const text = "rchar: 1\nwrite_bytes: 900000\ncancelled_write_bytes: 100000\n";
  t.same(writtenOf(text, 60), { bytes: 800_000, perDayBytes: null });
  t.same(writtenOf(text, 12 * 3_600), { bytes: 800_000, perDayBytes: 1_600_000 });
  t.equal(writtenOf("", 60), null, "a kernel that does not count");
  t.end();
});
