/**
 * One TCP connection of a UE with a server at the edge, through the breakout: by lclick with and without GSO, by its fast path, by Open vSwitch's
 * `gtpu` port, and without a function or a tunnel, by kernels that forward in the encapsulator's and the function's place.
 *
 * UE and encapsulator have one core, function and server the other, in each case; the figures are what two cores do with all of it. So each
 * also says what the CPU time of function and encapsulator alone would allow.
 */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { run, runOk } from "../../lab/command.js";
import { inNamespace, type LabContext, runIn } from "../../lab/context.js";
import { startProcess } from "../../lab/processes.js";
import { waitUntil } from "../../lab/wait.js";
import { RuntimeError } from "../click/runtimes.js";
import type { Result } from "../result.js";
import { ADDRESSES, CORES, ip, MACS, offload, onCore, routeEnds, TCP_CABLES, withBed } from "./bed.js";
import { startBreakout } from "./breakout.js";
import { startEncapsulator, startKernelEncapsulator } from "./encapsulator.js";
import { startGtpuSwitch } from "./gtpu-switch.js";
import { Table } from "./rounds.js";

const DIRECTIONS = ["up", "down"] as const;
type Direction = (typeof DIRECTIONS)[number];

/** What the function's and the encapsulator's CPU times are read of. */
interface Path {
  readonly function?: number;
  readonly encapsulator?: number;
}

/** Each makes a whole path of the bed. */
const PATHS: Readonly<Record<string, (lab: LabContext) => Promise<Path>>> = {
  plain: forwarded,
  single: async (lab) => {
    for (const [ns, device] of [
      ["ue1", "ue0"],
      ["wan", "local0"],
    ] as const)
      await offload(lab, ns, device, "tso", "off", "gso", "off");
    return forwarded(lab);
  },
  lclick: async (lab) => breakoutPath(lab, "off", false),
  gso: async (lab) => breakoutPath(lab, "off", true),
  fast: async (lab) => {
    // What the fast path sends to the far ends they must take from a driver.
    for (const [ns, device] of [
      ["enb", "s1"],
      ["enb", "core0"],
      ["wan", "local0"],
    ] as const)
      await offload(lab, ns, device, "gro", "on");
    // What its CPU time says would be nothing: programs in the kernel run in the time of who sends.
    const { encapsulator = 0 } = await breakoutPath(lab, "native", true, false);
    return { encapsulator };
  },
  // At traffic control. What it wraps is cut by the kernel before the RAN's device, and the UE sends packets, as by radio.
  tc: async (lab) => {
    await offload(lab, "ue1", "ue0", "gro", "on", "tso", "off", "gso", "off");
    await offload(lab, "wan", "local0", "gro", "on");
    const breakout = await startBreakout(lab, { parameters: { FASTPATH: "tc" } });
    breakout.control.close();
    await startKernelEncapsulator(lab);
    return {};
  },
  // And is not, on the same machine as an eNB that has them whole likewise.
  whole: async (lab) => {
    const breakout = await startBreakout(lab, { parameters: { FASTPATH: "tc", FASTPATH_SUPER: "whole" } });
    breakout.control.close();
    await startKernelEncapsulator(lab);
    return {};
  },
  ovs: async (lab) => {
    // Its userspace datapath passes neither partial checksums nor frames that wait to be cut.
    await offload(lab, "wan", "local0", "tx", "off");
    const ovs = await startGtpuSwitch(lab);
    const encapsulator = await startEncapsulator(lab, false);
    encapsulator.control.close();
    return { function: ovs.pid, encapsulator: encapsulator.process.pid };
  },
};

