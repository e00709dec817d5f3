/**
 * Opens the node's journal, whatever became of it. One that is damaged, or of a newer program that broke with this one,
 * is set aside and made anew from the copies beside it and from what can be read of it. While none can be opened at
 * all another stands in: it knows what is desired and takes nothing.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { LightmanoError, problemOf } from "../../model/errors.js";
import { watched } from "../../store/engine.js";
import { nativeEngine } from "../../store/native-engine.js";
import { setAside } from "../../store/set-aside.js";
import { type EventFields, journalRestoredEvent, journalSetAsideEvent } from "../chronicle.js";
import type { Promises } from "../domain/site/member.js";
import { type Copies, createCopies, type FoundCopies, readCopies } from "./copies.js";
import { type Journal, type JournalledObject, openJournal } from "./journal.js";
import type { OutboxLimits } from "./outbox.js";
import { salvage } from "./salvage.js";

export interface OpenOptions {
  readonly stateDir: string;
  /** Where a damaged file is copied to be read; lost at a reboot. */
  readonly scratchDir: string;
  /** How much the outbox keeps at most. */
  readonly kept?: OutboxLimits;
  readonly clock: () => number;
  readonly warn: (message: string) => void;
  /** Damage was met in a journal that was open: whoever has it had better open it anew. */
  readonly damaged: (reason: string) => void;
}

export interface OpenedJournal {
  readonly journal: Journal;
  /** What the node's history should tell of it. */
  readonly events: readonly EventFields[];
  /** Why another stands in for the journal, or null. */
  readonly standsIn: string | null;
  /** Whether another file is under the journal's name now than the one that is open. */
  isReplaced(): Promise<boolean>;
}

const journalPath = (stateDir: string): string => join(stateDir, "journal.db");

/** Rejects with `store.failed` while another agent has it: that one is in charge. */
export async function openNodeJournal(options: OpenOptions): Promise<OpenedJournal> {
  const { stateDir, scratchDir, clock, warn } = options;
  const folder = join(stateDir, "desired");
  const found = await readCopies(folder).catch((error: unknown): FoundCopies => {
    warn(`the copies beside the journal cannot be read: ${problemOf(error).detail}`);
    return { found: new Map(), unreadable: [] };
  });
  for (const name of found.unreadable) warn(`${join(folder, name)} is no whole copy, and not used`);
  try {
    const { journal, aside } = await openOrReplace(options);
    const copies = createCopies(folder, found, (reason) =>
      warn(`the copies beside the journal cannot be written: ${reason}`),
    );
    const file = await fileUnder(journalPath(stateDir));
    const isReplaced = async (): Promise<boolean> => {
      const now = await fileUnder(journalPath(stateDir));
      return now !== null && now !== file;
    };
    return { ...(await restored(journal, found, copies, aside)), isReplaced };
  } catch (error) {
    if (isTaken(error)) throw error;
    const known = [...copiedObjects(found), ...(await salvage(journalPath(stateDir), scratchDir))];
    const reason = problemOf(error).detail;
    return {
      journal: await standIn(reason, known, clock),
      events: [],
      standsIn: reason,
      isReplaced: async () => false,
    };
  }
}

/** Whether the journal could be opened now, after it could not. */
export async function canOpen(stateDir: string, clock: () => number): Promise<boolean> {
  try {
    const engine = watched(nativeEngine, () => undefined);
    await (await openJournal(journalPath(stateDir), clock, engine)).close();
    return true;
  } catch (error) {
    return ["store.damaged", "store.newer"].includes(problemOf(error).code); // that would be set aside
  }
}

interface Aside {
  readonly reason: string;
  readonly keptAs: string;
  readonly salvaged: readonly JournalledObject[];
}

