/** Faults that a test puts into a fake driver: a failure, a delay, an operation held until let go. */
import { setTimeout as sleep } from "node:timers/promises";
import { abortable } from "../../agent/drivers/wait.js";
import type { LightmanoError } from "../../model/errors.js";

export interface Faults<Operation extends string> {
  /** The next call of the operation rejects with this, and changes nothing. */
  failNext(operation: Operation, error: LightmanoError): void;
  /** Every call rejects with this until told null. */
  failAlways(operation: Operation, error: LightmanoError | null): void;
  /** From now on the operation takes this long before it does anything; 0 ends it. */
  delay(operation: Operation, delayMs: number): void;
  /** Calls of the operation wait until the function returned is called. */
  hold(operation: Operation): () => void;
  /** What was called, in order, with its arguments. */
  readonly calls: readonly { readonly operation: Operation; readonly args: readonly unknown[] }[];
}

export interface FaultPlan<Operation extends string> extends Faults<Operation> {
  /** To be called by the fake at the beginning of each operation. */
  before(operation: Operation, args: readonly unknown[], signal: AbortSignal): Promise<void>;
}

export interface FaultOptions {
  /** How a delay is waited for; a test with a virtual clock gives its own. */
  readonly wait?: (ms: number) => Promise<void>;
}

export function createFaults<Operation extends string>(options: FaultOptions = {}): FaultPlan<Operation> {
  const { wait = (ms) => sleep(ms) } = options;
  const next = new Map<Operation, LightmanoError[]>();
  const always = new Map<Operation, LightmanoError>();
  const delays = new Map<Operation, number>();
  const holds = new Map<Operation, Promise<void>>();
  const calls: { readonly operation: Operation; readonly args: readonly unknown[] }[] = [];
  return {
    calls,
    failNext(operation, error) {
      next.set(operation, [...(next.get(operation) ?? []), error]);
    },
    failAlways(operation, error) {
      if (error) always.set(operation, error);
      else always.delete(operation);
    },
    delay: (operation, delayMs) => void delays.set(operation, delayMs),
    hold(operation) {
      let letGo: () => void = () => undefined;
      holds.set(operation, new Promise((resolve) => (letGo = resolve)));
      return () => {
        holds.delete(operation);
        letGo();
      };
    },
    async before(operation, args, signal) {
      calls.push({ operation, args });
      const delayMs = delays.get(operation) ?? 0;
      // An operation is never over within the call that begins it.
      await abortable(delayMs > 0 ? wait(delayMs) : Promise.resolve(), signal, operation);
      await abortable(holds.get(operation) ?? Promise.resolve(), signal, operation);
      const error = next.get(operation)?.shift() ?? always.get(operation);
      if (error) throw error;
    },
  };
}
