/** The simulation as a program: exit code 0 when every seed held, 1 when one failed, 2 for wrong usage. */
import { execFile } from "node:child_process";
import { type Arguments, readArguments, USAGE } from "./arguments.js";
import { loadSqlite, type Sqlite3 } from "./disk/engine.js";
import { type RunResult, runSeed } from "./run.js";

type Row = Omit<RunResult, "trace">;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (!asked) {
    say(USAGE);
    return 0;
  }
  const apart = asked.jobs > 1 || (asked.seeds > STRETCH && !asked.trace && !asked.stop);
  const rows = apart ? await shared(asked) : await alone(asked, await loadSqlite());
  const failed = rows.filter(({ ok }) => !ok);
  if (asked.json) say(JSON.stringify({ runs: rows.length, failed: failed.length, rows }));
  else say(`${rows.length} seeds, ${failed.length} failed`);
  return failed.length > 0 ? 1 : 0;
}

async function alone(asked: Arguments, sqlite: Sqlite3): Promise<readonly Row[]> {
  const { faults, bugs, nodes } = asked;
  const rows: Row[] = [];
  let isShown = false;
  for (let seed = asked.first; seed < asked.first + asked.seeds; seed += 1) {
    const { trace, ...row } = await runSeed({ seed, sqlite, bugs, faults, nodes, keepTrace: asked.trace });
    rows.push(row);
    for (const line of trace) say(line);
    if (row.ok) continue;
    if (!asked.json) {
      say(`seed ${seed} failed: ${row.detail}`);
      if (!asked.trace && !isShown) await show(asked, row, sqlite);
      isShown = true;
    }
    if (asked.stop) break;
  }
  return rows;
}

/** The trace of a seed that failed: of a second run, which has to be the same to the last line. */
async function show({ faults, bugs, nodes }: Arguments, row: Row, sqlite: Sqlite3): Promise<void> {
  const again = await runSeed({ seed: row.seed, sqlite, bugs, faults, nodes, keepTrace: true });
  for (const line of again.trace) say(line);
  say(
    again.digest === row.digest
      ? `again: npm run simulate -- --seeds 1 --seed ${row.seed} --trace`
      : `the second run was another (${again.digest}, not ${row.digest}): the simulation is not deterministic`,
  );
}

/** Seeds that one process plays: what one of them leaves behind in memory ends with it. */
const STRETCH = 50;

/** Several processes, each with a stretch of the seeds, so many at a time. Of a seed that failed the trace is for who asks for that one alone. */
async function shared(asked: Arguments): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const end = asked.first + asked.seeds;
  let next = asked.first;
  let stopped = false;
  const worker = async (): Promise<void> => {
    while (next < end && !stopped) {
      const first = next;
      next = Math.min(end, first + STRETCH);
      const played = await elsewhere(asked, first, next - first);
      const failed = played.filter(({ ok }) => !ok);
      stopped ||= asked.stop && failed.length > 0;
      rows.push(...played);
      if (!asked.json) for (const { seed, detail } of failed) say(`seed ${seed} failed: ${detail}`);
    }
  };
  await Promise.all(Array.from({ length: asked.jobs }, worker));
  return rows.sort((one, other) => one.seed - other.seed);
}

function elsewhere(
  { faults, bugs, nodes, stop }: Arguments,
  first: number,
  seeds: number,
): Promise<readonly Row[]> {
  const args = ["--json", "--seed", String(first), "--seeds", String(seeds), ...(stop ? ["--stop"] : [])];
  if (faults) args.push("--faults", faults.join(","));
  if (nodes !== null) args.push("--nodes", String(nodes));
  for (const bug of bugs) args.push("--bug", bug);
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [process.argv[1] as string, ...args],
      { maxBuffer: 2 ** 30 },
      (error, stdout, stderr) => {
        // 1 is the exit code of seeds that failed, which the rows tell.
        if (error && error.code !== 1)
          return reject(new Error(`seeds from ${first} on: ${stderr || error.message}`));
        resolve((JSON.parse(stdout) as { readonly rows: readonly Row[] }).rows);
      },
    );
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`simulate: ${error instanceof Error ? error.message : error}\n${USAGE}\n`);
  process.exitCode = 2;
}
