/** One Click process: its launch, the wait until it answers, how it ended; and whether there is a Click at all. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { LightmanoError } from "../../../model/errors.js";
import type { LvnfTarget } from "../../domain/target.js";
import { isRunning, type ProcessIdentity, signalProcess } from "../proc.js";
import { run } from "../run.js";
import { systemWaitClock, withDeadline } from "../wait.js";
import { openControlSocket, type ProcessSocket } from "./control-socket.js";
import { openOutput } from "./output.js";
import { composeScript, parameterArguments } from "./script.js";
import type { Standby } from "./standby.js";

/** What stands in the environment of a process, so that it is found again. */
export const NODE_MARK = "LIGHTMANO_NODE";
/** The agent's own run directory: two agents of one machine may have the same site and node (labs). */
export const RUN_DIR_MARK = "LIGHTMANO_RUN_DIR";
export const FUNCTION_MARK = "LIGHTMANO_FUNCTION";
export const DIGEST_MARK = "LIGHTMANO_DIGEST";

/** A process that has not answered after so long is not going to. */
export const READY_TIMEOUT_MS = 5_000;
/** How often the ControlSocket is tried while the process starts. */
const READY_POLL_MS = 1;
/** A process that closed its ControlSocket and still runs after so long is not going to end by itself. */
const EXIT_STATUS_MS = 1_000;
const VERSION_TIMEOUT_MS = 2_000;

export interface ProcessOptions {
  /** Which node's processes these are: several agents may run on one machine (the lab). */
  readonly nodeId: string;
  /** The Click program: lclick, or a `click`. */
  readonly program: string;
  /** For control sockets, scripts and outputs: `/run/lightmano/lvnf`. */
  readonly runDir: string;
  /** Put before the program, e.g. `["nsenter", "--net=…", "--"]` where the node is a namespace. It must exec. */
  readonly commandPrefix?: readonly string[];
}

/**
 * A script comes from whoever may write services, and its packets from anybody: once it runs, it keeps no capability and
 * gets no file, socket or process any more (docs/click-safety.md). Only lclick knows how.
 */
const confinement = (version: string | null): readonly string[] =>
  version?.startsWith("lclick") ? ["--seccomp=on"] : [];

/** Starts the process, from the standby if there is one, and resolves when it has been spawned. `click.missing` when it cannot be. */
export async function launch(
  target: LvnfTarget,
  { nodeId, program, runDir, commandPrefix = [] }: ProcessOptions,
  path: (id: string, suffix: string) => string,
  version: string | null,
  standby: Standby,
): Promise<ChildProcess> {
  // On tmpfs each of these takes less than to have it done by the thread pool, and traffic may be waiting.
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  rmSync(path(target.id, "sock"), { force: true });
  writeFileSync(path(target.id, "click"), composeScript(target), { mode: 0o600 });
  const output = openOutput(path(target.id, "log"));
  try {
    const [command = program, ...before] = [...commandPrefix, program];
    const args = [
      ...before,
      ...confinement(version),
      "-u",
      path(target.id, "sock"),
      "-f",
      path(target.id, "click"),
      ...parameterArguments(target.parameters),
    ];
    const env = {
      PATH: process.env.PATH,
      [NODE_MARK]: nodeId,
      [RUN_DIR_MARK]: runDir,
      [FUNCTION_MARK]: target.id,
      [DIGEST_MARK]: target.digest,
    };
    const ready = standby.become(command, args, env, path(target.id, "log"));
    if (ready) return ready;
    const child = spawn(command, args, { detached: true, stdio: ["ignore", output, output], env });
    child.unref();
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (cause) =>
        reject(new LightmanoError("click.missing", `cannot run ${program}: ${cause.message}`, { cause })),
      );
    });
    return child;
  } finally {
    closeSync(output);
  }
}

/** Waits for the greeting. An exit before it is an invalid script, or an element that cannot be configured. */
export function awaitReady(
  socketPath: string,
  child: ChildProcess,
  signal: AbortSignal,
): Promise<ProcessSocket> {
  const late = () =>
    new LightmanoError("click.not-answering", `no answer on ${socketPath} within ${READY_TIMEOUT_MS} ms`);
  return withDeadline(signal, READY_TIMEOUT_MS, late, async (limited) => {
    for (;;) {
      limited.throwIfAborted();
      if (child.signalCode !== null)
        throw new LightmanoError(
          "click.exited",
          `Click was ended by ${child.signalCode} before it was ready`,
        );
      if (child.exitCode !== null)
        throw new LightmanoError(
          "click.script-invalid",
          `Click ended with exit code ${child.exitCode} before it was ready`,
        );
      const control = await openControlSocket(socketPath, limited, child.pid).catch(() => null); // not yet, or too late
      if (control) return control;
      await systemWaitClock.delay(READY_POLL_MS, limited);
    }
  });
}

/**
 * How the process ended. Healing does not wait for this: its ControlSocket closes first (docs/adr/0013), and the
 * kernel then takes tens of milliseconds to let go of its packet sockets (packet(7) release waits for a grace period).
 */
export async function exitStatus(
  { pid, startTicks }: ProcessIdentity,
  child: ChildProcess | null,
): Promise<string> {
  const deadline = performance.now() + EXIT_STATUS_MS;
  while ((await isRunning({ pid, startTicks })) && performance.now() < deadline) await delay(10);
  if (await isRunning({ pid, startTicks })) {
    signalProcess(pid, "SIGKILL");
    return "closed its ControlSocket and went on: it was killed";
  }
  if (child && child.exitCode === null && child.signalCode === null) {
    await Promise.race([new Promise((resolve) => child.once("exit", resolve)), delay(EXIT_STATUS_MS)]);
  }
  if (child?.signalCode) return `was ended by ${child.signalCode}`;
  return child
    ? `ended with exit code ${child.exitCode}`
    : "ended (it was adopted: only its parent has its exit status)";
}

/**
 * The first line of what `--version` says. `click.missing` where the program is not there, does not run, or does
 * not know the question.
 */
export async function programVersion(program: string, signal: AbortSignal): Promise<string> {
  const words = await run([program, "--version"], {
    code: "click.missing",
    signal,
    timeoutMs: VERSION_TIMEOUT_MS,
  });
  return words.trim().split("\n")[0] ?? "";
}

/** Why the program has no fast path in this kernel (docs/guide/fast-path.md); null where it has. A Click that does not know the question has none. */
export async function withoutFastPath(program: string, signal: AbortSignal): Promise<string | null> {
  const answer = await run([program, "--probe-fastpath"], {
    code: "click.missing",
    signal,
    timeoutMs: VERSION_TIMEOUT_MS,
  }).catch((error: unknown) => {
    if (error instanceof LightmanoError) return "no: the program knows none";
    throw error;
  });
  const words = answer.trim();
  return words === "yes" ? null : words.replace(/^no: /, "");
}

/** Signals a process, unless it is gone or its pid is another's by now. */
export async function signalIfRunning(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (await isRunning(identity)) signalProcess(identity.pid, signal);
}
