/**
 * How long an LVNF takes to boot: a service is applied and terminated again and again, its veths and ports made anew each time; and how long
 * the same takes by hand, in turn, for machines differ and change.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Lab } from "../../lab/lab.js";
import type { Site } from "../../lab/site.js";
import { waitUntil } from "../../lab/wait.js";

/** The lab's site has this one (lab/site.ts). */
const BRIDGE = "br-edge";
/** Before the first look whether it runs: looking (a Node process a time) would slow down what is measured. */
const UNDISTURBED_MS = 600;

interface EventRow {
  readonly object: string;
  readonly type: string;
  readonly data?: { readonly bootMs?: number; readonly spawnMs?: number; readonly pid?: number };
}

export interface Boots {
  readonly bootMs: readonly number[];
  readonly spawnMs: readonly number[];
  /** The same without an agent (by-hand.py). */
  readonly byHand: readonly { readonly start: number; readonly deploy: number }[];
  /** Of the last one, which goes on. */
  readonly pid: number;
  /** Ends the last one. */
  end(): Promise<void>;
}

export async function bootRepeatedly(lab: Lab, site: Site, root: string, times: number): Promise<Boots> {
  const bootMs: number[] = [];
  const spawnMs: number[] = [];
  const byHand: Boots["byHand"][number][] = [];
  let pid = 0;
  const terminate = async (name: string): Promise<void> => {
    await site.lightmano("service", "terminate", name);
    const gone = async () => (await site.lightmano<unknown[]>("port", "list")).length <= 2;
    await waitUntil(`${name} is gone`, gone, { timeoutMs: 20_000 });
  };
  for (let i = 0; i < times; i++) {
    const name = `boot-${i}`;
    await site.lightmano("apply", join(root, "examples", "forwarder"), "--name", name);
    await delay(UNDISTURBED_MS);
    const events = await waitUntil(
      `${name} runs`,
      async () => {
        const rows = await site.lightmano<EventRow[]>("events", "-n", "50");
        const mine = rows.filter(({ object }) => object === `function/${name}.forwarder`);
        return mine.some(({ type }) => type === "function.running") &&
          mine.some(({ type }) => type === "work.done")
          ? mine
          : false;
      },
      { timeoutMs: 20_000 },
    );
    for (const { type, data } of events) {
      if (type === "function.running") bootMs.push(data?.bootMs ?? Number.NaN);
      if (type === "work.done") spawnMs.push(data?.spawnMs ?? Number.NaN);
      pid = data?.pid ?? pid;
    }
    byHand.push(await bootByHand(lab, root)); // while it runs: without a service there is no bridge
    if (i < times - 1) await terminate(name);
  }
  return { bootMs, spawnMs, byHand, pid, end: () => terminate(`boot-${times - 1}`) };
}

async function bootByHand(lab: Lab, root: string): Promise<Boots["byHand"][number]> {
  const program = join(root, "bench", "footprint", "by-hand.py");
  const words = [join(root, "build", "click", "lclick"), lab.paths.ovsdbSocket, BRIDGE];
  const { code, stdout, stderr } = await lab.exec("edge", ["/usr/bin/python3", program, ...words]);
  if (code !== 0) throw new Error(`${program} ended with exit code ${code}: ${stderr}`);
  return JSON.parse(stdout) as Boots["byHand"][number];
}
