import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { environment } from "./command.js";
import { LabError } from "./errors.js";

/** Program → the Debian/Ubuntu package that brings it. */
const PROGRAMS: readonly (readonly [string, string])[] = [
  ["ip", "iproute2"],
  ["nsenter", "util-linux"],
  ["umount", "mount"],
  ["ethtool", "ethtool"],
  ["ping", "iputils-ping"],
  ["curl", "curl"],
  ["tcpdump", "tcpdump"],
  ["gcc", "gcc"],
  ["ovsdb-tool", "openvswitch-switch"],
  ["ovsdb-server", "openvswitch-switch"],
  ["ovs-vswitchd", "openvswitch-switch"],
  ["ovs-vsctl", "openvswitch-switch"],
  ["osmo-ggsn", "osmo-ggsn"],
  ["sgsnemu", "osmo-ggsn"],
  ["dockerd", "docker.io"],
  ["containerd", "containerd"],
  ["iptables", "iptables"],
  ["squid", "squid"],
  ["busybox", "busybox-static"],
];

/** Fails early, and once for everything that is missing. */
export async function checkMachine(): Promise<void> {
  checkRoot();
  await checkPrograms();
  if (!(await exists("/proc/self/ns/net"))) throw missingFeature("network namespaces (CONFIG_NET_NS)");
  if (!(await exists("/dev/net/tun"))) {
    throw missingFeature("/dev/net/tun (CONFIG_TUN)", "modprobe tun, or: mknod /dev/net/tun c 10 200");
  }
}

export function checkRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new LabError({
    code: "lab.notRoot",
    message: "the lab needs root: it makes network namespaces and raw sockets",
    hint: "run the command again as root (sudo)",
  });
}

async function checkPrograms(): Promise<void> {
  const folders = (environment().PATH ?? "").split(":");
  const missing: (readonly [string, string])[] = [];
  for (const entry of PROGRAMS) {
    const found = await Promise.all(folders.map((folder) => exists(join(folder, entry[0]), constants.X_OK)));
    if (!found.includes(true)) missing.push(entry);
  }
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  throw new LabError({
    code: "lab.program",
    message: `missing: ${missing.map(([program]) => program).join(", ")}`,
    hint: `sh scripts/setup.sh, or: apt-get install ${packages.join(" ")}`,
  });
}

function missingFeature(
  what: string,
  hint = "use a kernel that has it; containers may need --privileged",
): LabError {
  return new LabError({ code: "lab.kernel", message: `this kernel does not offer ${what}`, hint });
}

async function exists(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
