/**
 * `model/tosca/parse.ts` with a memory: the bundle of the simulation has this in its place (scripts/bundle.mjs).
 * Reading a descriptor is pure and takes milliseconds, and thousands of agents start on the same few.
 */
import { digestOf } from "../../../model/digest.js";
import * as real from "../../../model/tosca/parse.js";

export type { PackageSource } from "../../../model/tosca/parse.js";
export const packageOf: typeof real.packageOf = real.packageOf;

const known = new Map<string, ReturnType<typeof real.parsePackage>>();

export const parsePackage: typeof real.parsePackage = (source, inputs) => {
  const { entry, files } = source;
  const key = digestOf({ entry, files: { ...files }, inputs: inputs === undefined ? null : { ...inputs } });
  const parsed = known.get(key) ?? real.parsePackage(source, inputs);
  known.set(key, parsed);
  return parsed;
};
