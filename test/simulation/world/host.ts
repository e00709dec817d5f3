/**
 * Processes on their machines: an agent or a controller that is started, dies, and is started again by its
 * supervisor, as systemd does it. Each incarnation is a process of its own with what it has open.
 */
import { LightmanoError, problemOf } from "../../../model/errors.js";
import type { Engine } from "../../../store/engine.js";
import type { Disk } from "../disk/disk.js";
import type { Sqlite3 } from "../disk/engine.js";
import type { Network } from "../network/network.js";
import type { Random } from "../time/random.js";
import type { Process, Scheduler } from "../time/scheduler.js";

export interface HostOptions<Program> {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly network: Network;
  readonly sqlite: Sqlite3;
  readonly disk: Disk;
  /** False: its syncs do nothing (a deliberate fault). */
  readonly syncs: boolean;
  readonly trace: (who: string, what: string) => void;
  /** Starts the program; it may reject, then it is tried again. */
  readonly start: (process: Process, engine: Engine) => Promise<Program>;
  /** It failed as no program should, or a promise was found broken. */
  readonly failed: (error: unknown) => void;
  /** The incarnation is over, by whatever. */
  readonly ended?: () => void;
}

export interface Host<Program> {
  readonly name: string;
  readonly process: Process | null;
  /** Null while it is down, or not up yet. */
  readonly program: Program | null;
  boot(): void;
  /** kill -9: what it had written to files is there. It is started again after a time. */
  crash(): void;
  /** The machine's power goes; `machine` does to it what that does. It boots again after a time. */
  powerCut(machine: () => void): void;
  /** It dies at the nth write, sync or removal of a file from now; `machine`: with its machine, as by a power cut. Null: not. */
  crashAtDiskOperation(nth: number | null, machine?: () => void): void;
  /** Runs as part of the program; throws what it threw, and never returns if the program dies meanwhile. */
  ask<T>(work: (program: Program) => Promise<T>): Promise<T>;
  /** Keeps it from starting (false) or lets it (true). */
  hold(canRun: boolean): void;
}

const RESTART_MS = { min: 100, max: 3_000 };
const REBOOT_MS = { min: 5_000, max: 20_000 };

export function createHost<Program>(options: HostOptions<Program>): Host<Program> {
  const { name, scheduler, random, network, sqlite, disk, trace } = options;
  let incarnation = 0;
  let process: Process | null = null;
  let program: Program | null = null;
  let canRun = true;
  let crashIn: { nth: number; readonly machine: (() => void) | undefined } | null = null;
  const settle = (owner: Process) => (then: () => void) =>
    void scheduler.after(0.05 + random.next() * 2, owner, then);

  disk.onOperation = () => {
    if (crashIn === null || !process?.alive) return;
    crashIn.nth -= 1;
    if (crashIn.nth > 0) return;
    const { machine } = crashIn;
    crashIn = null;
    if (machine) powerCut(machine);
    else crash("at a disk operation");
  };

  function boot(): void {
    if (process || !canRun) return;
    incarnation += 1;
    const started = scheduler.spawn(`${name}#${incarnation}`);
    process = started;
    trace(started.name, "starts");
    scheduler.after(0, started, () => {
      const engine = sqlite.engineFor({
        owner: started.name,
        disk,
        isAlive: () => started.alive,
        syncs: () => options.syncs,
        random: random.next,
        settle: settle(started),
      });
      options.start(started, engine).then(
        (running) => {
          program = running;
          trace(started.name, "is up");
        },
        (error: unknown) => {
          if (!(error instanceof LightmanoError)) return options.failed(error);
          trace(started.name, `cannot start: ${problemOf(error).detail}`);
          down("ended");
          later(2_000);
        },
      );
    });
  }

  function down(how: "ended" | "vanished"): void {
    const dead = process;
    if (!dead) return;
    process = null;
    program = null;
    scheduler.kill(dead);
    if (how === "ended") network.died(dead);
    else network.vanished(dead);
    // Within a call of SQLite nothing of it may be closed.
    scheduler.after(0, scheduler.world, () => sqlite.release(dead.name));
    options.ended?.();
  }
  const later = (ms: number): void => void scheduler.after(ms, scheduler.world, boot);

  function crash(how = "is killed"): void {
    if (!process) return;
    trace(process.name, how === "is killed" ? how : `dies ${how}`);
    down("ended");
    later(random.int(RESTART_MS.min, RESTART_MS.max));
  }

  function powerCut(machine: () => void): void {
    trace(name, "loses its power");
    down("vanished");
    // Not within the write at which it happened.
    scheduler.after(0, scheduler.world, machine);
    later(random.int(REBOOT_MS.min, REBOOT_MS.max));
  }

  return {
    name,
    get process() {
      return process;
    },
    get program() {
      return program;
    },
    boot,
    crash: () => crash(),
    powerCut,
    crashAtDiskOperation(nth, machine) {
      crashIn = nth === null ? null : { nth, machine };
    },
    ask: (work) =>
      new Promise((resolve, reject) => {
        const [asked, running] = [process, program];
        if (!asked || !running)
          return reject(new LightmanoError("agent.unreachable", `${name} does not run`));
        const back = (then: () => void): void => void scheduler.after(0.1, scheduler.world, then);
        scheduler.after(0, asked, () => {
          work(running).then(
            (result) => back(() => resolve(result)),
            (error: unknown) => back(() => reject(error)),
          );
        });
      }),
    hold(run) {
      canRun = run;
      if (run) boot();
      else if (process) {
        trace(process.name, "is killed and kept down");
        down("ended");
      }
    },
  };
}
