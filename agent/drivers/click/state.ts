/**
 * Keeps the state of LVNFs: what their declared state handlers answer is read every so often into a file
 * beside the control socket, and written back when the LVNF is started again. On tmpfs: it outlives the
 * process and the agent, not the node.
 */
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ControlSocket } from "./control-socket.js";

export interface StateKeeper {
  keep(functionId: string, handlers: readonly string[]): void;
  isKept(functionId: string): boolean;
  watch(controlOf: (functionId: string) => ControlSocket | null, signal: AbortSignal): void;
  /** Saves now, before the process is ended on purpose. What cannot be saved is logged. */
  saveNow(functionId: string, control: ControlSocket): Promise<void>;
  /** Writes the saved state into a process that has just started. A handler that refuses it is logged. */
  restore(functionId: string, control: ControlSocket, signal: AbortSignal): Promise<void>;
  /** Drops the saved state of a function that is not to be kept any more: it was removed, not replaced. */
  forgetUnkept(functionId: string): Promise<void>;
}

const PERIOD_MS = 1_000;
const READ_TIMEOUT_MS = 2_000;

type Saved = Readonly<Record<string, string>>;

export function createStateKeeper(runDir: string, log: (message: string) => void): StateKeeper {
  const kept = new Map<string, readonly string[]>();
  const last = new Map<string, string>();
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

  const save = async (
    functionId: string,
    handlers: readonly string[],
    control: ControlSocket,
  ): Promise<void> => {
    const values: Record<string, string> = {};
    for (const handler of handlers)
      values[handler] = await control.read(handler, AbortSignal.timeout(READ_TIMEOUT_MS));
    const text = JSON.stringify(values);
    if (last.get(functionId) === text || !kept.has(functionId)) return;
    await writeFile(`${path(functionId)}.new`, text, { mode: 0o600 });
    await rename(`${path(functionId)}.new`, path(functionId));
    last.set(functionId, text);
  };

  const trySave = (functionId: string, handlers: readonly string[], control: ControlSocket): Promise<void> =>
    inTurn(functionId, () => save(functionId, handlers, control)).catch((error: unknown) =>
      log(`state of ${functionId} not saved: ${error instanceof Error ? error.message : error}`),
    );

  return {
    async saveNow(functionId, control) {
      const handlers = kept.get(functionId);
      if (handlers) await trySave(functionId, handlers, control);
    },
    keep(functionId, handlers) {
      if (handlers.length > 0) kept.set(functionId, handlers);
      else kept.delete(functionId);
    },
    watch(controlOf, signal) {
      const loop = async (): Promise<void> => {
        while (!signal.aborted) {
          await delay(PERIOD_MS, undefined, { signal, ref: false });
          for (const [functionId, handlers] of kept) {
            const control = controlOf(functionId);
            if (control) await trySave(functionId, handlers, control);
          }
        }
      };
      loop().catch((error: unknown) => {
        if (!signal.aborted) log(`state keeper stopped: ${error instanceof Error ? error.message : error}`);
      });
    },
    async restore(functionId, control, signal) {
      const text = await readFile(path(functionId), "utf8").catch(() => null);
      if (text === null) return;
      const handlers = kept.get(functionId) ?? [];
      const saved = parseSaved(text);
      if (!saved) return log(`state of ${functionId} not restored: ${path(functionId)} is damaged`);
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
        last.delete(functionId);
        await Promise.all(
          [path(functionId), `${path(functionId)}.new`].map((file) => rm(file, { force: true })),
        );
      }),
  };
}

/** The saved values, or null where the file is not what we wrote. */
function parseSaved(text: string): Saved | null {
  try {
    const value: unknown = JSON.parse(text);
    const isSaved =
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((member) => typeof member === "string");
    return isSaved ? (value as Saved) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
