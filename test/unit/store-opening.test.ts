/** What a store finds when it is opened is on the disk before anything of it can be promised. */
import t, { type Test } from "tap";
import type { Engine } from "../../store/engine.js";
import { openSqlite, type Sqlite } from "../../store/sqlite.js";
import { createDisk, type Disk } from "../simulation/disk/disk.js";
import { loadSqlite } from "../simulation/disk/engine.js";
import { createRandom } from "../simulation/time/random.js";

const sqlite3 = await loadSqlite();
let processes = 0;

/** One process on the disk, which a kill -9 ends before `syncs` would have reached it. */
function processOn(t: Test, disk: Disk, syncs: boolean): Engine & { readonly kill: () => void } {
  processes += 1;
  const owner = `process-${processes}`;
  const random = createRandom(processes);
  let alive = true;
  const kill = (): void => {
    alive = false;
    sqlite3.release(owner);
  };
  t.teardown(() => alive && kill());
  const engine = sqlite3.engineFor({
    owner,
    disk,
    isAlive: () => alive,
    syncs: () => syncs,
    random: random.next,
    settle: (then) => then(),
  });
  return { ...engine, kill };
}

const open = (engine: Engine): Promise<Sqlite> =>
  openSqlite("/a.db", ["CREATE TABLE a(x INTEGER PRIMARY KEY);"], Date.now, engine);
const put = (sqlite: Sqlite, ...numbers: readonly number[]): Promise<void> =>
  sqlite.write(numbers.map((x) => ({ sql: "INSERT INTO a VALUES(?)", values: [x] })));
const numbersOf = async (sqlite: Sqlite): Promise<readonly unknown[]> =>
  (await sqlite.all("SELECT x FROM a ORDER BY x")).map(({ x }) => x);

/** A disk with 1 on its platter, and 2 in the page cache: the process was killed between the write and the sync. */
async function killedWithinCommit(t: Test): Promise<Disk> {
  const disk = createDisk();
  const first = processOn(t, disk, true);
  await put(await open(first), 1);
  first.kill();
  const second = processOn(t, disk, false);
  await put(await open(second), 2);
  second.kill();
  return disk;
}
/** Of what was not synced, and of files that were removed, nothing. */
const NOTHING_KEPT = {
  ...createRandom(1),
  pick: <T>(from: readonly T[]) => from[0] as T,
  chance: () => false,
};

t.test(
  "a commit that its process did not live to sync is lost with the power, as long as nobody saw it",
  async (t) => {
    const disk = await killedWithinCommit(t);
    disk.powerCut(NOTHING_KEPT);
    t.same(await numbersOf(await open(processOn(t, disk, true))), [1]);
  },
);

t.test("what the next process sees of it the power does not take any more", async (t) => {
  const disk = await killedWithinCommit(t);
  const next = processOn(t, disk, true);
  t.same(await numbersOf(await open(next)), [1, 2]);
  next.kill();
  disk.powerCut(NOTHING_KEPT);
  t.same(await numbersOf(await open(processOn(t, disk, true))), [1, 2]);
});

t.test("nor on a disk that has no room for it in the file", async (t) => {
  const disk = await killedWithinCommit(t);
  const more = processOn(t, disk, false);
  await put(await open(more), ...Array.from({ length: 2_000 }, (_, at) => 10 + at)); // pages that the file has not yet
  more.kill();
  disk.full = true;
  const next = processOn(t, disk, true);
  const seen = await numbersOf(await open(next));
  t.equal(seen.length, 2_002);
  next.kill();
  disk.powerCut(NOTHING_KEPT);
  disk.full = false;
  t.same(await numbersOf(await open(processOn(t, disk, true))), seen);
});
