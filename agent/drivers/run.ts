/**
 * Runs a program: an argument vector (never a shell line), text in, text out, a deadline, a signal and a
 * limit on output. It rejects with a LightmanoError of the caller's code that says which command, how it
 * ended and what it wrote on standard error.
 */
import { spawn } from "node:child_process";
import { type ErrorCode, LightmanoError } from "../../model/errors.js";
import { abortError } from "./wait.js";

export interface RunOptions {
  /** Error code when the program cannot be started or fails. */
  readonly code: ErrorCode;
  readonly signal: AbortSignal;
  /** What the command is for, in place of its text where that would say nothing (a script). */
  readonly what?: string;
  /** Written to standard input, which is closed after it. */
  readonly input?: string;
  readonly timeoutMs?: number;
  /** Above this many bytes of output the program is killed and the call fails. */
  readonly maxOutputBytes?: number;
}

/** Resolves with what the program wrote on standard output. */
export type Run = (argv: readonly string[], options: RunOptions) => Promise<string>;

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** What was killed and has not ended by then (it sleeps in the kernel, or what it started left its group) is not waited for. */
const KILLED_GRACE_MS = 1_000;

export const run: Run = (argv, options) => {
  const [program, ...args] = argv;
  const command = options.what ?? `\`${argv.join(" ")}\``;
  if (program === undefined) return Promise.reject(new LightmanoError(options.code, "no program to run"));
  if (options.signal.aborted) return Promise.reject(abortError(options.signal, command));
  return new Promise((resolve, reject) => {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const maxBytes = options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
    // In a process group of its own, so that what a script started is killed with it.
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let bytes = 0;
    /** Why we killed it; what comes out of a killed program says nothing. */
    let killed: LightmanoError | null = null;

    const kill = (error: LightmanoError) => {
      if (killed) return;
      killed = error;
      killGroup(child.pid);
      grace = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        settle(() => reject(error));
      }, KILLED_GRACE_MS);
    };
    let grace: NodeJS.Timeout | undefined;
    const timer = setTimeout(
      () => kill(new LightmanoError("operation.timeout", `${command}: took longer than ${timeoutMs} ms`)),
      timeoutMs,
    );
    const onAbort = () => kill(abortError(options.signal, command));
    options.signal.addEventListener("abort", onAbort, { once: true });
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      clearTimeout(grace);
      options.signal.removeEventListener("abort", onAbort);
      finish();
    };
    const collect = (chunks: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes)
        kill(new LightmanoError(options.code, `${command}: wrote more than ${maxBytes} bytes`));
      else chunks.push(chunk);
    };

    child.once("error", (error) =>
      settle(() =>
        reject(
          new LightmanoError(options.code, `${command}: cannot be run: ${error.message}`, {
            cause: error,
          }),
        ),
      ),
    );
    // Without a pid it was not started, and for want of descriptors there are no streams either.
    if (child.pid === undefined) return;
    child.stdout.on("data", collect(output.stdout));
    child.stderr.on("data", collect(output.stderr));
    // A program that ends before it has read its input (EPIPE) tells why by its exit code.
    child.stdin.on("error", (error) => void error);
    child.stdin.end(options.input ?? "");
    child.once("close", (exitCode, signalName) =>
      settle(() => {
        if (killed) return reject(killed);
        if (exitCode === 0) return resolve(Buffer.concat(output.stdout).toString("utf8"));
        const how = exitCode === null ? `was killed by ${signalName}` : `ended with exit code ${exitCode}`;
        const words = Buffer.concat(output.stderr).toString("utf8").trim();
        reject(new LightmanoError(options.code, `${command}: ${how}${words === "" ? "" : `: ${words}`}`));
      }),
    );
  });
};

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (thrown) {
    void thrown; // It has just ended by itself.
  }
}
