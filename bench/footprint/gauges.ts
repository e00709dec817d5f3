/** What a process and its connection have used so far, as the kernel counts it. */
import { readdir, readFile } from "node:fs/promises";
import type { Lab } from "../../lab/lab.js";

/** Resident set size in bytes. */
export async function rssBytes(pid: number): Promise<number> {
  return field(await readFile(`/proc/${pid}/smaps_rollup`, "latin1"), /^Rss:\s+(\d+) kB/m) * 1024;
}

/** CPU time of the process and the children that it has now, in ns. */
export async function cpuNs(pid: number): Promise<number> {
  const children = await childrenOf(pid);
  const times = await Promise.all(
    [pid, ...children].flatMap(async (process) => {
      const tasks = await readdir(`/proc/${process}/task`);
      return Promise.all(
        tasks.map(async (task) => {
          const text = await readFile(`/proc/${process}/task/${task}/schedstat`, "latin1").catch(() => "0");
          return Number(text.split(" ")[0]);
        }),
      );
    }),
  );
  return times.flat().reduce((sum, ns) => sum + ns, 0);
}

/** Bytes that the process and its children had written to a block device (proc(5), \`write_bytes\`): whole pages. */
export async function writtenBytes(pid: number): Promise<number> {
  const texts = await Promise.all(
    [pid, ...(await childrenOf(pid))].map((process) => readFile(`/proc/${process}/io`, "latin1")),
  );
  return texts.reduce((sum, text) => sum + field(text, /^write_bytes: (\d+)/m), 0);
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const own = [];
  const words = (await readFile(`/proc/${pid}/task/${pid}/children`, "latin1")).split(" ");
  // LVNFs are children of the agent that started them, and not of its making any more: only what the agent runs for itself.
  for (const child of words.filter(Boolean).map(Number)) {
    const environment = await readFile(`/proc/${child}/environ`, "latin1").catch(() => "");
    if (!environment.includes("LIGHTMANO_FUNCTION=")) own.push(child);
  }
  return own;
}

export interface LinkTotals {
  /** What MQTT sent and was sent. */
  readonly payloadBytes: number;
  /** The same with the headers of IP and TCP (52 bytes a segment, acknowledgements too): what the link carries. */
  readonly wireBytes: number;
  /** The node's end of it: another one is another connection. */
  readonly local: string;
}

const HEADER_BYTES = 20 + 32; // IPv4; TCP with timestamps

/** Of the node's one connection to the broker, by the kernel's own count (ss(8)); null while there is none. */
export async function linkTotals(lab: Lab, brokerPort: number): Promise<LinkTotals | null> {
  const argv = ["ss", "-tinH", "state", "established", "dport", "=", `:${brokerPort}`];
  const { stdout } = await lab.exec("edge", argv);
  const local = /^\s*\d+\s+\d+\s+(\S+)/.exec(stdout)?.[1];
  if (local === undefined) return null;
  const count = (name: string): number => Number(new RegExp(`\\b${name}:(\\d+)`).exec(stdout)?.[1] ?? 0);
  const payloadBytes = count("bytes_sent") + count("bytes_received");
  return {
    payloadBytes,
    wireBytes: payloadBytes + HEADER_BYTES * (count("segs_out") + count("segs_in")),
    local,
  };
}

const field = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
