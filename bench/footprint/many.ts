/** Many LVNFs on one node: brought up as one service, and what the agent needs while they do nothing. */
import { setTimeout as delay } from "node:timers/promises";
import type { Lab } from "../../lab/lab.js";
import { MQTT_PORT, type Site } from "../../lab/site.js";
import { waitUntil } from "../../lab/wait.js";
import { cpuNs, linkTotals, writtenBytes } from "./gauges.js";
import { type Shape, writePackage } from "./package.js";

/** What follows the start: first reports, first telemetry, garbage that is collected when the agent rests. */
const SETTLE_MS = 10_000;
const DAY_S = 86_400;

interface ServiceRow {
  readonly state: string;
  readonly reason: string | null;
  readonly functions: readonly { readonly id: string; readonly pid: number | null }[];
}

/** Applies a service of so many LVNFs and waits until all of it is active and reported. */
export async function runMany(
  site: Site,
  folder: string,
  shape: Shape,
  functions: number,
): Promise<ServiceRow> {
  const name = `${shape}-${functions}`;
  await writePackage(folder, shape, functions);
  await site.lightmano("apply", folder, "--name", name);
  const active = async () => {
    const service = await site.lightmano<ServiceRow>("service", "show", name);
    return service.state === "active" ? service : false;
  };
  const service = await waitUntil(`${name} is active`, active, { timeoutMs: 300_000, intervalMs: 500 });
  await whenReported(site);
  return service;
}

/** Terminates a service and waits until nothing of it is left, and that is reported. */
export async function endMany(site: Site, name: string): Promise<void> {
  await site.lightmano("service", "terminate", name);
  const gone = async () => (await site.lightmano<unknown[]>("port", "list")).length <= 2;
  await waitUntil(`${name} is gone`, gone, { timeoutMs: 300_000, intervalMs: 500 });
  await whenReported(site);
}

/** Until the agent is connected and nothing waits to be reported; and some time more. */
export async function whenReported(site: Site): Promise<void> {
  const quiet = async () => {
    const { link } = await site.lightmano<{ link: { connected: boolean; pendingReports: number } }>("status");
    return link.connected && link.pendingReports === 0;
  };
  await waitUntil("all is reported", quiet, { timeoutMs: 60_000, intervalMs: 500 });
  await delay(SETTLE_MS);
}

export interface Idle {
  /** Of one core. */
  readonly cpuPercent: number;
  readonly writtenPerDay: number;
  readonly payloadPerDay: number;
  readonly wirePerDay: number;
}

/** A stretch during which nobody asks anything of the agent, taken for a day. */
export async function idleStretch(lab: Lab, pid: number, seconds: number): Promise<Idle> {
  const gauge = async () => ({
    at: performance.now(),
    cpu: await cpuNs(pid),
    written: await writtenBytes(pid),
    link: await linkTotals(lab, MQTT_PORT),
  });
  const before = await gauge();
  await delay(seconds * 1000);
  const after = await gauge();
  const stretchS = (after.at - before.at) / 1000;
  const perDay = (used: number): number => (used / stretchS) * DAY_S;
  const sameConnection = before.link && after.link?.local === before.link.local;
  const link = (of: "payloadBytes" | "wireBytes"): number =>
    sameConnection ? (after.link?.[of] ?? Number.NaN) - (before.link?.[of] ?? Number.NaN) : Number.NaN;
  return {
    cpuPercent: ((after.cpu - before.cpu) / 1e9 / stretchS) * 100,
    writtenPerDay: perDay(after.written - before.written),
    payloadPerDay: perDay(link("payloadBytes")),
    wirePerDay: perDay(link("wireBytes")),
  };
}
