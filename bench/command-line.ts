/** The command lines of what is run by hand: commander's options, with the kinds of values that benches take. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";

export interface Described<T> {
  /** As in `--seconds <N>`; null: a flag, which takes nothing. */
  readonly takes: string | null;
  readonly help: string;
  readonly initial: T;
  /** Throws an InvalidArgumentError. */
  readonly read?: (text: string) => T;
}
type Table = Readonly<Record<string, Described<unknown>>>;
export type Values<O extends Table> = {
  readonly [K in keyof O]: O[K] extends Described<infer T> ? T : never;
};

const expected = (what: string): InvalidArgumentError => new InvalidArgumentError(`Expected ${what}.`);

export const flag = (help: string): Described<boolean> => ({ takes: null, help, initial: false });

export const path = (help: string): Described<string | undefined> => ({
  takes: "path",
  help,
  initial: undefined,
});

/** `1e10` is one too. */
export const whole = <T extends number | undefined>(
  help: string,
  initial: T,
  { least = 1, most = Number.MAX_SAFE_INTEGER } = {},
): Described<number | T> => ({
  takes: "N",
  help,
  initial,
  read(text) {
    const value = text === "" ? Number.NaN : Number(text);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw expected(`a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`}`);
  },
});

const aboveZero = (text: string): number => {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw expected("a number above 0");
};

export const seconds = <T extends number | undefined>(help: string, initial: T): Described<number | T> => ({
  takes: "seconds",
  help,
  initial,
  read: aboveZero,
});

export const eachSeconds = (help: string, initial: readonly number[]): Described<readonly number[]> => ({
  takes: "seconds,…",
  help,
  initial,
  read: (text) => text.split(",").map(aboveZero),
});

/** Some of these, with commas between them; without, all. */
export const some = (help: string, known: readonly string[]): Described<readonly string[]> => ({
  takes: "name,…",
  help,
  initial: known,
  read(text) {
    const names = text.split(",");
    if (names.every((name) => known.includes(name))) return names;
    throw expected(`some of ${known.join(", ")}, with commas between them`);
  },
});

export const one = <T extends string>(help: string, known: readonly T[], initial: T): Described<T> => ({
  takes: "name",
  help: `${help}: ${known.join(", ")}`,
  initial,
  read(text) {
    const name = known.find((each) => each === text);
    if (name !== undefined) return name;
    throw expected(`one of ${known.join(", ")}`);
  },
});

/** Throws a CommanderError where help was asked for (exit code 0), or where something is wrong; what there is to say is written. */
export function readOptions<O extends Table>(
  program: string,
  described: O,
  argv: readonly string[],
  write?: (text: string) => void,
): Values<O> {
  const command = new Command(`npm run ${program} --`)
    .exitOverride()
    .showHelpAfterError()
    .allowExcessArguments(false)
    .configureOutput(write ? { writeErr: write, writeOut: write } : {});
  for (const [name, { takes, help, initial, read }] of Object.entries(described)) {
    const option = new Option(takes === null ? `--${name}` : `--${name} <${takes}>`, help).default(initial);
    command.addOption(read ? option.argParser(read) : option);
  }
  return command.parse(argv, { from: "user" }).opts() as Values<O>;
}

/** Ends the process where it was asked for help, or where something is wrong: exit code 2. */
export function commandLine<O extends Table>(program: string, described: O): Values<O> {
  try {
    return readOptions(program, described, process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exit(error.exitCode === 0 ? 0 : 2);
  }
}
