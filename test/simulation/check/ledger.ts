/** What was promised, by whom, kept outside of all that can fail; and what of it can be checked at once. */
import type { ReportItem } from "../../../model/messages/node.js";

export class Violation extends Error {
  constructor(
    readonly invariant: string,
    detail: string,
  ) {
    super(`${invariant}: ${detail}`);
  }
}

/** Of a service: the digest of its package, or null where it is not to be. */
export type Wanted = string | null;

export interface Promised {
  readonly revision: number;
  readonly wanted: Wanted;
}

/** What one machine's journal promised. */
export interface NodeLedger {
  /** Of each service, what the journal said it has. */
  readonly desired: Map<string, Promised>;
  /** Asked of the journal, and not answered yet or failed: it may have it or not. */
  readonly maybe: Map<string, Promised[]>;
  /** Events that the journal said it has, by the journal's id, in their order. */
  readonly events: Map<string, string[]>;
  /** Services asked for at the node: what was answered ok. */
  readonly local: Map<string, Wanted>;
}

export const createNodeLedger = (): NodeLedger => ({
  desired: new Map(),
  maybe: new Map(),
  events: new Map(),
  local: new Map(),
});

/** What the controller's store promised. */
export interface ControllerLedger {
  /** Of each instance: what its life cycle answered ok; open: it was asked for, and not answered yet. */
  readonly instances: Map<string, Promised | "open">;
  /** Commands that were taken. */
  readonly commands: Set<string>;
  /** Up to which number a journal's reports were taken. */
  readonly taken: Map<string, number>;
  /** Journals whose next report may leave out numbers: those that a controller restored from a backup had and lost. */
  readonly forgotten: Set<string>;
}

export const createControllerLedger = (): ControllerLedger => ({
  commands: new Set(),
  instances: new Map(),
  taken: new Map(),
  forgotten: new Set(),
});

/**
 * A controller restored from a backup has to keep what was promised up to then. Of what was promised since, it has to have
 * again what a node has on its disk, if that is the last word. What no node has yet may be on its way there, or be lost.
 */
export function restored(
  ledger: ControllerLedger,
  backup: ControllerLedger,
  nodes: readonly NodeLedger[],
): void {
  const now = new Map(ledger.instances);
  ledger.instances.clear();
  for (const id of new Set([...now.keys(), ...backup.instances.keys()])) {
    const before = backup.instances.get(id);
    const last = now.get(id);
    const kept = before === last ? before : newestOf(id, before, last, nodes);
    if (kept) ledger.instances.set(id, kept);
  }
  for (const id of ledger.commands) if (!backup.commands.has(id)) ledger.commands.delete(id);
  for (const journal of ledger.taken.keys()) ledger.forgotten.add(journal);
  ledger.taken.clear();
}

function newestOf(
  id: string,
  before: Promised | "open" | undefined,
  last: Promised | "open" | undefined,
  nodes: readonly NodeLedger[],
): Promised | "open" {
  const isUnderWay = nodes.some(({ maybe }) => (maybe.get(id) ?? []).length > 0);
  const [held] = nodes
    .flatMap(({ desired }) => desired.get(id) ?? [])
    .sort((one, other) => other.revision - one.revision);
  if (before === "open" || last === "open" || isUnderWay || !held) return "open";
  // The broker may remember a word that no node has heard yet, and say it.
  if (last && last.revision > held.revision) return "open";
  return held.revision > (before?.revision ?? 0) ? held : "open";
}

/** What the journal may hold of this service; undefined: nothing. */
const possible = ({ desired, maybe }: NodeLedger, service: string): readonly (Wanted | undefined)[] => [
  desired.get(service)?.wanted,
  ...(maybe.get(service) ?? []).map(({ wanted }) => wanted),
];

/** True where everything that the journal may hold of this service is this package. */
export const isCertain = (ledger: NodeLedger, service: string, packageDigest: string): boolean =>
  possible(ledger, service).every((wanted) => wanted === packageDigest);

/** True where the journal may hold that this service is not to be. */
export const mayBeBuried = (ledger: NodeLedger, service: string): boolean =>
  possible(ledger, service).includes(null);

/** After a start the journal has to hold what it promised, or what it was asked for since. */
export function checkDesired(
  { desired, maybe }: NodeLedger,
  held: ReadonlyMap<string, Promised>,
  node: string,
): void {
  for (const [service, promised] of desired) {
    const found = held.get(service);
    const possible = [promised, ...(maybe.get(service) ?? [])];
    const isAllowed =
      found && possible.some((one) => one.revision === found.revision && one.wanted === found.wanted);
    if (!isAllowed)
      throw new Violation(
        "no acknowledged write is lost",
        `${node} promised ${service} at ${text(promised)}, its journal has ${found ? text(found) : "nothing"}`,
      );
  }
}

const text = ({ revision, wanted }: Promised): string =>
  `revision ${revision} (${wanted?.slice(7, 15) ?? "removed"})`;

/** Reports are taken in order, each once. A state that a newer one made old may be left out; events may not. */
export function takeReports(ledger: ControllerLedger, journal: string, items: readonly ReportItem[]): void {
  for (const { seq } of items) {
    const last = ledger.taken.get(journal) ?? 0;
    if (seq <= last)
      throw new Violation(
        "reports arrive exactly once and in order",
        `after report ${last} of journal ${journal} the controller took ${seq}`,
      );
    ledger.taken.set(journal, seq);
    ledger.forgotten.delete(journal);
  }
}

/** After a start the controller has to have what it took, and may have what it was about to take. */
export function checkTaken(ledger: ControllerLedger, numbering: ReadonlyMap<string, number>): void {
  for (const [journal, promised] of ledger.taken) {
    const found = numbering.get(journal) ?? 0;
    if (found < promised)
      throw new Violation(
        "no acknowledged write is lost",
        `the controller took reports up to ${promised} of journal ${journal}, it has them up to ${found}`,
      );
  }
  for (const [journal, found] of numbering) ledger.taken.set(journal, found);
}

export const eventText = (event: {
  readonly ts: string;
  readonly type: string;
  readonly detail: string;
}): string => `${event.ts} ${event.type} ${event.detail}`;
