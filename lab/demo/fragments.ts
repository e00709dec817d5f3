/** Tunnel packets that are longer than the S1's MTU: they pass the LVNF too, and as they were. */
import type { Lab } from "../lab.js";
import { readCapture } from "../testing/tshark.js";
import { TUNNEL_MTU_BYTES, UE_PROFILES, type UeName } from "../topology.js";
import { waitUntil } from "../wait.js";
import { promise, type Stage } from "./stage.js";

const UE: UeName = "ue1";
/** With 36 octets of GTP-U, UDP and IPv4 more than fits a frame. */
const INNER_MTU_BYTES = 1500;
const PING_BYTES = INNER_MTU_BYTES - 28;
const PINGS = 5;

export interface FragmentProof {
  readonly fragmented: number;
  readonly fragmentedChanged: number;
}

/** Pings whose requests the eNodeB has to send in fragments, with captures on both sides of the edge node. */
export async function proveFragments({ lab, site }: Stage, lvnfId: string): Promise<FragmentProof> {
  const known = async (): Promise<number> =>
    Number(
      /^gpdu\t(\d+)/m.exec(
        (await site.lightmano<{ value: string }>("lvnf", "read", lvnfId, "uplink")).value,
      )?.[1],
    );
  const [ran, core] = await Promise.all([lab.capture("enb", "s1", "ip"), lab.capture("epc", "s1", "ip")]);
  const before = await known();
  try {
    await setTunnelMtu(lab, INNER_MTU_BYTES);
    const { code, stdout } = await lab.exec(UE, [
      ...["ping", "-c", String(PINGS), "-i", "0.2", "-W", "5", "-M", "dont", "-s", String(PING_BYTES)],
      lab.origins[0]?.address ?? "",
    ]);
    promise(code === 0 && stdout.includes(` ${PINGS} received`), "no ping in fragments is lost");
    for (const { path } of [ran, core])
      await waitUntil(`${path} holds them`, async () => (await fragmented(path)).length >= PINGS, {
        timeoutMs: 20_000,
      });
  } finally {
    await setTunnelMtu(lab, TUNNEL_MTU_BYTES);
    await Promise.all([ran.stop(), core.stop()]);
  }
  const looked = (await known()) - before;
  promise(looked >= PINGS, `the LVNF looks into fragmented packets (${looked} G-PDUs, ${PINGS} sent)`);
  const [onRan, onCore] = await Promise.all([fragmented(ran.path), fragmented(core.path)]);
  const changed = onRan.filter((packet) => !onCore.includes(packet)).length;
  promise(
    onRan.length === PINGS && changed === 0,
    `fragmented packets pass unchanged (${onRan.length} on the RAN side, ${onCore.length} on the core side, ${changed} differ)`,
  );
  return { fragmented: onRan.length, fragmentedChanged: changed };
}

async function setTunnelMtu(lab: Lab, bytes: number): Promise<void> {
  await lab.exec(UE, ["ip", "link", "set", UE_PROFILES[UE].tunDevice, "mtu", String(bytes)]);
}

/** Echo requests that came in fragments, put together: ends, TEID, and all that is inside. */
async function fragmented(path: string): Promise<readonly string[]> {
  const rows = await readCapture(path, `ip.fragment && gtp && icmp.type == 8 && udp.length > ${PING_BYTES}`, [
    "ip.src",
    "ip.dst",
    "gtp.teid",
    "udp.payload",
  ]);
  return rows.map((row) => row.join("|"));
}
