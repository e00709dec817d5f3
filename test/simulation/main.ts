/** `npm run simulate -- --seeds N [--seed S] [--bug NAME] [--trace] [--json]` */
import { parseArgs } from "node:util";
import { BUGS, type Bug } from "./bugs.js";
import { loadSqlite } from "./disk/engine.js";
import { type RunResult, runSeed } from "./run.js";

const write = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "100" },
      seed: { type: "string", default: "1" },
      bug: { type: "string", multiple: true, default: [] },
      trace: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const unknown = values.bug.find((name) => !(name in BUGS));
  if (unknown) throw new Error(`no bug "${unknown}"; there are ${Object.keys(BUGS).join(", ")}`);
  const bugs = new Set(values.bug as Bug[]);
  const first = Number(values.seed);
  const seeds = Number(values.seeds);
  const sqlite = await loadSqlite();
  const rows: RunResult[] = [];
  for (let seed = first; seed < first + seeds; seed += 1) {
    const result = await runSeed({ seed, sqlite, bugs, keepTrace: values.trace });
    rows.push(result);
    if (!result.ok && !values.json) write(`seed ${seed}: ${result.detail}`);
    if (values.trace) for (const line of result.trace) write(line);
  }
  const failed = rows.filter(({ ok }) => !ok);
  if (values.json)
    write(
      JSON.stringify({
        runs: rows.length,
        failed: failed.length,
        rows: rows.map(({ trace, ...row }) => row),
      }),
    );
  else write(`${rows.length} seeds, ${failed.length} failed`);
  return failed.length > 0 ? 1 : 0;
}

process.exitCode = await main();
