/**
 * Events that LVNFs tell by handlers (descriptor: `events: true`) become events of the node, each once. The
 * journal takes an event and the mark up to where it has them in one commit: an agent that starts again goes on
 * from there.
 */
import { problemOf } from "../model/errors.js";
import type { AgentEvent } from "../model/messages/node.js";
import type { HandlerDeclaration } from "../model/service.js";
import { type EventFields, eventAt, eventsLostEvent, eventsUnreadableEvent, toldEvent } from "./chronicle.js";
import { readEvents } from "./domain/told-events.js";
import type { ClickDriver } from "./drivers/click/api.js";
import { abortable, linkSignal, type WaitClock } from "./drivers/wait.js";
import type { EventMark } from "./store/journal.js";

export interface FunctionEventsOptions {
  readonly read: ClickDriver["read"];
  /** What names the process of a running function for ever, across reboots too; null: it does not run. */
  readonly processOf: (functionId: string) => string | null;
  readonly recordTold: (event: AgentEvent, mark: EventMark) => void;
  readonly record: (event: AgentEvent) => void;
  readonly clock: () => number;
  readonly wait: WaitClock;
  readonly signal: AbortSignal;
}

export interface FunctionEvents {
  /** Goes on from here. To be called before there is a process to be asked. */
  begin(marks: readonly EventMark[]): void;
  /** Of these handlers the ones that tell events are asked from now on; none: the function is asked no more. */
  follow(functionId: string, handlers: readonly HandlerDeclaration[]): void;
  /** Asks once more, now: the function is about to be ended. Does not reject. */
  askNow(functionId: string): Promise<void>;
}

const PERIOD_MS = 1_000;
/** Of a function that tells more than its handler keeps, what is kept is taken less often: the journal must not drown. */
const FLOOD_PERIOD_MS = 10_000;
const READ_TIMEOUT_MS = 2_000;
/** Who ends a function that does not answer waits no longer. */
const LAST_ASK_MS = 1_500;

interface Followed {
  handlers: readonly HandlerDeclaration[];
  readonly stop: () => void;
  /** One asking at a time. */
  asked: Promise<void>;
  periodMs: number;
}

/** What is known of one handler. */
interface Told {
  readonly process: string;
  readonly number: number;
  /** What it answered last: the same again is no news. */
  readonly text: string | null;
  readonly problem: string | null;
}

export function createFunctionEvents(options: FunctionEventsOptions): FunctionEvents {
  const { read, processOf, clock, wait, signal } = options;
  const followed = new Map<string, Followed>();
  const told = new Map<string, Told>();
  const keyOf = (functionId: string, handler: string): string => `${functionId} ${handler}`;

  const askHandler = async (
    functionId: string,
    process: string,
    { name, handler }: HandlerDeclaration,
  ): Promise<boolean> => {
    const key = keyOf(functionId, handler);
    const before = told.get(key);
    const known: Told =
      before?.process === process ? before : { process, number: 0, text: null, problem: null };
    const note = (fields: EventFields, at = clock()): AgentEvent => eventAt(at, fields);
    const unreadable = (problem: string, text: string | null): void => {
      if (known.problem !== problem) options.record(note(eventsUnreadableEvent(functionId, name, problem)));
      told.set(key, { ...known, text, problem });
    };
    const text = await read(functionId, handler, { signal: AbortSignal.timeout(READ_TIMEOUT_MS) }).catch(
      (error: unknown) => {
        const { code, detail } = problemOf(error);
        if (code === "handler.failed") unreadable(detail, null); // else it ends, or is busy: it is asked again
        return null;
      },
    );
    // Another process may have answered than the one that was looked at: then the numbers are that one's.
    if (text === null || text === known.text || processOf(functionId) !== process) return false;
    const reading = readEvents(text, known.number);
    if ("problem" in reading) {
      unreadable(reading.problem, text);
      return false;
    }
    const { events, lost, newest } = reading;
    const mark = (number: number): EventMark => ({ functionId, handler, process, number });
    const first = events[0];
    if (lost > 0 && first)
      options.recordTold(note(eventsLostEvent(functionId, name, lost)), mark(first.number - 1));
    for (const event of events)
      options.recordTold(note(toldEvent(functionId, name, event), event.at ?? clock()), mark(event.number));
    told.set(key, { process, number: newest, text, problem: null });
    return lost > 0;
  };

  const ask = async (functionId: string, entry: Followed): Promise<void> => {
    let anyLost = false;
    for (const handler of entry.handlers) {
      const process = processOf(functionId);
      if (process !== null) anyLost = (await askHandler(functionId, process, handler)) || anyLost;
    }
    entry.periodMs = anyLost ? Math.min(FLOOD_PERIOD_MS, 2 * entry.periodMs) : PERIOD_MS;
  };
  const askInTurn = (functionId: string, entry: Followed): Promise<void> => {
    entry.asked = entry.asked.then(() => ask(functionId, entry));
    return entry.asked;
  };
  const loop = async (functionId: string, entry: Followed, until: AbortSignal): Promise<void> => {
    while (!until.aborted) {
      await askInTurn(functionId, entry);
      await wait.delay(entry.periodMs, until);
    }
  };

  return {
    begin(marks) {
      for (const { functionId, handler, process, number } of marks)
        told.set(keyOf(functionId, handler), { process, number, text: null, problem: null });
    },
    follow(functionId, declared) {
      const handlers = declared.filter(({ events }) => events);
      const entry = followed.get(functionId);
      if (entry) entry.handlers = handlers;
      if (entry && handlers.length === 0) {
        entry.stop();
        followed.delete(functionId);
      }
      if (entry || handlers.length === 0) return;
      const { signal: until, abort } = linkSignal(signal);
      const made: Followed = { handlers, stop: abort, asked: Promise.resolve(), periodMs: PERIOD_MS };
      followed.set(functionId, made);
      void loop(functionId, made, until);
    },
    async askNow(functionId) {
      const entry = followed.get(functionId);
      if (!entry) return;
      const signal = AbortSignal.timeout(LAST_ASK_MS);
      await abortable(askInTurn(functionId, entry), signal, `asking ${functionId}`).catch(() => undefined);
    },
  };
}
