/** An emulated site as one object. All its state is in the kernel and on disk, so any process may hold one. */
import { mkdir } from "node:fs/promises";
import { findProjectRoot } from "./artifacts.js";
import { bringUp, takeDown, type UpOptions } from "./bring-up.js";
import { type Capture, startCapture } from "./capture.js";
import type { ExecOptions, ExecResult } from "./command.js";
import { type LabContext, type LabLog, type LabPaths, labPaths, netnsName, runIn } from "./context.js";
import { ensureDocker, isDockerRunning, killDockerd, stopDocker } from "./docker.js";
import { LabError } from "./errors.js";
import { type FetchOptions, type FetchResult, fetchPage } from "./fetch.js";
import { type PdpContext, pdpContexts } from "./ggsn-console.js";
import { attachUe, detachUe, type UeAttachment, ueAddress } from "./mobile.js";
import { type OriginRequest, readOriginRequests } from "./origin-requests.js";
import { ORIGINS, type Origin } from "./origins.js";
import {
  bridgeS1Directly,
  ensureOvs,
  isOvsRunning,
  killVswitchd,
  ovsOfctl,
  ovsVsctl,
  stopOvs,
  unbridgeS1,
} from "./ovs.js";
import { cutPower, forgetMemory } from "./power.js";
import {
  endProcess,
  findProcess,
  type ProcessRecord,
  type StopOptions,
  sendSignal,
  startProcess,
  stopProcess,
} from "./processes.js";
import { isAlive } from "./procfs.js";
import { type LabStatus, observeStatus, requireNamespaces } from "./status.js";
import { ADDRESSES, type LabAddresses, type Namespace, type UeName } from "./topology.js";
import { waitUntil } from "./wait.js";
import { cutUplink, degradeUplink, restoreUplink, type UplinkCut, type UplinkQuality } from "./wan.js";

export interface LabOptions {
  /**
   * Of the namespaces' names; default `lm-`. Labs with different prefixes live side by side. At most 12
   * small letters, digits and hyphens, a letter first.
   */
  readonly prefix?: string;
  /** The checkout; default: found from this file. */
  readonly projectRoot?: string;
  readonly log?: LabLog;
  readonly signal?: AbortSignal;
}

export interface SpawnOptions {
  /** Unique in the lab; also the name of the log. A live process of this name is an error. */
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly logPath?: string;
}

/** A program that `down` ends if nobody did before. */
export interface LabProcess extends ProcessRecord {
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): boolean;
  /** SIGTERM, then SIGKILL after `graceMs` (3000); resolves when it is gone. */
  stop(options?: StopOptions): Promise<void>;
  waitExit(timeoutMs: number): Promise<void>;
}

/** One of the edge node's two services, to be stopped, killed and brought back by tests. */
export interface LabService {
  start(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** SIGKILL, as a crash; true when it ran. */
  kill(): Promise<boolean>;
  isRunning(): Promise<boolean>;
}

export interface Lab {
  readonly prefix: string;
  readonly paths: LabPaths;
  readonly addresses: LabAddresses;
  readonly origins: readonly Origin[];
  /** Name of a namespace for `ip netns`: `edge` → `lm-edge`. */
  netns(ns: Namespace): string;
  up(options?: UpOptions): Promise<void>;
  down(): Promise<void>;
  status(): Promise<LabStatus>;

