/** What the agent's loop (reconciler.ts) is given and gives. */
import type { AgentEvent, ServiceStatus } from "../model/messages/node.js";
import type { HandlerDeclaration } from "../model/service.js";
import type { Observed } from "./domain/observed.js";
import type { Plan } from "./domain/plan.js";
import type { Tombstone } from "./domain/plan-leaving.js";
import type { FunctionMemory } from "./domain/supervision.js";
import type { DesiredService, NodeLayout, Target } from "./domain/target.js";
import type { LvnfExit } from "./drivers/click/api.js";
import type { Execute } from "./executor.js";
import type { Part } from "./watchdog/parts.js";

export interface ReconcilerOptions {
  readonly layout: NodeLayout;
  readonly observe: () => Observed;
  readonly execute: Execute;
  /** Last output of a container that stopped, for the reason of its exit. */
  readonly containerOutput: (containerId: string) => Promise<string>;
  /** What the handlers of an LVNF are for that is wanted; none: it is wanted no more. */
  readonly useHandlers: (functionId: string, handlers: readonly HandlerDeclaration[]) => void;
  /** Time of day, ms since the epoch: what events say. It may jump. */
  readonly clock: () => number;
  /** Milliseconds from some moment, never set: back-off and grace must not wait for a clock that jumped. `clock` where left out. */
  readonly monotonic?: () => number;
  readonly random: () => number;
  /** Takes what is to be remembered and reported. It must not throw: the journal may be full. */
  readonly record: (
    events: readonly AgentEvent[],
    services: readonly ServiceStatus[],
    removedServices: readonly string[],
    /** All services that are here, when all is told anew. */
    present?: readonly string[],
  ) => void;
  /** Hears each change of what is remembered of a function; null: it is wanted no more. */
  readonly remembered?: (functionId: string, digest: string, memory: FunctionMemory | null) => void;
  /** Told when a pass is wanted and when one is done. */
  readonly progress?: Pick<Part, "begin" | "end">;
  readonly signal: AbortSignal;
}

export interface Snapshot {
  readonly target: Target;
  readonly plan: Plan;
  readonly services: readonly ServiceStatus[];
  readonly memory: ReadonlyMap<string, FunctionMemory>;
  /** By the clock that the memory's times are of. */
  readonly now: number;
}

export interface Reconciler {
  /**
   * Sets what is wanted and plans. Each service that is not to be is `terminating` until nothing is left of it, and then
   * reported as removed, once. `elsewhere`: services of other nodes of the site: what is left of them here goes.
   */
  setServices(
    services: readonly DesiredService[],
    tombstones?: readonly Tombstone[],
    elsewhere?: readonly string[],
  ): void;
  /** Something may have changed: plan soon. Any number of calls before that make one pass. */
  kick(): void;
  /** An LVNF ended without being asked to. */
  lvnfExited(exit: LvnfExit): void;
  /** What an earlier life of the agent remembered of functions; to be called before the drivers speak. */
  revive(known: ReadonlyMap<string, FunctionMemory>): void;
  /** Forgives a function's failures, so that it is tried again now. */
  reset(functionId: string): boolean;
  /** Forgives the failures of a function that runs, and leaves it as it is. False: it had none. */
  forgive(functionId: string): boolean;
  /** Reports the state of every service again, and which there are: whoever was told does not know it any more. */
  tellAgain(): void;
  /** Does `end`, which ends the function's process or container, and takes its end for no death. */
  restart(functionId: string, end: () => Promise<void>): Promise<void>;
  snapshot(): Snapshot;
  /** What would be wanted and done if these were the services: nothing is changed. */
  preview(services: readonly DesiredService[]): { readonly target: Target; readonly plan: Plan };
  services(): readonly DesiredService[];
}
