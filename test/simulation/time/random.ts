/** Chance from a seed: the same seed gives the same numbers, on every machine and in every version of Node. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** An integer from `min` to `max`, both of them possible. */
  int(min: number, max: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** A stream of its own: what it is asked for changes nothing for the others. */
  fork(name: string): Random;
}

export function createRandom(seed: number | string): Random {
  const next = sfc32(String(seed));
  const random: Random = {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    pick: (from) => {
      const picked = from[Math.floor(next() * from.length)];
      if (picked === undefined) throw new Error("nothing to pick from");
      return picked;
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  };
  return random;
}

/** Chris Doty-Humphrey's sfc32, its state filled by FNV-1a over the seed's text. */
function sfc32(seed: string): () => number {
  let [a, b, c, d] = [hash(seed, 0x811c9dc5), hash(seed, 0x01000193), hash(seed, 0x9e3779b9), 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) next();
  return next;
}

function hash(text: string, basis: number): number {
  let value = basis | 0;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
}
