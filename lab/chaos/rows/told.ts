/** Patterns of events (`TYPE OBJECT: DETAIL`), and bounds that several rows share. */

export const NOTHING_LOST = { lost: 0, pagesFailed: 0 } as const;

export const died = (name: "breakout" | "cache") => new RegExp(`^function\\.died function/.*\\.${name}:`);
export const runs = (name: "breakout" | "cache") => new RegExp(`^function\\.running function/.*\\.${name}:`);
export const adopted = (name: "breakout" | "cache") =>
  new RegExp(`^function\\.adopted function/.*\\.${name}:`);
export const driverIs = (state: "degraded" | "ready", name: string) =>
  new RegExp(`^driver\\.${state} driver/${name}:`);

export const AGENT_STARTED = /^agent\.started /;
/** A healthy node has nothing to do, and nothing to take away. */
export const NOTHING_DONE = [/^work\./, /^chain\.bypassed/] as const;
