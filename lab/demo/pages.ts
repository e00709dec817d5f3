/** Page fetches, and the proof of where their packets went. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type FetchedPage, mustHaveFetched } from "../fetch.js";
import type { Lab } from "../lab.js";
import type { Origin } from "../origins.js";
import { readCapture } from "../testing/tshark.js";
import { UES, type UeName } from "../topology.js";
import { waitUntil } from "../wait.js";
import type { FragmentProof } from "./fragments.js";
import { median, type PageResult, type Proof } from "./report.js";
import { promise, type Stage } from "./stage.js";

const ROUNDS = 5;
const UE: UeName = "ue1";

/** Median fetch time of each page, ms, by the origin's name; every page must be whole. */
export async function fetchTimes(
  lab: Lab,
  expectCache: "hit" | "none",
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for (const origin of lab.origins) {
    const rounds: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const page = await fetchWhole(lab, origin, origin.url);
      if (expectCache === "hit")
        promise(page.cache === "hit", `${origin.name} comes from the cache (X-Cache: ${page.xCache})`);
      else promise(page.xCache === null, `${origin.name} comes from the origin (X-Cache: ${page.xCache})`);
      rounds.push(page.totalMs);
    }
    times.set(origin.name, median(rounds));
  }
  return times;
}

/** First fetch of each page through the edge: the cache asks the origin. */
export async function fetchFirst(lab: Lab): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for (const origin of lab.origins) {
    const page = await fetchWhole(lab, origin, origin.url);
    promise(page.cache === "miss", `${origin.name} is new to the cache (X-Cache: ${page.xCache})`);
    times.set(origin.name, page.totalMs);
  }
  return times;
}

export async function fetchWhole(
  lab: Lab,
  origin: Origin,
  url: string,
  ue: UeName = UE,
): Promise<FetchedPage> {
  const page = mustHaveFetched(await lab.fetch(ue, url));
  promise(
    page.status === 200 && page.sha256 === origin.sha256,
    `${url} arrives whole (status ${page.status}, ${page.bytes} of ${origin.bytes} bytes)`,
  );
  return page;
}

export function pageResults(
  lab: Lab,
  origin: ReadonlyMap<string, number>,
  miss: ReadonlyMap<string, number>,
  edge: ReadonlyMap<string, number>,
): readonly PageResult[] {
  return lab.origins.map(({ name, url, bytes }) => {
    const [originMs = Number.NaN, missMs = Number.NaN, edgeMs = Number.NaN] = [
      origin.get(name),
      miss.get(name),
      edge.get(name),
    ];
    promise(
      edgeMs < originMs,
      `${name} is faster from the edge (${edgeMs} ms) than from the origin (${originMs} ms)`,
    );
    return { name, url, bytes, originMs, missMs, edgeMs };
  });
}

/** Fetches every page from the cache, and one past it, with captures on both sides of the edge node. */
export async function provePaths({ lab }: Stage): Promise<Omit<Proof, keyof FragmentProof>> {
  const asked = (await lab.originRequests()).length;
  // Both UEs: the second one's TEIDs differ in the two directions, so a swapped one would show.
  const cached = await captured(lab, async () => {
    for (const origin of lab.origins) {
      for (const ue of UES) await fetchWhole(lab, origin, origin.url, ue);
    }
  });
  const originRequests = (await lab.originRequests()).length - asked;
  const [onRan, onCore] = await Promise.all([httpPackets(cached.ran), httpPackets(cached.core)]);
  const [cachedOnRan, cachedOnCore] = [onRan.length, onCore.length];
  promise(
    cachedOnRan > 0 && cachedOnCore === 0,
    `cached fetches stay on the RAN side (${cachedOnRan} packets there, ${cachedOnCore} on the core side: ${onCore.slice(0, 5).join("; ")})`,
  );
  promise(originRequests === 0, `cached fetches ask no origin (${originRequests} requests)`);

  const uncached = await captured(lab, async () => {
    for (const origin of lab.origins) await fetchWhole(lab, origin, origin.uncachedUrl);
  });
  const [ran, core] = await Promise.all([tunnelPayloads(uncached.ran), tunnelPayloads(uncached.core)]);
  const changed = difference(ran, core).length + difference(core, ran).length;
  promise(
    ran.length > 0 && changed === 0,
    `uncached traffic passes unchanged (${ran.length} G-PDUs on the RAN side, ${core.length} on the core side, ${changed} differ)`,
  );
  return {
    cachedFetches: lab.origins.length * UES.length,
    cachedOnRan,
    cachedOnCore,
    originRequests,
    uncachedPackets: ran.length,
    uncachedChanged: changed,
  };
}

async function captured(
  lab: Lab,
  during: () => Promise<void>,
): Promise<{ readonly ran: string; readonly core: string }> {
  const [ran, core] = await Promise.all([
    lab.capture("enb", "s1", "udp port 2152"),
    lab.capture("epc", "s1", "udp port 2152"),
  ]);
  try {
    await during();
    await settle(lab, [ran.path, core.path]);
  } finally {
    await Promise.all([ran.stop(), core.stop()]);
  }
  return { ran: ran.path, core: core.path };
}

/**
 * Waits until both captures hold all that the fetches caused. What closes a connection takes another round trip through
 * the WAN after the page is there; a ping that the UE sends after it has the last of it is the last packet.
 */
async function settle(lab: Lab, captures: readonly string[]): Promise<void> {
  for (const ue of UES) {
    await waitUntil(
      `every connection of ${ue} is closed`,
      async () =>
        (await lab.exec(ue, ["ss", "-Htn", "state", "connected", "exclude", "time-wait"])).stdout.trim() ===
        "",
      { timeoutMs: 20_000 },
    );
  }
  const mark = randomBytes(16);
  await lab.exec(UE, [
    "ping",
    "-c",
    "1",
    "-W",
    "5",
    "-p",
    mark.toString("hex"),
    lab.origins[0]?.address ?? "",
  ]);
  for (const path of captures) {
    await waitUntil(
      `${path} holds the last packet`,
      async () => {
        const bytes = await readFile(path);
        const request = bytes.indexOf(mark);
        return request >= 0 && bytes.lastIndexOf(mark) > request + mark.length * 3;
      },
      { timeoutMs: 20_000 },
    );
  }
}

/** GTP-U packets that carry HTTP, to port 80 or from it, of any UE: when, from whom to whom, and what TCP said. */
async function httpPackets(path: string): Promise<readonly string[]> {
  const fields = [
    "frame.time_relative",
    "ip.src",
    "ip.dst",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.flags.str",
    "tcp.seq",
  ];
  return (await readCapture(path, "gtp && tcp.port == 80", fields)).map((row) => row.join(" "));
}

/** Every packet of the tunnel with its whole UDP payload in hex: the GTP-U header and what is inside. */
async function tunnelPayloads(path: string): Promise<readonly string[]> {
  const rows = await readCapture(path, "udp.port == 2152", [
    "ip.src",
    "ip.dst",
    "udp.srcport",
    "udp.dstport",
    "udp.payload",
  ]);
  return rows.map((row) => row.join("|"));
}

/** What is in `a` and not in `b`, counting repetitions. */
function difference(a: readonly string[], b: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const item of b) counts.set(item, (counts.get(item) ?? 0) + 1);
  return a.filter((item) => {
    const left = counts.get(item) ?? 0;
    counts.set(item, left - 1);
    return left <= 0;
  });
}
