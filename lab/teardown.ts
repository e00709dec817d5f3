/**
 * Takes a lab away, whatever state it is in: whole, half built by a killed `up`, or half taken away.
 * What belongs to it is known by five signs: a record (pid and start time), the mark in a process's
 * environment, living in one of the lab's own namespaces or in the control group of its containers,
 * and being a descendant of any of these.
 */
import { readdir, readFile, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "./command.js";
import { type LabContext, netnsName, ownershipMark } from "./context.js";
import { CONTAINERD_PROCESS, cgroupParent, DOCKERD_PROCESS } from "./docker.js";
import { engineAnswers, removeContainers } from "./engine-api.js";
import { isSgsnemu } from "./mobile.js";
import { endProcess, listRecords, sendSignal, stopProcess } from "./processes.js";
import {
  hasEnvironment,
  inControlGroup,
  isAlive,
  lineage,
  listProcesses,
  mountsBelow,
  namedNetns,
  netnsOf,
  type ProcessFacts,
} from "./procfs.js";
import { NAMESPACES } from "./topology.js";
import { waitUntil } from "./wait.js";

/** The agent comes first, or it would heal what is being taken away. */
export async function stopForeignProcesses(lab: LabContext, keep: ReadonlySet<string>): Promise<number> {
  const records = await listRecords(lab);
  const foreign = records.filter((record) => !keep.has(record.name) && isAlive(record.pid, record.startTime));
  // sgsnemu takes the first signal as "detach" and stays; there is nobody left to detach from.
  const signal = (name: string) => (isSgsnemu(name) ? "SIGKILL" : "SIGTERM");
  await Promise.all(foreign.map((record) => endProcess(record, { signal: signal(record.name) })));
  return foreign.length;
}

/** Containers through their own dockerd while it answers: it knows their mounts and cgroups best. */
export async function stopContainers(lab: LabContext): Promise<number> {
  const { dockerSocket } = lab.paths;
  const count = (await engineAnswers(dockerSocket)) ? await removeContainers(dockerSocket).catch(() => 0) : 0;
  await stopProcess(lab, DOCKERD_PROCESS, { graceMs: 5000 });
  await stopProcess(lab, CONTAINERD_PROCESS, { graceMs: 2000 });
  return count;
}

/** Everything that is left, by SIGTERM and after a while by SIGKILL. */
export async function stopAllProcesses(lab: LabContext): Promise<number> {
  const victims = await findLabProcesses(lab);
  for (const { pid } of victims) sendSignal(pid, "SIGTERM");
  const left = () => victims.filter(({ pid, startTime }) => isAlive(pid, startTime));
  await waitUntil("processes end", () => left().length === 0, { timeoutMs: 2000 }).catch(() => undefined);
  // Again from the start: what a dying supervisor has put in its child's place belongs to the lab too.
  for (const { pid } of [...left(), ...(await findLabProcesses(lab))]) sendSignal(pid, "SIGKILL");
  const none = async () => left().length === 0 && (await findLabProcesses(lab)).length === 0;
  await waitUntil("all processes of the lab are gone", none, { timeoutMs: 5000 });
  return victims.length;
}

export async function removeFiles(lab: LabContext): Promise<void> {
  const { runDir, stateDir } = lab.paths;
  await removeShimSockets(lab);
  const mounts = [runDir, stateDir].flatMap(mountsBelow);
  for (const point of mounts) await run(["umount", "-l", point]);
  await rm(runDir, { recursive: true, force: true });
  await rm(stateDir, { recursive: true, force: true });
  await removeCgroups(lab);
  // Only when it is empty: a second lab may live beside.
  await rmdir(dirname(stateDir)).catch(() => undefined);
}

async function findLabProcesses(lab: LabContext): Promise<readonly ProcessFacts[]> {
  const processes = listProcesses().filter(({ state }) => state !== "Z" && state !== "X");
  const recorded = new Map((await listRecords(lab)).map((record) => [record.pid, record.startTime]));
  const namespaces = new Set(NAMESPACES.flatMap((ns) => namedNetns(netnsName(lab, ns)) ?? []));
  const mark = `LIGHTMANO_LAB=${ownershipMark(lab).LIGHTMANO_LAB}`;
  const own = new Set(
    processes
      .filter(
        ({ pid, startTime }) =>
          recorded.get(pid) === startTime ||
          namespaces.has(netnsOf(pid) ?? -1) ||
          hasEnvironment(pid, mark) ||
          inControlGroup(pid, cgroupParent(lab)),
      )
      .map(({ pid }) => pid),
  );
  // Never the hand that does this, even when it was itself started inside the lab.
  const spared = lineage(process.pid);
  return processes.filter(
    ({ pid }) => !spared.has(pid) && [...lineage(pid)].some((at) => own.has(at) && !spared.has(at)),
  );
}

/** A shim that was killed leaves its socket in /run/containerd/s, under a name that only its bundle knows. */
async function removeShimSockets(lab: LabContext): Promise<void> {
  const tasks = join(lab.paths.runDir, "containerd", "io.containerd.runtime.v2.task", "moby");
  for (const id of await readdir(tasks).catch(() => [])) {
    const address = await readFile(join(tasks, id, "address"), "utf8").catch(() => "");
    const path = address.trim().replace(/^unix:\/\//, "");
    if (path.startsWith("/run/containerd/s/")) await rm(path, { force: true });
  }
}

/** Control groups of killed containers, in every hierarchy (v1) or the one (v2). */
async function removeCgroups(lab: LabContext): Promise<void> {
  const root = "/sys/fs/cgroup";
  const controllers = await readdir(root).catch(() => []);
  const trees = ["", ...controllers].map((controller) => join(root, controller, cgroupParent(lab)));
  for (const tree of trees) {
    const { code, stdout } = await run(["find", tree, "-depth", "-type", "d"]);
    const folders = code === 0 ? stdout.split("\n").filter((line) => line !== "") : [];
    for (const folder of folders) await rmdir(folder).catch(() => undefined);
  }
}
