/**
 * Packets a second between veth devices, by flood: the breakout by lclick and by its fast path (fastpath.py, which makes its devices itself), by Open
 * vSwitch's `gtpu` port, and with nothing between the devices (XDP_REDIRECT, and no tunnel taken off), which is the limit.
 */
import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { run } from "../../lab/command.js";
import { inNamespace, type LabContext } from "../../lab/context.js";
import { RuntimeError } from "../click/runtimes.js";
import type { Result } from "../result.js";
import { CORES, FLOOD_CABLES, flood, floodProgram, type Load, offload, onCore, withBed } from "./bed.js";
import { LEG, PORT_AT, UP } from "./frames.js";
import { startGtpuSwitch } from "./gtpu-switch.js";
import { Table } from "./rounds.js";

const MODES = ["off", "generic", "tc", "native"] as const;
const FLOWS = 1000;

export type Rates = Readonly<Record<string, number>>;

/** A bed for floods: every device takes frames from a driver. */
export const withFloodBed = <T>(
  root: string,
  signal: AbortSignal,
  use: (lab: LabContext) => Promise<T>,
): Promise<T> =>
  withBed(root, signal, FLOOD_CABLES, async (lab) => {
    for (const device of ["ran", "core", "local"]) {
      await offload(lab, "edge", device, "gro", "on");
      await offload(lab, "epc", `${device}1`, "gro", "on");
    }
    return use(lab);
  });

/** With nothing between RAN and local leg, as long as `use` lasts. */
export async function joined<T>(lab: LabContext, use: () => Promise<T>): Promise<T> {
  const argv = onCore(CORES.function, floodProgram(lab.projectRoot), "forward", "ran", "local");
  const [program = "", ...words] = inNamespace(lab, "edge", argv);
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  const over = new Promise((resolve) => child.once("close", resolve));
  try {
    let ready = false;
    for await (const line of createInterface(child.stdout)) {
      ready = line === "ready";
      if (ready) break;
    }
    if (!ready) throw new RuntimeError("xdp-flood does not join two devices");
    return await use();
  } finally {
    child.kill("SIGTERM");
    await over;
  }
}

/** One mode of the breakout between three veth pairs; packets a second by direction. */
async function breakoutRates(
  root: string,
  signal: AbortSignal,
  mode: string,
  seconds: number,
): Promise<Rates> {
  const script = join(root, "bench", "gtp", "fastpath.py");
  const lclick = onCore(CORES.function, join(root, "build", "click", "lclick")).join(" ");
  const { stdout } = await promisify(execFile)(
    "unshare",
    ["--net", "/usr/bin/python3", script, mode, String(FLOWS), String(seconds)],
    { timeout: 120_000, signal, env: { ...process.env, LCLICK: lclick } },
  );
  return JSON.parse(stdout) as Rates;
}

/** What is broken out, both ways, of whatever is in place of the function. */
async function rates(lab: LabContext, seconds: number): Promise<Rates> {
  const up: Load = {
    from: "ran1",
    to: "local1",
    frame: UP,
    seconds,
    flows: { offset: PORT_AT.up, count: FLOWS },
  };
  const down: Load = {
    from: "local1",
    to: "ran1",
    frame: LEG,
    seconds,
    flows: { offset: PORT_AT.leg, count: FLOWS },
  };
  const pps = async (load: Load): Promise<number> => {
    await flood(lab, { ...load, seconds: seconds / 4 });
    const { received, seconds: took } = await flood(lab, load);
    return received / took;
  };
  return { "up.breakout": await pps(up), "down.breakout": await pps(down) };
}

const NOTES: Readonly<Record<string, string>> = {
  plain: "limit: nothing between the devices (XDP_REDIRECT), no tunnel taken off or put on",
  ovs: "Open vSwitch 3.1, userspace datapath, gtpu port with its work-arounds",
};

/** Names: `gtp.veth.MODE.DIRECTION` (Mpps), `gtp.veth.ratio.MODE.DIRECTION` to lclick's without the fast path. */
export async function vethResults(
  root: string,
  signal: AbortSignal,
  rounds: number,
  seconds: number,
  say: (line: string) => void,
): Promise<readonly Result[]> {
  const hasOvs = (await run(["ovs-vswitchd", "--version"]).catch(() => undefined)) !== undefined;
  if (!hasOvs) say("veth by Open vSwitch left out: needs ovs-vswitchd");
  const table = new Table();
  for (let round = 0; round < rounds; round++) {
    const byMode = new Map<string, Rates>();
    for (const mode of MODES) byMode.set(mode, await breakoutRates(root, signal, mode, seconds));
    const plain = (lab: LabContext): Promise<Rates> => joined(lab, () => rates(lab, seconds));
    const ovs = async (lab: LabContext): Promise<Rates> => {
      await startGtpuSwitch(lab);
      return rates(lab, seconds);
    };
    if (hasOvs) byMode.set("ovs", await withFloodBed(root, signal, ovs));
    byMode.set("plain", await withFloodBed(root, signal, plain));
    for (const [mode, pps] of byMode)
      for (const [direction, value] of Object.entries(pps))
        table.add(`gtp.veth.${mode}.${direction}`, value / 1e6);
    for (const [mode, pps] of byMode)
      for (const [direction, value] of Object.entries(mode === "off" ? {} : pps))
        table.add(
          `gtp.veth.ratio.${mode}.${direction}`,
          value / (byMode.get("off")?.[direction] ?? Number.NaN),
        );
  }
  return table.results(
    (name) => (name.includes(".ratio.") ? "×" : "Mpps"),
    (name) =>
      name.includes(".ratio.") ? "against lclick's, round by round" : NOTES[name.split(".")[2] ?? ""],
  );
}
