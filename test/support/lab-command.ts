/** The lab by its command, in tests of it. Each file has a prefix of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type ExecResult, run } from "../../lab/command.js";
import type { LabStatus } from "../../lab/status.js";
import { root } from "./lab.js";

export const command = `${root}bin/lightmano`;

export interface LabCommand {
  lab(...words: readonly string[]): Promise<ExecResult>;
  status(): Promise<LabStatus>;
  /** Starts `up` and sends it signals as soon as it tells of this step; resolves with its exit code. */
  interrupt(step: string, ...signals: readonly NodeJS.Signals[]): Promise<number | null>;
}

export function labCommand(prefix: string): LabCommand {
  const lab: LabCommand["lab"] = (...words) =>
    run([command, "lab", ...words, "--prefix", prefix], { timeoutMs: 60_000 });
  return {
    lab,
    status: async () => JSON.parse((await lab("status", "--json")).stdout) as LabStatus,
    async interrupt(step, ...signals) {
      const child = spawn(command, ["lab", "up", "--prefix", prefix], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const ended = once(child, "exit");
      for await (const line of createInterface({ input: child.stdout }))
        if (line.includes(`] ${step} `)) for (const signal of signals) child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}
