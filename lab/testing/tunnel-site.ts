/**
 * A site with nothing but a GTP-U function on its S1, whose three ports are plain devices of the namespace `edge`:
 *
 *   ue1 ue2 ─ [enb] s1 ── ran [edge] core ── s1 [epc] sgi0 ── sgi0 [inet] "origin" 10.20.0.11
 *            10.9.0.1, .3      │              10.9.0.2
 *                            local ── local0 [wan] "local", the same 10.20.0.11, behind 10.40.0.10
 *
 * Tunnel and S1 have an MTU of 1500 both: a full packet of a UE leaves as two fragments. With a hub, osmo-gtphub stands in `enb` between
 * the UEs' SGSNs and S1: one address for both, and TEIDs of its own. It (1.9.0) writes a sequence number into every G-PDU, over the first two bytes of
 * the UE's packet where there is no room for one, and so bears none without. It also remembers each number for a while, in a list: the more
 * packets in half a minute, the slower it is; and a packet from the EPC that has by chance a number which it gave to another UE goes to that one's SGSN.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run, runOk } from "../command.js";
import { inNamespace, type LabContext, labPaths, netnsName, runIn } from "../context.js";
import { attachUe, ensureGgsn, type UeAttachment } from "../mobile.js";
import { ensureNamespaces, removeNamespaces } from "../namespaces.js";
import { logHas, startProcess, waitReady } from "../processes.js";
import { removeFiles, stopAllProcesses } from "../teardown.js";
import { ADDRESSES, type CableEnd, type Namespace, UES, type UeName } from "../topology.js";

export const PORT_DEVICES = ["ran", "core", "local"] as const;
export const SERVER_ADDRESS = "10.20.0.11";
export const NEXT_HOP = "10.40.0.10";
const HUB = { towardsUes: "10.9.0.4", towardsEpc: "10.9.0.5" };
const MTU_BYTES = 1500;
/** A transfer is stuck after so long without progress. What the hub leads astray comes when it has forgotten its numbers. */
const STALL_MS = { direct: 10_000, hub: 60_000 };

const CABLES: readonly (readonly [CableEnd, CableEnd])[] = [
  [
    { ns: "enb", name: "s1", addresses: ["10.9.0.1/24", "10.9.0.3/24", "10.9.0.4/24", "10.9.0.5/24"] },
    { ns: "edge", name: "ran" },
  ],
  [
    { ns: "epc", name: "s1", addresses: [`${ADDRESSES.epc}/24`] },
    { ns: "edge", name: "core" },
  ],
  [
    { ns: "wan", name: "local0", addresses: [`${NEXT_HOP}/24`] },
    { ns: "edge", name: "local" },
  ],
  [
    { ns: "epc", name: "sgi0", addresses: ["10.10.0.2/24"] },
    { ns: "inet", name: "sgi0", addresses: ["10.10.0.1/24"] },
  ],
];

const ROUTES: readonly (readonly [Namespace, string])[] = [
  ["epc", "default via 10.10.0.1"],
  ["inet", `${ADDRESSES.uePrefix} via 10.10.0.2`],
  ["wan", `${ADDRESSES.uePrefix} via 10.40.0.1`],
];

export interface Transfer {
  readonly server: string;
  readonly moved: number;
  readonly ms: number;
  /** SHA-256 of what was sent and received, of either end. */
  readonly here: string;
  readonly there: string;
  readonly error?: string;
}

export interface TunnelSite {
  readonly lab: LabContext;
  /** Attaches the UE; the function must pass S1 by now. */
  attach(ue: UeName): Promise<UeAttachment>;
  transfer(ue: UeName, direction: "up" | "down", port: number, bytes: number): Promise<Transfer>;
  /** What the kernel of a namespace has to say, for a transfer that failed. */
  diagnose(ue: UeName): Promise<string>;
  remove(): Promise<void>;
}

