/** A ping that goes on while a test does something: what did the traffic notice? */
import { readFile } from "node:fs/promises";
import type { Lab } from "../lab.js";
import type { Namespace } from "../topology.js";
import { waitUntil } from "../wait.js";

export interface PingRunner {
  /** Ends the ping and tells what it saw. */
  stop(): Promise<PingReport>;
}

export interface PingReport {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly duplicates: number;
  /** Longest time between two replies, less the interval; counts the time up to the end. */
  readonly longestGapMs: number;
  readonly rttMs: { readonly min: number; readonly median: number; readonly max: number };
  /** Sequence numbers that got no reply. */
  readonly missing: readonly number[];
}

/** Starts pinging `address` from `ns`, ten times a second unless told otherwise; resolves at the first reply, and gives up without one. */
export async function startPing(
  lab: Lab,
  ns: Namespace,
  address: string,
  options: { readonly intervalMs?: number; readonly firstReplyWithinMs?: number } = {},
): Promise<PingRunner> {
  const intervalMs = options.intervalMs ?? 100;
  const name = `ping-${ns}-${process.hrtime.bigint()}`;
  const argv = ["ping", "-D", "-n", "-i", String(intervalMs / 1000), address];
  const ping = await lab.spawn(ns, argv, { name });
  const timeoutMs = options.firstReplyWithinMs ?? 5000;
  const replied = async () => (await readFile(ping.logPath, "utf8")).includes("icmp_seq=");
  await waitUntil(`${ns} gets a reply from ${address}`, replied, { timeoutMs }).catch(async (error) => {
    await ping.stop();
    throw error;
  });
  return {
    async stop() {
      const endedAt = Date.now() / 1000;
      await ping.stop({ signal: "SIGINT" });
      return readPingLog(await readFile(ping.logPath, "utf8"), intervalMs, endedAt);
    },
  };
}

/** Reads the output of iputils ping -D. A reply that was still on its way at the end does not count as lost. */
export function readPingLog(text: string, intervalMs: number, endedAtSeconds: number): PingReport {
  const replies = [...text.matchAll(/^\[([\d.]+)\] .*icmp_seq=(\d+) .*time=([\d.]+) ms( \(DUP!\))?/gm)].map(
    ([, at, sequence, rtt, duplicate]) => ({
      at: Number(at),
      sequence: Number(sequence),
      rttMs: Number(rtt),
      duplicate: duplicate !== undefined,
    }),
  );
  const once = replies.filter(({ duplicate }) => !duplicate);
  const rtts = once.map(({ rttMs }) => rttMs).sort((a, b) => a - b);
  const transmitted = Number(/(\d+) packets transmitted/.exec(text)?.[1] ?? once.length);
  const seen = new Set(once.map(({ sequence }) => sequence));
  const underway = Math.ceil((rtts.at(-1) ?? 0) / intervalMs);
  const last = once.at(-1)?.sequence ?? 0;
  const sent = transmitted - last <= underway ? last : transmitted;
  const missing = Array.from({ length: sent }, (_, index) => index + 1).filter((number) => !seen.has(number));
  const times = [...once.map(({ at }) => at), endedAtSeconds];
  const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? at)) * 1000 - intervalMs);
  return {
    sent,
    received: seen.size,
    lost: missing.length,
    duplicates: replies.length - once.length,
    longestGapMs: Math.max(0, ...gaps),
    rttMs: { min: rtts[0] ?? 0, median: rtts[Math.floor(rtts.length / 2)] ?? 0, max: rtts.at(-1) ?? 0 },
    missing,
  };
}
