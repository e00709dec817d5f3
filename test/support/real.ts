/** What tests against real programs share: what is missing for them, waiting for conditions, cleaning up. */
import { type ChildProcess, execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { View } from "../../agent/domain/observed.js";

const execute = promisify(execFile);

/** Why tests with these programs cannot run here, or null. Root is always needed. */
export function missingFor(programs: readonly string[]): string | null {
  const reasons = process.getuid?.() === 0 ? [] : ["root rights"];
  const folders = (process.env.PATH ?? "").split(":").concat("/usr/sbin", "/sbin");
  for (const program of programs)
    if (!folders.some((folder) => isProgram(`${folder}/${program}`))) reasons.push(program);
  return reasons.length === 0 ? null : `NOT RUN against the real thing; missing: ${reasons.join(", ")}`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (thrown) {
    void thrown;
    return false;
  }
}

/** Runs a program and gives its output; rejects with its words when it fails. */
export async function sh(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(program, args);
  return stdout.trim();
}

/** Waits until the check gives something (not false, null, undefined), asking every few ms, with a deadline. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  timeoutMs = 10_000,
): Promise<NonNullable<T>> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== false && value !== null && value !== undefined) return value;
    if (performance.now() > endMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(4);
  }
}

/** What a ready view shows, or undefined. */
export const nowOf = <T>(view: View<T>): T | undefined => (view.state === "ready" ? view.now : undefined);

/** Things to undo, last first, each although another failed. */
export function createCleanup(): { add(undo: () => unknown): void; run(): Promise<void> } {
  const undos: (() => unknown)[] = [];
  return {
    add: (undo) => void undos.push(undo),
    async run() {
      const failures: unknown[] = [];
      for (const undo of undos.splice(0).reverse()) {
        try {
          await undo();
        } catch (thrown) {
          failures.push(thrown);
        }
      }
      if (failures.length > 0)
        throw new AggregateError(failures, `cleaning up failed: ${failures.join("; ")}`);
    },
  };
}

/** Ends a process that we started and waits until it has ended. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

/** A network namespace of its own name; `add`s its removal to the clean-up. */
export async function makeNamespace(cleanup: { add(undo: () => unknown): void }): Promise<string> {
  const name = `lmt-${process.pid}-${randomBytes(3).toString("hex")}`;
  await sh("ip", "netns", "add", name);
  cleanup.add(() => sh("ip", "netns", "del", name));
  await sh("ip", "-n", name, "link", "set", "lo", "up");
  return name;
}
