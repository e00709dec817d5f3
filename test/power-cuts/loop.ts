/**
 * Power cuts, one after the other, of a journal under load. Each time a process of its own writes to it until it is
 * killed; at some moment of its life the power is cut, and of all that was written and not synced by then
 * chance says what is left. The next process goes on with that.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Chance, chanceOf } from "./chance.js";
import { afterPowerCut, type Fate, type Files, fateOf } from "./disk.js";
import { NO_PROMISES, type Promises, promisesAfter } from "./promises.js";
import { type Operation, operationsOf } from "./recording.js";
import { verify } from "./verify.js";

/** Ways to break the journal, to see that it is found. */
export const BREAKAGES = ["none", "synchronous-off", "no-wal-sync", "no-database-sync"] as const;
export type Breakage = (typeof BREAKAGES)[number];

export interface PowerCutOptions {
  readonly cuts: number;
  readonly seed: number;
  /** Program and arguments that run load.ts. */
  readonly load: readonly string[];
  /** The library that compileRecorder made. */
  readonly recorder: string;
  readonly breakage?: Breakage;
  /** Told of every cut. */
  readonly onCut?: (cut: Cut) => void;
}

export interface Cut {
  readonly number: number;
  readonly fate: Fate;
  /** Of how many changes to the disk before the power went. */
  readonly operations: number;
  /** While the database file itself was being written (a checkpoint). */
  readonly inCheckpoint: boolean;
  readonly unsyncedBytes: number;
  readonly faults: readonly string[];
}

/** The lines that a process writes before it is killed: more or fewer, so that all ages of a WAL are met. */
const WRITES = { least: 10, most: 120 };
/** So often all begins with an empty disk: the first start is cut off, too. */
const ANEW_EVERY = 20;

/** Stops at the first cut that did harm: what comes after it has no meaning. */
export async function cutPower(options: PowerCutOptions): Promise<readonly Cut[]> {
  const folder = await mkdtemp(join(await scratch(), "lightmano-power-cuts-"));
  const cuts: Cut[] = [];
  try {
    const chance = chanceOf(options.seed);
    let files: Files = new Map();
    let promises = NO_PROMISES;
    for (let number = 1; number <= options.cuts; number++) {
      if (number % ANEW_EVERY === 0) [files, promises] = [new Map(), NO_PROMISES];
      const done = await cutOnce(folder, number, files, promises, chance, options);
      cuts.push(done.cut);
      options.onCut?.(done.cut);
      if (done.cut.faults.length > 0) break;
      [files, promises] = [done.files, done.promises];
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return cuts;
}

async function cutOnce(
  folder: string,
  number: number,
  before: Files,
  known: Promises,
  chance: Chance,
  options: PowerCutOptions,
): Promise<{ readonly cut: Cut; readonly files: Files; readonly promises: Promises }> {
  const root = join(folder, "disk");
  await layOut(root, before);
  const recording = await record(folder, root, chance, options);
  const isOfJournal = (operation: Operation): boolean =>
    !("path" in operation) || operation.path !== join(root, "promises");
  const all = suppressSyncs(operationsOf(recording), options.breakage ?? "none");
  const told = all.find((operation) => !isOfJournal(operation));
  const promisesInode = told?.do === "open" ? told.inode : null;
  const life = all.slice(0, 1 + chance.below(all.length));
  const lines = life.flatMap((operation) =>
    operation.do === "write" && operation.inode === promisesInode ? [operation.bytes] : [],
  );
  const promised = promisesAfter(known, Buffer.concat(lines).toString("utf8"));
  const changes = life.filter(
    (operation) => isOfJournal(operation) && (!("inode" in operation) || operation.inode !== promisesInode),
  );
  const fate = fateOf(chance);
  const files = afterPowerCut(root, before, changes, fate, chance);
  const cut = { number, fate, operations: changes.length, ...unsynced(changes) };
  await layOut(root, files);
  try {
    const { faults, found } = await verify(root, promised);
    return { cut: { ...cut, faults }, files, promises: found };
  } catch (error) {
    const fault = `cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
    return { cut: { ...cut, faults: [fault] }, files, promises: promised };
  }
}

async function record(
  folder: string,
  root: string,
  chance: Chance,
  { load, recorder, breakage = "none" }: PowerCutOptions,
): Promise<Buffer> {
  const log = join(folder, "recording");
  await rm(log, { force: true });
  const [program = "", ...args] = load;
  const writes = WRITES.least + chance.below(WRITES.most - WRITES.least);
  const child = spawn(program, [...args, root, String(chance.below(2 ** 31)), String(writes), breakage], {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      LD_PRELOAD: recorder,
      POWER_CUT_ROOT: root,
      POWER_CUT_LOG: log,
      UV_USE_IO_URING: "0",
    },
  });
  const [code, signal] = await once(child, "exit");
  if (signal !== "SIGKILL") throw new Error(`the load ended by itself: code ${code}, signal ${signal}`);
  return readFile(log);
}

function suppressSyncs(operations: readonly Operation[], breakage: Breakage): readonly Operation[] {
  const suffix = { none: null, "synchronous-off": null, "no-wal-sync": "-wal", "no-database-sync": ".db" }[
    breakage
  ];
  if (suffix === null) return operations;
  const theirs = new Set(
    operations.flatMap((o) => (o.do === "open" && o.path.endsWith(suffix) ? [o.inode] : [])),
  );
  return operations.filter((operation) => operation.do !== "sync" || !theirs.has(operation.inode));
}

function unsynced(operations: readonly Operation[]): Pick<Cut, "inCheckpoint" | "unsyncedBytes"> {
  const bytes = new Map<bigint, number>();
  const databases = new Set<bigint>();
  for (const operation of operations) {
    if (operation.do === "open" && operation.path.endsWith(".db")) databases.add(operation.inode);
    if (operation.do === "sync") bytes.delete(operation.inode);
    if (operation.do === "write")
      bytes.set(operation.inode, (bytes.get(operation.inode) ?? 0) + operation.bytes.length);
  }
  return {
    inCheckpoint: [...bytes.keys()].some((inode) => databases.has(inode)),
    unsyncedBytes: [...bytes.values()].reduce((sum, more) => sum + more, 0),
  };
}

/** In memory where that is possible: what the disk is like is modelled, and need not be waited for. */
const scratch = (): Promise<string> =>
  access("/dev/shm", constants.W_OK).then(
    () => "/dev/shm",
    () => tmpdir(),
  );

async function layOut(root: string, files: Files): Promise<void> {
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  for (const [path, bytes] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
