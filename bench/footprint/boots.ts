/** How long an LVNF takes to boot: a service is applied and terminated again and again, its veths and ports made anew each time. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Site } from "../../lab/site.js";
import { waitUntil } from "../../lab/wait.js";

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
  /** Of the last one, which goes on. */
  readonly pid: number;
  /** Ends the last one. */
  end(): Promise<void>;
}

export async function bootRepeatedly(site: Site, root: string, times: number): Promise<Boots> {
  const bootMs: number[] = [];
  const spawnMs: number[] = [];
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
    if (i < times - 1) await terminate(name);
  }
  return { bootMs, spawnMs, pid, end: () => terminate(`boot-${times - 1}`) };
}
