/**
 * Forwarding from one veth to another, by METHOD of FromDevice and ToDevice, beside the kernel's own redirect between the
 * same two: rate, and CPU time a packet of the forwarding process. In namespaces of its own; load and device under
 * test have a core each; lclick is confined, as the agent starts it. The load generator is `veth/vethload.cc`.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { processStats } from "../../agent/drivers/proc.js";
import type { Result } from "../result.js";
import type { Runtime } from "./configurations.js";
import { exited, type Program, RuntimeError, untilGreeting } from "./runtimes.js";
import { Table } from "./vethtable.js";

const execute = promisify(execFile);

const SIZES = [64, 1400] as const;

/** What is asked of each runtime. Click's PCAP needs a Click that was built with libpcap; what a runtime refuses is said. */
const METHODS: Readonly<Record<Runtime, readonly string[]>> = {
  lclick: ["default", "LINUX", "PACKET_MMAP", "AF_XDP"],
  click: ["LINUX", "PCAP"],
  fastclick: ["LINUX", "PCAP"],
};

/** What the load generator is told of its frames; without, 64 flows in turn, all numbered 0 and without UDP checksums. */
const TRAFFIC = {
  turns: [],
  run: ["--run", "32"],
  connected: ["--like", "connected"],
  probing: ["--like", "probing"],
} as const satisfies Record<string, readonly string[]>;

type Traffic = keyof typeof TRAFFIC;

/** lclick's default METHOD with ToDevice's GSO, by the name of its lines, and without it where that is not among METHODS: the load must be such
 * that it may be put together. Of 64 flows in turn there are some frames each only where many gather: in a burst of 512, for at most a quarter of
 * a millisecond (COALESCE), which is a latency that the METHODs' lines do not have. */
const GSO = [
  { name: "run.gso", gso: "auto", burst: 32, traffic: "run" },
  { name: "run.default", gso: "false", burst: 32, traffic: "run" },
  { name: "connected", gso: "auto", burst: 512, coalesceUs: 250, traffic: "connected" },
  { name: "probing", gso: "atomic", burst: 512, coalesceUs: 250, traffic: "probing" },
  { name: "summed", gso: "summed", burst: 512, coalesceUs: 250, traffic: "turns" },
] as const satisfies readonly (Way & { readonly name: string })[];

/** The same text for every runtime; a METHOD `default` is left to it. */
interface Way {
  readonly method?: string;
  readonly gso?: string;
  readonly burst?: number;
  /** FromDevice's COALESCE; its own if not told. */
  readonly coalesceUs?: number;
  readonly traffic?: Traffic;
}

function forwarder({ method = "default", gso, burst = 32, coalesceUs }: Way): string {
  const chosen = method === "default" ? "" : `, METHOD ${method}`;
  const send = gso !== undefined ? `, GSO ${gso}` : method === "PCAP" ? "" : chosen;
  const gather = coalesceUs === undefined ? "" : `, COALESCE ${coalesceUs}`;
  return `FromDevice(in0${chosen}, PROMISC true, SNIFFER false, BURST ${burst}${gather}) -> Queue(4096) -> ToDevice(out0${send}, BURST ${burst});`;
}

/** One run of the load generator; `cpu_us_per_packet` where it was told a process. */
interface Load {
  readonly received_kpps: number;
  readonly cpu_us_per_packet?: number;
  /** Of that what is the device's that receives what was sent: on a veth its stack runs in the sender's time. */
  readonly softirq_us_per_packet?: number;
}

interface Bed {
  readonly folder: string;
  readonly load: string;
  readonly device: string;
}

const inNamespace = (namespace: string, ...command: readonly string[]): readonly string[] => [
  "netns",
  "exec",
  namespace,
  ...command,
];

async function ip(...args: readonly string[]): Promise<void> {
  await execute("ip", args);
}