/** The same namespaces and cables, and in each of the two between the ends the kernel forwards. */
async function forwarded(lab: LabContext): Promise<Path> {
  await ip(lab, "enb", "addr", "add", `${ADDRESSES.ueGateway}/24`, "dev", "u0");
  await ip(lab, "enb", "addr", "add", `${ADDRESSES.enb}/24`, "dev", "s1");
  await ip(lab, "enb", "route", "add", "default", "via", ADDRESSES.core);
  await ip(lab, "edge", "addr", "add", `${ADDRESSES.core}/24`, "dev", "ran");
  await ip(lab, "edge", "addr", "add", `${ADDRESSES.leg}/24`, "dev", "local");
  await ip(lab, "edge", "route", "add", `${ADDRESSES.ue}/32`, "via", ADDRESSES.enb);
  await ip(lab, "edge", "route", "add", `${ADDRESSES.server}/32`, "via", ADDRESSES.nextHop);
  await ip(lab, "wan", "neigh", "replace", ADDRESSES.leg, "lladdr", MACS.local, "dev", "local0");
  for (const ns of ["enb", "edge"] as const) {
    const forward = inNamespace(lab, ns, ["tee", "/proc/sys/net/ipv4/ip_forward"]);
    await runOk(forward, { input: "1", signal: lab.signal });
  }
  return {};
}

async function breakoutPath(
  lab: LabContext,
  fastPath: string,
  encapsulatorGso: boolean,
  gso = encapsulatorGso,
): Promise<Path> {
  const breakout = await startBreakout(lab, { gso, parameters: { FASTPATH: fastPath } });
  const encapsulator = await startEncapsulator(lab, encapsulatorGso);
  breakout.control.close();
  encapsulator.control.close();
  return { function: breakout.process.pid, encapsulator: encapsulator.process.pid };
}

/** CPU time of a process and its threads in ns, as the scheduler counts it (proc(5), schedstat). */
function cpuNs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const ns = (thread: string): number =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "latin1").split(" ")[0]);
  return threads.reduce((sum, thread) => sum + ns(thread), 0);
}

interface Transfer {
  readonly gbps: number;
  /** Gb/s that a whole core would do, of what each took of one. */
  readonly functionGbps?: number;
  readonly encapsulatorGbps?: number;
}

/** What of iperf3's report is read; without an end if it came to none, which its exit code need not say. */
interface Report {
  readonly error?: string;
  readonly end?: { readonly sum_received?: { readonly bits_per_second: number; readonly bytes: number } };
}

const CLIENT = onCore(CORES.ends, "iperf3", "-c", ADDRESSES.server, "-p", "80");

/** One measurement; undefined with the reason in `failures` when iperf3 came to no end. */
async function attempt(
  lab: LabContext,
  path: Path,
  direction: Direction,
  seconds: number,
  failures: string[],
): Promise<Transfer | undefined> {
  const cpu = (pid: number | undefined): number => (pid === undefined ? Number.NaN : cpuNs(pid));
  const before = { function: cpu(path.function), encapsulator: cpu(path.encapsulator) };
  // Cubic on every machine: some have another default, whose pacing is measured then.
  const words = ["-J", "-C", "cubic", "-t", String(seconds), ...(direction === "down" ? ["-R"] : [])];
  const timeoutMs = 20_000 + seconds * 1000;
  const { stdout, stderr } = await runIn(lab, "ue1", [...CLIENT, ...words], { timeoutMs });
  const report = stdout === "" ? undefined : (JSON.parse(stdout) as Report);
  const received = report?.end?.sum_received;
  if (received === undefined) {
    failures.push(report?.error ?? stderr);
    return undefined;
  }
  const bits = received.bytes * 8;
  const each = (pid: number | undefined, from: number) =>
    pid === undefined ? undefined : bits / (cpuNs(pid) - from);
  const [functionGbps, encapsulatorGbps] = [
    each(path.function, before.function),
    each(path.encapsulator, before.encapsulator),
  ];
  return {
    gbps: received.bits_per_second / 1e9,
    ...(functionGbps !== undefined && { functionGbps }),
    ...(encapsulatorGbps !== undefined && { encapsulatorGbps }),
  };
}

/** Its server may still be at the last transfer, or give one up on a machine with much else to do: a second and a third try, then it is an error. */
async function transfer(
  lab: LabContext,
  path: Path,
  direction: Direction,
  seconds: number,
): Promise<Transfer> {
  const failures: string[] = [];
  while (failures.length < 3) {
    const measured = await attempt(lab, path, direction, seconds, failures);
    if (measured !== undefined) return measured;
    await delay(200, undefined, { signal: lab.signal });
  }
  throw new RuntimeError(`iperf3: ${failures.join("; ")}`);
}

