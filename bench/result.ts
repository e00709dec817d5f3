/** Results as design §6 has them, printed as a table or as JSON, and held against the ceilings. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

export interface Result {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
  readonly note?: string;
}

export function resultOf(name: string, unit: string, values: readonly number[], note?: string): Result {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
  return {
    name,
    unit,
    median: rounded(median),
    min: rounded(at(0)),
    max: rounded(at(sorted.length - 1)),
    n: values.length,
    ...(note !== undefined && { note }),
  };
}

export function printResults(bench: string, results: readonly Result[], json: boolean, root: string): void {
  if (json) {
    const [processor] = cpus();
    const machine = {
      cpu: processor?.model ?? "unknown",
      cores: cpus().length,
      memBytes: totalmem(),
      kernel: release(),
    };
    const body = { bench, at: new Date().toISOString(), commit: commitOf(root), machine, results };
    process.stdout.write(`${JSON.stringify(body)}\n`);
    return;
  }
  const rows = results.map(({ name, unit, median, min, max, n, note = "" }) => [
    name,
    `${median} ${unit}`,
    `${min}–${max}`,
    String(n),
    note,
  ]);
  const all = [["result", "median", "spread", "n", ""], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  for (const row of all) {
    process.stdout.write(
      `${row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
  }
}

/** What is above its ceiling in bench/ceilings.json, or has one and no figure, as sentences. */
export function aboveCeiling(results: readonly Result[], root: string): readonly string[] {
  const text = readFileSync(join(root, "bench", "ceilings.json"), "utf8");
  const ceilings = JSON.parse(text) as Readonly<
    Record<string, { readonly max: number; readonly unit: string }>
  >;
  return Object.entries(ceilings).flatMap(([name, ceiling]) => {
    const result = results.find((one) => one.name === name);
    if (result === undefined) return [`${name} has a ceiling and was not measured`];
    const { median, unit } = result;
    if (ceiling.unit !== unit) return [`${name} is in ${unit}, its ceiling in ${ceiling.unit}`];
    return median <= ceiling.max // not so for NaN either
      ? []
      : [`${name}: ${median} ${unit} is above the ceiling of ${ceiling.max} ${unit}`];
  });
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** With `-dirty` where the tree is not the commit's; "unknown" where there is no Git checkout. */
function commitOf(root: string): string {
  const { status, stdout } = spawnSync(
    "git",
    ["-C", root, "describe", "--always", "--dirty", "--exclude", "*"],
    {
      encoding: "utf8",
    },
  );
  return status === 0 ? stdout.trim() : "unknown";
}