/** Makes the namespaces, their cables and the servers, on each of `ports`. The EPC runs; the function is not there yet. */
export async function makeTunnelSite(
  prefix: string,
  projectRoot: string,
  { hub, ports }: { readonly hub: boolean; readonly ports: readonly number[] },
): Promise<TunnelSite> {
  const paths = labPaths(prefix, projectRoot);
  const lab: LabContext = { prefix, projectRoot, paths, signal: undefined, log: () => undefined };
  const remove = async () => {
    await stopAllProcesses(lab);
    await removeNamespaces(lab);
    await removeFiles(lab);
  };
  await remove();
  await mkdir(lab.paths.logDir, { recursive: true });
  await ensureNamespaces(lab);
  for (const cable of CABLES) await layCable(lab, cable);
  for (const ns of ["inet", "wan"] as const)
    await runOk(["ip", "-n", netnsName(lab, ns), "addr", "add", `${SERVER_ADDRESS}/32`, "dev", "lo"]);
  for (const [ns, route] of ROUTES)
    await runOk(["ip", "-n", netnsName(lab, ns), "route", "add", ...route.split(" ")]);
  await ensureGgsn(lab, MTU_BYTES);
  await serve(lab, "inet", "origin", ports);
  await serve(lab, "wan", "local", ports);
  if (hub) await startHub(lab);
  return {
    lab,
    attach: (ue) =>
      attachUe(lab, ue, {
        gateway: hub ? HUB.towardsUes : ADDRESSES.epc,
        tunnelMtuBytes: MTU_BYTES,
        ...(hub ? { sequenceNumbers: true } : {}),
      }),
    async transfer(ue, direction, port, bytes) {
      const words = [
        direction,
        SERVER_ADDRESS,
        port,
        bytes,
        `${ue}-${direction}-${port}`,
        STALL_MS[hub ? "hub" : "direct"],
      ].map(String);
      const argv = [process.execPath, peerProgram(), ...words];
      const { stdout, stderr, code } = await runIn(lab, ue, argv, { env: PLAIN_NODE, timeoutMs: 600_000 });
      if (stdout === "") throw new Error(`transfer ${words.join(" ")}: exit code ${code}. ${stderr}`);
      return JSON.parse(stdout) as Transfer;
    },
    diagnose: (ue) => diagnose(lab, ue),
    remove,
  };
}

/** What a test runner wants of its own Node processes only. */
const PLAIN_NODE = { NODE_OPTIONS: "", NODE_V8_COVERAGE: "" };

const peerProgram = () => fileURLToPath(new URL("transfer-peer.mjs", import.meta.url));

async function layCable(lab: LabContext, [a, b]: readonly [CableEnd, CableEnd]): Promise<void> {
  const end = ({ ns, name }: CableEnd) => [
    "name",
    name,
    "netns",
    netnsName(lab, ns),
    "mtu",
    String(MTU_BYTES),
  ];
  await runOk(["ip", "link", "add", ...end(a), "type", "veth", "peer", ...end(b)]);
  for (const { ns, name, addresses = [] } of [a, b]) {
    const ip = ["ip", "-n", netnsName(lab, ns)];
    for (const address of addresses) await runOk([...ip, "addr", "add", address, "dev", name]);
    await runOk([...ip, "link", "set", name, "up"]);
    // Raw sockets and XDP programs want whole checksums.
    if (addresses.length > 0) await runOk(inNamespace(lab, ns, ["ethtool", "-K", name, "tx", "off"]));
  }
}

async function serve(lab: LabContext, ns: Namespace, name: string, ports: readonly number[]): Promise<void> {
  const argv = [process.execPath, peerProgram(), "serve", name, ...ports.map(String)];
  const server = await startProcess(lab, { name: `server-${name}`, ns, argv });
  await waitReady(lab, server, `the server "${name}" listens`, () => logHas(server, "ready"));
}

async function startHub(lab: LabContext): Promise<void> {
  const folder = join(lab.paths.runDir, "gtphub");
  const config = join(folder, "osmo-gtphub.cfg");
  await mkdir(folder, { recursive: true });
  await writeFile(
    config,
    `line vty
 no login
gtphub
 bind-to-sgsns ${HUB.towardsUes}
 bind-to-ggsns ${HUB.towardsEpc}
 ggsn-proxy ${ADDRESSES.epc}
`,
  );
  const argv = ["osmo-gtphub", "-c", config, "-r", join(folder, "restarts")];
  const hub = await startProcess(lab, { name: "osmo-gtphub", ns: "enb", argv, cwd: folder });
  const bound = async () => {
    const { stdout } = await runIn(lab, "enb", ["ss", "-Hlun"]);
    return stdout.includes(`${HUB.towardsEpc}:2152`);
  };
  await waitReady(lab, hub, "osmo-gtphub has its sockets", bound);
}

async function diagnose(lab: LabContext, ue: UeName): Promise<string> {
  const asked: readonly (readonly [Namespace, readonly string[]])[] = [
    [ue, ["ss", "-tinm"]],
    ["wan", ["ss", "-tinm"]],
    ["inet", ["ss", "-tinm"]],
    ...([...UES, "enb", "epc", "wan", "inet"] as const).map(
      (ns) =>
        [
          ns,
          ["nstat", "-as", "Ip*Reasm*", "TcpRetransSegs", "TcpInErrs", "TcpInCsumErrors", "*Csum*"],
        ] as const,
    ),
  ];
  const answers = await Promise.all(
    asked.map(async ([ns, argv]) => `${ns}: ${argv[0]}\n${(await run(inNamespace(lab, ns, argv))).stdout}`),
  );
  return answers.join("\n");
}
