/** `npm run power-cuts`: exits with 1 when a cut did harm. `--break` shows that harm would be found; `--help` lists the options. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandLine, flag, one, whole } from "../../bench/command-line.js";
import { BREAKAGES, type Cut, cutPower } from "./loop.js";
import { compileRecorder } from "./recorder.js";

const values = commandLine("power-cuts", {
  cuts: whole("how many", 1_000),
  seed: whole("of the first cut's chances", 1, { least: Number.MIN_SAFE_INTEGER }),
  break: one("with a promise that is not kept", BREAKAGES, "none"),
  json: flag("one object on standard output"),
});
const { cuts: wanted, seed, break: breakage } = values;
const dist = fileURLToPath(new URL(".", import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const begun = performance.now();
const cuts = await cutPower({
  cuts: wanted,
  seed,
  load: [process.execPath, join(dist, "power-cut-load.mjs")],
  breakage,
  recorder: await compileRecorder(join(dist, "..")),
  onCut({ number }) {
    if (number % 100 === 0) say(`${number} of ${wanted} after ${seconds()} s`);
  },
});
const failed = cuts.filter(({ faults }) => faults.length > 0);
if (values.json)
  process.stdout.write(
    `${JSON.stringify({ runs: cuts.length, failed: failed.length, seed, rows: rows(cuts) })}\n`,
  );
else for (const { name, value } of rows(cuts)) say(`${name.padEnd(40)} ${value}`);
for (const { number, fate, faults } of failed)
  say(`cut ${number} (seed ${seed}, ${JSON.stringify(fate)}):\n  ${faults.join("\n  ")}`);
say(`${cuts.length} power cuts, ${failed.length} with harm, ${seconds()} s`);
process.exitCode = failed.length > 0 ? 1 : 0;

function seconds(): number {
  return Math.round((performance.now() - begun) / 1000);
}

function rows(all: readonly Cut[]) {
  const count = (is: (cut: Cut) => boolean): number => all.filter(is).length;
  return [
    { name: "with something not synced", value: count((c) => c.unsyncedBytes > 0) },
    { name: "while the database itself was written", value: count((c) => c.inCheckpoint) },
    { name: "nothing kept of what was not synced", value: count((c) => c.fate.kept === 0) },
    { name: "some of it kept", value: count((c) => c.fate.kept > 0 && c.fate.kept < 1) },
    { name: "all of it kept", value: count((c) => c.fate.kept === 1) },
  ];
}
