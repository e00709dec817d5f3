/**
 * A shell that waits to become the next process. To start one, Node copies its own page tables, which takes 5 to 10 ms of a process of
 * 60 MB on a slow machine, and nothing else happens meanwhile: here that is done before anybody waits for it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { Socket } from "node:net";

export interface Standby {
  /**
   * Has the one that waits run this program, with this environment and nothing of the agent's, its output appended to a file, in a session of its own. Null where
   * there is none, or the program is not there to be run: then it is for the caller to start it, and to be told why it cannot.
   */
  become(
    program: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    output: string,
  ): ChildProcess | null;
  /** Has one wait, if there is none. */
  prepare(): void;
  close(): void;
}

/** In the shell's words: whatever it is, it is one word and means itself. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

export function createStandby(shell = "/bin/sh"): Standby {
  let waiting: ChildProcess | null = null;
  let closed = false;
  const runs = (child: ChildProcess | null): child is ChildProcess =>
    child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    become(program, args, env, output) {
      const child = waiting;
      if (!runs(child) || !child.stdin?.writable || !isExecutable(program)) return null;
      waiting = null;
      const names = Object.entries(env).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${quoted(value)}`],
      );
      const command = [program, ...args].map(quoted).join(" ");
      child.stdin.end(`export ${names.join(" ")}\nexec ${command} </dev/null >>${quoted(output)} 2>&1\n`);
      return child;
    },
    prepare() {
      if (closed || runs(waiting)) return;
      const child = spawn(shell, ["-s"], { detached: true, stdio: ["pipe", "ignore", "ignore"], env: {} });
      child.on("error", () => undefined); // there is none, then
      child.stdin?.on("error", () => undefined); // it has ended, or has another standard input by now
      child.unref();
      if (child.stdin instanceof Socket) child.stdin.unref(); // the agent does not stay for it
      waiting = child;
    },
    close() {
      closed = true;
      waiting?.stdin?.end(); // at the end of its input a shell ends
      waiting = null;
    },
  };
}

/** One that is sought in PATH is left to whoever seeks it. */
function isExecutable(program: string): boolean {
  if (!program.includes("/")) return false;
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
