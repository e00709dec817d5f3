/** What the agent found when it came and knows nothing of: flows of the bridge, and functions that are held. */
import { type EventFields, heldEvent } from "./chronicle.js";
import type { Plan } from "./domain/plan.js";
import type { PlanInput } from "./domain/planning.js";

export interface Findings {
  /** For the planner: flows that were there at first and are of nothing that was wanted since. */
  input(): Pick<PlanInput, "foundFlows">;
  /** The cookies that the bridge has; the first to come are what was found. */
  saw(cookies: ReadonlySet<string> | null | undefined): void;
  /** Tells of each function that is held, once. */
  planned(plan: Pick<Plan, "held" | "ownFlows">): void;
}

export function createFindings(note: (fields: EventFields) => void): Findings {
  let foundFlows: Set<string> | null = null;
  let held: ReadonlySet<string> = new Set();
  return {
    input: () => (foundFlows ? { foundFlows } : {}),
    saw(cookies) {
      if (cookies) foundFlows ??= new Set(cookies);
    },
    planned(plan) {
      for (const [id, reason] of plan.held) if (!held.has(id)) note(heldEvent(id, reason));
      held = new Set(plan.held.keys());
      for (const cookie of plan.ownFlows) foundFlows?.delete(cookie);
    },
  };
}
