/**
 * `npm run bench:click`: lclick by itself and, where `--click` and `--fastclick` name them or they are on PATH, beside
 * upstream Click and FastClick: in turns, so that what else the machine does meets all of them.
 * Time is CPU time of the process. As root, for veth. `--help` lists the options.
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProjectRoot } from "../lab/artifacts.js";
import { CONFIGURATIONS, type Configuration, type Runtime } from "./click/configurations.js";
import { bootMs, nsPerPacket, onPath, type Program, RuntimeError } from "./click/runtimes.js";
import { vethResults } from "./click/veth.js";
import { commandLine, flag, path, seconds, some, whole } from "./command-line.js";
import { printResults, type Result, resultOf } from "./result.js";

const BOOTS = 20;
const BOOT_CONFIGURATION = "i :: Idle -> c :: Counter -> Discard;";

/** lclick first; what is not there is left out. */
function programs(
  root: string,
  click: string | undefined,
  fastclick: string | undefined,
): readonly Program[] {
  const found: [Runtime, string | undefined][] = [
    ["lclick", join(root, "build", "click", "lclick")],
    ["click", click ?? onPath("click")],
    ["fastclick", fastclick ?? onPath("fastclick")],
  ];
  return found.flatMap(([runtime, path]) => (path === undefined ? [] : [{ runtime, path }]));
}

/** Runs `measure` for each program in turn, `runs` times; by runtime, in the order of `all`. */
async function inTurns(
  all: readonly Program[],
  runs: number,
  measure: (program: Program) => Promise<number>,
): Promise<ReadonlyMap<Runtime, readonly number[]>> {
  const values = new Map<Runtime, number[]>(all.map(({ runtime }) => [runtime, []]));
  for (let i = 0; i < runs; i++)
    for (const program of all) values.get(program.runtime)?.push(await measure(program));
  return values;
}

const say = (line: string): void => void process.stderr.write(`bench:click: ${line}\n`);

const median = (values: readonly number[]): number => resultOf("", "", values).median;

/** Figures for each runtime, then how many times better lclick is than the best of the others. */
function compared(
  name: string,
  unit: string,
  note: string,
  values: ReadonlyMap<Runtime, readonly number[]>,
  isLessBetter: boolean,
): readonly Result[] {
  const rows = [...values].map(([runtime, list]) =>
    resultOf(`${name}.${runtime}`, unit, list, runtime === "lclick" ? note : undefined),
  );
  const ours = values.get("lclick") ?? [];
  const others = [...values].filter(([runtime]) => runtime !== "lclick").map(([, list]) => median(list));
  if (others.length === 0) return rows;
  const best = isLessBetter ? Math.min(...others) : Math.max(...others);
  const ratios = ours.map((value) => (isLessBetter ? best / value : value / best));
  return [
    ...rows,
    resultOf(`${name}.ratio`, "×", ratios, "lclick against the better of the others' medians"),
  ];
}

/** One of the others may have been built without some of its elements; then its line is missing, and it is said why. */
async function canRun(
  name: string,
  program: Program,
  tried: (program: Program) => Promise<number>,
): Promise<boolean> {
  if (program.runtime === "lclick") return true;
  try {
    await tried(program);
    return true;
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    say(`mpps.${name} without ${program.runtime}: ${error.message}`);
    return false;
  }
}

async function memoryToMemory(
  { name, note, text, counter }: Configuration,
  all: readonly Program[],
  runs: number,
  ms: number,
): Promise<readonly Result[]> {
  const mpps = async (program: Program) =>
    1000 / (await nsPerPacket(program, text[program.runtime] ?? "", counter, ms));
  const able: Program[] = [];
  for (const program of all.filter(({ runtime }) => text[runtime] !== undefined))
    if (await canRun(name, program, mpps)) able.push(program);
  const values = await inTurns(able, runs, mpps);
  return compared(`mpps.${name}`, "Mpps", note, values, false);
}

const options = commandLine("bench:click", {
  json: flag("one object on standard output"),
  seconds: seconds("of a run", 1),
  runs: whole("of each", 5),
  only: some("what is measured", ["boot", "binary", ...CONFIGURATIONS.map(({ name }) => name), "veth"]),
  click: path("Click's program; without, the one on PATH"),
  fastclick: path("FastClick's program; without, the one on PATH"),
});
const root = await findProjectRoot();
const all = programs(root, options.click, options.fastclick);
const wanted = (name: string): boolean => options.only.includes(name);
const results: Result[] = [];
const folder = await mkdtemp(join(tmpdir(), "bench-click-"));
try {
  if (wanted("boot")) {
    let n = 0;
    const boots = await inTurns(all, BOOTS, (program) =>
      bootMs(program, BOOT_CONFIGURATION, join(folder, `${n++}`)),
    );
    results.push(...compared("boot", "ms", "spawn to the ControlSocket's greeting, no device", boots, true));
  }
  if (wanted("binary"))
    for (const { runtime, path } of all)
      results.push(resultOf(`binary.${runtime}`, "MB", [(await stat(path)).size / 1e6], "as found"));
  for (const configuration of CONFIGURATIONS)
    if (wanted(configuration.name))
      results.push(...(await memoryToMemory(configuration, all, options.runs, options.seconds * 1000)));
  if (wanted("veth")) results.push(...(await vethResults(root, all, options.runs, options.seconds, say)));
  printResults("click", results, options.json, root);
} catch (error) {
  if (!(error instanceof RuntimeError)) throw error;
  say(error.message);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