async function ends(lab: LabContext): Promise<void> {
  await routeEnds(lab);
  await startProcess(lab, {
    name: "iperf3",
    ns: "wan",
    argv: onCore(CORES.function, "iperf3", "-s", "-p", "80"),
  });
}

const through = (
  root: string,
  signal: AbortSignal,
  build: (lab: LabContext) => Promise<Path>,
  seconds: number,
): Promise<Readonly<Record<Direction, Transfer>>> =>
  withBed(root, signal, TCP_CABLES, async (lab) => {
    await ends(lab);
    const path = await build(lab);
    const passes = async (): Promise<boolean> =>
      (await runIn(lab, "ue1", [...CLIENT, "--connect-timeout", "500", "-n", "100K"])).code === 0;
    await waitUntil("a first transfer passes", passes, { timeoutMs: 20_000, signal });
    const up = await transfer(lab, path, "up", seconds);
    return { up, down: await transfer(lab, path, "down", seconds) };
  });

const NOTES: Readonly<Record<string, string>> = {
  plain: "limit: no tunnel, kernels forward in the place of encapsulator and function; GSO on",
  single: "the same with GSO off at the ends: each packet by itself, as in a tunnel",
  lclick: "as the agent runs it; GSO on at the ends",
  gso: "with ToDevice's GSO: super frames on the local leg and, of packets each with its headers, in the tunnel",
  fast: "native: senders to it make no super frames, and do its work in their time, on the core of the ends",
  tc: "at traffic control: super frames are wrapped whole, and cut before the RAN's device; an eNB in the kernel",
  whole:
    "at traffic control, super frames stay whole in the tunnel, as on plain veth; an eNB in the kernel that has them so, too",
  ovs: "Open vSwitch 3.1, userspace datapath, without offloads",
};

/** Names: `gtp.tcp.PATH.DIRECTION` (Gb/s), `….ratio` to plain, `….core` of the function (Gb/s), `gtp.tcp.encapsulator.PATH.DIRECTION.core`. */
export async function tcpResults(
  root: string,
  signal: AbortSignal,
  rounds: number,
  seconds: number,
  say: (line: string) => void,
): Promise<readonly Result[]> {
  for (const program of ["iperf3", "chrt", "taskset"])
    if ((await run([program, "--version"]).catch(() => undefined)) === undefined) {
      say(`tcp left out: needs ${program}`);
      return [];
    }
  const hasOvs = (await run(["ovs-vswitchd", "--version"]).catch(() => undefined)) !== undefined;
  if (!hasOvs) say("tcp through Open vSwitch left out: needs ovs-vswitchd");
  const table = new Table();
  for (let round = 0; round < rounds; round++) {
    let plain: Readonly<Record<Direction, Transfer>> | undefined;
    for (const [name, build] of Object.entries(PATHS)) {
      if (name === "ovs" && !hasOvs) continue;
      const measured = await through(root, signal, build, seconds);
      plain ??= measured;
      for (const direction of DIRECTIONS) {
        const { gbps, functionGbps, encapsulatorGbps } = measured[direction];
        table.add(`gtp.tcp.${name}.${direction}`, gbps);
        if (name !== "plain") table.add(`gtp.tcp.${name}.${direction}.ratio`, gbps / plain[direction].gbps);
        if (functionGbps !== undefined) table.add(`gtp.tcp.${name}.${direction}.core`, functionGbps);
        if (encapsulatorGbps !== undefined)
          table.add(`gtp.tcp.encapsulator.${name}.${direction}.core`, encapsulatorGbps);
      }
    }
  }
  return table.results(
    (name) => (name.endsWith(".ratio") ? "×" : "Gb/s"),
    (name) =>
      name.endsWith(".ratio")
        ? "against plain, round by round"
        : name.endsWith(".core")
          ? "what its CPU time would allow with a core to itself"
          : NOTES[name.split(".")[2] ?? ""],
  );
}
