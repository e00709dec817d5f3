/** `lightmano-links monitor`: a child process that writes a line whenever an interface comes, goes or changes. */
import { spawn } from "node:child_process";
import { keepConnected, type WaitClock } from "../wait.js";

export interface MonitorOptions {
  readonly argv: readonly string[];
  readonly signal: AbortSignal;
  readonly clock: WaitClock;
  /** Something changed; what, is to be looked for. */
  changed(): void;
  log(message: string): void;
}

/** One that cannot be started, or may not listen, ends at once; there is no use in asking it often. */
const AGAIN = { firstMs: 1_000, maxMs: 60_000 };

/** Keeps the monitor running until the signal aborts. Without it changes are seen by polling alone. */
export function monitorLinks({ argv, signal, clock, changed, log }: MonitorOptions): void {
  void keepConnected({
    signal,
    clock,
    ...AGAIN,
    connect: (up, life) =>
      runMonitor(argv, life, () => {
        up();
        changed();
      }),
    down: (reason, failures) => {
      if (failures === 1) log(`changes of interfaces are polled for: ${argv.join(" ")}: ${reason}`);
    },
  });
}

/** Resolves with the reason when it has ended. */
function runMonitor(argv: readonly string[], signal: AbortSignal, told: () => void): Promise<string> {
  const [program = "", ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    const kill = () => void child.kill("SIGKILL");
    const ended = (reason: string) => {
      signal.removeEventListener("abort", kill);
      resolve(reason);
    };
    child.once("error", (error) => ended(error.message));
    child.once("close", (exitCode, name) => ended(`ended with ${name ?? `exit code ${exitCode}`}`));
    if (child.pid === undefined) return;
    signal.addEventListener("abort", kill, { once: true });
    child.stdout.on("data", told);
  });
}
