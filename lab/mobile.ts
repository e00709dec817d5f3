/** The mobile network around the edge node: Osmocom's GGSN as EPC, its sgsnemu as eNodeB plus UE. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, runOk } from "./command.js";
import { type LabContext, netnsName } from "./context.js";
import { LabError } from "./errors.js";
import { pdpContexts } from "./ggsn-console.js";
import { observeNamespace } from "./links.js";
import { ensureProcess, findProcess, signalProcess, stopProcess, waitReady } from "./processes.js";
import { namedNetns, netnsOf } from "./procfs.js";
import { ADDRESSES, TUNNEL_MTU_BYTES, UE_PROFILES, UES, type UeName } from "./topology.js";
import { waitUntil } from "./wait.js";

export const GGSN_PROCESS = "osmo-ggsn";

export async function ensureGgsn(lab: LabContext, tunnelMtuBytes = TUNNEL_MTU_BYTES): Promise<boolean> {
  const stateDir = join(lab.paths.runDir, "ggsn");
  const config = join(lab.paths.runDir, "osmo-ggsn.cfg");
  await mkdir(stateDir, { recursive: true });
  await writeFile(config, ggsnConfig(stateDir));
  const ggsn = await ensureProcess(lab, {
    name: GGSN_PROCESS,
    ns: "epc",
    argv: ["osmo-ggsn", "-c", config],
    cwd: stateDir,
  });
  // A new EPC knows none of the old one's sessions, and a UE would go on talking to nobody.
  if (ggsn.started) for (const ue of UES) await stopProcess(lab, sgsnemuProcess(ue), { signal: "SIGKILL" });
  const mtu = ["link", "set", "apn0", "mtu", String(tunnelMtuBytes)];
  await waitReady(lab, ggsn, "the EPC's apn0 is up", async () => {
    const apn = (await observeNamespace(lab, "epc")).get("apn0");
    if (apn === undefined || !apn.up || apn.addresses.length === 0) return false;
    return (await run(["ip", "-n", netnsName(lab, "epc"), ...mtu])).code === 0;
  });
  return ggsn.started;
}

export interface AttachOptions {
  readonly timeoutMs?: number;
  /** Who the eNodeB takes for the EPC; default the EPC. */
  readonly gateway?: string;
  /** Inside the tunnel. */
  readonly tunnelMtuBytes?: number;
  /** In the uplink's G-PDUs; default as the UE's profile has it. */
  readonly sequenceNumbers?: boolean;
}

export interface UeAttachment {
  readonly ue: UeName;
  readonly address: string;
  readonly enbAddress: string;
  readonly ms: number;
}

/**
 * Attaches a UE: a PDP context through whatever carries S1, and a tun device with a default route in
 * the UE's namespace. Resolves at once when it is attached already.
 * Errors: `lab.timeout` when the EPC does not answer, for instance since nothing carries S1.
 */
export async function attachUe(
  lab: LabContext,
  ue: UeName,
  options: AttachOptions = {},
): Promise<UeAttachment> {
  const { timeoutMs = 10_000, gateway = ADDRESSES.epc, tunnelMtuBytes = TUNNEL_MTU_BYTES } = options;
  const startedAt = performance.now();
  const profile = UE_PROFILES[ue];
  const name = sgsnemuProcess(ue);
  const stateDir = join(lab.paths.runDir, name);
  await mkdir(stateDir, { recursive: true });
  const running = await findProcess(lab, name);
  // It lives in `enb` and its tun in the UE's namespace: when either was made anew, the session is of no use.
  if (running !== undefined && (await ueAddress(lab, ue)) === undefined) await detachUe(lab, ue);

  const sgsnemu = await ensureProcess(lab, {
    name,
    ns: "enb",
    cwd: stateDir,
    argv: [
      "sgsnemu",
      ...["--listen", profile.enbAddress, "--remote", gateway],
      ...["--apn", "internet", "--imsi", profile.imsi],
      ...["--createif", "--tun-device", profile.tunDevice, "--netns", netnsName(lab, ue), "--defaultroute"],
      ...["--statedir", stateDir, "--pidfile", join(stateDir, "pid")],
      ...((options.sequenceNumbers ?? profile.sequenceNumbers) ? [] : ["--no-tx-gpdu-seq"]),
    ],
  });
  const tun = () => tunAddress(lab, ue);
  const address = await waitReady(lab, sgsnemu, `${ue} has an address`, tun, timeoutMs).catch(
    async (error) => {
      await stopProcess(lab, name, { signal: "SIGKILL" });
      const hint = "does anything carry S1? an agent's chain, or bridgeS1Directly() (lab up --bare)";
      throw error instanceof LabError ? new LabError({ hint, ...error.detail }) : error;
    },
  );
  const mtu = ["link", "set", profile.tunDevice, "mtu", String(tunnelMtuBytes)];
  await runOk(["ip", "-n", netnsName(lab, ue), ...mtu], { signal: lab.signal });
  return { ue, address, enbAddress: profile.enbAddress, ms: performance.now() - startedAt };
}

/** Detaches a UE with a Delete PDP Context; true when it was attached. */
export async function detachUe(lab: LabContext, ue: UeName): Promise<boolean> {
  const name = sgsnemuProcess(ue);
  // SIGINT makes sgsnemu delete its context; it then stays, and wants a second signal.
  if (!(await signalProcess(lab, name, "SIGINT"))) return false;
  const imsi = UE_PROFILES[ue].imsi;
  const deleted = async () => !(await pdpContexts(lab)).some((context) => context.imsi === imsi);
  await waitUntil("context deleted", deleted, { timeoutMs: 1000, intervalMs: 20 }).catch(() => undefined);
  await stopProcess(lab, name, { signal: "SIGKILL" });
  return true;
}

/** Address of the UE inside the tunnel; undefined when it is not attached. */
export async function ueAddress(lab: LabContext, ue: UeName): Promise<string | undefined> {
  const running = await findProcess(lab, sgsnemuProcess(ue));
  if (running === undefined || netnsOf(running.pid) !== namedNetns(netnsName(lab, "enb"))) return undefined;
  return tunAddress(lab, ue);
}

export function isSgsnemu(processName: string): boolean {
  return UES.some((ue) => sgsnemuProcess(ue) === processName);
}

function sgsnemuProcess(ue: UeName): string {
  return `sgsnemu-${ue}`;
}

async function tunAddress(lab: LabContext, ue: UeName): Promise<string | undefined> {
  const tun = (await observeNamespace(lab, ue)).get(UE_PROFILES[ue].tunDevice);
  return tun?.up === true ? tun.addresses[0]?.split("/")[0] : undefined;
}

function ggsnConfig(stateDir: string): string {
  return `line vty
 no login
ggsn ggsn0
 gtp state-dir ${stateDir}
 gtp bind-ip ${ADDRESSES.epc}
 apn internet
  gtpu-mode tun
  tun-device apn0
  type-support v4
  ip prefix dynamic ${ADDRESSES.uePrefix}
  ip ifconfig 172.16.222.1/24
  no shutdown
 default-apn internet
 no shutdown ggsn
`;
}
