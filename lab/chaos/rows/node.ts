/** The node as a whole: its power, its disk, its clock, its uplink, its agent's version. */
import { randomBytes } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sendSignal } from "../../processes.js";
import { waitUntil } from "../../wait.js";
import type { Bed } from "../bed.js";
import { killFunction } from "../faults.js";
import type { Acted, Row } from "../row.js";
import { nowUs } from "../traffic.js";
import { AGENT_STARTED, adopted, died, NOTHING_DONE, NOTHING_LOST, runs } from "./told.js";

/** Of the issue: cold boot offline, from the journal to traffic. */
const COLD_BOOT = { median: 3_000, p99: 3_000 };
const LVNF_BACK = { median: 50, p99: 250 };
const HOUR_MS = 3_600_000;

export const NODE_ROWS: readonly Row[] = [
  {
    name: "power-cut",
    does: "all of the node killed, what was not synced dropped, and a boot without the controller",
    victims: ["lvnf", "container"],
    bounds: { lost: null, trafficMs: COLD_BOOT },
    tells: [AGENT_STARTED, runs("breakout"), runs("cache")],
    healWithinMs: 30_000,
    async act(bed) {
      const { lab, site, disk } = bed;
      await site.controller.stop();
      const atUs = nowUs();
      await lab.cutPower();
      await disk.snapshot();
      await disk.revert();
      await lab.forgetMemory();
      await Promise.all([lab.ovs.start(), lab.docker.start()]);
      const backUs = nowUs();
      await site.agent.start();
      await waitUntil("it is active", async () => (await bed.isActive()) || undefined, { timeoutMs: 30_000 });
      await site.controller.start();
      return { atUs, backUs };
    },
  },
  {
    name: "disk-full",
    does: "the journal's disk full for 5 s, and a kill -9 of the LVNF meanwhile",
    victims: ["lvnf"],
    bounds: { lost: null, trafficMs: LVNF_BACK },
    tells: [died("breakout"), runs("breakout")],
    async act(bed) {
      await bed.disk.fill();
      try {
        await delay(1_000);
        const acted = await killFunction(bed, "lvnf");
        await delay(4_000);
        return acted;
      } finally {
        await bed.disk.empty();
      }
    },
  },
  {
    name: "journal-corrupt",
    does: "kill -9 of the agent, a third of its journal overwritten, and a new agent",
    victims: [],
    forgetsWrites: true,
    bounds: NOTHING_LOST,
    tells: [AGENT_STARTED],
    async act({ site, disk }) {
      const atUs = nowUs();
      await site.agent.kill();
      await scribble(join(disk.mountPoint, "journal.db"));
      await site.agent.start();
      return { atUs };
    },
  },
  {
    name: "uplink-bad",
    does: "an uplink that loses 30 % and takes 0.8 s longer, for 15 s, and a kill -9 of the LVNF meanwhile",
    victims: ["lvnf"],
    bounds: { lost: null, trafficMs: LVNF_BACK },
    tells: [died("breakout"), runs("breakout")],
    async act(bed) {
      await bed.lab.degradeUplink({ lossPermille: 300, extraMs: 400 });
      try {
        await delay(5_000);
        const acted = await killFunction(bed, "lvnf");
        await delay(10_000);
        return acted;
      } finally {
        await bed.lab.degradeUplink(null);
      }
    },
  },
  {
    name: "uplink-cut",
    does: "no uplink for 10 s, and a kill -9 of the agent meanwhile",
    victims: [],
    // The cache's own way to the Internet is cut as well: what it has, it serves.
    bounds: NOTHING_LOST,
    tells: [AGENT_STARTED, adopted("breakout"), adopted("cache")],
    async act({ lab, site }) {
      const atUs = nowUs();
      await lab.cutUplink("kept");
      try {
        await site.agent.kill();
        await site.agent.start();
        await delay(10_000);
      } finally {
        await lab.restoreUplink();
      }
      return { atUs };
    },
  },
  {
    name: "clock-forward",
    does: "the clock an hour ahead, and a kill -9 of the LVNF",
    victims: ["lvnf"],
    bounds: { lost: null, trafficMs: LVNF_BACK },
    tells: [died("breakout"), runs("breakout")],
    async act(bed) {
      await bed.clock.shift(HOUR_MS);
      await delay(500);
      const acted = await killFunction(bed, "lvnf");
      await delay(1_000);
      return acted;
    },
  },
  {
    name: "clock-back",
    does: "an LVNF that waits in its back-off, and the clock an hour back",
    victims: ["lvnf"],
    bounds: { lost: null, trafficMs: { median: 3_000, p99: 5_000 } },
    tells: [died("breakout"), runs("breakout")],
    async act(bed) {
      await crashUntilBackoff(bed);
      const acted = { atUs: nowUs() };
      await bed.clock.shift(-HOUR_MS);
      return acted;
    },
  },
  {
    name: "clock-boot",
    does: "kill -9 of the agent, and a new one in the year 1970",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [AGENT_STARTED, adopted("breakout"), adopted("cache")],
    never: NOTHING_DONE,
    async act({ site, clock }) {
      const atUs = nowUs();
      await site.agent.kill();
      await clock.shift(60_000 - Date.now());
      await site.agent.start();
      await delay(2_000);
      await clock.shift(0);
      return { atUs };
    },
  },
  {
    name: "agent-upgrade",
    does: "SIGTERM of the agent, and one of the next version",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [/^agent\.started .*0\.2\.0/, adopted("breakout"), adopted("cache")],
    never: NOTHING_DONE,
    prepare: (bed) => runVersion(bed, "current"),
    act: (bed) => change(bed, "next"),
  },
  {
    name: "agent-downgrade",
    does: "SIGTERM of the agent of the next version, and one of this one",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [AGENT_STARTED, adopted("breakout"), adopted("cache")],
    never: NOTHING_DONE,
    prepare: (bed) => runVersion(bed, "next"),
    act: (bed) => change(bed, "current"),
  },
];

async function change(bed: Bed, version: "current" | "next"): Promise<Acted> {
  const atUs = nowUs();
  await bed.site.agent.stop();
  bed.version.use(version);
  await bed.site.agent.start();
  return { atUs };
}

async function runVersion(bed: Bed, version: "current" | "next"): Promise<void> {
  if (bed.version.used() === version) return;
  await change(bed, version);
}

/** Kills it as often as it comes back, until the agent waits before it starts it again. */
async function crashUntilBackoff(bed: Bed): Promise<void> {
  await waitUntil(
    "the LVNF waits in its back-off",
    async () => {
      const lvnf = await bed.view("lvnf");
      if (lvnf.state === "running" && lvnf.pid !== null) sendSignal(lvnf.pid, "SIGKILL");
      return lvnf.state === "backoff";
    },
    { timeoutMs: 20_000, intervalMs: 20 },
  );
}

/** Overwrites the middle third: its first page, by which a database is known for one, stays. */
async function scribble(path: string): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, "r+");
  try {
    const from = Math.floor(size / 3);
    await file.write(randomBytes(Math.ceil(size / 3)), 0, undefined, from);
    await file.sync();
  } finally {
    await file.close();
  }
}
