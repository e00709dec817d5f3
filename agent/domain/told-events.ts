/** What an LVNF's events handler answers, and which of it is news. Pure. */

/** One event as the LVNF tells it. */
export interface ToldEvent {
  /** Counts from 1 within the process. */
  readonly number: number;
  /** What happened, in the LVNF's own words: `path-down`. */
  readonly event: string;
  /** When, ms since the epoch; null where it does not say. */
  readonly at: number | null;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Reading =
  | { readonly events: readonly ToldEvent[]; readonly lost: number; readonly newest: number }
  | { readonly problem: string };

/** A function's packets may come from anybody, and so what it tells of them. */
const MAX_BYTES = 1024 * 1024;
const MAX_EVENT_BYTES = 4096;
const EVENT_NAME = /^[a-z][a-z0-9-]{0,62}$/;

/**
 * The events after number `seen`, oldest first, and how many more there were that the handler does not keep any
 * more. A newest number below `seen` is that of a numbering that began anew.
 */
export function readEvents(text: string, seen: number): Reading {
  if (text.length > MAX_BYTES) return { problem: `more than ${MAX_BYTES} bytes` };
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    return { problem: `no JSON: ${error instanceof Error ? error.message : error}` };
  }
  if (!Array.isArray(list)) return { problem: "no list" };
  const events: ToldEvent[] = [];
  for (const item of list as readonly unknown[]) {
    const event = eventOf(item);
    if (typeof event === "string") return { problem: event };
    if (event.number <= (events.at(-1)?.number ?? 0))
      return { problem: `number ${event.number} does not come after the one before it` };
    events.push(event);
  }
  const newest = events.at(-1)?.number ?? seen;
  const after = newest < seen ? 0 : seen;
  const fresh = events.filter(({ number }) => number > after);
  return { events: fresh, lost: newest - after - fresh.length, newest };
}

function eventOf(item: unknown): ToldEvent | string {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return "an item is no object";
  const { number, event, at, ...fields } = item as Readonly<Record<string, unknown>>;
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 1)
    return `an item has the number ${JSON.stringify(number)}`;
  if (typeof event !== "string" || !EVENT_NAME.test(event))
    return `event ${number} is called ${JSON.stringify(event)?.slice(0, 80)}`;
  if (JSON.stringify(fields).length > MAX_EVENT_BYTES)
    return `event ${number} has more than ${MAX_EVENT_BYTES} bytes`;
  return { number, event, at: timeOf(at), fields };
}

/** Seconds since the epoch, which fit a date. */
function timeOf(at: unknown): number | null {
  const ms = typeof at === "number" ? at * 1000 : Number.NaN;
  return Number.isNaN(new Date(ms).getTime()) ? null : ms;
}

/** `path-down, end core, enb 10.9.0.1` */
export function toldText({ event, fields }: ToldEvent): string {
  const words = Object.entries(fields).map(
    ([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [event, ...words].join(", ");
}
