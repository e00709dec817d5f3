import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { runOk } from "./command.js";
import { inNamespace, type LabContext, netnsName } from "./context.js";
import { namedNetns } from "./procfs.js";
import { NAMESPACES, type Namespace } from "./topology.js";

/** Makes the namespaces that are missing; returns their names. */
export async function ensureNamespaces(lab: LabContext): Promise<readonly Namespace[]> {
  const missing = NAMESPACES.filter((ns) => namedNetns(netnsName(lab, ns)) === undefined);
  for (const ns of missing) {
    // A name left over without its mount is in the way of a new one.
    await rm(nameFile(lab, ns), { force: true });
    await runOk(["ip", "netns", "add", netnsName(lab, ns)], { signal: lab.signal });
  }
  // All of them each time: one that is there may stem from an `up` killed before it came this far.
  await Promise.all(NAMESPACES.map((ns) => configureNamespace(lab, ns)));
  return missing;
}

/**
 * Removes the lab's namespaces; their veths and tuns go with them. So do names that are left over without
 * their mount: `ip netns` makes the one after the other, and a reboot, a crash or a signal may come between.
 */
export async function removeNamespaces(lab: LabContext): Promise<readonly Namespace[]> {
  const named = NAMESPACES.filter((ns) => existsSync(nameFile(lab, ns)));
  for (const ns of named) {
    if (namedNetns(netnsName(lab, ns)) !== undefined) await runOk(["ip", "netns", "del", netnsName(lab, ns)]);
    else await rm(nameFile(lab, ns), { force: true });
  }
  return named;
}

const nameFile = (lab: LabContext, ns: Namespace): string => `/run/netns/${netnsName(lab, ns)}`;

async function configureNamespace(lab: LabContext, ns: Namespace): Promise<void> {
  await runOk(["ip", "-n", netnsName(lab, ns), "link", "set", "lo", "up"], { signal: lab.signal });
  for (const [value, names] of settings(ns)) {
    const files = names.map((name) => `/proc/sys/net/${name}`);
    // /proc/sys/net shows the namespace of the process that opens it; tee is in every system.
    await runOk(inNamespace(lab, ns, ["tee", ...files]), { input: value, signal: lab.signal });
  }
}

function settings(ns: Namespace): readonly (readonly [string, readonly string[]])[] {
  const on = ["ipv6/conf/all/disable_ipv6", "ipv6/conf/default/disable_ipv6"];
  // Otherwise TCP remembers the window of the last connection and each fetch starts differently.
  on.push("ipv4/tcp_no_metrics_save");
  if (ns === "epc" || ns === "inet") on.push("ipv4/ip_forward");
  return [
    ["1", on],
    ["0", ["ipv4/conf/all/rp_filter", "ipv4/conf/default/rp_filter"]],
  ];
}
