/**
 * What the function adds to the time that a packet takes, by how busy it is: packets are sent when they are due, at 10, 50 and 90 % of the
 * rate that the function keeps up with, which is found first, and at the same rates from the same device to the same device with nothing between
 * them (XDP_REDIRECT). Uplink, broken out.
 */

import type { LabContext } from "../../lab/context.js";
import { RuntimeError } from "../click/runtimes.js";
import type { Result } from "../result.js";
import { ADDRESSES, type Flood, flood, type Load, MACS } from "./bed.js";
import { readHandler, startBreakout } from "./breakout.js";
import { capacity } from "./capacity.js";
import { BODY_AT, DOWN, PORT_AT, UP, UP_TO_CORE } from "./frames.js";
import { type Bucket, merged, percentile } from "./histogram.js";
import { Table } from "./rounds.js";
import { joined, withFloodBed } from "./veth.js";

const LOADS = [10, 50, 90] as const;
const SHARES = { p50: 0.5, p99: 0.99, "p99.9": 0.999 } as const;
const FLOWS = 1000;
/** Longer, and the kernel lets others run for 50 ms, whose turn it has been for a second. */
const SLICE_SECONDS = 0.9;
const TRIAL_SECONDS = 0.5;
const FUNCTIONS = { lclick: "off", fast: "native" } as const;

const uplink = (seconds: number, pps: number, arrivesAt: number): Load => ({
  ...{ from: "ran1", to: "local1", frame: UP, flows: { offset: PORT_AT.up, count: FLOWS } },
  ...{ seconds, pps, stamp: [BODY_AT.up, arrivesAt] },
});

/** All that was due was sent and came, but for one in a thousand. A sender that falls behind has the function on its own core, which is too slow then. */
function keptUp({ sent, received, late }: Flood): boolean {
  return received >= sent * 0.999 && late < 1e6;
}

interface Latency {
  readonly histogram: readonly Bucket[];
  readonly lost: number;
}

async function latency(lab: LabContext, pps: number, seconds: number, arrivesAt: number): Promise<Latency> {
  const runs: Flood[] = [];
  for (let left = seconds; left > 0.05; left -= SLICE_SECONDS)
    runs.push(await flood(lab, uplink(Math.min(left, SLICE_SECONDS), pps, arrivesAt)));
  const sum = (of: (run: Flood) => number): number => runs.reduce((total, run) => total + of(run), 0);
  return {
    histogram: merged(runs.map(({ times }) => times ?? [])),
    lost: 1 - sum(({ received }) => received) / sum(({ sent }) => sent),
  };
}

interface Measured {
  readonly pps: number;
  /** By load. */
  readonly latencies: readonly Latency[];
}

async function ofFunction(lab: LabContext, fastPath: string, seconds: number): Promise<Measured> {
  // By UDP port, since a generator speaks no TCP; the cache's address need not be asked for.
  const parameters = { FASTPATH: fastPath, RULE: '"dst port 80"' };
  const { control } = await startBreakout(lab, { parameters });
  try {
    const neighbour = `${ADDRESSES.nextHop} ${MACS.server}`;
    await control.write("arp.insert", neighbour, AbortSignal.timeout(5_000));
    await flood(lab, { from: "ran1", to: "core1", frame: UP_TO_CORE, seconds: 0.1, pps: 100 });
    await flood(lab, { from: "core1", to: "ran1", frame: DOWN, seconds: 0.1, pps: 100 });
    await flood(lab, uplink(SLICE_SECONDS, 100_000, BODY_AT.leg)); // so that all flows are known
    const status = await readHandler(control, "fast.status");
    if (fastPath !== "off" && !status.startsWith("active")) throw new RuntimeError(`no fast path: ${status}`);
    const trial = async (pps: number): Promise<boolean> =>
      keptUp(await flood(lab, uplink(TRIAL_SECONDS, pps, BODY_AT.leg)));
    const pps = await capacity(trial, { from: 100_000, most: 6_400_000, steps: 4 });
    const latencies: Latency[] = [];
    for (const load of LOADS) latencies.push(await latency(lab, (pps * load) / 100, seconds, BODY_AT.leg));
    return { pps, latencies };
  } finally {
    control.close();
  }
}

const ofNothing = (lab: LabContext, pps: number, seconds: number): Promise<readonly Latency[]> =>
  joined(lab, async () => {
    const latencies: Latency[] = [];
    for (const load of LOADS) latencies.push(await latency(lab, (pps * load) / 100, seconds, BODY_AT.up));
    return latencies;
  });

const NOTES: Readonly<Record<string, string>> = {
  capacity: "kept up with, one lost in a thousand",
  function: "due to arrival",
  plain: "the same rate with nothing between the two devices",
  added: "round by round",
  lost: "of those sent",
};

/** Names: `gtp.latency.FUNCTION.capacity` (Mpps), `gtp.latency.FUNCTION.LOAD%.(function|plain|added).(p50|p99|p99.9)` (µs), `….lost` (%). */
export async function latencyResults(
  root: string,
  signal: AbortSignal,
  rounds: number,
  seconds: number,
): Promise<readonly Result[]> {
  const table = new Table();
  for (let round = 0; round < rounds; round++)
    for (const [name, fastPath] of Object.entries(FUNCTIONS)) {
      const { pps, latencies } = await withFloodBed(root, signal, (lab) =>
        ofFunction(lab, fastPath, seconds),
      );
      const plain = await withFloodBed(root, signal, (lab) => ofNothing(lab, pps, seconds));
      table.add(`gtp.latency.${name}.capacity`, pps / 1e6);
      for (const [i, load] of LOADS.entries()) {
        const at = `gtp.latency.${name}.${load}%`;
        for (const [share, part] of Object.entries(SHARES)) {
          const us = (one: Latency | undefined): number => percentile(one?.histogram ?? [], part) / 1000;
          table.add(`${at}.function.${share}`, us(latencies[i]));
          table.add(`${at}.plain.${share}`, us(plain[i]));
          table.add(`${at}.added.${share}`, us(latencies[i]) - us(plain[i]));
        }
        table.add(`${at}.lost`, 100 * (latencies[i]?.lost ?? Number.NaN));
      }
    }
  return table.results(
    (name) => (name.endsWith("capacity") ? "Mpps" : name.endsWith("lost") ? "%" : "µs"),
    (name) => Object.entries(NOTES).find(([part]) => name.includes(`.${part}`))?.[1],
  );
}
