/**
 * Runs works side by side, one an object at a time.
 *
 * INVARIANTS
 * - Of one object at most one work runs; its steps run in order, and none after one that failed. Steps that follow
 *   each other and only attach interfaces of a container run side by side: each takes long, and none needs another.
 * - A work of an object is not delayed by a work of another (a slow image pull holds up nothing else), unless both
 *   are about the same network device: then the second waits, and a first that nobody plans any more is aborted.
 * - Of works that start an LVNF so many run at once and no more: each starts processes, and beyond the number of cores
 *   more at once only means that all of them are late, and that the node has no memory. Those that bring back one
 *   that died have room of their own: they wait behind no first start.
 * - A work whose object's plan changed (another digest, or no work any more that it is for) is aborted, and
 *   the object is planned anew when it has ended; it does not overlap with its successor.
 * - An object whose work failed waits before it is tried again (functions have their own, longer, memory).
 */
import { type Problem, problemOf } from "../model/errors.js";
import { devicesOf, type Step, stepText, type Work } from "./domain/steps.js";
import { type LinkedSignal, linkSignal } from "./drivers/wait.js";
import type { Execute, StepResult } from "./executor.js";

export interface WorkOutcome {
  readonly work: Work;
  readonly problem: Problem | null;
  /** The step that failed, or null. */
  readonly failedStep: Step | null;
  readonly results: readonly StepResult[];
  readonly tookMs: number;
  readonly aborted: boolean;
}

export interface Runner {
  /**
   * Starts what of these is not running yet; aborts what runs and is planned otherwise, or is not planned any
   * more and `isObsolete`: no work left for an object may as well mean that the running one is about done.
   */
  reconcile(works: readonly Work[], isObsolete: (running: Work) => boolean): void;
  /** When an object that failed may be tried again, for the soonest of them; null if none waits. */
  nextRetryAt(): number | null;
  busy(object: string): boolean;
}

export interface RunnerOptions {
  readonly execute: Execute;
  /** The work brings back what was there before. */
  readonly heals: (work: Work) => boolean;
  readonly now: () => number;
  readonly started: (work: Work) => void;
  readonly ended: (outcome: WorkOutcome) => void;
  readonly signal: AbortSignal;
}

/** Works of a kind at once. */
const AT_ONCE = 16;
type Kind = "heal" | "first" | "end";
const RETRY_FIRST_MS = 250;
const RETRY_LAST_MS = 30_000;

export function createRunner({ execute, heals, now, started, ended, signal }: RunnerOptions): Runner {
  const active = new Map<string, { readonly work: Work; readonly life: LinkedSignal }>();
  /** For which there was no room, or something in the way: they are planned again when a work has ended. */
  const crowded = new Set<string>();
  const retries = new Map<
    string,
    { readonly digest: string; readonly failures: number; readonly at: number }
  >();

  const kindOf = (work: Work): Kind | null => {
    const has = (names: readonly Step["do"][]): boolean =>
      work.steps.some(({ do: name }) => names.includes(name));
    if (has(["lvnf.start"])) return heals(work) ? "heal" : "first";
    return has(["lvnf.stop", "link.remove"]) ? "end" : null;
  };
  const begin = (work: Work): void => {
    const life = linkSignal(signal);
    active.set(work.object, { work, life });
    started(work);
    void perform(work, execute, life.signal).then((outcome) => {
      life.abort();
      active.delete(work.object);
      const failures = (retries.get(work.object)?.failures ?? 0) + 1;
      if (outcome.problem === null || outcome.aborted || endedMeanwhile(outcome)) retries.delete(work.object);
      else
        retries.set(work.object, {
          digest: work.digest,
          failures,
          at: now() + Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** (failures - 1)),
        });
      ended(outcome);
    });
  };

  return {
    reconcile(works, isObsolete) {
      const planned = new Map(works.map((work) => [work.object, work]));
      for (const [object, { work: current, life }] of active) {
        const work = planned.get(object);
        if (work ? work.digest !== current.digest : isObsolete(current)) life.abort();
      }
      crowded.clear();
      const running = { heal: 0, first: 0, end: 0 };
      for (const { work } of active.values()) {
        const kind = kindOf(work);
        if (kind) running[kind] += 1;
      }
      const users = new Map(
        [...active.values()].flatMap((one) => devicesOf(one.work).map((name) => [name, one])),
      );
      for (const [object, work] of planned) {
        const inTheWay = devicesOf(work).flatMap((name) => users.get(name) ?? []);
        for (const { work: other, life } of inTheWay) if (!planned.has(other.object)) life.abort();
        if (inTheWay.some(({ work: other }) => other.object !== object)) {
          crowded.add(object);
          continue;
        }
        const retry = retries.get(object);
        const waits = retry !== undefined && retry.digest === work.digest && retry.at > now();
        if (active.has(object) || waits || signal.aborted) continue;
        const kind = kindOf(work);
        if (kind) {
          if (running[kind] >= AT_ONCE) {
            crowded.add(object);
            continue;
          }
          running[kind] += 1;
        }
        begin(work);
        const begun = active.get(object);
        if (begun) for (const name of devicesOf(work)) users.set(name, begun);
      }
      for (const object of retries.keys()) if (!planned.has(object)) retries.delete(object);
    },
    nextRetryAt: () =>
      // One that is being tried, or waits for room, has its time behind it: to wake for that would be to spin.
      [...retries].reduce<number | null>(
        (min, [object, { at }]) =>
          active.has(object) || crowded.has(object) ? min : Math.min(min ?? at, at),
        null,
      ),
    busy: (object) => active.has(object),
  };
}

/** What a work was for has ended by itself: to wait before the next try would only keep it down. */
export const endedMeanwhile = ({ problem }: WorkOutcome): boolean => problem?.code === "container.exited";

async function perform(work: Work, execute: Execute, signal: AbortSignal): Promise<WorkOutcome> {
  const begun = performance.now();
  const results: StepResult[] = [];
  const end = (problem: Problem | null, failedStep: Step | null): WorkOutcome => ({
    work,
    problem,
    failedStep,
    results,
    tookMs: performance.now() - begun,
    aborted: signal.aborted,
  });
  for (const steps of groupsOf(work.steps)) {
    const outcomes = await Promise.allSettled(
      steps.map(async (step) => {
        signal.throwIfAborted();
        return execute(step, signal);
      }),
    );
    for (const [i, outcome] of outcomes.entries()) {
      const step = steps[i] as Step;
      if (outcome.status === "fulfilled") results.push(outcome.value);
      else {
        const { code, detail } = problemOf(
          outcome.reason,
          signal.aborted ? "operation.timeout" : "agent.internal",
        );
        return end({ code, detail: `${stepText(step)}: ${detail}` }, step);
      }
    }
  }
  return end(null, null);
}

/** What is done at once, in order. */
function groupsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const before = groups.at(-1);
    if (step.do === "container.attach" && before?.[0]?.do === "container.attach") before.push(step);
    else groups.push([step]);
  }
  return groups;
}
