/**
 * Keeps the state of LVNFs: what their declared state handlers answer is read every so often into a file
 * beside the control socket, and written back when the LVNF is started again. On tmpfs: it outlives the
 * process and the agent, not the node.
 *
 * While a large state is written out no packet of the function moves. So it is asked for as seldom as the descriptor
 * says, not at all while a cheap handler says that nothing changed, and never for more than a small share of the time. Of a
 * process that has not run since it was asked (rest.ts) the state is what it was: it is asked now and then only.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { systemWaitClock } from "../wait.js";
import type { ControlSocket } from "./control-socket.js";
import { createRounds, type Rounds, type RoundsClock, type Visited } from "./rounds.js";
import {
  type Asked,
  dueAgainMs,
  isSame,
  isUnchanged,
  needNotAsk,
  neverAsked,
  type StateHandler,
} from "./state-asked.js";
import { digestOf, encodeSaved, readSaved, type Saved, writeSaved } from "./state-file.js";

export interface StateKeeper {
  keep(functionId: string, handlers: readonly StateHandler[]): void;
  isKept(functionId: string): boolean;
  watch(controlOf: (functionId: string) => ControlSocket | null, signal: AbortSignal): void;
  /** Saves now, before the process is ended on purpose. What cannot be saved is logged. */
  saveNow(functionId: string, control: ControlSocket): Promise<void>;
  /** Writes the saved state into a process that has just started. A handler that refuses it is logged. */
  restore(functionId: string, control: ControlSocket, signal: AbortSignal): Promise<void>;
  /** Drops the saved state of a function that is not to be kept any more: it was removed, not replaced. */
  forgetUnkept(functionId: string): Promise<void>;
}

const systemStateClock: RoundsClock = { delay: systemWaitClock.delay, now: () => performance.now() };

/** Saving takes at most this share of the time: what took a second is not done again for half a minute. */
export const SAVING_SHARE = 0.03;
/** It is being asked. */
const BUSY = Number.POSITIVE_INFINITY;
/** A state of a million sessions takes seconds. */
const READ_TIMEOUT_MS = 20_000;
/** Who waits for the end of a function waits no longer than this for one that does not answer… */
const LAST_READ_TIMEOUT_MS = 2_000;
/** …or, where the state is known to take long, so many times what it took. */
const LAST_READ_PATIENCE = 3;

interface Kept extends Visited {
  asked: readonly Asked[];
  /** Ends the reading that is under way. */
  interrupt: () => void;
  costMs: number;
}

