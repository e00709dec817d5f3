/** What becomes of a node's journal that was damaged, is a newer program's, or cannot be opened. */
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openJournal, SCHEMA } from "../../agent/store/journal.js";
import { type OpenedJournal, openNodeJournal } from "../../agent/store/open-journal.js";
import { openSqlite } from "../../store/sqlite.js";
import { agentEvent } from "../support/events.js";
import { until } from "../support/until.js";

const PAGE_BYTES = 4096;
const service = (id: string, revision: number, origin: "local" | "controller" = "local") => ({
  kind: "service" as const,
  id,
  revision,
  origin,
  body: { id, name: "x".repeat(500), packageDigest: `sha256:${"0".repeat(64)}`, inputs: {} },
});
interface Node {
  readonly stateDir: string;
  readonly path: string;
  readonly warned: string[];
  readonly damages: string[];
  open(): Promise<OpenedJournal>;
}
let ticks = 1_000;
async function nodeFor(t: Test): Promise<Node> {
  const at = await mkdtemp(join(tmpdir(), "lmt-damage-"));
  t.teardown(() => rm(at, { recursive: true, force: true }));
  const [warned, damages]: string[][] = [[], []];
  const open: OpenedJournal[] = [];
  t.teardown(() => Promise.all(open.map(({ journal }) => journal.close().catch(() => undefined))));
  const stateDir = join(at, "state");
  return {
    stateDir,
    path: join(stateDir, "journal.db"),
    warned: warned ?? [],
    damages: damages ?? [],
    async open() {
      const opened = await openNodeJournal({
        stateDir,
        scratchDir: at,
        clock: () => (ticks += 1),
        warn: (message) => warned?.push(message),
        damaged: (reason) => damages?.push(reason),
      });
      open.push(opened);
      return opened;
    },
  };
}
/** A journal with services, a tombstone, and enough events for some hundred pages; closed. */
async function filled(node: Node) {
  const { journal } = await node.open();
  for (let i = 0; i < 40; i++) await journal.putDesired(service(`s${i}`, 1 + (i % 3)));
  await journal.putDesired(service("theirs", 7, "controller"));
  await journal.putDesired({ ...service("gone", 9), body: null });
  const events = Array.from({ length: 500 }, (_, i) => agentEvent(`e/${i}`, "y".repeat(500)));
  await journal.append(events, [{ removedService: "r" }]);
  const desired = await journal.desired();
  await journal.close();
  return { id: journal.id, desired };
}
const asideIn = async ({ stateDir }: Node): Promise<readonly string[]> =>
  (await readdir(stateDir)).filter((name) => name.includes(".set-aside-") && !name.endsWith("-wal"));
async function overwrite(path: string, at: number, bytes: Buffer): Promise<void> {
  const file = await open(path, "r+");
  await file.write(bytes, 0, bytes.length, at);
  await file.close();
}

const DAMAGES: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "another kind of file": (path) =>
    writeFile(path, "no database, and long enough to be taken for one".repeat(50)),
  "cut off": (path) => truncate(path, 3 * PAGE_BYTES + 17),
  "a wrong header": (path) => overwrite(path, 0, Buffer.from("SQLite format 4\0")),
  "zeroed pages": (path) => overwrite(path, 4 * PAGE_BYTES, Buffer.alloc(30 * PAGE_BYTES)),
  "garbage from the second page on": async (path) =>
    overwrite(path, PAGE_BYTES, Buffer.alloc((await stat(path)).size - PAGE_BYTES, 0xa5)),
};
for (const [what, damage] of Object.entries(DAMAGES)) {
  t.test(`${what}: it is kept, and all that is desired is in a new journal`, async (t) => {
    const node = await nodeFor(t);
    const { id, desired } = await filled(node);
    await damage(node.path);
    const damaged = await readFile(node.path);
    const { journal, events, standsIn } = await node.open();
    t.equal(standsIn, null);
    t.same(await journal.desired(), desired, "with revision, origin, and when the node first heard of it");
    t.match(events, [
      { type: "journal.set-aside", code: "store.damaged", data: { restored: desired.length } },
    ]);
    const [kept = ""] = await asideIn(node);
    t.same(await readFile(join(node.stateDir, kept)), damaged, "as it was found");
    t.not(journal.id, id, "a journal of its own, whose reports are numbered anew");
    await journal.append([], [{ removedService: "n" }]);
    t.match(await journal.pendingReports(10, 0), [{ seq: 1, removedService: "n" }]);
    await journal.close();
    t.same((await node.open()).events, [], "it is told once");
  });
}

