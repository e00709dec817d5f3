/** What a container uses: from its cgroup (v2) where that can be read, which costs nothing, else from Docker. */
import { readFile } from "node:fs/promises";

export interface ContainerStats {
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
}

/** null when the process has no cgroup v2 with a memory controller, or it cannot be read. */
export async function cgroupStats(
  procRoot: string,
  cgroupRoot: string,
  pid: number,
): Promise<ContainerStats | null> {
  try {
    const path = unifiedPath(await readFile(`${procRoot}/${pid}/cgroup`, "utf8"));
    if (path === null) return null;
    const read = (file: string) => readFile(`${cgroupRoot}${path}/${file}`, "utf8");
    const [current, memory, cpu] = await Promise.all([
      read("memory.current"),
      read("memory.stat"),
      read("cpu.stat"),
    ]);
    return {
      memoryBytes: Number(current) - field(memory, "inactive_file"),
      cpuSeconds: field(cpu, "usage_usec") / 1e6,
    };
  } catch (thrown) {
    void thrown; // Not readable (cgroup v1, or the process has just ended): Docker is asked.
    return null;
  }
}

/** Line `0::/path` of /proc/PID/cgroup; the root itself is nobody's container. */
export function unifiedPath(text: string): string | null {
  const path = /^0::(\/.*)$/m.exec(text)?.[1] ?? "/";
  return path === "/" ? null : path;
}

function field(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
}

interface StatsAnswer {
  readonly memory_stats?: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } };
}

/** Of GET /containers/{id}/stats; null for one that does not run. `total_inactive_file` is cgroup v1's name. */
export function readStatsAnswer(answer: unknown): ContainerStats | null {
  const { memory_stats: memory, cpu_stats: cpu } = answer as StatsAnswer;
  if (memory?.usage === undefined) return null;
  const inactive = memory.stats?.inactive_file ?? memory.stats?.total_inactive_file ?? 0;
  return { memoryBytes: memory.usage - inactive, cpuSeconds: (cpu?.cpu_usage?.total_usage ?? 0) / 1e9 };
}
