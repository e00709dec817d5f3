import { spawn } from "node:child_process";
import { constants } from "node:os";
import { LabError } from "./errors.js";

export interface ExecOptions {
  /** Written to standard input, which is then closed. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The program is killed (SIGKILL) after this long; default 60 000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; 128 + signal number when a signal ended it, as a shell says it. */
  readonly code: number;
  readonly ms: number;
  readonly timedOut: boolean;
}

/** Debian keeps half of what a lab needs in sbin, which is not in every PATH. */
const SBIN = "/usr/local/sbin:/usr/sbin:/sbin";

export function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? "/usr/bin:/bin"}:${SBIN}`, ...extra };
}

/** Runs a program to its end; an exit code other than 0 is a result here, not an error. */
export function run(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  const [program, ...args] = argv;
  if (program === undefined) throw new LabError({ code: "lab.usage", message: "no program to run" });
  const stopped = () => new LabError({ code: "lab.aborted", message: `${program}: stopped on request` });
  if (options.signal?.aborted) return Promise.reject(stopped());
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: environment(options.env),
      stdio: ["pipe", "pipe", "pipe"],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    const onAbort = () => child.kill("SIGKILL");
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, options.timeoutMs ?? 60_000);
    options.signal?.addEventListener("abort", onAbort, { once: true });
    const finish = () => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
    };
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (cause) => {
      finish();
      reject(
        new LabError({ code: "lab.program", message: `cannot run ${program}: ${cause.message}`, cause }),
      );
    });
    child.on("close", (code, signal) => {
      finish();
      if (options.signal?.aborted) {
        reject(stopped());
        return;
      }
      resolve({
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
        ms: performance.now() - startedAt,
        timedOut,
      });
    });
    // A program that ends before it has read its input is no failure of ours.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input);
  });
}

/** Like `run`, but an exit code other than 0 is an error that carries the command and its stderr. */
export async function runOk(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  const result = await run(argv, options);
  if (result.code === 0) return result;
  const why = result.timedOut ? `no end after ${options.timeoutMs ?? 60_000} ms` : `exit code ${result.code}`;
  throw new LabError({
    code: result.timedOut ? "lab.timeout" : "lab.command",
    message: `${argv[0]}: ${why}`,
    command: printable(argv, options.input),
    stderr: result.stderr || result.stdout,
  });
}

function printable(argv: readonly string[], input: string | Buffer | undefined): string {
  const line = argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(" ");
  return typeof input === "string" ? `${line} <<< ${JSON.stringify(input.slice(0, 800))}` : line;
}
