/** What the demo found, as `--json` prints it (design §6) and as tables for people. */
export interface DemoReport {
  readonly pages: readonly PageResult[];
  readonly lvnf: {
    /** Spawn to ControlSocket answering; its ports are attached before. */
    readonly bootMs: number;
    /** From the first step of its deployment, with veths and ports made, beside all other work. */
    readonly deployMs: number;
    readonly pssBytes: number;
    readonly healMs: number;
    readonly healsMs: readonly number[];
    readonly longestGapMs: number;
  };
  readonly container: { readonly bootMs: number; readonly rssBytes: number; readonly imageBytes: number };
  readonly agent: { readonly rssBytes: number; readonly restartLost: number; readonly restartSent: number };
  readonly offline: { readonly served: number; readonly reportsLate: number; readonly coldBootMs: number };
  readonly fastPath: { readonly status: string; readonly packets: number };
  readonly proof: Proof;
}

export interface PageResult {
  readonly url: string;
  readonly name: string;
  readonly bytes: number;
  readonly originMs: number;
  readonly edgeMs: number;
  readonly missMs: number;
}

/** Counted by tshark, and by the origin's own log. */
export interface Proof {
  readonly cachedFetches: number;
  readonly cachedOnRan: number;
  readonly cachedOnCore: number;
  readonly originRequests: number;
  readonly uncachedPackets: number;
  readonly uncachedChanged: number;
  /** Of G-PDUs that came in fragments. */
  readonly fragmented: number;
  readonly fragmentedChanged: number;
}

export function reportText(report: DemoReport): string {
  const { lvnf, container, agent, offline, proof } = report;
  const ms = (value: number): string => value.toFixed(1);
  const mib = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);
  const rows = report.pages.map(({ name, bytes, originMs, edgeMs, missMs }) => [
    name,
    `${(bytes / 1000).toFixed(0)} kB`,
    ms(originMs),
    ms(missMs),
    ms(edgeMs),
    `${(originMs / edgeMs).toFixed(1)}×`,
  ]);
  return [
    "Page fetch from the UE, ms (median): from the origin, first time at the edge, from the edge's cache",
    table(["page", "size", "origin", "edge miss", "edge", "faster"], rows),
    "Where the packets went",
    table(
      ["", "packets"],
      [
        [`RAN side, ${proof.cachedFetches} fetches from the cache`, String(proof.cachedOnRan)],
        ["core side, the same fetches", String(proof.cachedOnCore)],
        ["requests that reached an origin meanwhile", String(proof.originRequests)],
        ["uncached: G-PDUs seen on both sides", String(proof.uncachedPackets)],
        ["uncached: of these, changed on the way", String(proof.uncachedChanged)],
        ["in fragments, looked into and passed", String(proof.fragmented)],
        ["in fragments: of these, changed on the way", String(proof.fragmentedChanged)],
      ],
    ),
    `Forwarded by the kernel: ${report.fastPath.packets} packets (${report.fastPath.status})\n`,
    "Functions",
    table(
      ["", "boot, ms", "deployed, ms", "memory, MiB", "image, MiB", "back after kill -9, ms"],
      [
        [
          "LVNF (Click)",
          ms(lvnf.bootMs),
          ms(lvnf.deployMs),
          mib(lvnf.pssBytes),
          "",
          `${ms(lvnf.healMs)} (traffic paused for ${ms(lvnf.longestGapMs)})`,
        ],
        [
          "container (Squid)",
          "",
          ms(container.bootMs),
          mib(container.rssBytes),
          mib(container.imageBytes),
          "",
        ],
        ["agent", "", "", mib(agent.rssBytes), "", `${agent.restartLost} of ${agent.restartSent} pings lost`],
      ],
    ),
    "Without the controller",
    table(
      ["", ""],
      [
        ["pages served while the uplink was cut", String(offline.served)],
        ["reports that arrived after it returned", String(offline.reportsLate)],
        ["all of LightMANO killed, controller away: service back after, ms", ms(offline.coldBootMs)],
      ],
    ),
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")}`.trimEnd();
  return `${all
    .filter((row) => row.some((cell) => cell !== ""))
    .map(line)
    .join("\n")}\n`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1] ?? Number.NaN, sorted[middle] ?? Number.NaN];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
