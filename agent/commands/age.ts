/** How old a command is, where no clock can be trusted by itself. Pure. */

/** What the node knows of the time at the moment a command came. */
export interface TimeKnown {
  /** The node's own clock, ms since the epoch: 1970 on a board without a battery, until it is set. */
  readonly own: number;
  /** The controller's, told from what it has just said, or null when it has said nothing yet. */
  readonly controllers: number | null;
}

/** Clocks that are kept by NTP differ by less. */
const TOLERANCE_MS = 60_000;

/**
 * Milliseconds since the command was made; null where that cannot be known. The controller's time counts more
 * than the node's own. Before its making a command cannot have come: a node whose clock says so is told wrong
 * by its clock.
 */
export function ageOf(madeAt: number, { own, controllers }: TimeKnown): number | null {
  const age = (controllers ?? own) - madeAt;
  if (age >= 0) return age;
  return controllers !== null || age >= -TOLERANCE_MS ? 0 : null;
}

/** From a command's making to its deadline, both by the sender's clock: a duration, whatever that clock says. */
export const validityMs = ({ ts, deadline }: { readonly ts: string; readonly deadline: string }): number =>
  Date.parse(deadline) - Date.parse(ts);
