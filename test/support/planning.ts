/** Plans for the example, and how their steps read. */
import { plan } from "../../agent/domain/plan.js";
import type { Step, Work } from "../../agent/domain/steps.js";
import { targetOf } from "../../agent/domain/target.js";
import { EXAMPLE_LAYOUT, exampleService } from "./example.js";
import type { World } from "./world.js";

export const NOW = 1_000_000;
export const target = targetOf([exampleService()], EXAMPLE_LAYOUT);
/** The example was wanted, and is no more. */
export const nothing = targetOf([], EXAMPLE_LAYOUT, ["mec"]);
export const planIn = (world: World, wanted = target, now = NOW) => plan({ target: wanted, ...world, now });
/** Object → the steps' names: how a plan reads. */
export const outline = (works: readonly Work[]) =>
  Object.fromEntries(works.map(({ object, steps }) => [object, steps.map((step) => step.do)]));
export const stepOf = <D extends Step["do"]>(works: readonly Work[], name: D): Extract<Step, { do: D }> => {
  const found = works.flatMap(({ steps }) => steps).find((step) => step.do === name);
  if (!found) throw new Error(`no step ${name} in ${JSON.stringify(outline(works))}`);
  return found as Extract<Step, { do: D }>;
};
