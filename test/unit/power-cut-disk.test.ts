/** The model of a disk whose power is cut: what was synced is there, and of the rest whatever a disk may leave. */
import t from "tap";
import { chanceOf } from "../power-cuts/chance.js";
import { afterPowerCut, type Fate, type Files } from "../power-cuts/disk.js";
import type { Operation } from "../power-cuts/recording.js";

const ROOT = "/r";
const NOTHING: Fate = { kept: 0, sectorBytes: 512, garbage: false };
const ALL: Fate = { ...NOTHING, kept: 1 };
const SOME: Fate = { ...NOTHING, kept: 0.5 };
const open = (path: string, inode: bigint, isNew = false): Operation => ({ do: "open", path, inode, isNew });
const write = (inode: bigint, offset: number, text: string): Operation => ({
  do: "write",
  inode,
  offset,
  bytes: Buffer.from(text),
});
const sync = (inode: bigint): Operation => ({ do: "sync", inode });
const SYNC_ROOT: Operation = { do: "sync-folder", folder: ROOT };
const left = (operations: readonly Operation[], fate: Fate, seed = 1, before: Files = new Map()) =>
  Object.fromEntries(
    [...afterPowerCut(ROOT, before, operations, fate, chanceOf(seed))].map(([path, bytes]) => [
      path,
      bytes.toString("latin1"),
    ]),
  );
const OLD: Files = new Map([["/r/f", Buffer.from("old")]]);

t.test("what was synced is there; what was not is there only by chance", async (t) => {
  const life = [open("/r/f", 1n), write(1n, 0, "new"), sync(1n), write(1n, 3, " and more")];
  t.same(left(life, NOTHING, 1, OLD), { "/r/f": "new" });
  t.same(left(life, ALL, 1, OLD), { "/r/f": "new and more" });
  t.same(left(life.slice(0, 2), NOTHING, 1, OLD), { "/r/f": "old" });
});

t.test("a file's sync does not keep its name: its folder's does, and that of the folder above", async (t) => {
  const file = [open("/r/f", 1n, true), write(1n, 0, "x"), sync(1n)];
  t.same(left(file, NOTHING), {});
  t.same(left([...file, SYNC_ROOT], NOTHING), { "/r/f": "x" });
  const deep: readonly Operation[] = [
    { do: "make-folder", path: "/r/d" },
    open("/r/d/f", 1n, true),
    write(1n, 0, "x"),
    sync(1n),
    { do: "sync-folder", folder: "/r/d" },
  ];
  t.same(left(deep, NOTHING), {});
  t.same(left([...deep, SYNC_ROOT], NOTHING), { "/r/d/f": "x" });
  t.same(left(deep, ALL), { "/r/d/f": "x" });
});

t.test("a file that was removed or renamed may be back until its folder is synced", async (t) => {
  const removed: readonly Operation[] = [open("/r/f", 1n), { do: "remove", path: "/r/f" }];
  t.same(left(removed, NOTHING, 1, OLD), { "/r/f": "old" });
  t.same(left([...removed, SYNC_ROOT], NOTHING, 1, OLD), {});
  const replaced: readonly Operation[] = [
    open("/r/g", 2n, true),
    write(2n, 0, "new"),
    sync(2n),
    { do: "rename", from: "/r/g", to: "/r/f" },
  ];
  for (let seed = 1; seed <= 20; seed++) {
    const found = left(replaced, SOME, seed, OLD)["/r/f"];
    t.ok(found === "old" || found === "new", "the old one or the new one, never none");
  }
  t.same(left([...replaced, SYNC_ROOT], NOTHING, 1, OLD), { "/r/f": "new" });
  const hasty = left(
    [open("/r/g", 2n, true), write(2n, 0, "new"), ...replaced.slice(3), SYNC_ROOT],
    NOTHING,
    1,
    OLD,
  );
  t.same(hasty, { "/r/f": "" }, "renamed before it was synced: the name without the bytes");
});

t.test("sectors come or not each for itself: torn writes, late ones without earlier ones", async (t) => {
  const life = [
    open("/r/f", 1n),
    write(1n, 0, "a".repeat(1_024)),
    sync(1n),
    write(1n, 0, "b".repeat(1_024)),
    write(1n, 512, "c".repeat(512)),
  ];
  const outcomes = new Set<string>();
  for (let seed = 1; seed <= 200; seed++) {
    const found = left(life, SOME, seed, OLD)["/r/f"] ?? "";
    t.equal(found.length, 1_024);
    for (const sector of [found.slice(0, 512), found.slice(512)])
      t.ok(
        [..."abc"].some((letter) => sector === letter.repeat(512)),
        "a sector is of one moment",
      );
    outcomes.add(`${found[0]}${found[512]}`);
  }
  t.same([...outcomes].sort(), ["aa", "ab", "ac", "ba", "bb", "bc"]);
});

t.test("where a file grew and its bytes did not come there are zeros, or anything", async (t) => {
  const life = [open("/r/f", 1n), write(1n, 4_096, "x".repeat(512))];
  const grown = (fate: Fate): readonly string[] =>
    Array.from({ length: 50 }, (_, seed) => left(life, fate, seed, OLD)["/r/f"] ?? "").filter(
      ({ length }) => length > 3,
    );
  const quiet = grown(SOME);
  t.ok(quiet.length > 5);
  t.ok(quiet.every((text) => text.startsWith("old") && /^\0*(x{512})?$/.test(text.slice(3))));
  t.ok(quiet.some((text) => text.endsWith("\0")) && quiet.some((text) => text.endsWith("x")));
  const noisy = grown({ ...SOME, garbage: true });
  t.ok(
    noisy.every((text) => text.startsWith("old")),
    "what was synced is never touched",
  );
  t.ok(noisy.some((text) => !/^\0*$/.test(text.slice(3, 4_096))));
});

t.test("a file that was cut has one of its sizes, and what it grows by again is zeros", async (t) => {
  const before: Files = new Map([["/r/f", Buffer.from("y".repeat(2_000))]]);
  const life: readonly Operation[] = [
    open("/r/f", 1n),
    { do: "resize", inode: 1n, size: 100 },
    write(1n, 1_500, "z"),
  ];
  t.equal(left(life, ALL, 1, before)["/r/f"], `${"y".repeat(100)}${"\0".repeat(1_400)}z`);
  t.equal(left([...life, sync(1n)], NOTHING, 1, before)["/r/f"], `${"y".repeat(100)}${"\0".repeat(1_400)}z`);
  t.equal(left(life, NOTHING, 1, before)["/r/f"], "y".repeat(2_000));
});
