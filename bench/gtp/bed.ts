/**
 * Namespaces, veth cables and processes for one measurement, of the lab's own making and with a prefix of their own, gone again when it is over,
 * however it ends; what a killed one left behind goes before the next. The function under test is in `edge`, between the devices `ran`, `core` and
 * `local`; who is at their other ends depends on the bed.
 *
 * There are two cores for all of it. Programs have real-time priority, or else what others run on the machine, a few ms at a time, is most of what
 * is measured; so no load may last much longer than a second or two.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runOk } from "../../lab/command.js";
import { inNamespace, type LabContext, labPaths, netnsName, runIn } from "../../lab/context.js";
import { withLock } from "../../lab/lock.js";
import { ensureNamespaces, removeNamespaces } from "../../lab/namespaces.js";
import { removeFiles, stopAllProcesses } from "../../lab/teardown.js";
import type { Namespace } from "../../lab/topology.js";
import { RuntimeError } from "../click/runtimes.js";

export const PREFIX = "lmbg-";

export interface End {
  readonly ns: Namespace;
  readonly name: string;
  readonly mac: string;
  readonly address?: string;
}

export interface Cable {
  readonly ends: readonly [End, End];
  readonly mtuBytes: number;
}

export const MACS = {
  ue: "02:00:00:00:00:a1",
  ueGateway: "02:00:00:00:00:a2",
  enb: "02:00:00:00:00:b1",
  core: "02:00:00:00:00:b2",
  ran: "02:00:00:00:00:b3",
  local: "02:00:00:00:00:c1",
  server: "02:00:00:00:00:c2",
  /** The example's own address on the local leg. */
  leg: "02:4c:4d:00:00:01",
} as const;

export const ADDRESSES = {
  ue: "172.16.222.3",
  ueGateway: "172.16.222.1",
  enb: "10.9.0.1",
  core: "10.9.0.2",
  /** The far end of the UE's flows, reached by way of `nextHop`. */
  server: "10.20.0.11",
  nextHop: "10.40.0.10",
  leg: "10.40.0.1",
} as const;

export const TEIDS = { up: 0x11, down: 0x22 } as const;

/** The core of whatever is not the function, and the function's. */
export const CORES = { ends: 0, function: 1 } as const;

const outer = (name: string, mac: string): End => ({ ns: "epc", name: `${name}1`, mac });
const edge = (name: string, mac: string): End => ({ ns: "edge", name, mac });
const S1_MTU = 1500;

/** All three far ends in one namespace, for `xdp-flood`. */
export const FLOOD_CABLES: readonly Cable[] = [
  { ends: [outer("ran", MACS.enb), edge("ran", MACS.ran)], mtuBytes: S1_MTU },
  { ends: [outer("core", MACS.core), edge("core", "02:00:00:00:00:b4")], mtuBytes: S1_MTU },
  { ends: [outer("local", MACS.server), edge("local", MACS.local)], mtuBytes: S1_MTU },
];

/**
 *   [ue1] ue0 ── u0 [enb: encapsulator] s1 ── ran [edge: function] local ── local0 [wan: server]
 *                                     core0 ── core
 * What the UE sends fits the tunnel, so that nothing has to be cut: 1500 less 36.
 */
export const TCP_CABLES: readonly Cable[] = [
  {
    ends: [
      { ns: "ue1", name: "ue0", mac: MACS.ue, address: `${ADDRESSES.ue}/24` },
      { ns: "enb", name: "u0", mac: MACS.ueGateway },
    ],
    mtuBytes: S1_MTU - 36,
  },
  { ends: [{ ns: "enb", name: "s1", mac: MACS.enb }, edge("ran", MACS.ran)], mtuBytes: S1_MTU },
  {
    ends: [{ ns: "enb", name: "core0", mac: MACS.core }, edge("core", "02:00:00:00:00:b4")],
    mtuBytes: S1_MTU,
  },
  {
    ends: [
      { ns: "wan", name: "local0", mac: MACS.server, address: `${ADDRESSES.nextHop}/24` },
      edge("local", MACS.local),
    ],
    mtuBytes: S1_MTU,
  },
];

/** Errors: what `use` throws; `lab.busy` when another bench runs; `lab.aborted` when the signal fires. */
export async function withBed<T>(
  root: string,
  signal: AbortSignal,
  cables: readonly Cable[],
  use: (lab: LabContext) => Promise<T>,
): Promise<T> {
  const paths = labPaths(PREFIX, root);
  const lab: LabContext = { prefix: PREFIX, projectRoot: root, paths, signal, log: () => undefined };
  // When the signal has fired, taking away goes on.
  const calm: LabContext = { ...lab, signal: undefined };
  const remove = async (): Promise<void> => {
    await stopAllProcesses(calm);
    await removeNamespaces(calm);
    await removeFiles(calm);
  };
  return withLock(paths.lockFile, async () => {
    await remove();
    try {
      await mkdir(paths.logDir, { recursive: true });
      await ensureNamespaces(lab);
      for (const cable of cables) await lay(lab, cable);
      return await use(lab);
    } finally {
      await remove();
    }
  });
}

