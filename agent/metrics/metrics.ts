/**
 * The page of metrics: the agent's own, and what LVNFs answer by the handlers that they declare for it (descriptor:
 * `metrics: true`). A function that answers late, or not in the format, costs its own part of the page and no more.
 */
import { problemOf } from "../../model/errors.js";
import type { LvnfTarget } from "../domain/target.js";
import type { ClickDriver } from "../drivers/click/api.js";
import { type Family, parseExposition } from "./exposition.js";
import { createJoin } from "./join.js";
import { functionLabels, type OwnFacts, ownFamilies } from "./own.js";

export interface MetricsOptions {
  readonly facts: () => Promise<OwnFacts>;
  /** LVNFs that run. */
  readonly lvnfs: () => readonly LvnfTarget[];
  readonly read: ClickDriver["read"];
  /** Told once for each reason, and again after it was well meanwhile. */
  readonly unreadable: (functionId: string, handler: string, problem: string) => void;
  readonly timeoutMs?: number;
}

export interface Metrics {
  /** Whoever asks while it is being made gets the same. */
  families(): Promise<readonly Family[]>;
}

const TIMEOUT_MS = 2_000;
/** A GTPTable with all the paths that it takes has some 4 MB, of IPv6 more. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

interface Answer {
  readonly lvnf: LvnfTarget;
  readonly handler: string;
  readonly families: readonly Family[];
  readonly problem: string | null;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const problems = new Map<string, string>();
  let making: Promise<readonly Family[]> | null = null;

  const ask = async (lvnf: LvnfTarget, name: string, handler: string): Promise<Answer> => {
    const signal = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
    const failed = (problem: string): Answer => ({ lvnf, handler: name, families: [], problem });
    try {
      const text = await options.read(lvnf.id, handler, { signal });
      if (text.length > MAX_CHARACTERS) return failed(`more than ${MAX_CHARACTERS} characters`);
      const exposition = parseExposition(text);
      if (!exposition.ok) return failed(exposition.problem);
      return { lvnf, handler: name, families: exposition.families, problem: null };
    } catch (error) {
      return failed(problemOf(error).detail);
    }
  };
  const tell = (functionId: string, handler: string, problem: string | null): void => {
    const key = `${functionId} ${handler}`;
    if (problem === null) problems.delete(key);
    else if (problems.get(key) !== problem) {
      problems.set(key, problem);
      options.unreadable(functionId, handler, problem);
    }
  };

  const make = async (): Promise<readonly Family[]> => {
    const asked = options
      .lvnfs()
      .flatMap((lvnf) =>
        lvnf.handlers.filter(({ metrics }) => metrics).map(({ name, handler }) => ask(lvnf, name, handler)),
      );
    const [facts, ...answers] = await Promise.all([options.facts(), ...asked]);
    const node = [
      ["site", facts.site],
      ["node", facts.node],
    ] as const;
    const join = createJoin(ownFamilies(facts));
    const readable = answers.map(({ lvnf, handler, families, problem }) => {
      const labels = [...node, ...functionLabels(lvnf.id, lvnf.serviceId)];
      const reason = problem ?? join.add(families, labels);
      tell(lvnf.id, handler, reason);
      const name = "lightmano_function_metrics_readable";
      const value = reason === null ? "1" : "0";
      return { name, labels: [...labels, ["handler", handler] as const], value, timestamp: null };
    });
    const health: Family = {
      name: "lightmano_function_metrics_readable",
      type: "gauge",
      help: "Did the function's metrics handler answer in time and in the format?",
      samples: readable,
    };
    return [...join.families(), health];
  };
  return {
    families() {
      making ??= make().finally(() => {
        making = null;
      });
      return making;
    },
  };
}
