/** What whoever uses the journal was told, and may rely on: gathered over all power cuts. */
export type Promised =
  | { readonly opened: string }
  | { readonly appended: readonly [stream: string, number: number] }
  | { readonly desired: readonly [id: string, revision: number] }
  | { readonly sent: readonly (readonly [seq: number, name: string])[] }
  | { readonly acknowledged: number };

export const STREAMS: readonly string[] = ["stream-0", "stream-1", "stream-2"];
/** The object of an event: which of its stream it is. */
export const streamName = (stream: string, number: number): string => `${stream}/${number}`;

export interface Promises {
  readonly journalId: string | null;
  /** Of each stream, up to which number it was appended. */
  readonly appended: ReadonlyMap<string, number>;
  readonly desired: ReadonlyMap<string, number>;
  /** Reports under numbers that somebody has seen; the newest, for all is too much. */
  readonly sent: ReadonlyMap<number, string>;
  readonly acknowledged: number;
  readonly highestNumber: number;
}

export const NO_PROMISES: Promises = {
  journalId: null,
  appended: new Map(),
  desired: new Map(),
  sent: new Map(),
  acknowledged: 0,
  highestNumber: 0,
};

const SENT_KEPT = 500;

/** Lines of JSON; a last one that is cut off was told to nobody. */
export function promisesAfter(known: Promises, lines: string): Promises {
  const told = lines
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Promised);
  return told.reduce(withPromise, known);
}

function withPromise(known: Promises, line: Promised): Promises {
  if ("opened" in line) return { ...known, journalId: line.opened };
  if ("appended" in line) {
    const [stream, number] = line.appended;
    return { ...known, appended: new Map([...known.appended, [stream, number]]) };
  }
  if ("desired" in line) return { ...known, desired: new Map([...known.desired, line.desired]) };
  if ("acknowledged" in line)
    return { ...known, acknowledged: Math.max(known.acknowledged, line.acknowledged) };
  const sent = [...new Map([...known.sent, ...line.sent])].slice(-SENT_KEPT);
  const numbers = line.sent.map(([number]) => number);
  return { ...known, sent: new Map(sent), highestNumber: Math.max(known.highestNumber, ...numbers) };
}
