/** How long packets took, as `xdp-flood` tells it: how many in each bucket, lowest first. */

/** From (included) and to (not) in ns, and how many there were. */
export type Bucket = readonly [from: number, to: number, count: number];

/** Of several runs, one. The buckets are the same in each. */
export function merged(histograms: readonly (readonly Bucket[])[]): readonly Bucket[] {
  const byFrom = new Map<number, Bucket>();
  for (const [from, to, count] of histograms.flat())
    byFrom.set(from, [from, to, count + (byFrom.get(from)?.[2] ?? 0)]);
  return [...byFrom.values()].sort((a, b) => a[0] - b[0]);
}

/**
 * The time, in ns, that so large a `share` (0 to 1) of the packets did not exceed: the upper end of the bucket that the last of these is in, so
 * that no figure is better than what was seen. NaN when there were none.
 */
export function percentile(histogram: readonly Bucket[], share: number): number {
  const total = histogram.reduce((sum, [, , count]) => sum + count, 0);
  const wanted = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (const [, to, count] of histogram) {
    seen += count;
    if (seen >= wanted) return to;
  }
  return Number.NaN;
}
