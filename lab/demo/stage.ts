/** What the acts of the demo work with: the site, and how progress and failure are told. */
import { LabError } from "../errors.js";
import type { Lab } from "../lab.js";
import type { Site } from "../site.js";

export interface Stage {
  readonly lab: Lab;
  readonly site: Site;
  /** Runs a named act; prints what it does and, when it is done, what it took and what came of it. */
  act<T>(name: string, play: () => Promise<T>, outcome?: (value: T) => string): Promise<T>;
}

/** Fails the act with a sentence when something does not hold that the demo promises. */
export function promise(holds: boolean, sentence: string): void {
  if (!holds)
    throw new LabError({ code: "lab.command", message: `the demo's promise does not hold: ${sentence}` });
}

/** Function and service states as the CLI's JSON has them. */
export interface ServiceView {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly functions: readonly FunctionView[];
}
export interface FunctionView {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly pid: number | null;
  readonly bootMs: number | null;
  readonly restarts: number;
}
export interface EventView {
  readonly seq: number;
  readonly ts: string;
  readonly object: string;
  readonly type: string;
  readonly detail: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
