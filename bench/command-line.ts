/** The command lines of what is run by hand: described once, for reading them and for `--help`. */
import { parseArgs } from "node:util";

export interface Option<T> {
  /** As in `--seconds N`; null: a flag, which takes nothing. */
  readonly takes: string | null;
  readonly help: string;
  readonly initial: T;
  /** Its value, or undefined: it is none. */
  read(text: string): T | undefined;
  /** What it takes, as a sentence goes on after "expected". */
  readonly expected: string;
}

type Options = Readonly<Record<string, Option<unknown>>>;
export type Values<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };
export type Read<O extends Options> =
  | { readonly values: Values<O> }
  /** What was asked for, or what is wrong, with how it is used. */
  | { readonly help: string }
  | { readonly problem: string };

export const flag = (help: string): Option<boolean> => ({
  takes: null,
  help,
  initial: false,
  read: () => true,
  expected: "nothing",
});

export const path = (help: string): Option<string | undefined> => ({
  takes: "PATH",
  help,
  initial: undefined,
  read: (given) => given || undefined,
  expected: "a path",
});

/** `1e10` is one too. */
export const whole = <T extends number | undefined>(
  help: string,
  initial: T,
  { least = 1, most = Number.MAX_SAFE_INTEGER } = {},
): Option<number | T> => ({
  takes: "N",
  help,
  initial,
  read(given) {
    const value = given === "" ? Number.NaN : Number(given);
    return Number.isSafeInteger(value) && value >= least && value <= most ? value : undefined;
  },
  expected: `a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`}`,
});

export const seconds = <T extends number | undefined>(help: string, initial: T): Option<number | T> => ({
  takes: "SECONDS",
  help,
  initial,
  read: (given) => (Number(given) > 0 && Number.isFinite(Number(given)) ? Number(given) : undefined),
  expected: "a number above 0",
});

export const eachSeconds = (help: string, initial: readonly number[]): Option<readonly number[]> => ({
  takes: "SECONDS,…",
  help: `${help}, as ${initial.join()}`,
  initial,
  read(given) {
    const values = given.split(",").map(Number);
    return values.every((value) => value > 0 && Number.isFinite(value)) ? values : undefined;
  },
  expected: "numbers above 0, with commas between them",
});

/** Some of these, with commas between them. */
export const some = (
  help: string,
  known: readonly string[],
  initial: readonly string[] = known,
): Option<readonly string[]> => ({
  takes: "NAME,…",
  help: `${help}: ${known.join(", ")}`,
  initial,
  read(given) {
    const names = given.split(",");
    return names.every((name) => known.includes(name)) ? names : undefined;
  },
  expected: `some of ${known.join(", ")}, with commas between them`,
});

export const one = <T extends string>(help: string, known: readonly T[], initial: T): Option<T> => ({
  takes: "NAME",
  help: `${help}: ${known.join(", ")}`,
  initial,
  read: (given) => known.find((name) => name === given),
  expected: `one of ${known.join(", ")}`,
});

export function readOptions<O extends Options>(
  program: string,
  options: O,
  argv: readonly string[],
): Read<O> {
  const help = usage(program, options);
  const config = Object.entries({ ...options, help: flag("") }).map(
    ([name, { takes }]) => [name, { type: takes === null ? "boolean" : "string" }] as const,
  );
  let given: Readonly<Record<string, string | boolean | undefined>>;
  try {
    given = parseArgs({ args: [...argv], options: Object.fromEntries(config) }).values as typeof given;
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\.\s/); // what follows speaks of positionals, of which there are none
    return { problem: `${sentence}\n${help}` };
  }
  if (given.help) return { help };
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) {
    const said = given[name];
    values[name] = said === undefined ? option.initial : option.read(String(said));
    if (said !== undefined && values[name] === undefined)
      return { problem: `--${name} ${said}: expected ${option.expected}\n${help}` };
  }
  return { values: values as Values<O> };
}

/** Ends the process where it was asked for help, or where something is wrong: exit code 2. */
export function commandLine<O extends Options>(program: string, options: O): Values<O> {
  const read = readOptions(program, options, process.argv.slice(2));
  if ("values" in read) return read.values;
  if ("help" in read) process.stdout.write(`${read.help}\n`);
  else process.stderr.write(`${program}: ${read.problem}\n`);
  process.exit("help" in read ? 0 : 2);
}

function usage(program: string, options: Options): string {
  const rows = Object.entries(options).map(([name, { takes, help, initial }]) => {
    const isShown = typeof initial === "number" || (typeof initial === "string" && initial !== "");
    return {
      left: `--${name}${takes === null ? "" : ` ${takes}`}`,
      right: isShown ? `${help} (${initial})` : help,
    };
  });
  const width = Math.max(...rows.map(({ left }) => left.length));
  const lines = rows.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`);
  return [`usage: npm run ${program} -- [options]`, ...lines].join("\n");
}
