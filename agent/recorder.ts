/** Takes events and states from the loop to the journal, and notices when the journal cannot be written. */
import type { Log } from "../bus/log.js";
import { problemOf } from "../model/errors.js";
import type { AgentEvent, ServiceStatus } from "../model/messages/node.js";
import type { Journal, ReportBody } from "./store/journal.js";

export interface Recorder {
  record(
    events: readonly AgentEvent[],
    services: readonly ServiceStatus[],
    removedServices: readonly string[],
  ): void;
  /** Why the journal cannot be written, or null. */
  problem(): string | null;
  onEvent(listener: (event: AgentEvent) => void): () => void;
  /** Resolves when all that was recorded is on disk, or could not be put there. */
  flush(): Promise<void>;
}

/** What could not be written waits in memory, this much of it: a full disk must not become a full memory. */
const WAITING_LIMIT = 2_000;
const RETRY_MS = 2_000;

/** `reported` is called when reports were committed; null where there is nobody to report to. */
export function createRecorder(journal: Journal, log: Log, reported: (() => void) | null): Recorder {
  const listeners = new Set<(event: AgentEvent) => void>();
  let waiting: { readonly event?: AgentEvent; readonly report: ReportBody }[] = [];
  let lost = 0;
  let problem: string | null = null;
  let writing: Promise<void> | null = null;

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await journal.append(
          batch.flatMap(({ event }) => event ?? []),
          reported ? batch.map(({ report }) => report) : [],
        );
        if (problem !== null) log.info({ lost }, "the journal can be written again");
        problem = null;
        reported?.();
      } catch (error) {
        waiting = [...batch, ...waiting];
        const excess = waiting.length - WAITING_LIMIT;
        if (excess > 0) {
          waiting = waiting.slice(excess);
          lost += excess;
        }
        const { detail } = problemOf(error);
        if (problem === null) log.error({}, `the journal cannot be written: ${detail}`);
        problem = lost > 0 ? `${detail} (${lost} records lost)` : detail;
        setTimeout(start, RETRY_MS).unref();
        return;
      }
    }
  };
  const start = (): void => {
    writing ??= write().finally(() => {
      writing = null;
    });
  };

  return {
    record(events, services, removedServices) {
      for (const event of events) {
        waiting.push({ event, report: { event } });
        for (const listener of listeners) listener(event);
      }
      for (const service of services) waiting.push({ report: { service } });
      for (const removedService of removedServices) waiting.push({ report: { removedService } });
      start();
    },
    problem: () => problem,
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async flush() {
      if (waiting.length > 0) start();
      await writing;
    },
  };
}
