/**
 * What the drivers see of the world, as values. The planner compares this with what is desired. Each
 * driver keeps its part current from events (OVSDB monitor, Docker events, process exits), so that taking
 * a snapshot never waits: a hung dockerd cannot delay the restart of a Click process.
 */
import type { DriverState } from "../../model/messages/node.js";

/** Marks on everything that we make, so that it is found again and nobody else's thing is touched. */
export const OWNER_KEY = "lightmano";

/** A part of the world, or why it cannot be seen now. When not ready, `last` is what was seen last. */
export type View<T> =
  | { readonly state: "ready"; readonly now: T }
  | { readonly state: "starting" | "degraded"; readonly reason: string; readonly last: T | null };

export interface Observed {
  readonly ovs: View<ObservedOvs>;
  readonly docker: View<ObservedDocker>;
  readonly click: View<ObservedClick>;
  readonly link: View<ObservedLinks>;
}

// --- Open vSwitch ------------------------------------------------------------------------------

export interface ObservedOvs {
  readonly version: string | null;
  /** Only bridges that bear our mark, or whose name was asked for. */
  readonly bridges: ReadonlyMap<string, ObservedBridge>;
}

export interface ObservedBridge {
  readonly name: string;
  readonly datapathType: string;
  readonly externalIds: Readonly<Record<string, string>>;
  readonly ports: ReadonlyMap<string, ObservedPort>;
  /** Cookies (`0x…`, 16 hex digits) of the flows on the bridge; null while vswitchd cannot be asked. */
  readonly flowCookies: ReadonlySet<string> | null;
}

export interface ObservedPort {
  readonly name: string;
  /** OpenFlow port number; null while Open vSwitch has not bound the interface. */
  readonly ofport: number | null;
  /** Open vSwitch's own error on the Interface row (no such device, …). */
  readonly error: string | null;
  readonly linkUp: boolean;
  /** 0 or null when the interface behind the row is gone: the row itself stays (testbed notes). */
  readonly ifindex: number | null;
  readonly externalIds: Readonly<Record<string, string>>;
}

/** One OpenFlow flow. `cookie` is a digest of the rest, so equal cookies mean equal flows. */
export interface Flow {
  readonly cookie: string;
  readonly table: number;
  readonly priority: number;
  /** ovs-fields(7) syntax without priority, e.g. `in_port=1,udp,tp_dst=2152`; empty matches all. */
  readonly match: string;
  /** ovs-actions(7) syntax, e.g. `output:3`. */
  readonly actions: string;
}

// --- Docker ------------------------------------------------------------------------------------

export interface ObservedDocker {
  readonly version: string | null;
  /** Containers that bear our label, by function id. */
  readonly containers: ReadonlyMap<string, ObservedContainer>;
}

export interface ObservedContainer {
  readonly containerId: string;
  readonly functionId: string;
  /** Digest of the spec that it was made from. */
  readonly digest: string;
  readonly state: "created" | "running" | "paused" | "restarting" | "exited" | "dead";
  /** Host pid of the first process while running. Together with startedAt it names the network namespace. */
  readonly pid: number | null;
  readonly startedAt: string | null;
  readonly exitCode: number | null;
  readonly error: string | null;
  /** Whether all `readyPorts` of the spec listen (read from /proc/PID/net/tcp*). */
  readonly ready: boolean;
  /** Its process has ended, and Docker has not said so yet: it takes a tenth of a second to tidy up first. */
  readonly ended?: boolean;
}

/** One life of a container, from a start to its end, and its network namespace: which is another after the next start. */
export const lifeOf = ({ pid, startedAt }: Pick<ObservedContainer, "pid" | "startedAt">): string =>
  `${pid}@${startedAt}`;

// --- Click -------------------------------------------------------------------------------------

export interface ObservedClick {
  readonly version: string | null;
  readonly processes: ReadonlyMap<string, ObservedLvnf>;
  /** Ids of functions of which the node has files: script, output, saved state. Also of such as do not run. */
  readonly files: ReadonlySet<string>;
}

export interface ObservedLvnf {
  readonly functionId: string;
  readonly digest: string;
  /** 0: it is the kernel's router. */
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: with the pid it names the process for ever (until reboot). Of the kernel's router: when it was installed. */
  readonly startTicks: number;
  /** starting: spawned, ControlSocket not answering yet. */
  readonly state: "starting" | "running";
  readonly controlSocket: string;
}

// --- Network interfaces ------------------------------------------------------------------------

export interface ObservedLinks {
  /** Names of the interfaces in the node's network namespace. */
  readonly names: ReadonlySet<string>;
}

export type DriverName = keyof Observed;
export type DriverHealth = DriverState;
