/** Ways to break one process, each with the moment in which it was done. */
import { setTimeout as delay } from "node:timers/promises";
import { LabError } from "../errors.js";
import { sendSignal } from "../processes.js";
import { commandLine, listProcesses, readProcess } from "../procfs.js";
import type { Bed, Kind } from "./bed.js";
import type { Acted } from "./row.js";
import { nowUs } from "./traffic.js";

export function kill(pid: number): Acted {
  const atUs = nowUs();
  if (sendSignal(pid, "SIGKILL")) return { atUs };
  throw new LabError({ code: "lab.process", message: `process ${pid} ended before it was killed` });
}

/** SIGSTOP, and nobody lets it go on: it must be found out. */
export function hang(pid: number): Acted {
  const atUs = nowUs();
  process.kill(pid, "SIGSTOP");
  return { atUs };
}

/** SIGSTOP for a while. `backUs` is when it goes on. */
export async function pause(pid: number, ms: number): Promise<Acted> {
  const { atUs } = hang(pid);
  try {
    await delay(ms);
  } finally {
    process.kill(pid, "SIGCONT");
  }
  return { atUs, backUs: nowUs() };
}

export async function killFunction(bed: Bed, kind: Kind): Promise<Acted> {
  return kill((await bed.functionOf(kind)).pid);
}

/** The LVNF's other process (docs/adr/0012): a child of it, started as `lclick --opener`. */
export async function openerOf(bed: Bed): Promise<number> {
  const { pid } = await bed.functionOf("lvnf");
  const opener = listProcesses().find(
    (one) => one.parentPid === pid && commandLine(one.pid).includes("--opener"),
  );
  if (opener) return opener.pid;
  throw new LabError({ code: "lab.process", message: `LVNF process ${pid} has no opener` });
}

/** The pid of one of the lab's own programs. */
export async function pidOf(bed: Bed, name: string): Promise<number> {
  const record = await bed.lab.findProcess(name);
  if (record) return record.pid;
  throw new LabError({ code: "lab.process", message: `${name} does not run` });
}

export const agentPid = ({ site }: Bed): number => site.agent.process()?.pid ?? 0;
export const controllerPid = ({ site }: Bed): number => site.controller.process()?.pid ?? 0;

/** Does it still run, and not stopped? */
export function isRunning(pid: number): boolean {
  const state = readProcess(pid)?.state;
  return state !== undefined && !"ZXTt".includes(state);
}
