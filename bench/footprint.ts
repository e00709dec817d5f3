/**
 * `npm run bench:footprint`: how long an LVNF takes to boot, what it and the agent weigh, and what the agent needs
 * while nothing happens. On a node of its own (a lab without UEs), with the real Open vSwitch and a controller
 * beyond the WAN. `--gate` is quick, and fails above bench/ceilings.json; `--help` lists the options.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { KEEPALIVE_SECONDS, TELEMETRY_AT_LEAST_SECONDS } from "../agent/config.js";
import { processStats } from "../agent/drivers/proc.js";
import { findProjectRoot } from "../lab/artifacts.js";
import { describeLabError, LabError } from "../lab/errors.js";
import { inFreshLab } from "../lab/fresh.js";
import type { Lab } from "../lab/lab.js";
import { createSite, MQTT_PORT } from "../lab/site.js";
import { ADDRESSES } from "../lab/topology.js";
import { commandLine, flag, seconds, whole } from "./command-line.js";
import { bootRepeatedly } from "./footprint/boots.js";
import { rssBytes } from "./footprint/gauges.js";
import { endMany, type Idle, idleStretch, runMany, whenReported } from "./footprint/many.js";
import { aboveCeiling, printResults, type Result, resultOf } from "./result.js";

const MEMORY_SAMPLES = 5;
/** An idle stretch is taken in so many pieces: what else the machine does comes and goes. */
const STRETCHES = 3;
const MIB = 1024 ** 2;

interface Effort {
  readonly boots: number;
  readonly stretchS: number;
  /** LVNFs of the large node; 0: it is not measured. */
  readonly many: number;
}
const GATE: Effort = { boots: 5, stretchS: 12, many: 500 };
const FULL: Effort = { boots: 20, stretchS: 120, many: 500 };

async function samples(read: () => Promise<number>): Promise<readonly number[]> {
  const values: number[] = [];
  for (let i = 0; i < MEMORY_SAMPLES; i++) {
    values.push(await read());
    await delay(200);
  }
  return values;
}

/** agent.yaml as it is by default: the lab's own is made for tests that wait. */
const usual = {
  telemetrySeconds: undefined,
  controller: { url: `mqtt://${ADDRESSES.controller}:${MQTT_PORT}` },
};
/** What comes by the clock, so often that a stretch has some of it; and how much more often that is than by default. */
const HURRIED_S = 5;
const hurried = [
  {
    settings: { ...usual, controller: { ...usual.controller, keepaliveSeconds: HURRIED_S } },
    times: KEEPALIVE_SECONDS / HURRIED_S,
  },
  {
    settings: { ...usual, telemetrySeconds: HURRIED_S, telemetryAtLeastSeconds: HURRIED_S },
    times: TELEMETRY_AT_LEAST_SECONDS / HURRIED_S,
  },
];

