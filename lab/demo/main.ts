/** `npm run demo`: mobile edge caching end to end, on an emulated site. Options: --keep, --json, --prefix NAME (of the lab's namespaces). */
import { parseArgs } from "node:util";
import { findProjectRoot } from "../artifacts.js";
import { formatLabEvent } from "../cli.js";
import { describeLabError, LabError } from "../errors.js";
import { createLab, type Lab } from "../lab.js";
import { createSite } from "../site.js";
import { waitUntil } from "../wait.js";
import { activeService, functionOf, onboardAndInstantiate, waitActive } from "./deploy.js";
import { coldBoot, cutOff, killAgent, killLvnf } from "./faults.js";
import { fetchFirst, fetchTimes, pageResults, provePaths } from "./pages.js";
import { type DemoReport, median, reportText } from "./report.js";
import type { EventView, Stage } from "./stage.js";

interface Stats {
  readonly memoryBytes: number;
}

async function play(stage: Stage, projectRoot: string): Promise<DemoReport> {
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
    () => onboardAndInstantiate(stage, projectRoot),
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

  const [lvnfStats, containerStats, image, status] = await Promise.all([
    site.lightmano<Stats>("lvnf", "stats", lvnf.id),
    site.lightmano<Stats>("lvnf", "stats", container.id),
    site.lightmano<{ bytes: number }>("image", "show", container.id),
    site.lightmano<{ rssBytes: number }>("status"),
  ]);
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
    proof,
  };
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
        const message = error instanceof Error ? error.message : String(error);
        throw new LabError({
          code: "lab.command",
          message,
          step: name,
          cause: error,
          logPath: lab.paths.logDir,
          hint: "run with --keep to look around afterwards",
        });
      }
    },
  };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      keep: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      prefix: { type: "string", default: "lm-" },
    },
  });
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const say = (text: string): void => void process.stderr.write(text);
  const projectRoot = await findProjectRoot();
  const lab = await createLab({
    projectRoot,
    prefix: values.prefix,
    signal: stop.signal,
    log: (event) => say(`  ${formatLabEvent(event)}`),
  });
  try {
    say("▶ Take away what an earlier run may have left\n");
    await lab.down();
    say("▶ Bring up the emulated site\n");
    await lab.up();
    const site = await createSite({ lab, projectRoot });
    const report = await play(createStage(lab, site, say), projectRoot);
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `\n${reportText(report)}`);
    return 0;
  } catch (error) {
    say(
      `\nThe demo failed.\n${error instanceof LabError ? describeLabError(error) : error instanceof Error ? error.stack : error}\n`,
    );
    return 1;
  } finally {
    if (values.keep)
      say(
        "The lab is left up: `bin/lightmano lab status`, and `bin/lightmano lab down` when you are done.\n",
      );
    else await (await createLab({ projectRoot, prefix: values.prefix })).down();
  }
}

process.exitCode = await main();
