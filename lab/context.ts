import { join } from "node:path";
import { type ExecOptions, run } from "./command.js";
import type { Namespace } from "./topology.js";

/** Where a lab keeps what it has, by its prefix. All of `runDir` and `stateDir` goes with `down`. */
export interface LabPaths {
  readonly runDir: string;
  readonly stateDir: string;
  /** Built once per checkout and kept: the relay, the origin server, the Squid image. */
  readonly buildDir: string;
  readonly logDir: string;
  readonly processDir: string;
  readonly captureDir: string;
  readonly ovsRunDir: string;
  readonly ovsdbSocket: string;
  readonly vswitchdControl: string;
  readonly dockerSocket: string;
  readonly containerdSocket: string;
  readonly originRequestLog: string;
  /** Held by a running `up` or `down`. */
  readonly lockFile: string;
}

/** What every part of the lab works on. Immutable: the state of a lab is in the kernel and on disk. */
export interface LabContext {
  readonly prefix: string;
  readonly projectRoot: string;
  readonly paths: LabPaths;
  readonly signal: AbortSignal | undefined;
  readonly log: LabLog;
}

/** One line of progress. */
export interface LabEvent {
  readonly step: string;
  readonly state: "done" | "kept" | "failed" | "note";
  readonly ms: number;
  readonly detail: string;
}

export type LabLog = (event: LabEvent) => void;

export function labPaths(prefix: string, projectRoot: string): LabPaths {
  const runDir = join("/run/lightmano-lab", prefix);
  const stateDir = join("/var/lib/lightmano-lab", prefix);
  return {
    runDir,
    stateDir,
    buildDir: join(projectRoot, "build", "lab"),
    logDir: join(runDir, "log"),
    processDir: join(runDir, "processes"),
    captureDir: join(runDir, "captures"),
    ovsRunDir: join(runDir, "ovs"),
    ovsdbSocket: join(runDir, "ovs", "db.sock"),
    vswitchdControl: join(runDir, "ovs", "vswitchd.ctl"),
    dockerSocket: join(runDir, "docker.sock"),
    containerdSocket: join(runDir, "containerd.sock"),
    originRequestLog: join(runDir, "log", "origin-requests.jsonl"),
    lockFile: `${runDir}.lock`,
  };
}

/** Name of a namespace as `ip netns` lists it. */
export function netnsName(lab: Pick<LabContext, "prefix">, ns: Namespace): string {
  return `${lab.prefix}${ns}`;
}

/**
 * Argument vector that runs a program inside a namespace. nsenter, not `ip netns exec`: the latter
 * hides /sys/fs/cgroup behind a new /sys and gives each program mounts of its own, which a dockerd
 * and whoever cleans up after it cannot use. It replaces itself, so the pid is the program's.
 */
export function inNamespace(lab: Pick<LabContext, "prefix">, ns: Namespace, argv: readonly string[]) {
  return ["nsenter", `--net=/run/netns/${netnsName(lab, ns)}`, "--", ...argv];
}

export function runIn(lab: LabContext, ns: Namespace, argv: readonly string[], options: ExecOptions = {}) {
  return run(inNamespace(lab, ns, argv), { signal: lab.signal, ...options });
}

/** Environment entry that marks everything the lab starts, and by inheritance what that starts. */
export function ownershipMark(lab: Pick<LabContext, "paths">): { readonly LIGHTMANO_LAB: string } {
  return { LIGHTMANO_LAB: lab.paths.runDir };
}
