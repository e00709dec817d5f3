/** The command lines of benches and loops: what is taken, and what is said of what is not. */
import { CommanderError } from "commander";
import t from "tap";
import {
  eachSeconds,
  flag,
  one,
  path,
  readOptions,
  seconds,
  some,
  whole,
} from "../../../bench/command-line.js";

const OPTIONS = {
  json: flag("one object"),
  runs: whole("of each", 5, { most: 100 }),
  packets: whole("in all", 1e10),
  stretch: seconds("of idling", undefined),
  down: eachSeconds("away", [5, 60]),
  only: some("what", ["boot", "veth"]),
  break: one("how", ["none", "sync"] as const, "none"),
  click: path("its program"),
};
const read = (...argv: string[]) => readOptions("bench:it", OPTIONS, argv);
const refused = (argv: readonly string[]): { readonly exitCode: number; readonly written: string } => {
  let written = "";
  try {
    readOptions("bench:it", OPTIONS, argv, (text) => {
      written += text;
    });
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: error.exitCode, written };
    throw error;
  }
  throw new Error(`${argv} is taken`);
};

t.test("what is not given is as described, what is given is read", async (t) => {
  t.match(read(), {
    json: false,
    runs: 5,
    packets: 1e10,
    down: [5, 60],
    only: ["boot", "veth"],
    break: "none",
  });
  t.equal(read().stretch, undefined);
  const given = [
    "--json",
    "--runs=7",
    "--packets",
    "1e6",
    "--stretch",
    "0.5",
    "--down",
    "1,2.5",
    "--only",
    "veth",
  ];
  t.strictSame(read(...given, "--break", "sync", "--click", "/a b"), {
    json: true,
    runs: 7,
    packets: 1_000_000,
    stretch: 0.5,
    down: [1, 2.5],
    only: ["veth"],
    break: "sync",
    click: "/a b",
  });
});

for (const [argv, said] of [
  [["--runs", "x"], "argument 'x' is invalid. Expected a whole number from 1 to 100."],
  [["--runs", "0"], "Expected a whole number from 1 to 100."],
  [["--runs", "101"], "Expected a whole number from 1 to 100."],
  [["--runs="], "Expected a whole number from 1 to 100."],
  [["--packets", "1.5"], "Expected a whole number from 1."],
  [["--stretch=-1"], "Expected a number above 0."],
  [["--stretch=0"], "Expected a number above 0."],
  [["--down", "5,,6"], "Expected a number above 0."],
  [["--only", "boot,vet"], "Expected some of boot, veth, with commas between them."],
  [["--break", "fast"], "Expected one of none, sync."],
  [["--fast"], "unknown option '--fast'"],
  [["veth"], "too many arguments"],
  [["--runs"], "argument missing"],
] as const)
  t.test(`${argv.join(" ")} is refused, with why and how it is used`, async (t) => {
    const { exitCode, written } = refused(argv);
    t.not(exitCode, 0);
    const [first = ""] = written.split("\n");
    t.ok(first.includes(said), first);
    t.match(written, /Usage: npm run bench:it -- \[options\]\n/);
  });

t.test("--help has every option, with what it is without", async (t) => {
  const { exitCode, written } = refused(["--help"]);
  t.equal(exitCode, 0);
  for (const name of Object.keys(OPTIONS)) t.match(written, new RegExp(`\n {2}--${name}\\b`));
  t.match(written, /--runs <N> +of each \(default: 5\)\n/);
});
