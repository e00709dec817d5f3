import type { Problem } from "../../../model/errors.js";
import type { ObservedClick } from "../../domain/observed.js";
import type { LvnfTarget } from "../../domain/target.js";
import type { Driver, StepContext } from "../driver.js";
import type { StateHandler } from "./state-asked.js";

export interface LvnfExit {
  readonly functionId: string;
  readonly pid: number;
  /** When its connection ended, ms since the epoch. */
  readonly at: number;
  readonly problem: Problem;
  /** How it ended, in words, once the kernel says so: some time after `at`. */
  readonly status: Promise<string>;
}

export interface ClickDriver extends Driver<ObservedClick> {
  /**
   * Starts the process of an LVNF whose veths are there, and waits until its ControlSocket answers; then
   * writes saved state back. `click.script-invalid` with Click's own message when it cannot be configured. Of run
   * mode kernel: installs it in the kernel; `click.kernel-missing`, `click.kernel-busy` where it has no place there.
   */
  start(target: LvnfTarget, context: StepContext): Promise<{ readonly spawnMs: number }>;
  /** SIGTERM, then SIGKILL after graceMs. A process that is gone, or is another by now, is left alone. */
  stop(
    functionId: string,
    pid: number,
    startTicks: number,
    graceMs: number,
    context: StepContext,
  ): Promise<void>;
  /** Removes the files of a function that does not run. One that does is left alone. */
  forget(functionId: string, context: StepContext): Promise<void>;
  /** The program's version. `click.missing` where it is not there or does not run, with the reason. */
  checkProgram(context: StepContext): Promise<string>;
  /** Why functions have no fast path in the kernel here; null where they can. */
  withoutFastPath(context: StepContext): Promise<string | null>;
  /** Why functions cannot run in the kernel here (run mode kernel); null where they can. */
  withoutKernel(context: StepContext): Promise<string | null>;
  /** Reads a handler by Click's name. `handler.failed` with Click's answer. */
  read(functionId: string, handler: string, context: StepContext): Promise<string>;
  write(functionId: string, handler: string, value: string, context: StepContext): Promise<void>;
  /** The last lines of its output, of what is kept of it (output.ts); also of a process that is gone. */
  logTail(functionId: string, lines: number): Promise<string>;
  stats(functionId: string): Promise<{ readonly memoryBytes: number; readonly cpuSeconds: number } | null>;
  /** Which handlers of an LVNF hold its state: read while it runs, written back when it starts again. */
  keepState(functionId: string, handlers: readonly StateHandler[]): void;
  /** Called, and waited for, before a process is ended on purpose: the last time that it can be asked. It must not reject. */
  beforeStop(hook: (functionId: string) => Promise<void>): void;
  /** Called for each process that ended without being asked to. */
  onExit(listener: (exit: LvnfExit) => void): void;
}
