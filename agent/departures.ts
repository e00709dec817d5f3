/**
 * What the loop remembers of services and functions that it is not to have any more, until nothing is left of them, and
 * which functions are being ended at the moment: for the planner to tell what is terminating and stopping.
 */
import type { Problem } from "../model/errors.js";
import type { FunctionKind } from "../model/messages/node.js";
import type { Plan } from "./domain/plan.js";
import type { DepartedFunction, DepartedService, Departures, Tombstone } from "./domain/plan-leaving.js";
import { type FunctionMemory, NEW_FUNCTION } from "./domain/supervision.js";
import type { Target } from "./domain/target.js";
import type { Execute } from "./executor.js";
import type { WorkOutcome } from "./runner.js";

export interface DepartureKeeper {
  /** For the planner. */
  now(): Departures;
  /** What is wanted has changed. */
  changed(change: {
    readonly before: Target;
    readonly after: Target;
    /** The last plan for `before`. */
    readonly plan: Plan;
    readonly memory: ReadonlyMap<string, FunctionMemory>;
    readonly tombstones: readonly Tombstone[];
    readonly elsewhere: readonly string[];
  }): void;
  /** Forgets what nothing is left of. */
  planned(plan: Plan, target: Target): void;
  /** What is being ended meanwhile is noted as such. */
  watched(execute: Execute): Execute;
  ends<T>(functionId: string, kind: FunctionKind, end: () => Promise<T>): Promise<T>;
  workEnded(outcome: WorkOutcome): void;
}

/**
 * `stirred`: an end began or is over, so that what is said of the function is another thing. `busy`: a work of the
 * function is under way; that of one that is wanted no more is given up, and is not over before it says so.
 */
export function createDepartures(
  stirred: () => void,
  busy: (functionId: string) => boolean,
): DepartureKeeper {
  const services = new Map<string, DepartedService>();
  const functions = new Map<string, DepartedFunction>();
  const problems = new Map<string, Problem>();
  /** What it is, and how many calls are ending it. */
  const ending = new Map<string, { readonly kind: FunctionKind; readonly calls: number }>();
  let tombstones: ReadonlyMap<string, number> = new Map();

  const callsOf = (functionId: string): number => ending.get(functionId)?.calls ?? 0;
  const ends: DepartureKeeper["ends"] = async (functionId, kind, end) => {
    ending.set(functionId, { kind, calls: callsOf(functionId) + 1 });
    stirred();
    try {
      return await end();
    } finally {
      const others = callsOf(functionId) - 1;
      if (others > 0) ending.set(functionId, { kind, calls: others });
      else ending.delete(functionId);
      stirred();
    }
  };

  return {
    now: () => ({
      services,
      functions,
      problems,
      tombstones,
      ending: new Map([
        ...[...ending].map(([id, { kind }]) => [id, kind] as const),
        ...[...functions].flatMap(([id, { target }]) => (busy(id) ? [[id, target.kind] as const] : [])),
      ]),
    }),
    changed({ before, after, plan, memory, tombstones: buried, elsewhere }) {
      tombstones = new Map(buried.map(({ id, revision }) => [id, revision]));
      for (const [id, { request, revision, chainIds }] of before.services) {
        if (after.services.has(id)) continue;
        services.set(id, {
          name: request.name,
          packageDigest: request.packageDigest,
          revision,
          isElsewhere: elsewhere.includes(id),
          flows: new Set(chainIds.flatMap((chain) => plan.flowsOf.get(chain) ?? [])),
        });
      }
      for (const [id, target] of before.functions)
        if (!after.functions.has(id)) functions.set(id, { target, memory: memory.get(id) ?? NEW_FUNCTION });
      for (const id of after.services.keys()) services.delete(id);
      for (const id of after.functions.keys()) functions.delete(id);
    },
    planned({ leaving, works }, target) {
      for (const id of services.keys()) if (!leaving.has(id)) services.delete(id);
      for (const [id, { target: was }] of functions) {
        const isLeft = target.services.has(was.serviceId)
          ? leaving.get(was.serviceId)?.functions.some((left) => left.id === id)
          : leaving.has(was.serviceId);
        if (!isLeft) functions.delete(id);
      }
      const planned = new Set(works.map(({ object }) => object));
      for (const object of problems.keys()) if (!planned.has(object)) problems.delete(object);
    },
    watched: (execute) => (step, signal) => {
      const run = () => execute(step, signal);
      if (step.do === "lvnf.stop") return ends(step.functionId, "lvnf", run);
      return step.do === "container.remove" ? ends(step.functionId, "container", run) : run();
    },
    ends,
    workEnded({ work: { object }, problem, aborted }) {
      if (problem === null) problems.delete(object);
      else if (!aborted) problems.set(object, problem);
    },
  };
}
