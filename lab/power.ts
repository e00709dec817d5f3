/** A power cut of the edge node: everything on it ends at once, and what lay in memory is gone. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { run, runOk } from "./command.js";
import { type LabContext, netnsName } from "./context.js";
import { cgroupParent } from "./docker.js";
import { observeNamespace } from "./links.js";
import { sendSignal } from "./processes.js";
import {
  commandLine,
  inControlGroup,
  isAlive,
  listProcesses,
  mountsBelow,
  namedNetns,
  netnsOf,
  type ProcessFacts,
} from "./procfs.js";
import { waitUntil } from "./wait.js";

/**
 * Kills every process of the node, in no order. The cables stay plugged in: interfaces of the lab's own go on
 * being there, those that were made on the node are gone. Call `forgetMemory` before anything is started again.
 */
export async function cutPower(lab: LabContext): Promise<void> {
  // Again until none is left: what was being started when the list was made is not on it.
  const none = (): boolean => {
    const left = nodeProcesses(lab);
    for (const { pid } of left) sendSignal(pid, "SIGKILL");
    return left.every(({ pid, startTime }) => !isAlive(pid, startTime));
  };
  await waitUntil("every process of the node has ended", none, { timeoutMs: 10_000, intervalMs: 1 });
}

/** What a boot finds empty: run directories, mounts, interfaces that were made. Disks are left as they are. */
export async function forgetMemory(lab: LabContext): Promise<void> {
  const { runDir, stateDir, ovsRunDir, dockerSocket, containerdSocket } = lab.paths;
  const inMemory = ["agent", "docker", "containerd"].map((name) => join(runDir, name));
  const mounted = [...inMemory, join(stateDir, "docker"), join(stateDir, "containerd")];
  for (const point of mounted.flatMap(mountsBelow)) await run(["umount", "-l", point]);
  const files = ["br-edge.mgmt", "br-edge.snoop", "db.sock", "vswitchd.ctl", "ovsdb-server.ctl"];
  const gone = [...inMemory, ...files.map((name) => join(ovsRunDir, name)), dockerSocket, containerdSocket];
  gone.push(`${containerdSocket}.ttrpc`, join(runDir, "dockerd.pid"));
  for (const path of gone) await rm(path, { recursive: true, force: true });
  // One end of a pair takes the other with it.
  for (const [name] of await observeNamespace(lab, "edge"))
    if (/^lm[bf]/.test(name)) await run(["ip", "-n", netnsName(lab, "edge"), "link", "del", name]);
  await runOk(["ip", "-n", netnsName(lab, "edge"), "neigh", "flush", "all"]);
}

function nodeProcesses(lab: LabContext): readonly ProcessFacts[] {
  const edge = namedNetns(netnsName(lab, "edge"));
  return listProcesses().filter(
    ({ pid, state }) =>
      state !== "Z" &&
      state !== "X" &&
      (netnsOf(pid) === edge ||
        inControlGroup(pid, cgroupParent(lab)) ||
        commandLine(pid).includes(lab.paths.containerdSocket)),
  );
}