async function measure(lab: Lab, root: string, effort: Effort): Promise<readonly Result[]> {
  const site = await createSite({ lab, projectRoot: root, agentSettings: usual });
  await site.controller.start();
  let agent = await site.agent.start();
  const rss = (name: string, note: string) =>
    samples(() => rssBytes(agent.pid)).then((bytes) =>
      resultOf(
        name,
        "MiB",
        bytes.map((one) => one / MIB),
        note,
      ),
    );
  await whenReported(site);
  const idle = await rss("agent.rss.idle", "one agent, no service, some seconds after all was reported");

  const { bootMs, spawnMs, byHand, pid, end } = await bootRepeatedly(lab, site, root, effort.boots);
  const pss = await samples(async () => (await processStats(pid))?.memoryBytes ?? Number.NaN);
  await end();
  const binary = (await stat(join(root, "build", "click", "lclick"))).size;

  await runMany(site, join(lab.paths.stateDir, "chain"), "chain", 20);
  const stretchS = effort.stretchS;
  const stretches: Idle[] = [];
  while (stretches.length < STRETCHES)
    stretches.push(await idleStretch(lab, agent.pid, stretchS / STRETCHES));
  const mean = (figure: keyof Idle): number =>
    stretches.reduce((sum, stretch) => sum + stretch[figure], 0) / stretches.length;
  const twenty = await rss(
    "agent.rss.20",
    "the same agent with 20 LVNFs of two ports in one chain, after that",
  );
  const over = `20 LVNFs, over ${stretchS} s in which nobody asks anything`;
  await site.agent.stop();
  const regular = { wirePerDay: 0, payloadPerDay: 0 };
  for (const { settings, times } of hurried) {
    const other = await createSite({ lab, projectRoot: root, agentSettings: settings });
    agent = await other.agent.start();
    await whenReported(other);
    const busy = await idleStretch(lab, agent.pid, stretchS);
    regular.wirePerDay += busy.wirePerDay / times;
    regular.payloadPerDay += busy.payloadPerDay / times;
    await other.agent.stop();
  }
  const many: Result[] = [];
  if (effort.many > 0) {
    await createSite({ lab, projectRoot: root, agentSettings: usual }); // agent.yaml is as it was
    agent = await site.agent.start();
    await site.lightmano("service", "terminate", "chain-20");
    await runMany(site, join(lab.paths.stateDir, "single"), "single", effort.many);
    const large = await idleStretch(lab, agent.pid, stretchS);
    many.push(
      await rss(`agent.rss.${effort.many}`, `with ${effort.many} LVNFs of one port, which it started`),
    );
    many.push(resultOf(`agent.cpu.${effort.many}`, "% core", [large.cpuPercent], `over ${stretchS} s`));
    await site.agent.stop();
    agent = await site.agent.start();
    await whenReported(site);
    many.push(await rss(`agent.rss.${effort.many}.adopted`, "started again, which adopts them"));
    await endMany(site, `single-${effort.many}`); // as much at once as their start, and the lab waits for no 500 processes
    many.push(await rss(`agent.rss.${effort.many}.ended`, "after it has ended them"));
  }
  return [
    resultOf("boot", "ms", spawnMs, "LVNF: spawn to ControlSocket answering; its ports are attached before"),
    resultOf("boot.deploy", "ms", bootMs, "the same with making veths and ports: from the first step"),
    resultOf(
      "boot.ofByHand",
      "times",
      ratios(
        spawnMs,
        byHand.map(({ start }) => start),
      ),
      "boot, of what the same takes without an agent, in turn",
    ),
    resultOf(
      "boot.deploy.ofByHand",
      "times",
      ratios(
        bootMs,
        byHand.map(({ deploy }) => deploy),
      ),
      "boot.deploy, the same",
    ),
    resultOf(
      "pss.forwarder",
      "MB",
      pss.map((bytes) => bytes / 1e6),
      "one LVNF with two ports and the process that opens its devices, over a second, without traffic",
    ),
    resultOf("binary.static", "MB", [binary / 1e6], "lclick as built"),
    idle,
    twenty,
    resultOf(
      "agent.cpu.idle",
      "% core",
      stretches.map(({ cpuPercent }) => cpuPercent),
      over,
    ),
    resultOf("agent.writes.perDay", "MB", [mean("writtenPerDay") / 1e6], `to the disk, whole pages; ${over}`),
    resultOf(
      "link.bytes.perDay",
      "kB",
      [(mean("wirePerDay") + regular.wirePerDay) / 1e3],
      `with IP and TCP headers, ${kB(mean("payloadPerDay") + regular.payloadPerDay)} without; ${kB(regular.wirePerDay)} of it by the clock (keep-alive, telemetry), which was hurried for two stretches more; ${over}`,
    ),
    ...many,
  ];
}

/** Each by what the one beside it in time took. */
const ratios = (values: readonly number[], by: readonly number[]): readonly number[] =>
  values.map((value, i) => value / (by[i] ?? Number.NaN));

const kB = (bytes: number): string => `${(bytes / 1e3).toFixed(1)} kB`;

const options = commandLine("bench:footprint", {
  json: flag("one object on standard output"),
  gate: flag("quick, and fails above bench/ceilings.json"),
  stretch: seconds("of idling, taken for a day", undefined),
  many: whole("LVNFs of the large node; 0: it is not measured", undefined, { least: 0 }),
});
const root = await findProjectRoot();
try {
  const say = (text: string): void => void process.stderr.write(text);
  const given = options.gate ? GATE : FULL;
  const effort = {
    ...given,
    stretchS: options.stretch ?? given.stretchS,
    many: options.many ?? given.many,
  };
  const results = await inFreshLab({ prefix: "lmb-", projectRoot: root, say }, (lab) =>
    measure(lab, root, effort),
  );
  printResults("footprint", results, options.json, root);
  const above = options.gate ? aboveCeiling(results, root) : [];
  for (const sentence of above) process.stderr.write(`${sentence}\n`);
  process.exitCode = above.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`bench:footprint: ${describeLabError(error)}\n`);
  process.exitCode = 1;
}
