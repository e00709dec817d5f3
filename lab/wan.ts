/** The WAN: the relay that makes distance, the origin web sites, and the edge node's uplink. */
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Artifacts } from "./artifacts.js";
import { runOk } from "./command.js";
import { type LabContext, netnsName } from "./context.js";
import { LabError } from "./errors.js";
import { observeNamespace } from "./links.js";
import { ORIGINS } from "./origins.js";
import { ensureProcess, logHas, signalProcess, waitReady } from "./processes.js";
import { ADDRESSES, CONTROLLER_RTT_MS, DEFAULT_RTT_MS, RELAY_PAIRS, UPLINK_FAR_ENDS } from "./topology.js";
import { waitUntil } from "./wait.js";

export const RELAY_PROCESS = "delayrelay";
export const ORIGINS_PROCESS = "origins";

export async function ensureRelay(lab: LabContext, artifacts: Artifacts): Promise<boolean> {
  const oneWayUs = (rttMs: number) => String((rttMs * 1000) / 2);
  const delays = [
    ...ORIGINS.map((origin) => `${origin.address}=${oneWayUs(origin.rttMs)}`),
    `${ADDRESSES.controller}=${oneWayUs(CONTROLLER_RTT_MS)}`,
  ];
  const argv = [
    artifacts.delayRelay,
    ...["-d", oneWayUs(DEFAULT_RTT_MS)],
    ...delays.flatMap((delay) => ["-a", delay]),
    ...["-c", controlPath(lab)],
    ...RELAY_PAIRS.map(([site, internet]) => `${site}:${internet}`),
  ];
  const relay = await ensureProcess(lab, { name: RELAY_PROCESS, ns: "wan", argv });
  await waitReady(lab, relay, "the delay relay is ready", () => logHas(relay, "ready"));
  return relay.started;
}

export async function ensureOrigins(lab: LabContext, artifacts: Artifacts): Promise<boolean> {
  const argv = [process.execPath, artifacts.originServer, lab.paths.originRequestLog];
  const origins = await ensureProcess(lab, { name: ORIGINS_PROCESS, ns: "inet", argv });
  await waitReady(lab, origins, "the origins listen", () => logHas(origins, "ready"));
  return origins.started;
}

/**
 * `lost`: the plug of the edge node's WAN is pulled (no carrier on uplink0 and wan0). `kept`: the
 * fault is further out, the node's links look healthy. S1 and the EPC's own WAN go on in both.
 */
export type UplinkCut = keyof typeof UPLINK_FAR_ENDS;

export async function cutUplink(lab: LabContext, carrier: UplinkCut = "lost"): Promise<void> {
  await setLinks(lab, UPLINK_FAR_ENDS[carrier], "down");
}

/** Resolves when the node sees its carrier again, which the kernel tells up to a second late. */
export async function restoreUplink(lab: LabContext): Promise<void> {
  await setLinks(lab, [...UPLINK_FAR_ENDS.lost, ...UPLINK_FAR_ENDS.kept], "up");
  const carrier = async () => {
    const links = await observeNamespace(lab, "edge");
    return ["uplink0", "wan0"].every((name) => links.get(name)?.carrier === true);
  };
  await waitUntil("the edge node's uplink has a carrier", carrier, { timeoutMs: 5000, signal: lab.signal });
}

export interface UplinkQuality {
  /** Of a thousand frames, either way. */
  readonly lossPermille: number;
  /** More than the distance takes, one way. */
  readonly extraMs: number;
}

/** Makes the node's own way to the controller (uplink0) bad from now on; null: as good as it was. */
export async function degradeUplink(lab: LabContext, quality: UplinkQuality | null): Promise<void> {
  const line =
    quality === null ? "" : `uplink-a ${quality.lossPermille} ${Math.round(quality.extraMs * 1000)}\n`;
  await writeFile(`${controlPath(lab)}.part`, line);
  await rename(`${controlPath(lab)}.part`, controlPath(lab));
  if (await signalProcess(lab, RELAY_PROCESS, "SIGHUP")) return;
  throw new LabError({ code: "lab.process", message: "the delay relay does not run" });
}

const controlPath = (lab: LabContext): string => join(lab.paths.runDir, "uplink.quality");

export async function isUplinkCut(lab: LabContext): Promise<boolean> {
  const links = await observeNamespace(lab, "wan");
  return [...UPLINK_FAR_ENDS.lost, ...UPLINK_FAR_ENDS.kept].some((name) => links.get(name)?.up === false);
}

async function setLinks(lab: LabContext, names: readonly string[], state: "up" | "down"): Promise<void> {
  const input = names.map((name) => `link set ${name} ${state}\n`).join("");
  await runOk(["ip", "-n", netnsName(lab, "wan"), "-batch", "-"], { input, signal: lab.signal });
}