  exec(ns: Namespace, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  spawn(ns: Namespace, argv: readonly string[], options: SpawnOptions): Promise<LabProcess>;
  /** One of the lab's programs that runs, by its name (`ovs-vswitchd`, `dockerd`, `agent`, …). */
  findProcess(name: string): Promise<ProcessRecord | undefined>;
  /** SIGKILL; true when it ran. */
  killProcess(name: string): Promise<boolean>;
  fetch(ns: Namespace, url: string, options?: FetchOptions): Promise<FetchResult>;
  capture(ns: Namespace, iface: string, filter?: string): Promise<Capture>;

  attachUe(ue: UeName, timeoutMs?: number): Promise<UeAttachment>;
  detachUe(ue: UeName): Promise<boolean>;
  ueAddress(ue: UeName): Promise<string | undefined>;
  pdpContexts(): Promise<readonly PdpContext[]>;
  originRequests(): Promise<readonly OriginRequest[]>;

  bridgeS1Directly(): Promise<void>;
  unbridgeS1(): Promise<void>;
  cutUplink(carrier?: UplinkCut): Promise<void>;
  restoreUplink(): Promise<void>;
  /** Loss and delay on uplink0, either way; null: as it was. */
  degradeUplink(quality: UplinkQuality | null): Promise<void>;

  /** Every process of the edge node ends at once. What lay in memory is still there until `forgetMemory`. */
  cutPower(): Promise<void>;
  /** What a boot finds empty is emptied: run directories, mounts, interfaces that were made on the node. */
  forgetMemory(): Promise<void>;

  readonly ovs: LabService & {
    vsctl(...words: readonly string[]): Promise<ExecResult>;
    ofctl(...words: readonly string[]): Promise<ExecResult>;
  };
  readonly docker: LabService;
}

/**
 * Does nothing yet but find its paths; `up()` makes the site, or repairs what is missing of it.
 * Errors: `lab.usage` when the prefix is not one.
 */
export async function createLab(options: LabOptions = {}): Promise<Lab> {
  const prefix = checkedPrefix(options.prefix ?? "lm-");
  const projectRoot = options.projectRoot ?? (await findProjectRoot());
  const paths = labPaths(prefix, projectRoot);
  const lab: LabContext = {
    prefix,
    projectRoot,
    paths,
    signal: options.signal,
    log: options.log ?? (() => undefined),
  };
  return {
    prefix,
    paths,
    addresses: ADDRESSES,
    origins: ORIGINS,
    netns: (ns) => netnsName(lab, ns),
    up: (upOptions) => bringUp(lab, upOptions),
    down: () => takeDown(lab),
    status: () => observeStatus(lab),

    exec: (ns, argv, execOptions) => runIn(lab, ns, argv, execOptions),
    spawn: (ns, argv, spawnOptions) => spawnInLab(lab, ns, argv, spawnOptions),
    findProcess: (name) => findProcess(lab, name),
    killProcess: (name) => stopProcess(lab, name, { signal: "SIGKILL" }),
    fetch: (ns, url, fetchOptions) => fetchPage(lab, ns, url, fetchOptions),
    capture: (ns, iface, filter) => startCapture(lab, ns, iface, filter),

    attachUe: (ue, timeoutMs) => attachUe(lab, ue, timeoutMs === undefined ? {} : { timeoutMs }),
    detachUe: (ue) => detachUe(lab, ue),
    ueAddress: (ue) => ueAddress(lab, ue),
    pdpContexts: () => pdpContexts(lab),
    originRequests: () => readOriginRequests(paths.originRequestLog),

    bridgeS1Directly: () => bridgeS1Directly(lab),
    unbridgeS1: () => unbridgeS1(lab),
    cutUplink: (carrier) => cutUplink(lab, carrier),
    restoreUplink: () => restoreUplink(lab),
    degradeUplink: (quality) => degradeUplink(lab, quality),

    cutPower: () => cutPower(lab),
    forgetMemory: () => forgetMemory(lab),

    ovs: {
      ...service({
        start: () => ensureOvs(lab),
        stop: () => stopOvs(lab),
        kill: () => killVswitchd(lab),
        isRunning: () => isOvsRunning(lab),
      }),
      vsctl: (...words) => ovsVsctl(lab, ...words),
      ofctl: (...words) => ovsOfctl(lab, ...words),
    },
    docker: service({
      start: () => ensureDocker(lab),
      stop: () => stopDocker(lab),
      kill: () => killDockerd(lab),
      isRunning: () => isDockerRunning(lab),
    }),
  };
}

/** It becomes part of folders that `down` removes, of control groups, and of socket paths, which must be short. */
function checkedPrefix(prefix: string): string {
  if (/^[a-z][a-z0-9-]{0,11}$/.test(prefix)) return prefix;
  throw new LabError({
    code: "lab.usage",
    message: `"${prefix}" cannot be the prefix of a lab`,
    hint: "use at most 12 small letters, digits and hyphens, a letter first, as lm2-",
  });
}

function service(parts: {
  start: () => Promise<boolean>;
  stop: () => Promise<void>;
  kill: () => Promise<boolean>;
  isRunning: () => Promise<boolean>;
}): LabService {
  const start = async () => {
    await parts.start();
  };
  const restart = async () => {
    await parts.stop();
    await start();
  };
  return { start, restart, stop: parts.stop, kill: parts.kill, isRunning: parts.isRunning };
}

async function spawnInLab(
  lab: LabContext,
  ns: Namespace,
  argv: readonly string[],
  options: SpawnOptions,
): Promise<LabProcess> {
  requireNamespaces(lab);
  if ((await findProcess(lab, options.name)) !== undefined) {
    throw new LabError({ code: "lab.busy", message: `a process "${options.name}" runs in the lab already` });
  }
  await mkdir(lab.paths.logDir, { recursive: true });
  const record = await startProcess(lab, { ns, argv, ...options });
  const isRunning = () => isAlive(record.pid, record.startTime);
  return {
    ...record,
    isRunning,
    signal: (signal) => isRunning() && sendSignal(record.pid, signal),
    async stop(stopOptions) {
      await endProcess(record, stopOptions);
      await stopProcess(lab, record.name, stopOptions);
    },
    async waitExit(timeoutMs) {
      await waitUntil(`${record.name} ends`, () => !isRunning(), { timeoutMs, signal: lab.signal });
    },
  };
}
