/** Pure: what is computed of one return. */

/** The value that this share of them does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export interface Spike {
  /** In the fullest stretch of that length. */
  readonly peak: number;
  /** A stretch, between the first and the last. */
  readonly mean: number;
  /** Peak by mean: 1 where all come evenly. */
  readonly factor: number;
}

export function spikeOf(times: readonly number[], stretchMs: number): Spike {
  const sorted = times.toSorted((a, b) => a - b);
  const [first = 0] = sorted;
  const stretches = new Map<number, number>();
  for (const time of sorted) {
    const stretch = Math.floor((time - first) / stretchMs);
    stretches.set(stretch, (stretches.get(stretch) ?? 0) + 1);
  }
  const peak = Math.max(0, ...stretches.values());
  const mean = sorted.length / (Math.max(-1, ...stretches.keys()) + 1);
  return { peak, mean, factor: peak / mean };
}
