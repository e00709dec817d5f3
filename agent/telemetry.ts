/**
 * When the figures of the moment are worth sending. A message with twenty functions is 2 KB: sent every ten seconds it is
 * 17 MB a day, and says the same all night. So it is sent when something is considerably other than it was told, and
 * else so seldom that it only shows that the figures still hold. Pure.
 */
import type { NodeTelemetry } from "../model/messages/node.js";

export type Figures = Pick<NodeTelemetry, "agent" | "node" | "functions">;

/** What was told last, and when (ms, of a clock that does not jump). */
export interface Told {
  readonly figures: Figures;
  readonly atMs: number;
  /** Of a core, by function, on average since the message before. */
  readonly cpu: ReadonlyMap<string, number>;
}

/** Of a core. */
const CPU_STEP = 0.05;
const MEMORY_SHARE = 0.1;
const FUNCTION_MEMORY_STEP_BYTES = 1024 * 1024;
const AGENT_MEMORY_STEP_BYTES = 8 * 1024 * 1024;
const NODE_MEMORY_STEP_BYTES = 32 * 1024 * 1024;
/** Flash wears out by it: a pace that has doubled is news, and below a megabyte a day nobody's worry. */
const WRITTEN_PER_DAY_STEP_BYTES = 1024 * 1024;
const WRITTEN_SHARE = 1;
/** The load average of a node at rest wanders between 0 and some tenths. */
const LOAD_STEP = 0.5;
const LOAD_SHARE = 0.3;

/** The figures as they will have been told, if it is time to tell them; null if nobody misses them. */
export function worthTelling(
  told: Told | null,
  figures: Figures,
  atMs: number,
  atLeastEveryMs: number,
): Told | null {
  const next: Told = { figures, atMs, cpu: cpuShares(told, figures, atMs) };
  if (told === null || atMs - told.atMs >= atLeastEveryMs) return next;
  const before = new Map(told.figures.functions.map((one) => [one.id, one]));
  const functionsDiffer =
    figures.functions.length !== before.size ||
    figures.functions.some(({ id, state, memoryBytes }) => {
      const was = before.get(id);
      if (was?.state !== state || (was.memoryBytes === null) !== (memoryBytes === null)) return true;
      const usedToldShare = told.cpu.get(id) ?? 0;
      return (
        differs(was.memoryBytes ?? 0, memoryBytes ?? 0, MEMORY_SHARE, FUNCTION_MEMORY_STEP_BYTES) ||
        Math.abs((next.cpu.get(id) ?? 0) - usedToldShare) > CPU_STEP
      );
    });
  const { agent, node } = told.figures;
  const nodeDiffers =
    (agent.journal ?? null) !== (figures.agent.journal ?? null) ||
    differs(agent.rssBytes, figures.agent.rssBytes, MEMORY_SHARE, AGENT_MEMORY_STEP_BYTES) ||
    differs(
      agent.writtenPerDayBytes ?? 0,
      figures.agent.writtenPerDayBytes ?? 0,
      WRITTEN_SHARE,
      WRITTEN_PER_DAY_STEP_BYTES,
    ) ||
    differs(node.load1, figures.node.load1, LOAD_SHARE, LOAD_STEP) ||
    differs(
      node.memoryAvailableBytes,
      figures.node.memoryAvailableBytes,
      MEMORY_SHARE,
      NODE_MEMORY_STEP_BYTES,
    );
  return functionsDiffer || nodeDiffers ? next : null;
}

/** By both: a share of a small figure is nothing, and a step in a large one neither. */
const differs = (before: number, now: number, share: number, step: number): boolean =>
  Math.abs(now - before) > Math.max(step, share * before);

function cpuShares(told: Told | null, { functions }: Figures, atMs: number): ReadonlyMap<string, number> {
  const seconds = told === null ? 0 : (atMs - told.atMs) / 1000;
  const before = new Map(told?.figures.functions.map((one) => [one.id, one.cpuSeconds]));
  return new Map(
    functions.flatMap(({ id, cpuSeconds }) => {
      const was = before.get(id) ?? null;
      // Less than before: another process.
      if (seconds <= 0 || cpuSeconds === null || was === null || cpuSeconds < was) return [];
      return [[id, (cpuSeconds - was) / seconds] as const];
    }),
  );
}
