/**
 * `npm run bench:heal`: how long traffic is away when a function, the switch or the whole node dies, measured by the
 * traffic itself (docs/guide/chaos.md). `heal.lvnf` and `heal.ovs` from the death, or from the switch being back, to the
 * first datagram after the last that was lost; `heal.container` to the first page from the cache;
 * `coldboot.offline` from the agent's start, with the controller away and 20 LVNFs and 2 containers in the journal, to the first
 * datagram through the S1, `coldboot.offline.cache` to the first page from the cache. As root. `--help` lists the options.
 */
import { findProjectRoot } from "../lab/artifacts.js";
import { type Bed, createBed } from "../lab/chaos/bed.js";
import { addCrowd } from "../lab/chaos/crowd.js";
import { spreadOf } from "../lab/chaos/report.js";
import { type Outcome, runRound } from "../lab/chaos/round.js";
import { ROWS } from "../lab/chaos/rows/index.js";
import { describeLabError, LabError } from "../lab/errors.js";
import { inFreshLab } from "../lab/fresh.js";
import { commandLine, flag, some, whole } from "./command-line.js";
import { printResults, type Result, resultOf } from "./result.js";

interface Figure {
  readonly name: string;
  readonly of: (outcome: Outcome) => number | null;
}
/** What each `--only` name measures, and of which row of the chaos table. */
const MEASURES: Readonly<Record<string, { readonly row: string; readonly figures: readonly Figure[] }>> = {
  lvnf: { row: "lvnf-kill", figures: [{ name: "heal.lvnf", of: ({ trafficMs }) => trafficMs }] },
  container: { row: "container-kill", figures: [{ name: "heal.container", of: ({ cachedMs }) => cachedMs }] },
  ovs: { row: "vswitchd-kill", figures: [{ name: "heal.ovs", of: ({ trafficMs }) => trafficMs }] },
  coldboot: {
    row: "power-cut",
    figures: [
      { name: "coldboot.offline", of: ({ trafficMs }) => trafficMs },
      { name: "coldboot.offline.cache", of: ({ cachedMs }) => cachedMs },
    ],
  },
};
/** Beside the service's own LVNF and container: 20 and 2 in all. */
const CROWD_LVNFS = 19;

const say = (line: string): void => void process.stderr.write(`bench:heal: ${line}\n`);

async function measure(bed: Bed, name: string, rounds: number): Promise<readonly Result[]> {
  const { row: rowName, figures } = MEASURES[name] ?? { row: "", figures: [] };
  const row = ROWS.find((one) => one.name === rowName);
  if (!row) throw new Error(`there is no row ${rowName}`);
  const outcomes: Outcome[] = [];
  for (let round = 1; round <= rounds; round++) {
    const outcome = await runRound(bed, row, `${name}-${round}`);
    const broken = outcome.broken.map((sentence) => `, BROKEN: ${sentence}`).join("");
    say(`${name} ${round}: ${figures.map(({ of }) => `${of(outcome)?.toFixed(1)} ms`).join(", ")}${broken}`);
    if (!outcome.healed) throw new LabError({ code: "lab.timeout", message: `${name}: it did not heal` });
    outcomes.push(outcome);
  }
  return figures.flatMap((figure) => {
    const values = outcomes.flatMap((outcome) => figure.of(outcome) ?? []);
    const p99 = spreadOf(values)?.p99.toFixed(1);
    return values.length === 0 ? [] : [resultOf(figure.name, "ms", values, `p99 ${p99}`)];
  });
}

const options = commandLine("bench:heal", {
  json: flag("one object on standard output"),
  rounds: whole("of each; of the cold boot a third", 10),
  only: some("what is measured", Object.keys(MEASURES)),
});
const { only: names, rounds } = options;
const root = await findProjectRoot();
try {
  const results = await inFreshLab({ projectRoot: root, prefix: "lmh-", say }, async (lab) => {
    const bed = await createBed(lab, root, () => undefined);
    const all: Result[] = [];
    for (const name of names.filter((one) => one !== "coldboot"))
      all.push(...(await measure(bed, name, rounds)));
    if (names.includes("coldboot")) {
      await addCrowd(bed, root, CROWD_LVNFS);
      all.push(...(await measure(bed, "coldboot", Math.ceil(rounds / 3))));
    }
    return all;
  });
  printResults("heal", results, options.json, root);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  say(describeLabError(error));
  process.exitCode = error.detail.code === "lab.aborted" ? 130 : 1;
}