async function lay(lab: LabContext, { ends, mtuBytes }: Cable): Promise<void> {
  const words = ({ ns, name, mac }: End) =>
    ["name", name, "netns", netnsName(lab, ns), "mtu", String(mtuBytes), "address", mac] as const;
  const [a, b] = ends;
  await runOk(["ip", "link", "add", ...words(a), "type", "veth", "peer", ...words(b)], {
    signal: lab.signal,
  });
  for (const { ns, name, address } of ends) {
    await ip(lab, ns, "link", "set", name, "up");
    if (address !== undefined) await ip(lab, ns, "addr", "add", address, "dev", name);
  }
}

/** The ways between the UE and the server of `TCP_CABLES`. */
export async function routeEnds(lab: LabContext): Promise<void> {
  await ip(lab, "ue1", "route", "add", "default", "via", ADDRESSES.ueGateway);
  await ip(lab, "ue1", "neigh", "replace", ADDRESSES.ueGateway, "lladdr", MACS.ueGateway, "dev", "ue0");
  await ip(lab, "wan", "addr", "add", `${ADDRESSES.server}/32`, "dev", "lo");
  await ip(lab, "wan", "route", "add", `${ADDRESSES.ue}/32`, "via", ADDRESSES.leg);
  await ip(lab, "wan", "neigh", "replace", ADDRESSES.leg, "lladdr", MACS.leg, "dev", "local0");
}

export async function ip(lab: LabContext, ns: Namespace, ...words: readonly string[]): Promise<void> {
  await runOk(["ip", "-n", netnsName(lab, ns), ...words], { signal: lab.signal });
}

/** `ethtool -K` of a device. A device takes frames from a driver only if its other end has GRO on. */
export async function offload(
  lab: LabContext,
  ns: Namespace,
  device: string,
  ...features: readonly string[]
): Promise<void> {
  await runOk(inNamespace(lab, ns, ["ethtool", "-K", device, ...features]), { signal: lab.signal });
}

/** A program on one core. Of those of one core none takes it from another. */
export const onCore = (core: number, ...argv: readonly string[]): readonly string[] => [
  ...["chrt", "--rr", "1", "taskset", "-c", String(core)],
  ...argv,
];

/** What `xdp-flood` prints. */
export interface Flood {
  readonly sent: number;
  readonly received: number;
  readonly seconds: number;
  /** The last one, in ns. */
  readonly late: number;
  readonly times?: readonly (readonly [number, number, number])[];
}

export interface Load {
  readonly from: string;
  readonly to: string;
  readonly frame: Buffer;
  readonly seconds: number;
  /** Where in the frame a port is that takes so many values. */
  readonly flows?: { readonly offset: number; readonly count: number };
  /** As fast as it goes without. */
  readonly pps?: number;
  /** Where in the frame the time of its sending is put, and where it is looked for. */
  readonly stamp?: readonly [sent: number, received: number];
}

export const floodProgram = (root: string): string => join(root, "build", "click", "xdp-flood");

/** Frames from one far end to another, see bench/gtp/flood.cc. The sender, and what of the sink runs in its time, is on the core of the ends. */
export async function flood(lab: LabContext, load: Load): Promise<Flood> {
  const capture = join(lab.paths.runDir, "frame.pcap");
  await writeFile(capture, pcap(load.frame));
  const { flows = { offset: 0, count: 0 }, pps = 0, stamp } = load;
  const words = [load.from, load.to, load.seconds, capture, flows.offset, flows.count, pps, ...(stamp ?? [])];
  // Above the function's priority: where both are on one core, what is due is sent.
  const argv = ["chrt", "--fifo", "2", "taskset", "-c", String(CORES.ends), floodProgram(lab.projectRoot)];
  const { code, stdout, stderr } = await runIn(lab, "epc", [...argv, ...words.map(String)]);
  if (code !== 0) throw new RuntimeError(stderr.trim());
  return JSON.parse(stdout) as Flood;
}

/** A capture of one frame. */
function pcap(frame: Buffer): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(frame.length, 32);
  header.writeUInt32LE(frame.length, 36);
  return Buffer.concat([header, frame]);
}
