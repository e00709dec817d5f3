/** Real network interfaces for tests, in a network namespace of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createCleanup, endProcess, makeNamespace, sh, until } from "./real.js";

export const LINK_PROGRAMS = ["ip", "nsenter", "unshare", "ethtool", "iptables", "ping"] as const;

/** scripts/build-helpers.sh makes it. */
const LINKS = fileURLToPath(new URL("../../build/links/lightmano-links", import.meta.url));

/** A network namespace that stands for a node, and processes in namespaces of their own. */
export async function startRealLinks() {
  const cleanup = createCleanup();
  const namespace = await makeNamespace(cleanup);
  const processes = new Map<number, ChildProcess>();
  const begin = async (program: string, ...args: readonly string[]) => {
    const own = await readlink("/proc/self/ns/net");
    const child = spawn(program, args, { stdio: "ignore" });
    const { pid = 0 } = child;
    processes.set(pid, child);
    cleanup.add(() => endProcess(child, "SIGKILL"));
    await until("it is in its namespace", async () => (await readlink(`/proc/${pid}/ns/net`)) !== own);
    await until("it runs", async () => (await readlink(`/proc/${pid}/exe`)).endsWith("/sleep"));
    return pid;
  };
  try {
    const keeper = await begin("ip", "netns", "exec", namespace, "sleep", "600");
    const options = {
      nodeId: "test/node",
      program: LINKS,
      commandPrefix: ["ip", "netns", "exec", namespace],
      procNetDev: `/proc/${keeper}/net/dev`,
      // Longer than anything here waits: what is seen was told.
      pollMs: 600_000,
    };
    return {
      namespace,
      keeper,
      options,
      addInterface: async (name: string) =>
        void (await sh(
          "ip",
          "-n",
          namespace,
          "link",
          "add",
          "name",
          name,
          "type",
          "veth",
          "peer",
          "name",
          `${name}-p`,
        )),
      removeInterface: async (name: string) =>
        void (await sh("ip", "-n", namespace, "link", "del", "dev", name)),
      startProcess: () => begin("unshare", "-n", "sleep", "600"),
      endProcess: async (pid: number) => {
        const child = processes.get(pid);
        if (child) await endProcess(child, "SIGKILL");
      },
      close: () => cleanup.run(),
    };
  } catch (thrown) {
    await cleanup.run();
    throw thrown;
  }
}

/** The processes in the network namespace of this one. */
export async function pidsIn(
  keeper: number,
): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  const namespace = await readlink(`/proc/${keeper}/ns/net`);
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => ({
      pid,
      // One that has ended meanwhile is in no namespace.
      inside: (await readlink(`/proc/${pid}/ns/net`).catch(() => null)) === namespace,
      command: await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
    })),
  );
  return found.filter(({ inside }) => inside);
}
