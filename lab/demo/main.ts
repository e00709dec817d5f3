/** `npm run demo`: mobile edge caching end to end, on an emulated site. Options: --keep, --json, --fast-path auto|off, --prefix NAME (of the lab's namespaces). */
import { parseArgs } from "node:util";
import { findProjectRoot } from "../artifacts.js";
import { formatLabEvent } from "../cli.js";
import { describeLabError, inStep, LabError } from "../errors.js";
import { inFreshLab } from "../fresh.js";
import type { Lab } from "../lab.js";
import { createSite } from "../site.js";
import { waitUntil } from "../wait.js";
import { activeService, functionOf, onboardAndInstantiate, waitActive } from "./deploy.js";
import { coldBoot, cutOff, killAgent, killLvnf } from "./faults.js";
import { proveFragments } from "./fragments.js";
import { fetchFirst, fetchTimes, pageResults, provePaths } from "./pages.js";
import { type DemoReport, median, reportText } from "./report.js";
import { type EventView, promise, type Stage } from "./stage.js";

interface Stats {
  readonly memoryBytes: number;
}

async function play(stage: Stage, projectRoot: string, fastPath: string): Promise<DemoReport> {
  const { lab, site, act } = stage;
  await act("Baseline: both UEs attach over a plain S1, five pages from their origins", async () => {
    await lab.bridgeS1Directly();
    await lab.attachUe("ue1");
    await lab.attachUe("ue2");
  });
  const origin = await act(
    "Fetch five pages from the origin",
    () => fetchTimes(lab, "none"),
    (times) => [...times].map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`).join(", "),
  );
  await act("Take the plain S1 away, start the controller and the agent", async () => {
    await lab.unbridgeS1();
    await site.controller.start();
    await site.agent.start();
    await waitUntil(
      "the agent is connected to the controller",
      async () => (await site.lightmano<{ link: { connected: boolean } }>("status")).link.connected,
      { timeoutMs: 20_000 },
    );
  });
  const id = await act(
    "Onboard the service and instantiate it at the controller",
    () => onboardAndInstantiate(stage, projectRoot, fastPath),
    (id) => `service ${id} is active`,
  );
  const service = await activeService(stage, id);
  const lvnf = functionOf(service, "lvnf");
  const container = functionOf(service, "container");

  await act("Let the LVNF learn the tunnels from passing traffic", async () => {
    for (const ue of ["ue1", "ue2"] as const)
      await lab.exec(ue, ["ping", "-c", "2", "-i", "0.2", lab.origins[0]?.address ?? ""]);
  });
  const miss = await act("Fetch the pages through the edge: the cache is empty", () => fetchFirst(lab));
  const edge = await act(
    "Fetch the pages through the edge: from the cache",
    () => fetchTimes(lab, "hit"),
    (times) => [...times].map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`).join(", "),
  );
  const pages = pageResults(lab, origin, miss, edge);
  const proof = await act(
    "Capture both sides: where do the packets go?",
    () => provePaths(stage),
    ({ cachedOnRan, cachedOnCore, uncachedPackets }) =>
      `cached: ${cachedOnRan} on the RAN side, ${cachedOnCore} on the core side; uncached: ${uncachedPackets} unchanged`,
  );
  const fragments = await act(
    "Send what does not fit a frame: the S1 carries fragments",
    () => proveFragments(stage, lvnf.id),
    ({ fragmented }) => `${fragmented} packets in fragments, looked into, unchanged`,
  );

  const [lvnfStats, containerStats, image, status] = await Promise.all([
    site.lightmano<Stats>("lvnf", "stats", lvnf.id),
    site.lightmano<Stats>("lvnf", "stats", container.id),
    site.lightmano<{ bytes: number }>("image", "show", container.id),
    site.lightmano<{ rssBytes: number }>("status"),
  ]);
  const forwarding = await act(
    "Who forwards what is decided?",
    () => forwardingBy(stage, lvnf.id),
    ({ status, packets }) => `${status}; ${packets} packets by the kernel so far`,
  );
  promise(fastPath !== "off" || forwarding.status.startsWith("off"), `the fast path is ${forwarding.status}`);
  const heal = await act(
    "kill -9 the LVNF, five times",
    () => killLvnf(stage, id),
    ({ healsMs, longestGapMs }) =>
      `back after ${healsMs.map((ms) => ms.toFixed(0)).join(", ")} ms; longest pause of a ping ${longestGapMs.toFixed(0)} ms`,
  );
  const restart = await act(
    "kill -9 the agent and start it again, under a ping",
    () => killAgent(stage, id),
    ({ lost, sent }) => `${lost} of ${sent} pings lost`,
  );
  const offline = await act(
    "Cut the uplink; kill LVNF and agent meanwhile; restore it",
    () => cutOff(stage, id),
    ({ served, reportsLate }) => `${served} pages served, ${reportsLate} reports arrived late`,
  );
  const coldBootMs = await act(
    "Stop the controller, kill all of LightMANO on the node, start the agent",
    () => coldBoot(stage, id),
    (ms) => `service active again after ${ms.toFixed(0)} ms, from the journal alone`,
  );
  await waitActive(stage, id);
  return {
    pages,
    lvnf: {
      bootMs: await spawnTime(stage, lvnf.id),
      deployMs: lvnf.bootMs ?? Number.NaN,
      pssBytes: lvnfStats.memoryBytes,
      healMs: median(heal.healsMs),
      healsMs: heal.healsMs,
      longestGapMs: heal.longestGapMs,
    },
    container: {
      bootMs: container.bootMs ?? Number.NaN,
      rssBytes: containerStats.memoryBytes,
      imageBytes: image.bytes,
    },
    agent: { rssBytes: status.rssBytes, restartLost: restart.lost, restartSent: restart.sent },
    offline: { ...offline, coldBootMs },
    fastPath: forwarding,
    proof: { ...proof, ...fragments },
  };
}

