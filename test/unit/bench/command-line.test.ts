/** The command lines of benches and loops: what is taken, and what is said of what is not. */
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

t.test("what is not given is as described, what is given is read", async (t) => {
  const initial = {
    json: false,
    runs: 5,
    packets: 1e10,
    stretch: undefined,
    down: [5, 60],
    only: ["boot", "veth"],
  };
  t.strictSame(read(), { values: { ...initial, break: "none", click: undefined } });
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
    values: {
      json: true,
      runs: 7,
      packets: 1_000_000,
      stretch: 0.5,
      down: [1, 2.5],
      only: ["veth"],
      break: "sync",
      click: "/a b",
    },
  });
});

for (const [argv, problem] of [
  [["--runs", "x"], "--runs x: expected a whole number from 1 to 100"],
  [["--runs", "0"], "--runs 0: expected a whole number from 1 to 100"],
  [["--runs", "101"], "--runs 101: expected a whole number from 1 to 100"],
  [["--runs="], "--runs : expected a whole number from 1 to 100"],
  [["--packets", "1.5"], "--packets 1.5: expected a whole number from 1"],
  [["--stretch", "-1"], "Option '--stretch' argument is ambiguous"],
  [["--stretch=0"], "--stretch 0: expected a number above 0"],
  [["--down", "5,,6"], "--down 5,,6: expected numbers above 0, with commas between them"],
  [["--only", "boot,vet"], "--only boot,vet: expected some of boot, veth, with commas between them"],
  [["--break", ""], "--break : expected one of none, sync"],
  [["--fast"], "Unknown option '--fast'"],
  [["veth"], "Unexpected argument 'veth'"],
  [["--runs"], "Option '--runs <value>' argument missing"],
] as const)
  t.test(`${argv.join(" ")} is refused, with why and how it is used`, async (t) => {
    const found = read(...argv);
    if (!("problem" in found)) throw new Error(`read as ${JSON.stringify(found)}`);
    const [first, second] = found.problem.split("\n");
    t.equal(first, problem);
    t.equal(second, "usage: npm run bench:it -- [options]");
  });

t.test("--help has every option, with what it is without", async (t) => {
  const found = read("--runs", "x", "--help");
  t.match(found, {
    help: /^usage: npm run bench:it -- \[options\]\n {2}--json +one object\n {2}--runs N +of each \(5\)\n/,
  });
  t.match(found, {
    help: /\n {2}--only NAME,… +what: boot, veth\n {2}--break NAME +how: none, sync \(none\)\n/,
  });
});
