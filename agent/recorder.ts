/** Takes events and states from the loop to the journal, and notices when the journal cannot be written. */
import type { Log } from "../bus/log.js";
import { problemOf } from "../model/errors.js";
import type { AgentEvent, ServiceStatus } from "../model/messages/node.js";
import { eventAt, UNWRITABLE, unwritableEvent, WRITABLE, writableEvent } from "./chronicle.js";
import type { Unset } from "./clock-watch.js";
import type { EventMark, Journal, ReportBody } from "./store/journal.js";

export interface Recorder {
  record(
    events: readonly AgentEvent[],
    services: readonly ServiceStatus[],
    removedServices: readonly string[],
    present?: readonly string[],
  ): void;
  /** Notes an event that a function told, and in the same commit that it is noted. */
  recordTold(event: AgentEvent, mark: EventMark): void;
  /** Why the journal cannot be written, or null. */
  problem(): string | null;
  /** Somebody else's write failed: it is tried from here until it can be written again. */
  failed(reason: string): void;
  onEvent(listener: (event: AgentEvent) => void): () => void;
  /** Resolves when all that was recorded is on disk, or could not be put there. */
  flush(): Promise<void>;
  /** Changes what waits to be written still. */
  correct(correction: (event: AgentEvent) => AgentEvent): void;
  /** What waits to be written still. */
  unwritten(): readonly Entry[];
}

/** What could not be written waits in memory, this much of it: a full disk must not become a full memory. */
const WAITING_LIMIT = 2_000;
const RETRY_MS = 2_000;

/** What waits to be written. An event is both noted at the node and reported. */
export interface Entry {
  readonly event?: AgentEvent;
  readonly report: ReportBody;
  readonly mark?: EventMark;
}

export interface RecorderOptions {
  /** What an earlier recorder could not write. */
  readonly left?: readonly Entry[];
  readonly clock?: () => number;
  /** What to mark an event of now with, whose time cannot be believed; null: it can. */
  readonly unset?: () => Unset | null;
  /** Called each time that the journal could not be written again. */
  readonly stuck?: () => void;
}

/** A disk that is nearly full takes small writes and no large ones: an end and a new beginning are told once in so long. */
const TOLD_APART_MS = 600_000;

/** `reported` is called when reports were committed; null where there is nobody to report to. */
export function createRecorder(
  journal: Pick<Journal, "append">,
  log: Log,
  reported: (() => void) | null,
  { left = [], clock = Date.now, unset = () => null, stuck }: RecorderOptions = {},
): Recorder {
  const listeners = new Set<(event: AgentEvent) => void>();
  let waiting: readonly Entry[] = left;
  let lost = 0;
  let problem: string | null = null;
  let since = 0;
  /** When it was told last that the journal cannot be written, and whether it was not told since that it can. */
  let toldAt = Number.NEGATIVE_INFINITY;
  let isTold =
    left.findLast(({ event }) => event?.type === UNWRITABLE || event?.type === WRITABLE)?.event?.type ===
    UNWRITABLE;
  let writing: Promise<void> | null = null;
  let retry: NodeJS.Timeout | undefined;

  const failed = (reason: string): void => {
    if (problem === null) {
      since = clock();
      log.error({}, `the journal cannot be written: ${reason}`);
    }
    problem = lost > 0 ? `${reason} (${lost} records lost)` : reason;
    if (!isTold && Math.abs(clock() - toldAt) >= TOLD_APART_MS) {
      isTold = true;
      toldAt = clock();
      take([entryOf(eventAt(clock(), unwritableEvent(reason)))]);
    }
    clearTimeout(retry);
    retry = setTimeout(() => {
      if (waiting.length === 0) problem = null; // whoever failed tries again, and will say so
      start();
    }, RETRY_MS).unref();
    stuck?.();
  };
  const succeeded = (): void => {
    if (problem === null && !isTold) return;
    log.info({ lost }, "the journal can be written again");
    const tookMs = problem === null ? null : clock() - since;
    problem = null;
    if (!isTold) return;
    isTold = false;
    take([entryOf(eventAt(clock(), writableEvent(tookMs, lost)))]);
  };

  /** Ends with `writing` null in the same turn in which it saw that nothing waits: no entry falls in between. */
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await journal.append(
          batch.flatMap(({ event }) => event ?? []),
          reported ? batch.map(({ report }) => report) : [],
          batch.flatMap(({ mark }) => mark ?? []),
        );
        succeeded();
        reported?.();
      } catch (error) {
        const all = [...batch, ...waiting];
        waiting = withinLimit(all);
        lost += all.length - waiting.length;
        failed(problemOf(error).detail);
        break;
      }
    }
    writing = null;
  };
  const start = (): void => {
    if (waiting.length > 0) writing ??= write();
  };

  const take = (taken: readonly Entry[]): void => {
    const mark = unset();
    const entries = mark ? taken.map((entry) => marked(entry, mark)) : taken;
    waiting = [...waiting, ...entries];
    start();
    for (const { event } of entries) if (event) for (const listener of listeners) listener(event);
  };

  return {
    record: (events, services, removedServices, present) =>
      take([
        ...events.map(entryOf),
        ...services.map((service) => ({ report: { service } })),
        ...removedServices.map((removedService) => ({ report: { removedService } })),
        ...(present ? [{ report: { present } }] : []),
      ]),
    recordTold: (event, mark) => take([{ event, report: { event }, mark }]),
    problem: () => problem,
    failed,
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async flush() {
      start();
      await writing;
    },
    unwritten: () => waiting,
    correct(correction) {
      waiting = waiting.map((entry) => {
        if (!entry.event) return entry;
        const event = correction(entry.event);
        return { ...entry, event, report: { event } };
      });
    },
  };
}

function marked(entry: Entry, clock: Unset): Entry {
  if (!entry.event) return entry;
  const event = { ...entry.event, clock };
  return { ...entry, event, report: { event } };
}

const entryOf = (event: AgentEvent): Entry => ({ event, report: { event } });

/** The oldest go first, but the last word on each service stays: it is said once, and not again until it changes. */
function withinLimit(entries: readonly Entry[]): readonly Entry[] {
  const lastWords = new Map<string, Entry>();
  for (const entry of entries) {
    const { report, event } = entry;
    if (event?.type === UNWRITABLE) lastWords.set(`${UNWRITABLE} ${event.ts}`, entry);
    if ("service" in report) lastWords.set(report.service.id, entry);
    if ("removedService" in report) lastWords.set(report.removedService, entry);
    if ("present" in report) lastWords.set("", entry);
  }
  const kept = new Set(lastWords.values());
  let excess = entries.length - WAITING_LIMIT;
  return entries.filter((entry) => {
    if (excess <= 0 || kept.has(entry)) return true;
    excess -= 1;
    return false;
  });
}
