/** Gathers what the agent knows of itself and its functions. */
import { LightmanoError } from "../../model/errors.js";
import type { AgentConfig } from "../config.js";
import { abortable } from "../drivers/wait.js";
import type { Operations } from "../operations.js";
import type { OwnFacts } from "./own.js";

/** A Docker that hangs costs the figures of its containers, not the page. */
const STATS_TIMEOUT_MS = 1_500;

export async function gatherFacts(
  { site, node }: Pick<AgentConfig, "site" | "node">,
  operations: Pick<Operations, "status" | "stats">,
  startedAt: number,
): Promise<OwnFacts> {
  const { version, rssBytes, drivers, link, journal, written, services } = await operations.status();
  const { user, system } = process.cpuUsage();
  const running = services.flatMap(({ functions }) => functions.filter(({ state }) => state === "running"));
  const stats = await Promise.all(
    running.map(async ({ id }) => {
      const asked = abortable(
        Promise.resolve(operations.stats(id)),
        AbortSignal.timeout(STATS_TIMEOUT_MS),
        `stats of ${id}`,
      );
      const found = await asked.catch((error: unknown) => {
        if (error instanceof LightmanoError) return null; // it may have ended, or its daemon is away
        throw error;
      });
      return found === null ? [] : [[id, found] as const];
    }),
  );
  return {
    site,
    node,
    version,
    startedAt,
    rssBytes,
    cpuSeconds: (user + system) / 1e6,
    drivers,
    connected: link.controller === null ? null : link.connected,
    pendingReports: link.pendingReports,
    journalWorks: journal.state === "ready",
    journalBytes: journal.bytes,
    writtenBytes: written?.bytes ?? null,
    services,
    stats: new Map(stats.flat()),
  };
}