/** What the breakout says of its fast path. */
async function forwardingBy({ site }: Stage, functionId: string): Promise<DemoReport["fastPath"]> {
  const read = async (handler: string): Promise<string> =>
    (await site.lightmano<{ value: string }>("lvnf", "read", functionId, handler)).value;
  return { status: (await read("fast-path")).trim(), packets: Number(await read("fast-path-hits")) };
}

/** Of the LVNF's first start. */
async function spawnTime({ site }: Stage, functionId: string): Promise<number> {
  const events = await site.lightmano<EventView[]>("events", "-n", "1000");
  const started = events.find(
    ({ object, data }) => object === `function/${functionId}` && data?.spawnMs !== undefined,
  );
  return Number(started?.data?.spawnMs ?? Number.NaN);
}

function createStage(lab: Lab, site: Stage["site"], say: (text: string) => void): Stage {
  return {
    lab,
    site,
    async act(name, play, outcome) {
      const begun = performance.now();
      say(`▶ ${name}\n`);
      try {
        const value = await play();
        const words = outcome?.(value);
        say(`  done in ${((performance.now() - begun) / 1000).toFixed(1)} s${words ? `: ${words}` : ""}\n`);
        return value;
      } catch (error) {
        throw inStep(error, name, `run with --keep to look around afterwards; logs: ${lab.paths.logDir}`);
      }
    },
  };
}

const USAGE = `usage: npm run demo -- [--keep] [--json] [--fast-path auto|off] [--prefix NAME]

  --keep         leave the site up afterwards, also after a failure
  --json         one JSON object instead of tables
  --fast-path M  the breakout's: auto (default), in the kernel where that can be, or off
  --prefix NAME  of the lab's namespaces (default lm-)
`;

async function main(): Promise<number> {
  const say = (text: string): void => void process.stderr.write(text);
  const options = parseOptions();
  if (options === undefined) {
    say(USAGE);
    return 2;
  }
  const { keep, json, prefix } = options;
  const fastPath = options["fast-path"];
  if (fastPath !== "auto" && fastPath !== "off") {
    say(USAGE);
    return 2;
  }
  const projectRoot = await findProjectRoot();
  try {
    const report = await inFreshLab(
      { projectRoot, prefix, keep, say, log: (event) => say(`  ${formatLabEvent(event)}`) },
      async (lab) =>
        play(createStage(lab, await createSite({ lab, projectRoot }), say), projectRoot, fastPath),
    );
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : `\n${reportText(report)}`);
    return 0;
  } catch (error) {
    const aborted = error instanceof LabError && error.detail.code === "lab.aborted";
    const words =
      error instanceof LabError ? describeLabError(error) : error instanceof Error ? error.stack : error;
    say(aborted ? "\nThe demo was stopped.\n" : `\nThe demo failed.\n${words}\n`);
    return aborted ? 130 : 1;
  } finally {
    if (keep)
      say(
        `If the lab is up, it is left so: \`bin/lightmano lab status --prefix ${prefix}\`, and \`down\` when you are done.\n`,
      );
  }
}

function parseOptions() {
  try {
    return parseArgs({
      options: {
        keep: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        prefix: { type: "string", default: "lm-" },
        "fast-path": { type: "string", default: "auto" },
      },
    }).values;
  } catch {
    return undefined; // every error of parseArgs is one of usage
  }
}

process.exitCode = await main();
