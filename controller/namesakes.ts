/**
 * Whether two agents speak in one node's name, as after a disk was copied. Each start of an agent has a life of its
 * own, and a life that ended never comes back: one that is heard again after another was is a second agent. Pure.
 */

/** What one agent said of itself, by its own clock. */
export interface Voice {
  readonly life: string;
  readonly ts: number;
}

/** The lives of one node that were heard, oldest first; of each when it spoke last. */
export type Lives = readonly Voice[];

/** So many are remembered of a node. */
const REMEMBERED = 8;

export interface Hearing {
  readonly lives: Lives;
  /** The other life that speaks in the same name; null: none does, as far as is known. */
  readonly other: string | null;
}

/**
 * A status may come late or a second time (a hub says again what it kept): what is older than what was said since
 * by another shows nothing. Of two agents whose clocks differ the one that is ahead shows it.
 */
export function hear(lives: Lives, voice: Voice): Hearing {
  const newest = lives.at(-1);
  const before = lives.find(({ life }) => life === voice.life);
  const others = lives.filter(({ life }) => life !== voice.life);
  const isLate = newest !== undefined && newest.life !== voice.life && before && voice.ts <= newest.ts;
  if (isLate) return { lives, other: null };
  const isBack = before !== undefined && newest !== undefined && newest.life !== voice.life;
  return { lives: [...others, voice].slice(-REMEMBERED), other: isBack ? newest.life : null };
}
