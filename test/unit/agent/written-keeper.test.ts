import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { writtenIn } from "../../../agent/written.js";
import { createWrittenKeeper } from "../../../agent/written-keeper.js";

const HOUR_S = 3_600;

async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lightmano-written-"));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A process that can be asked after so many seconds and bytes. */
function life(path: string, process: string) {
  let now = { bytes: 0, seconds: 0 };
  const warnings: string[] = [];
  const ask = createWrittenKeeper({
    path,
    process,
    warn: (message) => warnings.push(message),
    uptimeS: () => now.seconds,
    read: async (seconds) => writtenIn(now.bytes, seconds),
  });
  return {
    warnings,
    after: (seconds: number, bytes: number) => {
      now = { seconds, bytes };
      return ask();
    },
  };
}

t.test("what an agent wrote counts after its restart, and its pace goes by both their times", async (t) => {
  const path = join(await folder(t), "written.json");
  const first = life(path, "first");
  t.same(await first.after(60, 1_000), { bytes: 1_000, perDayBytes: null });
  t.same(await first.after(HOUR_S, 6_000), { bytes: 6_000, perDayBytes: 144_000 });
  const second = life(path, "second");
  t.same(await second.after(HOUR_S, 2_000), { bytes: 8_000, perDayBytes: 96_000 });
  const third = life(path, "third");
  t.match(await third.after(1, 0), { bytes: 8_000 }, "all of them");
});

t.test("a life that begins in the same process counts nothing twice", async (t) => {
  const path = join(await folder(t), "written.json");
  await life(path, "one").after(60, 500);
  t.match(await life(path, "one").after(61, 600), { bytes: 600 });
});

t.test("it is kept once a minute, and what is damaged counts as nothing", async (t) => {
  const path = join(await folder(t), "written.json");
  const one = life(path, "one");
  await one.after(60, 500);
  const kept = await readFile(path, "utf8");
  await one.after(61, 700);
  t.equal(await readFile(path, "utf8"), kept);
  await one.after(121, 800);
  t.not(await readFile(path, "utf8"), kept);
  for (const text of ["", "{", "null", '{"process":"x","own":{},"earlier":{}}']) {
    await writeFile(path, text);
    t.match(await life(path, "two").after(1, 5), { bytes: 5 }, JSON.stringify(text));
  }
});

t.test("where it cannot be kept it is counted all the same, and said once", async (t) => {
  const path = join(await folder(t), "none", "written.json");
  const one = life(path, "one");
  t.match(await one.after(60, 500), { bytes: 500 });
  t.match(await one.after(200, 600), { bytes: 600 });
  t.equal(one.warnings.length, 1);
  t.match(one.warnings[0], /not be known after its restart: .*ENOENT/);
});

t.test("where the kernel does not count nothing is said", async (t) => {
  const path = join(await folder(t), "written.json");
  const ask = createWrittenKeeper({ path, warn: () => undefined, read: async () => null });
  t.equal(await ask(), null);
});
