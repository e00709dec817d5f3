/**
 * `npm run bench:footprint`: how long an LVNF takes to boot, what it and the agent weigh. On a node of its
 * own (a lab without UEs), with the real Open vSwitch. `--json`; `--gate` fails above bench/ceilings.json.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { processStats } from "../agent/drivers/proc.js";
import { findProjectRoot } from "../lab/artifacts.js";
import { describeLabError, LabError } from "../lab/errors.js";
import { inFreshLab } from "../lab/fresh.js";
import type { Lab } from "../lab/lab.js";
import { createSite, type Site } from "../lab/site.js";
import { waitUntil } from "../lab/wait.js";
import { aboveCeiling, printResults, type Result, resultOf } from "./result.js";

const BOOTS = 20;
const IDLE_MS = 5_000;
/** Before the first look whether it runs: looking (a Node process a time) would slow down what is measured. */
const UNDISTURBED_MS = 600;
const MEMORY_SAMPLES = 5;

interface EventRow {
  readonly seq: number;
  readonly object: string;
  readonly type: string;
  readonly data?: { readonly bootMs?: number; readonly spawnMs?: number; readonly pid?: number };
}

/** Resident set size in bytes. */
async function rss(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "latin1");
  return Number(/^Rss:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) * 1024;
}

async function samples(read: () => Promise<number>): Promise<readonly number[]> {
  const values: number[] = [];
  for (let i = 0; i < MEMORY_SAMPLES; i++) {
    values.push(await read());
    await delay(200);
  }
  return values;
}

/** Applies and terminates the forwarder; each time everything is made anew: veths, ports, process. */
async function boots(site: Site, root: string) {
  const bootMs: number[] = [];
  const spawnMs: number[] = [];
  let pid = 0;
  for (let i = 0; i < BOOTS; i++) {
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
    if (i < BOOTS - 1) await site.lightmano("service", "terminate", name);
    await waitUntil(
      `${name} is gone`,
      async () => i === BOOTS - 1 || (await site.lightmano<unknown[]>("port", "list")).length <= 2,
      { timeoutMs: 20_000 },
    );
  }
  return { bootMs, spawnMs, pid };
}

async function measure(lab: Lab, root: string): Promise<readonly Result[]> {
  const site = await createSite({ lab, projectRoot: root });
  await site.controller.start();
  const agent = await site.agent.start();
  await waitUntil(
    "the agent is connected",
    async () => (await site.lightmano<{ link: { connected: boolean } }>("status")).link.connected,
    { timeoutMs: 20_000 },
  );
  await delay(IDLE_MS);
  const idle = await samples(() => rss(agent.pid));
  const { bootMs, spawnMs, pid } = await boots(site, root);
  const pss = await samples(async () => (await processStats(pid))?.memoryBytes ?? Number.NaN);
  const binary = (await stat(join(root, "build", "click", "lclick"))).size;
  const inMb = pss.map((bytes) => bytes / 1e6);
  const inMib = idle.map((bytes) => bytes / 1024 ** 2);
  return [
    resultOf("boot", "ms", spawnMs, "LVNF: spawn to ControlSocket answering; its ports are attached before"),
    resultOf("boot.deploy", "ms", bootMs, "the same with making veths and ports: from the first step"),
    resultOf(
      "pss.forwarder",
      "MB",
      inMb,
      "one LVNF with two ports and the process that opens its devices, over a second, without traffic",
    ),
    resultOf("binary.static", "MB", [binary / 1e6], "lclick as built"),
    resultOf(
      "agent.rss.idle",
      "MiB",
      inMib,
      `one agent, over a second; no service, ${IDLE_MS / 1000} s after it connected`,
    ),
  ];
}

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, gate: { type: "boolean", default: false } },
});
const root = await findProjectRoot();
try {
  const say = (text: string): void => void process.stderr.write(text);
  const results = await inFreshLab({ prefix: "lmb-", projectRoot: root, say }, (lab) => measure(lab, root));
  printResults("footprint", results, values.json, root);
  const above = values.gate ? aboveCeiling(results, root) : [];
  for (const sentence of above) process.stderr.write(`${sentence}\n`);
  process.exitCode = above.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`bench:footprint: ${describeLabError(error)}\n`);
  process.exitCode = 1;
}
