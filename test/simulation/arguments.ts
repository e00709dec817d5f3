/** The command line of the simulation: what it takes, and what it says of what it does not take. */
import { parseArgs } from "node:util";
import { BUGS, type Bug } from "./bugs.js";
import { FAULT_NAMES, type FaultName } from "./world/faults.js";

export const USAGE = `npm run simulate -- [--seeds N] [--seed S] [--jobs N] [--json] [--trace] [--stop] [--faults A,B] [--nodes N] [--bug NAME]
  --seeds N     how many seeds (100)
  --seed S      the first of them (1)
  --jobs N      how many processes share them (1)
  --json        one object on standard output: { "runs", "failed", "rows" }
  --trace       the trace of every seed, not only of the first that failed
  --stop        end with the first seed that fails
  --faults A,B  only these kinds of fault: ${FAULT_NAMES.join(", ")}
  --nodes N     so many nodes in the site, whatever the seed draws
  --bug NAME    with a deliberate fault: ${Object.keys(BUGS).join(", ")}`;

export interface Arguments {
  readonly seeds: number;
  readonly first: number;
  readonly jobs: number;
  readonly json: boolean;
  readonly trace: boolean;
  readonly stop: boolean;
  readonly faults: readonly FaultName[] | null;
  /** Null: what the seed draws. */
  readonly nodes: number | null;
  readonly bugs: ReadonlySet<Bug>;
}

/** Null: only help was asked for. Throws an Error that says what is wrong with which argument. */
export function readArguments(argv: readonly string[]): Arguments | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seeds: { type: "string", default: "100" },
      seed: { type: "string", default: "1" },
      jobs: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      stop: { type: "boolean", default: false },
      faults: { type: "string" },
      nodes: { type: "string" },
      bug: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const faults = values.faults?.split(",").filter((name) => name !== "") ?? null;
  return {
    seeds: count("--seeds", values.seeds),
    first: count("--seed", values.seed),
    jobs: count("--jobs", values.jobs),
    json: values.json,
    trace: values.trace,
    stop: values.stop,
    faults: faults?.map((name) => oneOf("--faults", name, FAULT_NAMES)) ?? null,
    nodes: values.nodes === undefined ? null : count("--nodes", values.nodes),
    bugs: new Set(values.bug.map((name) => oneOf("--bug", name, Object.keys(BUGS) as Bug[]))),
  };
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`${name} ${text}: expected a whole number from 1 on`);
  return value;
}

function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text);
  if (found === undefined)
    throw new Error(`${name} ${text}: there is no such thing; there are ${known.join(", ")}`);
  return found;
}
