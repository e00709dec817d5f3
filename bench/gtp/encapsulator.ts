/**
 * The eNB of the TCP bed: lclick, with the breakout's own elements. To them the server is what is in the tunnel and the UE outside of it, so
 * `uplink` is what comes from the function; both tunnels are shown to the table at the start. It also sends, from the core, the packet by which
 * the function learns the UE's downlink tunnel.
 */
import { join } from "node:path";
import type { LabContext } from "../../lab/context.js";
import { logHas, startProcess, waitReady } from "../../lab/processes.js";
import { quoted } from "../click/packets.js";
import { CORES, MACS, onCore } from "./bed.js";
import { type Running, startClick } from "./breakout.js";
import { DOWN, OUTER_BYTES, UP } from "./frames.js";

const ANNOUNCE = `InfiniteSource(DATA ${quoted(DOWN)}, LIMIT 3) -> Queue(4) -> ToDevice(core0);`;

const configuration = (gso: boolean): string => `
t :: GTPTable(CAPACITY 1024, FLOWS 4096);
InfiniteSource(DATA ${quoted(DOWN)}, LIMIT 1) -> seen_up :: GTPDecap(t, UPLINK) -> Discard; seen_up [1] -> Discard;
InfiniteSource(DATA ${quoted(UP)}, LIMIT 1) -> seen_down :: GTPDecap(t, DOWNLINK) -> Discard; seen_down [1] -> Discard;
${ANNOUNCE}
FromDevice(u0, PROMISC true, SNIFFER false, BURST 64) -> type :: Classifier(12/0800, -) -> Strip(14) -> CheckIPHeader -> encap :: GTPEncap(t)
  -> Queue(4096) -> ToDevice(s1, BURST 64${gso ? ", GSO summed" : ""});
type [1] -> Discard; encap [1] -> Discard;
FromDevice(s1, PROMISC true, SNIFFER false, BURST 64) -> decap :: GTPDecap(t, UPLINK) -> EtherEncap(0x0800, ${MACS.ueGateway}, ${MACS.ue})
  -> Queue(4096) -> ToDevice(u0, BURST 64, GSO auto);
decap [1] -> Discard;
`;

/** With `gso` what it sends into the tunnel goes as frames of many packets, each with its own headers, where the device at the other end takes them. */
export const startEncapsulator = (lab: LabContext, gso: boolean): Promise<Running> =>
  startClick(lab, "enb", "encapsulator", CORES.ends, configuration(gso));

/**
 * The same in the kernel (enb.cc), for super frames that stay whole in the tunnel, with one header each: what UEs send as such, and what the
 * function does.
 */
export async function startKernelEncapsulator(lab: LabContext): Promise<void> {
  const announcer = await startClick(lab, "enb", "announcer", CORES.ends, ANNOUNCE);
  announcer.control.close();
  const program = join(lab.projectRoot, "build", "click", "gtp-enb");
  const outer = UP.subarray(0, OUTER_BYTES).toString("hex");
  const toUe = `${MACS.ue}${MACS.ueGateway}0800`.replaceAll(":", "");
  const argv = onCore(CORES.ends, program, "u0", "s1", outer, toUe);
  const enb = await startProcess(lab, { name: "gtp-enb", ns: "enb", argv });
  await waitReady(lab, enb, "the eNB is ready", () => logHas(enb, "ready"));
}