t.test("without copies what can be read of the damaged file is taken", async (t) => {
  const node = await nodeFor(t);
  const { desired } = await filled(node);
  await rm(join(node.stateDir, "desired"), { recursive: true });
  const size = (await stat(node.path)).size;
  await overwrite(node.path, size - 20 * PAGE_BYTES, Buffer.alloc(20 * PAGE_BYTES, 0x5a));
  const { journal, events } = await node.open();
  t.match(events, [{ type: "journal.set-aside" }]);
  t.same(await journal.desired(), desired);
});

t.test("a journal that is gone, or lost its newest part, gets back what the copies know", async (t) => {
  const node = await nodeFor(t);
  const { desired } = await filled(node);
  await rm(node.path);
  const first = await node.open();
  t.match(first.events, [{ type: "journal.restored", data: { restored: desired.length } }]);
  t.same(await first.journal.desired(), desired);
  await first.journal.close();

  const before = await readFile(node.path);
  const second = await node.open();
  await second.journal.putDesired(service("s0", 50));
  await second.journal.close();
  await writeFile(node.path, before);
  await writeFile(`${node.path}-wal`, Buffer.alloc(50_000, 0x77)); // a WAL that is none
  const third = await node.open();
  t.match(third.events, [{ type: "journal.restored", data: { restored: 1 } }]);
  t.equal((await third.journal.desired()).find(({ id }) => id === "s0")?.revision, 50);
});

t.test("copies that are damaged are not believed, and are written again", async (t) => {
  const node = await nodeFor(t);
  const { desired } = await filled(node);
  const copy = join(node.stateDir, "desired", "service.s0.json");
  const whole = await readFile(copy, "utf8");
  await writeFile(copy, whole.replace('"revision":1', '"revision":9'));
  const { journal } = await node.open();
  t.same(await journal.desired(), desired);
  t.match(node.warned, [/service\.s0\.json is no whole copy/]);
  await journal.close();
  t.equal(await readFile(copy, "utf8"), whole);
});

t.test("of the journals that were set aside the newest three are kept", async (t) => {
  const node = await nodeFor(t);
  for (let i = 0; i < 5; i++) {
    await mkdir(node.stateDir, { recursive: true });
    await writeFile(node.path, `garbage ${i} `.repeat(500));
    ticks += 60_000;
    await (await node.open()).journal.close();
  }
  const kept = await Promise.all(
    (await asideIn(node)).toSorted().map((name) => readFile(join(node.stateDir, name), "utf8")),
  );
  t.same(
    kept.map((text) => text.slice(0, 9)),
    ["garbage 2", "garbage 3", "garbage 4"],
  );
});

t.test("damage that is met while the journal is open is told", async (t) => {
  const node = await nodeFor(t);
  await filled(node);
  const { journal } = await node.open();
  // More than SQLite's page cache has room for, and on its way out of the WAL: what is not cached has to be read.
  for (let i = 0; i < 10; i++)
    await journal.append(
      Array.from({ length: 1_000 }, () => agentEvent("e", "z".repeat(900))),
      [],
    );
  await overwrite(node.path, PAGE_BYTES, Buffer.alloc((await stat(node.path)).size - PAGE_BYTES, 0xa5));
  await t.rejects(journal.events({ limit: 10_000 }), { code: "store.damaged" });
  t.match(node.damages[0], /malformed/);
});

