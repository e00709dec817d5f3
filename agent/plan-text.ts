import type { Plan } from "./domain/plan.js";
import { stepText } from "./domain/steps.js";

/** A plan as people and programs read it. */
export function planText({ works }: Plan) {
  return works.map(({ object, cause, rule, steps }) => ({
    object,
    cause,
    rule,
    steps: steps.map((step) => ({ do: step.do, text: stepText(step) })),
  }));
}
