/** The simulation as `npm test` has it: a few seeds, and whether it would find a fault at all. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import t from "tap";
import { BUGS, type Bug } from "./bugs.js";

interface Row {
  readonly seed: number;
  readonly ok: boolean;
  readonly invariant: string | null;
  readonly detail: string | null;
  readonly digest: string;
  readonly events: number;
}

const program = fileURLToPath(new URL("../../dist/simulate.mjs", import.meta.url));

const simulate = (
  ...args: readonly string[]
): Promise<{ readonly failed: number; readonly rows: readonly Row[] }> =>
  new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, "--json", ...args],
      { maxBuffer: 2 ** 28 },
      (error, stdout, stderr) => {
        if (error && error.code !== 1) return reject(new Error(stderr || error.message));
        resolve(JSON.parse(stdout));
      },
    );
  });

/** Of each deliberate fault what it breaks, whichever of these a seed sees first. */
const BROKEN: Readonly<Record<Bug, RegExp>> = {
  /** Also a file that was torn, with which a controller does not start. */
  "no-fsync": /no acknowledged write is lost|every operation ends|everything is up again/,
  "ack-before-commit": /no acknowledged write is lost|every operation ends/,
  "no-fence": /one owner|ends nothing/,
  "no-term-memory": /one owner|what is wanted runs|healthy function is never restarted/,
  "no-dedup": /exactly once and in order/,
  "believes-nodes": /controller knows what the node knows|every operation ends/,
  "one-voice": /controller knows what the node knows|every operation ends/,
  "no-adoption":
    /every operation ends|node has what the controller wants|no acknowledged write is lost|can be ended/,
  "no-command-memory": /command is done once/,
  "restart-on-rejoin": /healthy function is never restarted/,
};

t.test("what was promised holds, whatever goes wrong", async (t) => {
  const { rows } = await simulate("--seeds", "25");
  t.equal(rows.length, 25);
  t.same(
    rows.filter(({ ok }) => !ok).map(({ seed, detail }) => `seed ${seed}: ${detail}`),
    [],
  );
  t.ok(
    rows.every(({ events }) => events > 500),
    "and there was something that could have gone wrong",
  );
});

t.test("so it does on a site of several nodes, whose hubs change", async (t) => {
  const { rows } = await simulate("--seeds", "6", "--nodes", "3");
  t.equal(rows.length, 6);
  t.same(
    rows.filter(({ ok }) => !ok).map(({ seed, detail }) => `seed ${seed}: ${detail}`),
    [],
  );
});

t.test("a seed replays exactly", async (t) => {
  const [once, again] = [await simulate("--seeds", "3"), await simulate("--seeds", "3")];
  t.same(again.rows, once.rows);
  t.equal(new Set(once.rows.map(({ digest }) => digest)).size, 3, "and no two seeds are the same");
});

t.test("a deliberate fault is found within 1,000 seeds", async (t) => {
  for (const bug of Object.keys(BUGS) as Bug[]) {
    const { rows } = await simulate("--seeds", "1000", "--stop", "--bug", bug);
    const found = rows.at(-1);
    t.notOk(found?.ok, `${bug} is found with seed ${found?.seed}`);
    t.match(found?.invariant, BROKEN[bug]);
  }
});