t.test(
  "where none can be opened another stands in: what is desired is known, nothing is taken",
  async (t) => {
    const node = await nodeFor(t);
    const { desired } = await filled(node);
    await rename(node.path, `${node.path}.moved`);
    await mkdir(node.path);
    const { journal, standsIn } = await node.open();
    t.match(standsIn, /journal\.db/);
    t.same(await journal.desired(), desired);
    await t.rejects(journal.putDesired(service("new", 1)), { code: "store.failed" });
    await t.rejects(journal.append([agentEvent("e")], []), { code: "store.failed" });
    t.same(await journal.events({}), []);
  },
);

t.test("a journal that another agent has is not taken from it", async (t) => {
  const node = await nodeFor(t);
  await filled(node);
  await node.open();
  await t.rejects(node.open(), { code: "store.failed", detail: /another process has it open/ });
  t.same(await asideIn(node), []);
});

/** What a later version might add: a column, a table, an index. */
const ADDED = `ALTER TABLE desired ADD COLUMN fence INTEGER NOT NULL DEFAULT 4; CREATE TABLE later (x); INSERT INTO later VALUES (1);
  ALTER TABLE outbox ADD COLUMN urgency TEXT; CREATE INDEX later_index ON desired (fence);`;
const upTo = (last: string | { readonly breaks: true; readonly sql: string }) => [
  ...Array<string>(SCHEMA).fill("SELECT 1;"),
  last,
];

t.test("a newer program's journal is used as it is when it only added to it, there and back", async (t) => {
  const node = await nodeFor(t);
  const { desired, id } = await filled(node);
  await (await openSqlite(node.path, upTo(ADDED), Date.now)).close();
  const { journal, events } = await node.open();
  t.same(events, []);
  t.equal(journal.id, id);
  t.same(await journal.desired(), desired);
  t.ok(await journal.putDesired(service("s1", 90)));
  await journal.append([agentEvent("old program")], [{ removedService: "r2" }]);
  t.equal((await journal.pendingReports(10, 0)).length, 2);
  await journal.close();
  const newer = await openSqlite(node.path, upTo(ADDED), Date.now);
  t.match(await newer.get("SELECT revision, fence FROM desired WHERE id = 's1'"), { revision: 90, fence: 4 });
  t.same(await newer.all("SELECT x FROM later"), [{ x: 1 }], "the newer program's own is there still");
  await newer.close();
});

t.test("one that broke with ours is set aside, and what is desired is kept", async (t) => {
  const node = await nodeFor(t);
  const { desired } = await filled(node);
  const broken = { breaks: true, sql: "ALTER TABLE outbox RENAME TO sending;" } as const;
  await (await openSqlite(node.path, upTo(broken), Date.now)).close();
  await t.rejects(openJournal(node.path, Date.now), {
    code: "store.newer",
    detail: new RegExp(`schema ${SCHEMA + 1}`),
  });
  const { journal, events } = await node.open();
  t.match(events, [{ type: "journal.set-aside", cause: new RegExp(`schema ${SCHEMA + 1}`) }]);
  t.same(await journal.desired(), desired);
  const [kept = ""] = await asideIn(node);
  const theirs = await openSqlite(join(node.stateDir, kept), upTo(broken), Date.now);
  t.same(await theirs.all("SELECT seq FROM sending"), [{ seq: 1 }], "for when the newer one is back");
  await theirs.close();
});

t.test("copies follow the journal within moments", async (t) => {
  const node = await nodeFor(t);
  const { journal } = await node.open();
  await journal.putDesired(service("a", 3));
  const read = () => readFile(join(node.stateDir, "desired", "service.a.json"), "utf8").catch(() => "");
  await until("the copy is there", async () => (await read()).includes('"revision":3'));
  t.pass("it is there");
});