async function openOrReplace({
  stateDir,
  scratchDir,
  kept,
  clock,
  damaged,
}: OpenOptions): Promise<{ readonly journal: Journal; readonly aside: Aside | null }> {
  const path = journalPath(stateDir);
  let isOpen = false;
  const engine = watched(nativeEngine, (reason) => isOpen && damaged(reason));
  const opened = async (aside: Aside | null) => {
    const journal = await openJournal(path, clock, engine, undefined, kept);
    isOpen = true;
    return { journal, aside };
  };
  try {
    return await opened(null);
  } catch (error) {
    const { code, detail: reason } = problemOf(error);
    if (code !== "store.damaged" && code !== "store.newer") throw error;
    const salvaged = await salvage(path, scratchDir);
    return opened({ reason, keptAs: await setAside(path, clock()), salvaged });
  }
}

/** Puts into the journal what is newer beside it, and from now on copies what it takes. */
async function restored(
  journal: Journal,
  beside: FoundCopies,
  copies: Copies,
  aside: Aside | null,
): Promise<Omit<OpenedJournal, "isReplaced">> {
  let count = 0;
  for (const object of [...copiedObjects(beside), ...(aside?.salvaged ?? [])])
    if (await journal.putDesired(object)) count += 1;
  const promises = beside.found.get(PROMISES);
  if (promises && !(await journal.terms.promises())) await journal.terms.put(promises as Promises);
  await prune(journal, copies);
  for (const object of await journal.desired()) copies.put(keyOf(object), object);
  const promised = await journal.terms.promises();
  if (promised) copies.put(PROMISES, promised);
  const events = aside
    ? [journalSetAsideEvent(aside.reason, aside.keptAs, count)]
    : count > 0
      ? [journalRestoredEvent(count)]
      : [];
  return { journal: copied(journal, copies), events, standsIn: null };
}

/** Which file it is; null: there is none, or it cannot be looked at. */
async function fileUnder(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found && `${found.dev}:${found.ino}`;
}

/** The site's terms: a node that forgot what it promised could promise twice. */
const PROMISES = "site-promises";
const keyOf = ({ kind, id }: Pick<JournalledObject, "kind" | "id">): string => `${kind}.${id}`;

const copiedObjects = ({ found }: FoundCopies): readonly JournalledObject[] =>
  [...found].flatMap(([key, value]) => (key === PROMISES ? [] : [value as JournalledObject]));

/** Of the journal and then of the copies, or these would bring it back. Another time, where the disk does not take it now. */
async function prune(journal: Journal, copies: Copies): Promise<void> {
  const gone = await journal.prune().catch(() => []);
  for (const { kind, id } of gone) copies.remove(`${kind}.${id}`);
}

function copied(journal: Journal, copies: Copies): Journal {
  return {
    ...journal,
    async putDesired(object) {
      const isStored = await journal.putDesired(object);
      if (isStored) {
        const now = (await journal.desired()).find(
          ({ kind, id }) => kind === object.kind && id === object.id,
        );
        if (now) copies.put(keyOf(now), now);
        if (object.body === null) await prune(journal, copies);
      }
      return isStored;
    },
    terms: {
      ...journal.terms,
      async put(promises) {
        await journal.terms.put(promises);
        copies.put(PROMISES, promises);
      },
    },
    async close() {
      await copies.settled();
      await journal.close();
    },
  };
}

/** In memory: what is desired can be read, and nothing is acknowledged. */
async function standIn(
  reason: string,
  objects: readonly JournalledObject[],
  clock: () => number,
): Promise<Journal> {
  const journal = await openJournal(":memory:", clock);
  for (const object of objects) await journal.putDesired(object);
  const refuse = async (): Promise<never> => {
    throw new LightmanoError("store.failed", reason);
  };
  return {
    ...journal,
    putDesired: refuse,
    append: refuse,
    correctTimes: refuse,
    acknowledgeReports: refuse,
    outbox: { ...journal.outbox, renew: refuse, acknowledge: refuse },
    commands: { ...journal.commands, begin: refuse, answer: refuse, sent: refuse },
    terms: { ...journal.terms, put: refuse },
    memory: { ...journal.memory, put: refuse },
  };
}

/** Two agents on one node would fight over its functions. */
const isTaken = (error: unknown): boolean =>
  error instanceof LightmanoError &&
  (error.cause as { readonly code?: unknown } | undefined)?.code === "SQLITE_BUSY";
