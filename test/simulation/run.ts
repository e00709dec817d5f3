/** One seed from its beginning to its verdict. */
import { createHash } from "node:crypto";
import type { Bugs } from "./bugs.js";
import { checkConverged } from "./check/converged.js";
import { Violation } from "./check/ledger.js";
import type { Sqlite3 } from "./disk/engine.js";
import { playSite } from "./site.js";
import { createRandom } from "./time/random.js";
import { startCommands } from "./world/commands.js";
import { type FaultName, startFaults } from "./world/faults.js";
import { startWorkload } from "./world/workload.js";
import { createWorld } from "./world/world.js";

export interface RunOptions {
  readonly seed: number;
  readonly sqlite: Sqlite3;
  readonly bugs: Bugs;
  /** Null: what the seed draws. */
  readonly faults: readonly FaultName[] | null;
  /** So many in the site; null: what the seed draws. */
  readonly nodes: number | null;
  /** Keeps the lines of the trace; without, only their digest. */
  readonly keepTrace: boolean;
}

export interface RunResult {
  readonly seed: number;
  readonly ok: boolean;
  readonly invariant: string | null;
  readonly detail: string | null;
  /** Virtual time, ms. */
  readonly virtualMs: number;
  readonly events: number;
  readonly faults: readonly string[];
  /** Digest of the trace: equal for equal runs. */
  readonly digest: string;
  readonly trace: readonly string[];
}

/** After the last fault everything has to be as it should within this time. */
export const CONVERGENCE_MS = 240_000;

/** A site of several nodes takes as many times as long to play, and most of what can go wrong needs but one. */
const SEVERAL_SHARE = 0.2;

function drawNodes(seed: number): number {
  const random = createRandom(seed).fork("nodes");
  return random.chance(SEVERAL_SHARE) ? random.int(2, 3) : 1;
}

export async function runSeed({
  seed,
  sqlite,
  bugs,
  faults: only,
  nodes,
  keepTrace,
}: RunOptions): Promise<RunResult> {
  const hash = createHash("sha256");
  const trace: string[] = [];
  const world = createWorld({
    seed,
    sqlite,
    bugs,
    nodes: nodes ?? drawNodes(seed),
    trace(line) {
      hash.update(line);
      if (keepTrace) trace.push(line);
    },
  });
  const { scheduler } = world;
  const chaosMs = world.random.fork("length").int(20_000, 120_000);
  let violation: Violation | null = null;
  const told = (line: string): void => {
    hash.update(line);
    if (keepTrace) trace.push(line);
  };
  let kinds: readonly string[] = [];
  try {
    world.controller.host.boot();
    for (const { host } of world.nodes) host.boot();
    startWorkload(world, chaosMs);
    startCommands(world, chaosMs);
    const faults = startFaults(world, chaosMs, only);
    kinds = faults.kinds;
    await scheduler.runUntil(chaosMs);
    world.trace("faults", "end");
    faults.mend();
    await scheduler.runUntil(chaosMs + CONVERGENCE_MS);
    let isChecked = false;
    let failed: unknown = null;
    scheduler.after(0, scheduler.world, () => {
      checkConverged(world).then(
        () => {
          isChecked = true;
        },
        (error: unknown) => {
          failed = error;
        },
      );
    });
    await scheduler.runUntil(scheduler.now() + 10_000);
    if (failed) throw failed;
    if (!isChecked) throw new Violation("everything is up again", "the last questions were not answered");
    playSite(seed, bugs, told);
  } catch (error) {
    violation =
      error instanceof Violation
        ? error
        : new Violation(
            "no error is left unheard",
            error instanceof Error ? (error.stack ?? error.message) : String(error),
          );
    world.trace("VIOLATION", violation.message);
  } finally {
    for (const process of world.processes()) {
      scheduler.kill(process);
      sqlite.release(process.name);
    }
  }
  return {
    seed,
    ok: violation === null,
    invariant: violation?.invariant ?? null,
    detail: violation?.message ?? null,
    virtualMs: Math.round(scheduler.now()),
    events: scheduler.events(),
    faults: kinds,
    digest: hash.digest("hex").slice(0, 16),
    trace,
  };
}
