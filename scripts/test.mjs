/**
 * `npm test`: the elements' golden tests, then everything under test/ with tap. Prints what fails as it
 * fails and once more at the end, and ends with
 * `N passed, N failed, N skipped` over both. Arguments go to tap instead of its own list.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const totals = { passed: 0, failed: 0, skipped: 0 };
/** What failed, with the first lines of its diagnostics: told once more at the end, below all that passed. */
const failures = [];
const ECHO_LINES = 40;

/**
 * Runs a TAP producer; counts its leaf assertions and echoes failures with their diagnostics. What is left out
 * (SKIP) or yet to be written (TODO) counts as skipped.
 */
async function run(name, argv) {
  const begun = performance.now();
  const child = spawn(argv[0], argv.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close"); // before the output is read, or it may have come and gone
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let [echo, depth] = [0, 0]; // lines to echo, and the indentation of the failure that they are of
  let pending = null; // the last test point: a leaf unless it closes a subtest
  let sawSubtest = false;
  const settle = () => {
    if (pending) counts[pending] += 1;
    pending = null;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const point = /^( *)(not )?ok \d+(.*)$/.exec(line);
    if (point) {
      settle();
      const skipped = /# (SKIP|TODO)/i.test(point[3]);
      const state = point[2] ? "failed" : skipped ? "skipped" : "passed";
      // A point after a deeper plan line closes the subtest above it: its leaves are counted already.
      if (!sawSubtest || state === "skipped") pending = state;
      if (state === "failed") [echo, depth] = [ECHO_LINES, point[1].length];
      else if (point[1].length <= depth) echo = 0; // its diagnostics have ended
      if (skipped) console.log(`SKIPPED: ${line.trim()}`);
      sawSubtest = false;
    }
    if (/^ +1\.\.\d+/.test(line)) {
      settle();
      sawSubtest = true;
    }
    if (/^# Subtest: /.test(line)) console.log(`  ${line.slice("# Subtest: ".length)}`);
    if (echo > 0) {
      console.log(line);
      failures.push(line);
      echo -= 1;
    }
  }
  settle();
  const [code] = await closed;
  if (code !== 0 && counts.failed === 0) counts.failed += 1; // a crash or time-out has no point of its own
  console.log(
    `${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${((performance.now() - begun) / 1000).toFixed(1)} s (exit code ${code})`,
  );
  for (const key of Object.keys(totals)) totals[key] += counts[key];
}

const files = process.argv.slice(2);
if (files.length === 0) {
  await run("golden tests of the elements", ["node", "test/golden/run.mjs"]);
  await run("the same and a fuzz run, with sanitizers", ["sh", "test/golden/sanitize.sh"]);
}
// What the builds wrote goes to the disk first: a daemon's first fsync would wait for it, a minute and more.
spawnSync("sync");
await run("tests", ["npx", "--no-install", "tap", "--reporter=tap", ...files]);
if (failures.length > 0) console.log(`== what failed\n${failures.join("\n")}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;
