/**
 * `npm run bench:return`: how a fleet comes back to a controller that was away. The real controller with its own broker in
 * one process, killed and started again; nodes with the agent's real core, link and journal (on tmpfs) in a few others, each a
 * site of its own with one service wanted. All of them lose the controller at the same instant, which is the worst case.
 * Needs no root. `--help` lists the options.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findProjectRoot } from "../lab/artifacts.js";
import { commandLine, eachSeconds, flag, whole } from "./command-line.js";
import { printResults, type Result, resultOf } from "./result.js";
import { type Controller, startController } from "./return/controller.js";
import { percentile, spikeOf } from "./return/figures.js";
import { online, wantServices } from "./return/operator.js";
import type { FromCrowd, Rejoin, ToCrowd } from "./return/wire.js";

const STRETCH_MS = 100;
const MOST_NODES = 5_000;

const say = (line: string): void => void process.stderr.write(`bench:return: ${line}\n`);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, "close");
  return port;
}

function startCrowd(root: string, url: string, folder: string, first: number, count: number): ChildProcess {
  const crowd = fork(join(root, "dist/bench-return-crowd.mjs"), [url, folder, String(first), String(count)]);
  // A thousand nodes are not on the controller's machine: what they need must not be what it waits for.
  setPriority(crowd.pid ?? 0, constants.priority.PRIORITY_BELOW_NORMAL);
  return crowd;
}

async function heard(crowd: ChildProcess): Promise<FromCrowd> {
  const ended = once(crowd, "exit").then(() => Promise.reject(new Error("a crowd ended")));
  ended.catch(() => undefined);
  const [message] = await Promise.race([once(crowd, "message"), ended]);
  return message as FromCrowd;
}

interface Round extends Rejoin {
  readonly controller: Controller;
  readonly figures: Readonly<Record<string, readonly [value: number, unit: string]>>;
}

async function measure(
  start: () => Promise<Controller>,
  before: Controller,
  crowds: readonly ChildProcess[],
  downMs: number,
): Promise<Round> {
  const watching = crowds.map(async (crowd) => {
    crowd.send({ do: "watch" } satisfies ToCrowd);
    return heard(crowd);
  });
  await before.kill();
  await delay(downMs);
  const controller = await start();
  const rejoins = (await Promise.all(watching)).flatMap((told) => (told.is === "in-step" ? [told] : []));
  const inStepAt = rejoins.flatMap((rejoin) => rejoin.inStepAt);
  const { accepts, bytes, cpuMs, peakRssBytes, longestDelayMs } = await controller.probe();
  while ((await online(controller.rest)) < inStepAt.length) await delay(STRETCH_MS);
  const shownAt = performance.timeOrigin + performance.now();
  const spike = spikeOf(accepts, STRETCH_MS);
  const since = (at: number): number => at - controller.startedAt;
  const failed = summed(rejoins.map((rejoin) => rejoin.failed));
  return {
    controller,
    inStepAt,
    failed,
    complaints: summed(rejoins.map((rejoin) => rejoin.complaints)),
    figures: {
      ready: [since(controller.readyAt), "ms"],
      "in-step.50": [since(percentile(inStepAt, 0.5)), "ms"],
      "in-step.99": [since(percentile(inStepAt, 0.99)), "ms"],
      "in-step.100": [since(percentile(inStepAt, 1)), "ms"],
      "shown.100": [since(shownAt), "ms"],
      "connects.peak": [spike.peak, "per 100 ms"],
      "connects.mean": [spike.mean, "per 100 ms"],
      spike: [spike.factor, "x"],
      "connects.each": [accepts.length / inStepAt.length, "per node"],
      bytes: [bytes / inStepAt.length, "B per node"],
      cpu: [cpuMs, "ms"],
      rss: [peakRssBytes / 1024 / 1024, "MiB"],
      delay: [longestDelayMs, "ms"],
    },
  };
}

function summed(tables: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const table of tables)
    for (const [key, count] of Object.entries(table)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

const options = commandLine("bench:return", {
  json: flag("one object on standard output"),
  nodes: whole("that come back", 500, { most: MOST_NODES }),
  down: eachSeconds("that the controller is away, one after the other", [5, 60]),
  rounds: whole("of each", 1, { most: 1_000 }),
  workers: whole("processes that are the nodes", 2, { most: 64 }),
});
const { nodes, down: downs, rounds } = options;
const workers = Math.min(options.workers, nodes);
const root = await findProjectRoot();
const folder = await mkdtemp("/dev/shm/lightmano-return-");
const ports = { restPort: await freePort(), mqttPort: await freePort() };
const start = (): Promise<Controller> => startController(root, join(folder, "controller"), ports);
let controller = await start();
const crowds: ChildProcess[] = [];
try {
  const sites = Array.from({ length: nodes }, (_, i) => `s${i}`);
  await wantServices(controller.rest, join(folder, "package"), sites);
  const each = Math.ceil(nodes / workers);
  for (let from = 0; from < nodes; from += each) {
    const url = `mqtt://127.0.0.1:${ports.mqttPort}`;
    crowds.push(startCrowd(root, url, folder, from, Math.min(each, nodes - from)));
  }
  await Promise.all(crowds.map(heard));
  say(`${nodes} nodes are in step`);
  const results: Result[] = [];
  for (const down of downs) {
    const collected = new Map<string, { unit: string; values: number[] }>();
    for (let round = 1; round <= rounds; round++) {
      const done = await measure(start, controller, crowds, down * 1000);
      controller = done.controller;
      for (const [name, [value, unit]] of Object.entries(done.figures)) {
        const of = collected.get(name) ?? { unit, values: [] };
        of.values.push(value);
        collected.set(name, of);
      }
      const told = { failed: done.failed, agents: done.complaints };
      say(`${down} s, round ${round}: ${JSON.stringify(told)}`);
      await delay(1_000);
      say(`controller: ${JSON.stringify(Object.fromEntries(controller.complaints))}`);
    }
    for (const [name, { unit, values }] of collected)
      results.push(resultOf(`return.${nodes}.${down}s.${name}`, unit, values));
  }
  printResults("return", results, options.json, root);
} finally {
  for (const crowd of crowds) crowd.kill("SIGKILL");
  await controller.kill();
  await rm(folder, { recursive: true, force: true });
}
