/** The journal under load and power cuts, with the real SQLite; `npm run power-cuts` makes a thousand of them. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import t from "tap";
import { type Breakage, type Cut, cutPower } from "../power-cuts/loop.js";
import { compileRecorder } from "../power-cuts/recorder.js";
import { missingFor } from "../support/real.js";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const skip = missingFor(["cc"]) ?? false;

/** Bundled: a process a cut is started, and none of them should have to compile. Beside node_modules, for the addon. */
const load = join(PROJECT, "build", `power-cut-load-${process.pid}.mjs`);
await build({
  entryPoints: [join(PROJECT, "test", "power-cuts", "load.ts")],
  outfile: load,
  bundle: true,
  platform: "node",
  format: "esm",
  external: ["sqlite3"],
});
t.teardown(() => rm(load));

const cut = async (cuts: number, breakage: Breakage): Promise<readonly Cut[]> =>
  cutPower({
    cuts,
    seed: 1,
    load: [process.execPath, load],
    recorder: await compileRecorder(PROJECT),
    breakage,
  });

t.test("after every power cut the journal is sound and has what it acknowledged", { skip }, async (t) => {
  const cuts = await cut(25, "none");
  t.same(
    cuts.flatMap(({ number, faults }) => faults.map((fault) => `cut ${number}: ${fault}`)),
    [],
  );
  t.equal(cuts.length, 25);
  t.ok(cuts.filter(({ unsyncedBytes }) => unsyncedBytes > 0).length > 10, "most of them lost something");
});

t.test("a journal that does not wait for the disk is found out", { skip }, async (t) => {
  for (const breakage of ["synchronous-off", "no-wal-sync"] as const) {
    const faults = (await cut(10, breakage)).flatMap((each) => each.faults);
    t.ok(
      faults.some((fault) => /acknowledged|given before/.test(fault)),
      `${breakage}: ${faults[0]}`,
    );
  }
});
