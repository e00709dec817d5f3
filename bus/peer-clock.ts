/**
 * The other end's time, told from the moments at which it made its messages. A node whose clock is wrong, or
 * was never set, knows by it how old a command is. It is a lower bound: a message is late, never early.
 */
export interface PeerClock {
  /** A message that was made at this time (ms since the epoch, the other's clock) has just come; not a retained one. */
  heard(madeAt: number): void;
  /** The other's time now, or null when it was never heard. */
  now(): number | null;
}

/** Clocks drift apart: what was heard so long ago gives way to what is heard now, also where it told more. */
const FRESH_MS = 3_600_000;

/** `monotonic`: milliseconds from some moment, never set back. */
export function createPeerClock(monotonic: () => number): PeerClock {
  let best: { readonly offset: number; readonly at: number } | null = null;
  return {
    heard(madeAt) {
      const at = monotonic();
      const offset = madeAt - at;
      if (!best || offset >= best.offset || at - best.at > FRESH_MS) best = { offset, at };
    },
    now: () => (best ? best.offset + monotonic() : null),
  };
}
