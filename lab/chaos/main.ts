/** `npm run chaos`: the lab with traffic flowing, broken in every way that we know of; a table of what happened. */
import { parseArgs } from "node:util";
import { findProjectRoot } from "../artifacts.js";
import { formatLabEvent } from "../cli.js";
import { describeLabError, LabError } from "../errors.js";
import { inFreshLab } from "../fresh.js";
import type { Lab } from "../lab.js";
import { type Bed, createBed } from "./bed.js";
import { type RowReport, reportRow, reportText } from "./report.js";
import { type Outcome, runRound } from "./round.js";
import type { Row } from "./row.js";
import { ROWS } from "./rows/index.js";

const USAGE = `usage: npm run chaos -- [--only NAME[,NAME]] [--rounds N] [--json] [--keep] [--prefix NAME]

  --only NAMES   of these rows: ${ROWS.map(({ name }) => name).join(" ")}
  --rounds N     of each row (default 3)
  --json         { "runs", "failed", "rows": [ … ] } on standard output instead of the table
  --keep         leave the site up afterwards
  --prefix NAME  of the lab's namespaces (default lmc-)
`;

interface Options {
  readonly rows: readonly Row[];
  readonly rounds: number;
  readonly json: boolean;
  readonly keep: boolean;
  readonly prefix: string;
}

async function main(): Promise<number> {
  const say = (text: string): void => void process.stderr.write(text);
  const options = parseOptions();
  if (options === undefined) {
    say(USAGE);
    return 2;
  }
  const { rows, rounds, json, keep, prefix } = options;
  const projectRoot = await findProjectRoot();
  try {
    const reports = await inFreshLab(
      { projectRoot, prefix, keep, say, log: (event) => say(`  ${formatLabEvent(event)}`) },
      (lab) => runRows(lab, projectRoot, rows, rounds, say),
    );
    const failed = reports.filter(({ held }) => !held).length;
    const body = { runs: reports.reduce((sum, row) => sum + row.rounds, 0), failed, rows: reports };
    process.stdout.write(json ? `${JSON.stringify(body)}\n` : `\n${reportText(reports)}`);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof LabError && error.detail.code === "lab.aborted") return 130;
    say(`${error instanceof LabError ? describeLabError(error) : (error as Error).stack}\n`);
    return 1;
  }
}

async function runRows(
  lab: Lab,
  projectRoot: string,
  rows: readonly Row[],
  rounds: number,
  say: (text: string) => void,
): Promise<readonly RowReport[]> {
  const makeBed = (): Promise<Bed> => createBed(lab, projectRoot, say);
  let bed: Bed | null = await makeBed();
  const reports: RowReport[] = [];
  for (const row of rows) {
    say(`▶ ${row.name}: ${row.does}\n`);
    const outcomes: Outcome[] = [];
    for (let round = 1; round <= rounds; round++) {
      if (bed === null) {
        // What did not heal must not be held against the rows after it.
        say("  the site is made anew\n");
        await lab.down();
        await lab.up();
        bed = await makeBed();
      }
      const outcome = await runRound(bed, row, `${row.name}-${round}`).catch(notRun);
      outcomes.push(outcome);
      say(`  ${outcomeText(outcome)}\n`);
      if (!outcome.healed) bed = null;
    }
    reports.push(reportRow(row, outcomes));
  }
  return reports;
}

/** A round that could not be run to its end: the row has not held, and the others are run all the same. */
function notRun(error: unknown): Outcome {
  if (error instanceof LabError && error.detail.code === "lab.aborted") throw error;
  return {
    stream: { sent: 0, there: 0, back: 0, duplicates: 0, runs: [] },
    lost: 0,
    trafficMs: null,
    pages: { ok: 0, failed: 0, pastCache: 0, failedMs: null },
    writes: { acknowledged: 0, lost: 0 },
    cachedMs: null,
    healMs: {},
    told: {},
    healed: false,
    broken: [
      `not run to its end: ${error instanceof LabError ? describeLabError(error) : (error as Error).stack}`,
    ],
  };
}

function outcomeText({ stream, lost, trafficMs, pages, cachedMs, healMs, writes, broken }: Outcome): string {
  const ms = (value: number | null): string => (value === null ? "–" : `${value.toFixed(1)} ms`);
  const heals = Object.entries(healMs).map(([id, value]) => `${id} ${ms(value)}`);
  return [
    `${lost} of ${stream.sent} datagrams lost (${stream.sent - stream.there} there, ${stream.there - stream.back} back)`,
    `traffic back ${ms(trafficMs)}`,
    `pages ${pages.ok} ok ${pages.failed} failed ${pages.pastCache} past the cache`,
    `cache back ${ms(cachedMs)}`,
    `${writes.acknowledged} writes, ${writes.lost} lost`,
    ...(pages.failedMs === null ? [] : [`pages failed from ${pages.failedMs.map(ms).join(" to ")}`]),
    ...(heals.length > 0 ? [`agent says ${heals.join(", ")}`] : []),
    ...broken.map((sentence) => `BROKEN: ${sentence}`),
  ].join("; ");
}

function parseOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string" },
        rounds: { type: "string", default: "3" },
        json: { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
        prefix: { type: "string", default: "lmc-" },
      },
    });
    const { json, keep, prefix } = values;
    const rounds = Number(values.rounds);
    const names = values.only?.split(",");
    const rows = ROWS.filter(({ name }) => names === undefined || names.includes(name));
    const isKnown = (name: string): boolean => ROWS.some((row) => row.name === name);
    if (!Number.isInteger(rounds) || rounds < 1 || names?.every(isKnown) === false) return undefined;
    return { rows, rounds, json, keep, prefix };
  } catch {
    return undefined; // every error of parseArgs is one of usage
  }
}

process.exitCode = await main();