export function createStateKeeper(
  runDir: string,
  log: (message: string) => void,
  clock: RoundsClock = systemStateClock,
): StateKeeper {
  const kept = new Map<string, Kept>();
  /** Digest of what lies in the file: the same is not written again. */
  const written = new Map<string, string>();
  const complaints = new Map<string, string>();
  let controlOf: (functionId: string) => ControlSocket | null = () => null;
  let rounds: Rounds | null = null;
  const path = (functionId: string): string => join(runDir, `${functionId}.state`);
  /** One change of a function's file at a time: an older value must not come after a newer one, or after its removal. */
  const turns = new Map<string, Promise<void>>();
  const inTurn = (functionId: string, change: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(functionId) ?? Promise.resolve()).then(change, change);
    turns.set(functionId, turn);
    return turn.finally(() => {
      if (turns.get(functionId) === turn) turns.delete(functionId);
    });
  };
  /** The same complaint is not repeated with every period. */
  const complain = (functionId: string, error: unknown): void => {
    const words = `state of ${functionId} not saved: ${error instanceof Error ? error.message : error}`;
    if (complaints.get(functionId) !== words) log(words);
    complaints.set(functionId, words);
  };

  /** What these handlers answer, with what the file has of the others; null where nothing changed. */
  const read = async (
    functionId: string,
    asked: readonly Asked[],
    control: ControlSocket,
    anyway: boolean,
    signal: AbortSignal,
  ): Promise<Saved | null> => {
    const news: Record<string, Buffer> = {};
    const before = control.ran?.() ?? null;
    const restedBefore = new Set(asked.filter(({ answered }) => isUnchanged(answered, control, before)));
    let questions = 0;
    const ask = (name: string): Promise<Buffer> => {
      questions += 1;
      return control.readBytes(name, signal);
    };
    for (const one of asked) {
      const { handler, changed } = one.handler;
      const changes = changed === null ? null : (await ask(changed)).toString();
      if (!anyway && changes !== null && one.seen?.control === control && one.seen.changed === changes)
        continue;
      news[handler] = await ask(handler);
      one.seen = changes === null ? null : { control, changed: changes };
    }
    const after = control.ran?.() ?? null;
    const wokenByUsAlone = before !== null && after !== null && after.slices - before.slices <= questions;
    for (const one of asked)
      one.answered = {
        control,
        atMs: clock.now(),
        ran: after,
        afterRest: restedBefore.has(one) && wokenByUsAlone,
      };
    if (Object.keys(news).length === 0) return null;
    const others = (kept.get(functionId)?.asked ?? [])
      .map(({ handler: { handler } }) => handler)
      .filter((handler) => news[handler] === undefined);
    const saved = others.length > 0 ? await readSaved(path(functionId)) : null;
    if (saved === null || saved === "damaged") return news;
    return {
      ...Object.fromEntries(Object.entries(saved).filter(([name]) => others.includes(name))),
      ...news,
    };
  };

  const save = async (
    functionId: string,
    asked: readonly Asked[],
    control: ControlSocket,
    anyway: boolean,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      const values = await read(functionId, asked, control, anyway, signal);
      if (values === null) return;
      const pieces = encodeSaved(values);
      const digest = await digestOf(pieces);
      if (written.get(functionId) === digest || !kept.has(functionId)) return;
      await writeSaved(path(functionId), pieces);
      written.set(functionId, digest);
    } catch (error) {
      for (const one of asked) one.seen = one.answered = null; // also of those that answered: nothing was saved
      throw error;
    }
  };

  /** Saves what is due, and sets when each is due again. */
  const saveDue = async (
    functionId: string,
    entry: Kept,
    due: readonly Asked[],
    control: ControlSocket,
  ): Promise<void> => {
    const begunMs = clock.now();
    // Every second for each function that has state: AbortSignal.any and AbortSignal.timeout are garbage that costs more than the reading.
    const ending = new AbortController();
    let interrupted = false;
    entry.interrupt = () => {
      interrupted = true;
      ending.abort();
    };
    const late = setTimeout(() => ending.abort(), READ_TIMEOUT_MS);
    try {
      await save(functionId, due, control, false, ending.signal);
      complaints.delete(functionId);
    } catch (error) {
      if (!interrupted) complain(functionId, error);
    } finally {
      clearTimeout(late);
    }
    const now = clock.now();
    entry.costMs = now - begunMs;
    const restMs = entry.costMs * (1 / SAVING_SHARE - 1);
    for (const one of due) one.dueMs = Math.max(dueAgainMs(one.handler, begunMs), now + restMs);
  };

  const nextMs = (asked: readonly Asked[]): number => Math.min(...asked.map(({ dueMs }) => dueMs));
  const visit = (functionId: string, entry: Kept, nowMs: number): void => {
    const control = controlOf(functionId);
    const ran = control?.ran?.() ?? null;
    const due: Asked[] = [];
    for (const one of entry.asked) {
      if (one.dueMs > nowMs) continue;
      if (control === null || needNotAsk(one, control, nowMs, ran))
        one.dueMs = dueAgainMs(one.handler, nowMs);
      else due.push(one);
    }
    if (control === null || due.length === 0) {
      entry.dueMs = nextMs(entry.asked);
      return;
    }
    entry.dueMs = BUSY;
    const done = (): void => {
      const now = clock.now();
      for (const one of entry.asked) if (one.dueMs <= now) one.dueMs = dueAgainMs(one.handler, now); // it has ended meanwhile
      entry.dueMs = nextMs(entry.asked);
      rounds?.changed(entry);
    };
    inTurn(functionId, () => saveDue(functionId, entry, due, control)).then(done, (error: unknown) => {
      complain(functionId, error);
      done();
    });
  };

  return {
    async saveNow(functionId, control) {
      const entry = kept.get(functionId);
      if (!entry) return;
      entry.interrupt();
      const patientMs = Math.max(LAST_READ_TIMEOUT_MS, LAST_READ_PATIENCE * entry.costMs);
      // It takes whole milliseconds only.
      const signal = AbortSignal.timeout(Math.ceil(Math.min(READ_TIMEOUT_MS, patientMs)));
      await inTurn(functionId, () => save(functionId, entry.asked, control, true, signal)).catch(
        (error: unknown) => complain(functionId, error),
      );
    },
    keep(functionId, handlers) {
      const before = kept.get(functionId);
      if (handlers.length === 0) {
        if (before) rounds?.remove(before);
        return void kept.delete(functionId);
      }
      const known = (handler: StateHandler): Asked | undefined =>
        before?.asked.find((one) => isSame(one.handler, handler));
      if (before?.asked.length === handlers.length && handlers.every(known)) return;
      const asked = handlers.map((handler) => known(handler) ?? neverAsked(handler, clock.now()));
      if (before) {
        before.asked = asked;
        if (before.dueMs === BUSY) return;
        before.dueMs = nextMs(asked);
        return rounds?.changed(before);
      }
      const entry: Kept = {
        asked,
        dueMs: nextMs(asked),
        visit: (nowMs) => visit(functionId, entry, nowMs),
        interrupt: () => undefined,
        costMs: 0,
      };
      kept.set(functionId, entry);
      rounds?.add(entry);
    },
    watch(controls, signal) {
      controlOf = controls;
      rounds = createRounds(clock, signal, (error) =>
        log(`state is not saved any more: ${error instanceof Error ? error.message : error}`),
      );
      for (const entry of kept.values()) rounds.add(entry);
    },
    async restore(functionId, control, signal) {
      written.delete(functionId); // it may have run otherwise meanwhile
      const saved = await readSaved(path(functionId));
      if (saved === null) return;
      if (saved === "damaged")
        return log(`state of ${functionId} not restored: ${path(functionId)} is damaged`);
      const handlers = kept.get(functionId)?.asked.map(({ handler }) => handler.handler) ?? [];
      for (const [handler, value] of Object.entries(saved)) {
        if (!handlers.includes(handler)) continue;
        await control
          .write(handler, value, signal)
          .catch((error: unknown) =>
            log(`state of ${functionId} not restored: ${error instanceof Error ? error.message : error}`),
          );
      }
    },
    isKept: (functionId) => kept.has(functionId),
    forgetUnkept: (functionId) =>
      inTurn(functionId, async () => {
        if (kept.has(functionId)) return;
        written.delete(functionId);
        complaints.delete(functionId);
        await Promise.all(
          [path(functionId), `${path(functionId)}.new`].map((file) => rm(file, { force: true })),
        );
      }),
  };
}
