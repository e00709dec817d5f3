/**
 * Where the agent's memory is going. Of every ten minutes the least resident size counts: garbage comes and goes, what
 * never goes is a leak. Pure.
 */
export interface MemoryTrend {
  /** The least of each span, the newest last; the last one is not over yet. */
  readonly spans: readonly { readonly atMs: number; readonly leastBytes: number }[];
}

export interface MemoryVerdict {
  readonly hoursSeen: number;
  /** Null until enough was seen. */
  readonly bytesPerHour: number | null;
  /** It grows, and would reach the limit within a day. */
  readonly leaks: boolean;
  readonly beyondLimit: boolean;
}

export const NO_TREND: MemoryTrend = { spans: [] };
const SPAN_MS = 10 * 60_000;
const SPANS_KEPT = 6 * 6;
/** What happens in the first span (start, adoption) is no trend; two hours of one are. */
const SPANS_NEEDED = 12;
const LEAK_BYTES_PER_HOUR = 1024 * 1024;
const DAY_HOURS = 24;

/** `atMs` of a clock that does not jump. */
export function sample({ spans }: MemoryTrend, atMs: number, bytes: number): MemoryTrend {
  const last = spans.at(-1);
  if (last && atMs - last.atMs < SPAN_MS)
    return { spans: [...spans.slice(0, -1), { ...last, leastBytes: Math.min(last.leastBytes, bytes) }] };
  return { spans: [...spans, { atMs, leastBytes: bytes }].slice(-SPANS_KEPT) };
}

export function verdict({ spans }: MemoryTrend, limitBytes: number): MemoryVerdict {
  const [, ...settled] = spans.slice(0, -1);
  const last = spans.at(-1)?.leastBytes ?? 0;
  const hoursSeen = settled.length * (SPAN_MS / 3_600_000);
  const bytesPerHour = settled.length < SPANS_NEEDED ? null : slope(settled);
  const leaks =
    bytesPerHour !== null &&
    bytesPerHour > LEAK_BYTES_PER_HOUR &&
    last + bytesPerHour * DAY_HOURS > limitBytes;
  return { hoursSeen, bytesPerHour, leaks, beyondLimit: last > limitBytes };
}

/** Least squares. */
function slope(spans: MemoryTrend["spans"]): number {
  const hours = spans.map(({ atMs }) => atMs / 3_600_000);
  const meanX = mean(hours);
  const meanY = mean(spans.map(({ leastBytes }) => leastBytes));
  const over = spans.reduce(
    (sum, { leastBytes }, i) => sum + ((hours[i] ?? 0) - meanX) * (leastBytes - meanY),
    0,
  );
  const under = hours.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
  return over / under;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
