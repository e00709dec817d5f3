/**
 * The breakout as Open vSwitch 3.1 can do it with its own `gtpu` port: not transparent (it poses as the core, and what is not broken out has no way),
 * one UE, tunnels known beforehand. Its kernel datapath has no such port; the userspace one has three defects, each worked around here.
 */
import { type ExecResult, runOk } from "../../lab/command.js";
import { inNamespace, type LabContext } from "../../lab/context.js";
import { ensureOvs, ovsOfctl, ovsVsctl, VSWITCHD_PROCESS } from "../../lab/ovs.js";
import { findProcess, type ProcessRecord } from "../../lab/processes.js";
import { RuntimeError } from "../click/runtimes.js";
import { ADDRESSES, CORES, ip, MACS, TEIDS } from "./bed.js";

/** Ports as flows name them. */
const RAN = 1;
const LOCAL_LEG = 2;
const GTPU = 3;

/**
 * The outer UDP checksum of what it encapsulates is wrong (made while the GTP length was still 0), and every receiver drops it; no option leaves it
 * out. Egress, since on ingress of the other end a packet socket has seen the packet already. This costs the kernel a look at each packet.
 */
const WITHOUT_CHECKSUM = `table netdev gtpu {
  chain egress {
    type filter hook egress device "ran" priority 0;
    udp dport 2152 udp checksum set 0
  }
}
`;

/**
 * Starts it, on the function's core. What sends to it must do without sequence numbers (flags 0x30: it would answer with 0x32 and without the four
 * bytes that belong to that), with an inner TTL of 64 (it takes the TTL for the IP version, and drops most others), with whole checksums and in
 * frames of the MTU at most.
 */
export async function startGtpuSwitch(lab: LabContext): Promise<ProcessRecord> {
  await ensureOvs(lab);
  const vswitchd = await findProcess(lab, VSWITCHD_PROCESS);
  if (vswitchd === undefined) throw new RuntimeError("ovs-vswitchd has ended");
  const pid = String(vswitchd.pid);
  await runOk(["taskset", "-apc", String(CORES.function), pid], { signal: lab.signal });
  await runOk(["chrt", "--all-tasks", "--rr", "-p", "1", pid], { signal: lab.signal });

  const netdev = (bridge: string, ...more: readonly string[]): readonly string[] => [
    ...[
      "--",
      "add-br",
      bridge,
      "--",
      "set",
      "bridge",
      bridge,
      "datapath_type=netdev",
      "fail_mode=secure",
      ...more,
    ],
  ];
  const port = (
    bridge: string,
    name: string,
    number: number,
    ...more: readonly string[]
  ): readonly string[] => [
    ...["--", "add-port", bridge, name, "--", "set", "interface", name, `ofport_request=${number}`, ...more],
  ];
  // The tunnel's end must be an address of this node, on the bridge itself: it poses as the core.
  await ovsVsctl(
    lab,
    ...netdev("br-phy", `other_config:hwaddr="${MACS.core}"`).slice(1),
    ...port("br-phy", "ran", RAN),
    ...netdev("br-int"),
    ...port("br-int", "local", LOCAL_LEG),
    ...port("br-int", "gtp0", GTPU, "type=gtpu", "options:remote_ip=flow", "options:key=flow"),
  );
  await ip(lab, "edge", "addr", "add", `${ADDRESSES.core}/24`, "dev", "br-phy");
  await ip(lab, "edge", "link", "set", "br-phy", "up");
  const neighbour = ["tnl/neigh/set", "br-phy", ADDRESSES.enb, MACS.enb];
  await runOk(["ovs-appctl", "-t", lab.paths.vswitchdControl, ...neighbour], { signal: lab.signal });

  // Only what leaves by the bridge's own port is taken out of its tunnel.
  await addFlow(lab, "br-phy", `in_port=${RAN},udp,tp_dst=2152,actions=LOCAL`);
  await addFlow(lab, "br-phy", `in_port=LOCAL,actions=output:${RAN}`);
  const onTheLeg = `set_field:${MACS.leg}->eth_src,set_field:${MACS.server}->eth_dst`;
  await addFlow(lab, "br-int", `in_port=${GTPU},ip,actions=${onTheLeg},output:${LOCAL_LEG}`);
  const tunnel = `set_field:${TEIDS.down}->tun_id,set_field:${ADDRESSES.enb}->tun_dst`;
  await addFlow(
    lab,
    "br-int",
    `in_port=${LOCAL_LEG},ip,nw_dst=${ADDRESSES.ue},actions=${tunnel},output:${GTPU}`,
  );
  await runOk(inNamespace(lab, "edge", ["nft", "-f", "-"]), { input: WITHOUT_CHECKSUM, signal: lab.signal });
  return vswitchd;
}

const addFlow = (lab: LabContext, bridge: string, flow: string): Promise<ExecResult> =>
  ovsOfctl(lab, "add-flow", bridge, flow);
