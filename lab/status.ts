import { type LabContext, netnsName } from "./context.js";
import { CONTAINERD_PROCESS, DOCKERD_PROCESS, SQUID_IMAGE } from "./docker.js";
import { engineAnswers, imageExists } from "./engine-api.js";
import { LabError } from "./errors.js";
import { observeLinks } from "./links.js";
import { GGSN_PROCESS, ueAddress } from "./mobile.js";
import { bridgeOf, OVSDB_PROCESS, VSWITCHD_PROCESS } from "./ovs.js";
import { listRecords } from "./processes.js";
import { isAlive, namedNetns } from "./procfs.js";
import { CABLES, NAMESPACES, UES, type UeName } from "./topology.js";
import { isUplinkCut, ORIGINS_PROCESS, RELAY_PROCESS } from "./wan.js";

/** What `up` starts, in the order in which a reader looks for it. */
export const LAB_PROCESSES: readonly string[] = [
  RELAY_PROCESS,
  ORIGINS_PROCESS,
  GGSN_PROCESS,
  OVSDB_PROCESS,
  VSWITCHD_PROCESS,
  CONTAINERD_PROCESS,
  DOCKERD_PROCESS,
];

export interface LabStatus {
  readonly prefix: string;
  readonly runDir: string;
  /** `up`: everything is there. `partly`: some of it. `down`: nothing is. */
  readonly state: "up" | "partly" | "down";
  readonly namespaces: readonly { readonly name: string; readonly present: boolean }[];
  readonly missingLinks: readonly string[];
  readonly processes: readonly ProcessStatus[];
  readonly squidImage: boolean;
  /** Bridge that joins s1-ran and s1-core now; null when S1 is open. */
  readonly s1Bridge: string | null;
  readonly uplinkCut: boolean;
  readonly ues: readonly { readonly name: UeName; readonly address: string | null }[];
}

export interface ProcessStatus {
  readonly name: string;
  readonly pid: number | null;
  readonly running: boolean;
  readonly log: string | null;
}

export async function observeStatus(lab: LabContext): Promise<LabStatus> {
  const { prefix, paths } = lab;
  const namespaces = NAMESPACES.map((ns) => {
    const name = netnsName(lab, ns);
    return { name, present: namedNetns(name) !== undefined };
  });
  const whole = namespaces.every(({ present }) => present);
  const missingLinks = whole ? await findMissingLinks(lab) : [];
  const processes = await observeProcesses(lab);
  const squidImage =
    (await engineAnswers(paths.dockerSocket)) &&
    (await imageExists(paths.dockerSocket, `${SQUID_IMAGE.name}:${SQUID_IMAGE.tag}`));
  const [ran, core] = whole
    ? await Promise.all(["s1-ran", "s1-core"].map((port) => bridgeOf(lab, port)))
    : [];
  const ues = await Promise.all(
    UES.map(async (name) => ({ name, address: whole ? ((await ueAddress(lab, name)) ?? null) : null })),
  );
  const needed = processes.filter(({ name }) => LAB_PROCESSES.includes(name));
  const nothing = namespaces.every(({ present }) => !present) && processes.every(({ running }) => !running);
  const all = whole && missingLinks.length === 0 && squidImage && needed.every(({ running }) => running);
  return {
    prefix,
    runDir: paths.runDir,
    state: nothing ? "down" : all ? "up" : "partly",
    namespaces,
    missingLinks,
    processes,
    squidImage,
    s1Bridge: ran !== undefined && ran === core ? ran : null,
    uplinkCut: whole && missingLinks.length === 0 && (await isUplinkCut(lab)),
    ues,
  };
}

/** For calls that make no sense without a lab. */
export function requireNamespaces(lab: LabContext): void {
  if (NAMESPACES.every((ns) => namedNetns(netnsName(lab, ns)) !== undefined)) return;
  throw new LabError({
    code: "lab.notUp",
    message: `there is no lab with prefix "${lab.prefix}"`,
    hint: "lightmano lab up",
  });
}

export function formatStatus(status: LabStatus): string {
  const rows: (readonly [string, string, string])[] = [["lab", status.prefix, status.state]];
  for (const { name, present } of status.namespaces)
    rows.push(["namespace", name, present ? "present" : "missing"]);
  for (const name of status.missingLinks) rows.push(["link", name, "missing"]);
  for (const { name, pid, running } of status.processes) {
    rows.push(["process", name, running ? `running, pid ${pid}` : "not running"]);
  }
  rows.push(["image", `${SQUID_IMAGE.name}:${SQUID_IMAGE.tag}`, status.squidImage ? "present" : "missing"]);
  rows.push(["S1", "s1-ran, s1-core", status.s1Bridge === null ? "open" : `on bridge ${status.s1Bridge}`]);
  rows.push([
    "uplink",
    "uplink0, wan0",
    status.uplinkCut ? "cut" : status.state === "down" ? "missing" : "connected",
  ]);
  for (const { name, address } of status.ues) rows.push(["UE", name, address ?? "detached"]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column as 0 | 1].length)));
  return rows
    .map(
      ([kind, name, state]) => `${kind.padEnd(widths[0] ?? 0)}  ${name.padEnd(widths[1] ?? 0)}  ${state}\n`,
    )
    .join("");
}

async function observeProcesses(lab: LabContext): Promise<readonly ProcessStatus[]> {
  const records = new Map((await listRecords(lab)).map((record) => [record.name, record]));
  const names = new Set([...LAB_PROCESSES, ...records.keys()]);
  return [...names].map((name) => {
    const record = records.get(name);
    const running = record !== undefined && isAlive(record.pid, record.startTime);
    return { name, running, pid: running ? record.pid : null, log: record?.logPath ?? null };
  });
}

async function findMissingLinks(lab: LabContext): Promise<readonly string[]> {
  const observed = await observeLinks(lab);
  return CABLES.flatMap(({ a, b }) => [a, b])
    .filter((end) => !observed.get(end.ns)?.has(end.name))
    .map((end) => `${netnsName(lab, end.ns)}/${end.name}`);
}
