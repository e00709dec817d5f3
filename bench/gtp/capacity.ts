/** The highest rate that something keeps up with, found by trying: bounded in time, since each trial is. */

/** Does it keep up with so many packets a second? */
export type Trial = (pps: number) => Promise<boolean>;

/**
 * Doubles the rate from `from` on until it is too much, or `most`, then halves the interval `steps` times. The highest rate that was kept up with;
 * 0 when `from` was too much. At most log2(most / from) + 1 + steps trials.
 */
export async function capacity(
  trial: Trial,
  { from, most, steps }: { readonly from: number; readonly most: number; readonly steps: number },
): Promise<number> {
  let good = 0;
  let bad = from;
  while (bad <= most && (await trial(bad))) {
    good = bad;
    bad *= 2;
  }
  if (good === 0 || bad > most) return good;
  for (let i = 0; i < steps; i++) {
    const middle = Math.round((good + bad) / 2);
    if (await trial(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