/** The load's namespace has s0 and r0, the device under test's in0 and out0: s0–in0 and out0–r0 are pairs. */
async function build(bed: Bed, root: string): Promise<void> {
  const source = join(root, "bench", "click", "veth", "vethload.cc");
  await execute("g++", ["-O2", "-std=c++17", "-o", join(bed.folder, "vethload"), source]);
  for (const namespace of [bed.load, bed.device]) {
    await ip("netns", "add", namespace);
    await ip(...inNamespace(namespace, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1"));
  }
  for (const [outside, inside] of [
    ["s0", "in0"],
    ["r0", "out0"],
  ] as const) {
    await ip("-n", bed.load, "link", "add", outside, "type", "veth", "peer", inside, "netns", bed.device);
    await ip("-n", bed.load, "link", "set", outside, "up");
    await ip("-n", bed.device, "link", "set", inside, "up");
  }
}

async function remove(bed: Bed): Promise<void> {
  // Their devices go with them. One that was not made is no reason not to remove the other.
  await Promise.allSettled([bed.load, bed.device].map((namespace) => ip("netns", "delete", namespace)));
  await rm(bed.folder, { recursive: true, force: true });
}

async function load(
  bed: Bed,
  bytes: number,
  seconds: number,
  pid?: number,
  traffic: Traffic = "turns",
): Promise<Load> {
  const { stdout } = await execute("ip", [
    ...inNamespace(bed.load, "taskset", "-c", "0", join(bed.folder, "vethload")),
    ...["--out", "s0", "--in", "r0", "--size", String(bytes), "--seconds", String(seconds)],
    ...TRAFFIC[traffic],
    ...(pid === undefined ? [] : ["--pid", String(pid)]),
  ]);
  return JSON.parse(stdout) as Load;
}

/** The limit: the kernel itself hands on what comes in. */
async function redirected(bed: Bed, bytes: number, seconds: number): Promise<number> {
  const tc = (...args: readonly string[]): Promise<unknown> =>
    execute("ip", [...inNamespace(bed.device, "tc", ...args)]);
  await tc("qdisc", "add", "dev", "in0", "clsact");
  try {
    const all = ["protocol", "all", "u32", "match", "u32", "0", "0"];
    await tc(
      "filter",
      "add",
      "dev",
      "in0",
      "ingress",
      ...all,
      "action",
      "mirred",
      "egress",
      "redirect",
      "dev",
      "out0",
    );
    return (await load(bed, bytes, seconds)).received_kpps;
  } finally {
    await tc("qdisc", "del", "dev", "in0", "clsact");
  }
}

async function pssMB(pid: number): Promise<number> {
  return ((await processStats(pid))?.memoryBytes ?? Number.NaN) / 1e6;
}

interface Forwarded {
  readonly kpps: number;
  readonly cpuUs: number;
  readonly softirqUs: number;
  /** Before any traffic, and after all of it. */
  readonly pssMB: readonly [number, number];
}

async function forwarded(
  bed: Bed,
  { path, runtime }: Program,
  way: Way,
  bytes: number,
  seconds: number,
): Promise<Forwarded> {
  const socket = join(bed.folder, "control");
  const confinement = runtime === "lclick" ? ["--seccomp=on"] : [];
  const child: ChildProcess = spawn(
    "ip",
    [
      ...inNamespace(
        bed.device,
        "taskset",
        "-c",
        "1",
        path,
        ...confinement,
        "-u",
        socket,
        "-e",
        forwarder(way),
      ),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  try {
    await once(child, "spawn");
    await untilGreeting(child, socket).catch((error: unknown) => {
      throw new RuntimeError(
        `${path}, METHOD ${way.method ?? "default"}: ${errors.trim() || String(error)}`,
        {
          cause: error,
        },
      );
    });
    const pid = child.pid ?? 0;
    const before = await pssMB(pid);
    await load(bed, bytes, seconds / 4, pid, way.traffic); // what changes its way under load has changed it then
    const measured = await load(bed, bytes, seconds, pid, way.traffic);
    return {
      kpps: measured.received_kpps,
      cpuUs: measured.cpu_us_per_packet ?? Number.NaN,
      softirqUs: measured.softirq_us_per_packet ?? Number.NaN,
      pssMB: [before, await pssMB(pid)],
    };
  } finally {
    child.kill("SIGTERM");
    await exited(child);
    await rm(socket, { force: true });
  }
}

/**
 * `rounds` times in turn: the limit, then each program by each of its METHODs, `seconds` each, at 64 and 1400 bytes.
 * Names: `veth.limit.BYTES`, `veth.METHOD.BYTES.RUNTIME` (kpps) and the same with `.cpu` (µs a packet),
 * `veth.run.gso.BYTES.lclick` and `veth.run.default.BYTES.lclick` (with `.cpu`): runs of a flow that GSO may put together, with and without it, and
 * `veth.run.METHOD.BYTES.RUNTIME` of the others; `veth.ratio.run.cpu.BYTES` is of these;
 * `veth.connected.BYTES.lclick` and `veth.probing.BYTES.lclick`: 64 flows in turn, numbered and summed as the kernel's sockets do it, with `GSO auto` and
 * `GSO atomic`; `veth.summed.BYTES.lclick`: the very frames of the METHODs' lines with `GSO summed`. Each of these three has a `veth.ratio.NAME.rate.BYTES`, `veth.ratio.NAME.cpu.BYTES` and `.own`.
 * Of the CPU time, `.cpu.own` leaves the softirqs out, sampled by the kernel's ticks. `veth.ratio.rate.BYTES`, `veth.ratio.cpu.BYTES`, `veth.ratio.cpu.own.BYTES`, `pss.forwarder.RUNTIME` (idle), `pss.loaded.RUNTIME` (after load). `say` is told what a runtime refused.
 * Errors: what fails to be set up is thrown; a METHOD that lclick refuses is a `RuntimeError`.
 */
export async function vethResults(
  root: string,
  programs: readonly Program[],
  rounds: number,
  seconds: number,
  say: (line: string) => void,
): Promise<readonly Result[]> {
  const id = process.pid;
  const folder = await mkdtemp(join(tmpdir(), "bench-veth-"));
  const bed: Bed = { folder, load: `lmbench-load-${id}`, device: `lmbench-dut-${id}` };
  const table = new Table();
  const refused = new Set<string>();
  try {
    await build(bed, root);
    for (let round = 0; round < rounds; round++)
      for (const bytes of SIZES) {
        const limit = await redirected(bed, bytes, seconds);
        for (const program of programs.filter(({ runtime }) => runtime === "lclick")) {
          const cpu = new Map<string, number>();
          for (const way of GSO) {
            const { kpps, cpuUs, softirqUs } = await forwarded(bed, program, way, bytes, seconds);
            table.add(`veth.${way.name}.${bytes}.lclick`, kpps);
            table.add(`veth.${way.name}.${bytes}.lclick.cpu`, cpuUs);
            cpu.set(way.name, cpuUs);
            if (way.traffic === "run") continue;
            table.add(`veth.${way.name}.${bytes}.lclick.cpu.own`, cpuUs - softirqUs);
            table.add(`veth.ratio.${way.name}.rate.${bytes}`, kpps / limit);
          }
          table.add(
            `veth.run.ratio.cpu.${bytes}`,
            (cpu.get("run.gso") ?? Number.NaN) / (cpu.get("run.default") ?? Number.NaN),
          );
        }
        table.add(`veth.limit.${bytes}`, limit);
        for (const program of programs)
          for (const method of METHODS[program.runtime]) {
            const key = `${method}.${program.runtime}`;
            if (refused.has(key)) continue;
            try {
              const { kpps, cpuUs, softirqUs, pssMB } = await forwarded(
                bed,
                program,
                { method },
                bytes,
                seconds,
              );
              const name = `veth.${method}.${bytes}.${program.runtime}`;
              table.add(name, kpps);
              table.add(`${name}.cpu`, cpuUs);
              table.add(`${name}.cpu.own`, cpuUs - softirqUs);
              if (method === "default" || (method === "LINUX" && program.runtime !== "lclick")) {
                table.add(`pss.forwarder.${program.runtime}`, pssMB[0]);
                table.add(`pss.loaded.${program.runtime}`, pssMB[1]);
              }
              if (key === "default.lclick") table.add(`veth.ratio.rate.${bytes}`, kpps / limit);
              if (program.runtime === "lclick") continue;
              const runs = await forwarded(bed, program, { method, traffic: "run" }, bytes, seconds);
              table.add(`veth.run.${method}.${bytes}.${program.runtime}`, runs.kpps);
              table.add(`veth.run.${method}.${bytes}.${program.runtime}.cpu`, runs.cpuUs);
            } catch (error) {
              if (!(error instanceof RuntimeError) || program.runtime === "lclick") throw error;
              refused.add(key);
              say(`left out: ${error.message.split("\n").slice(0, 2).join(" ")}`);
            }
          }
      }
  } finally {
    await remove(bed);
  }
  for (const bytes of SIZES) {
    const medians = (before: string, after: string): readonly number[] =>
      (["click", "fastclick"] as const).flatMap((runtime) =>
        METHODS[runtime].flatMap(
          (method) => table.median(`${before}.${method}.${bytes}.${runtime}.${after}`) ?? [],
        ),
      );
    const [ourRuns, theirRuns] = [
      table.median(`veth.run.gso.${bytes}.lclick.cpu`),
      medians("veth.run", "cpu"),
    ];
    if (ourRuns !== undefined && theirRuns.length > 0)
      table.add(`veth.ratio.run.cpu.${bytes}`, ourRuns / Math.min(...theirRuns));
    for (const which of ["cpu", "cpu.own"]) {
      const others = medians("veth", which);
      for (const [name, ratio] of [
        ["default", ""],
        ...GSO.filter(({ traffic }) => traffic !== "run").map(({ name }) => [name, `${name}.`] as const),
      ] as const) {
        const ours = table.median(`veth.${name}.${bytes}.lclick.${which}`);
        if (ours !== undefined && others.length > 0)
          table.add(`veth.ratio.${ratio}${which}.${bytes}`, ours / Math.min(...others));
      }
    }
  }
  return table.results();
}
