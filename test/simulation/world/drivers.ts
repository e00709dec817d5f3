/**
 * A driver as one incarnation of an agent has it. What it asks for happens in the world, some time later, also
 * if the agent dies meanwhile; the answer reaches the agent some time after that, if it is still the same one.
 */
import type { Driver } from "../../../agent/drivers/driver.js";
import { abortError } from "../../../agent/drivers/wait.js";
import type { Random } from "../time/random.js";
import type { Process, Scheduler } from "../time/scheduler.js";

/** What is known of an operation when it is asked for. */
export interface Asked {
  /** The function that it would end was healthy, and wanted as it was. */
  readonly wasWanted: boolean;
  /** Digest of the package that what it would start is of; null where none is known. */
  readonly packageDigest: string | null;
}

export interface Between {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly agent: Process;
  /** From a call to its effect, and from there to its answer, at most. */
  readonly delayMs: (operation: string) => number;
  /** False once the machine lost its power: what was under way is not done any more. */
  readonly stillOn: () => boolean;
  /** Called by the agent as it asks for an operation; what it returns is handed to `doing`. */
  readonly asking: (operation: string, args: readonly unknown[]) => Asked;
  /** Called in the world, just before an operation takes effect. */
  readonly doing: (operation: string, args: readonly unknown[], asked: Asked) => void;
  readonly done: (operation: string, args: readonly unknown[], asked: Asked) => void;
}

type Operation = (...args: readonly unknown[]) => Promise<unknown>;

/** Members of a driver that are no operations: they are asked at once, or take what is to be called back. */
const DIRECT = new Set(["name", "view", "keepState"]);

export function driverOf<D extends Driver<unknown>>(real: D, between: Between): D {
  const { scheduler, agent } = between;
  let looked = false;
  const toAgent = (work: () => void): void => void scheduler.after(0.1, agent, work);
  const made: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(real)) {
    made[name] = DIRECT.has(name) ? member : operationOf(name, member as Operation, between);
  }
  Object.assign(made, {
    watch(changed: () => void) {
      scheduler.after(between.delayMs("watch"), scheduler.world, () =>
        real.watch(
          () =>
            toAgent(() => {
              looked = true;
              changed();
            }),
          new AbortController().signal,
        ),
      );
    },
    view: () => (looked ? real.view() : { state: "starting", reason: "not looked yet", last: null }),
    onExit(listener: (exit: unknown) => void) {
      (made.onExitOf as (listener: (exit: unknown) => void) => void)((exit) => toAgent(() => listener(exit)));
    },
    beforeStop(hook: (functionId: string) => Promise<void>) {
      (made.beforeStopOf as (hook: (functionId: string) => Promise<void>) => void)(
        (functionId) =>
          new Promise((resolve) => {
            const goOn = (): void => void scheduler.after(0, scheduler.world, resolve);
            if (!agent.alive) return goOn();
            toAgent(() => void hook(functionId).then(goOn, goOn));
          }),
      );
    },
    onExitOf: (real as unknown as Record<string, unknown>).onExit,
    beforeStopOf: (real as unknown as Record<string, unknown>).beforeStop,
  });
  return made as unknown as D;
}

function operationOf(name: string, real: Operation, between: Between): Operation {
  const { scheduler, agent, delayMs, stillOn } = between;
  return (...args) =>
    new Promise((resolve, reject) => {
      const asked = between.asking(name, args);
      const signal = (args.at(-1) as { readonly signal?: AbortSignal } | undefined)?.signal;
      const answer = (settle: () => void): void => void scheduler.after(delayMs(name), agent, settle);
      // What is given up before it took effect never does.
      const onAbort = (): void => {
        scheduler.cancel(call);
        reject(abortError(signal as AbortSignal, name));
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      const call = scheduler.after(delayMs(name), scheduler.world, () => {
        signal?.removeEventListener("abort", onAbort);
        if (!stillOn()) return;
        between.doing(name, args, asked);
        real(...args).then(
          (result) => {
            between.done(name, args, asked);
            answer(() => resolve(result));
          },
          (error: unknown) => answer(() => reject(error)),
        );
      });
    });
}
