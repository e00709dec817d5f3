export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Exponential back-off with full jitter: anything up to base × 2^attempt, so that a thousand agents that
 * lost one broker do not come back in one second. A tenth of the base is the least, so that it never spins; what
 * is between is as likely everywhere: were less lifted to the least, a tenth of the fleet would come back at that very instant.
 */
export function backoffMs(attempt: number, { baseMs, capMs }: Backoff, random: () => number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
  const least = baseMs / 10;
  return least + random() * (ceiling - least);
}
