/**
 * The agent's loop over values: observe → plan → run → record → again. It is driven by change (a driver saw
 * something, a work ended, the services changed, a back-off ran out), never by a period.
 */
import { type Problem, problemOf } from "../model/errors.js";
import type { AgentEvent, ServiceStatus } from "../model/messages/node.js";
import type { Observed, ObservedContainer } from "./domain/observed.js";
import { type Plan, plan } from "./domain/plan.js";
import { latest, type PlanInput } from "./domain/planning.js";
import { stepText, type Work } from "./domain/steps.js";
import { type FunctionMemory, NEW_FUNCTION, type SupervisionEvent, supervise } from "./domain/supervision.js";
import { type DesiredService, type NodeLayout, type Target, targetOf } from "./domain/target.js";
import type { Execute } from "./executor.js";
import { createRunner, type WorkOutcome } from "./runner.js";
import { serviceStatuses } from "./status.js";

/** What the loop is told of an LVNF that ended. */
export interface LvnfExit {
  readonly functionId: string;
  readonly pid: number;
  /** ms since the epoch. */
  readonly at: number;
  readonly problem: Problem;
  /** How it ended, in words: known later. */
  readonly status: Promise<string>;
}

export interface ReconcilerOptions {
  readonly layout: NodeLayout;
  readonly observe: () => Observed;
  readonly execute: Execute;
  /** Last output of a container that stopped, for the reason of its exit. */
  readonly containerOutput: (containerId: string) => Promise<string>;
  readonly keepState: (functionId: string, handlers: readonly string[]) => void;
  readonly clock: () => number;
  readonly random: () => number;
  /** Takes what is to be remembered and reported. It must not throw: the journal may be full. */
  readonly record: (
    events: readonly AgentEvent[],
    services: readonly ServiceStatus[],
    removedServices: readonly string[],
  ) => void;
  readonly signal: AbortSignal;
}

export interface Snapshot {
  readonly target: Target;
  readonly plan: Plan;
  readonly services: readonly ServiceStatus[];
  readonly memory: ReadonlyMap<string, FunctionMemory>;
}

export interface Reconciler {
  /** Sets what is wanted and plans. Each service that is not to be is reported as removed, once. */
  setServices(services: readonly DesiredService[], tombstones?: readonly string[]): void;
  /** Something may have changed: plan soon. Any number of calls before that make one pass. */
  kick(): void;
  /** An LVNF ended without being asked to. */
  lvnfExited(exit: LvnfExit): void;
  /** Forgives a function's failures, so that it is tried again now. */
  reset(functionId: string): boolean;
  snapshot(): Snapshot;
  /** What would be wanted and done if these were the services: nothing is changed. */
  preview(services: readonly DesiredService[]): { readonly target: Target; readonly plan: Plan };
  services(): readonly DesiredService[];
}

/** When planning itself failed: nothing may happen that would make us try again. */
const PASS_RETRY_MS = 5_000;

type EventFields = Partial<Omit<AgentEvent, "ts">> & Pick<AgentEvent, "object" | "type" | "detail">;

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { layout, observe, clock, random, record, signal } = options;
  let services: readonly DesiredService[] = [];
  let target: Target = targetOf([], layout);
  const memory = new Map<string, FunctionMemory>();
  const since = new Map<string, { readonly state: string; readonly at: string }>();
  /** When the work began that is to make a function run: boot time is from here to running. */
  const attempts = new Map<string, number>();
  const reported = new Map<string, string>();
  /** Services whose removal was, or is about to be, reported. */
  const buried = new Set<string>();
  const driverStates = new Map<string, string>();
  let events: AgentEvent[] = [];
  let last: Plan = plan({ target, observed: observe(), memory, now: clock() });
  let lastTarget = target;
  let scheduled = false;
  let timer: NodeJS.Timeout | null = null;

  const note = ({ cause = null, rule = null, action = null, code = null, ...rest }: EventFields): void => {
    events.push({ ts: new Date(clock()).toISOString(), cause, rule, action, code, ...rest });
  };
  const remember = (functionId: string, event: SupervisionEvent, at = clock()): FunctionMemory => {
    const next = supervise(memory.get(functionId) ?? NEW_FUNCTION, event, at, random());
    memory.set(functionId, next);
    return next;
  };
  const kick = (): void => {
    if (scheduled || signal.aborted) return;
    scheduled = true;
    setImmediate(guardedPass);
  };

  const died = (functionId: string, problem: Problem, at = clock()): void => {
    const { nextAttemptAt, restarts } = remember(functionId, { type: "died", problem }, at);
    const waitMs = Math.max(0, Math.round(nextAttemptAt - clock()));
    note({
      object: `function/${functionId}`,
      type: "function.died",
      cause: problem.detail,
      rule: "a function that dies is started again",
      action: waitMs > 0 ? `start again in ${waitMs} ms` : "start again now",
      code: problem.code,
      detail: `${functionId} died (${restarts} so far): ${problem.detail}`,
    });
  };

  const runner = createRunner({
    execute: options.execute,
    now: clock,
    signal,
    started: (work) => {
      const functionId = functionOf(work.object);
      if (functionId === null || !target.functions.has(functionId)) return;
      const ran = (memory.get(functionId)?.runningSince ?? null) !== null;
      const starts = work.steps.some(({ do: name }) => name === "lvnf.start" || name === "container.start");
      if (ran && starts) remember(functionId, { type: "reset" }); // ended on purpose: a new interface wants it
      // Of one that only gets a port back the next start is still to come: its boot time counts from then.
      if ((!ran || starts) && !attempts.has(functionId)) attempts.set(functionId, performance.now());
    },
    ended: (outcome) => {
      noteOutcome(outcome);
      kick();
    },
  });

  const noteOutcome = ({ work, problem, tookMs, aborted, results }: WorkOutcome): void => {
    if (aborted) return void attempts.delete(functionOf(work.object) ?? "");
    const action = work.steps.map(stepText).join(", then ");
    const common = { object: work.object, cause: work.cause, rule: work.rule, action };
    const took = Math.round(tookMs * 10) / 10;
    if (problem === null) {
      note({
        ...common,
        type: "work.done",
        detail: `${action}: done in ${took} ms`,
        data: { tookMs: took, ...Object.assign({}, ...results) },
      });
      return;
    }
    note({ ...common, type: "work.failed", code: problem.code, detail: problem.detail });
    const functionId = functionOf(work.object);
    if (functionId && target.functions.has(functionId)) {
      attempts.delete(functionId);
      remember(functionId, { type: "start-failed", problem });
    }
  };

  const noteDrivers = (observed: Observed): void => {
    for (const [name, view] of Object.entries(observed)) {
      const text = view.state === "ready" ? "ready" : `${view.state}: ${view.reason}`;
      if (driverStates.get(name) === text) continue;
      driverStates.set(name, text);
      if (view.state !== "starting")
        note({
          object: `driver/${name}`,
          type: `driver.${view.state}`,
          code: view.state === "ready" ? null : "driver.unavailable",
          detail: view.state === "ready" ? `${name} is ready` : `${name}: ${view.reason}`,
        });
    }
  };

  /** Containers say that they ended only by their state; of LVNFs the driver tells. */
  const noteContainerDeaths = (observed: Observed): void => {
    const containers = latest(observed.docker)?.containers;
    for (const [id, { runningSince }] of memory) {
      const wanted = target.functions.get(id);
      const container = containers?.get(id);
      if (
        runningSince === null ||
        wanted?.kind !== "container" ||
        observed.docker.state !== "ready" ||
        runner.busy(`function/${id}`)
      )
        continue;
      if (container?.state === "running") continue;
      const problem: Problem = {
        code: "container.exited",
        detail: container ? exitText(container) : "the container was removed by somebody else",
      };
      died(id, problem);
      if (container) void noteOutput(id, container.containerId);
    }
  };
  const noteOutput = async (id: string, containerId: string): Promise<void> => {
    const output = await options
      .containerOutput(containerId)
      .catch(
        (error: unknown) => `(its output cannot be read: ${error instanceof Error ? error.message : error})`,
      );
    if (output.trim() === "") return;
    note({
      object: `function/${id}`,
      type: "function.output",
      detail: `last output of ${id}: ${output.trim()}`,
    });
    kick();
  };

  const noteRunning = (planned: Plan): boolean => {
    let any = false;
    for (const [id, view] of planned.functions) {
      const known = memory.get(id) ?? NEW_FUNCTION;
      if (view.state !== "running" || known.runningSince !== null) continue;
      any = true;
      const begun = attempts.get(id);
      attempts.delete(id);
      const bootMs = begun === undefined ? null : performance.now() - begun;
      const healMs = known.diedAt === null ? null : clock() - known.diedAt;
      remember(id, { type: "running", bootMs });
      const how =
        bootMs === null
          ? "was found running and adopted"
          : `runs, ${bootMs.toFixed(1)} ms after its start began`;
      note({
        object: `function/${id}`,
        type: bootMs === null ? "function.adopted" : "function.running",
        detail: `${id} ${how}`,
        data: { pid: view.pid, ...(bootMs !== null && { bootMs }), ...(healMs !== null && { healMs }) },
      });
    }
    return any;
  };

  const noteChains = (before: Plan, planned: Plan): void => {
    for (const [id, { state, reason }] of planned.chains) {
      if (before.chains.get(id)?.state !== state)
        note({
          object: `chain/${id}`,
          type: `chain.${state}`,
          cause: reason,
          rule: "traffic enters functions only while all that it reaches are usable",
          detail: `path ${id} is ${state}${reason ? `: ${reason}` : ""}`,
        });
    }
  };

  const sinceOf = (functionId: string): string =>
    since.get(functionId)?.at ?? new Date(clock()).toISOString();
  const noteStates = (planned: Plan): void => {
    for (const [id, { state }] of planned.functions) {
      if (since.get(id)?.state !== state) since.set(id, { state, at: new Date(clock()).toISOString() });
    }
  };

  const report = (planned: Plan, observed: Observed): void => {
    const statuses = serviceStatuses(target, planned, memory, sinceOf);
    const changed = statuses.filter((status) => {
      const text = JSON.stringify(status);
      if (reported.get(status.id) === text) return false;
      reported.set(status.id, text);
      return true;
    });
    // A driver that is away shows what it saw last: what it has of the service is not removed yet.
    const left = [
      ...planned.works.flatMap(({ object }) => functionOf(object) ?? []),
      ...(latest(observed.click)?.processes.keys() ?? []),
      ...(latest(observed.docker)?.containers.keys() ?? []),
    ];
    const gone = [...reported.keys()].filter(
      (id) => !target.services.has(id) && !left.some((functionId) => functionId.startsWith(`${id}.`)),
    );
    for (const id of gone) reported.delete(id);
    if (events.length + changed.length + gone.length === 0) return;
    record(events, changed, gone);
    events = [];
  };

  /** An error that nobody thought of costs this pass, and is told once; the functions and the loop go on. */
  let passError: string | null = null;
  const guardedPass = (): void => {
    scheduled = false;
    if (signal.aborted) return;
    try {
      pass();
      passError = null;
    } catch (error) {
      const { detail } = problemOf(error);
      if (detail !== passError) {
        note({
          object: "agent",
          type: "agent.error",
          cause: detail,
          rule: "an unexpected error costs the pass that it happened in, and never the agent",
          action: `plan again in ${PASS_RETRY_MS / 1000} s, or when something changes`,
          code: "agent.internal",
          detail: `planning failed: ${error instanceof Error ? (error.stack ?? detail) : detail}`,
        });
        record(events, [], []);
        events = [];
      }
      passError = detail;
      wakeIn(PASS_RETRY_MS);
    }
  };
  const pass = (): void => {
    const observed = observe();
    noteDrivers(observed);
    noteContainerDeaths(observed);
    const planOnce = (): Plan => plan({ target, observed, memory, now: clock() });
    let planned = planOnce();
    if (noteRunning(planned)) planned = planOnce();
    if (Object.values(observed).every(({ state }) => state !== "starting")) noteChains(last, planned);
    noteStates(planned);
    last = planned;
    lastTarget = target;
    runner.reconcile(planned.works, isObsolete);
    report(planned, observed);
    wakeLater(planned);
  };

  /** What was to make a function that no service wants any more: an image may take half an hour to pull. */
  const isObsolete = ({ object, steps }: Work): boolean => {
    const functionId = functionOf(object);
    const removes = steps.every(({ do: name }) => name === "lvnf.stop" || name === "container.remove");
    return functionId !== null && !removes && !target.functions.has(functionId);
  };

  const wakeIn = (ms: number | null): void => {
    if (timer) clearTimeout(timer);
    timer = ms === null ? null : setTimeout(kick, Math.max(1, ms));
  };
  const wakeLater = ({ wakeAt }: Plan): void => {
    const times = [wakeAt, runner.nextRetryAt()].flatMap((at) => at ?? []);
    wakeIn(times.length > 0 ? Math.min(...times) - clock() : null);
  };
  signal.addEventListener("abort", () => timer && clearTimeout(timer), { once: true });

  return {
    kick,
    lvnfExited({ functionId, pid, problem, at, status }) {
      if (!target.functions.has(functionId)) return kick();
      died(functionId, problem, at);
      kick();
      void status.then((words) => {
        note({
          object: `function/${functionId}`,
          type: "function.exited",
          detail: `${functionId}, pid ${pid}, ${words}`,
        });
        kick();
      });
    },
    setServices(wanted, tombstones = []) {
      for (const id of tombstones) {
        if (!buried.has(id) && !reported.has(id)) reported.set(id, "never run here");
        buried.add(id);
      }
      for (const { request } of wanted) buried.delete(request.id);
      const before = target;
      services = wanted;
      target = targetOf(wanted, layout);
      for (const [id, wantedFunction] of target.functions) {
        if (before.functions.get(id)?.digest !== wantedFunction.digest) remember(id, { type: "reset" });
        if (wantedFunction.kind === "lvnf")
          options.keepState(
            id,
            wantedFunction.handlers.filter(({ state }) => state).map(({ handler }) => handler),
          );
      }
      for (const [id, { kind }] of before.functions) {
        if (target.functions.has(id)) continue;
        if (kind === "lvnf") options.keepState(id, []);
        for (const map of [memory, since, attempts]) map.delete(id);
      }
      kick();
    },
    reset(functionId) {
      if (!target.functions.has(functionId)) return false;
      remember(functionId, { type: "reset" });
      kick();
      return true;
    },
    snapshot() {
      // Between a change of what is wanted and the pass for it nothing may look as if it were up already.
      const current =
        lastTarget === target ? last : plan({ target, observed: observe(), memory, now: clock() });
      return { target, plan: current, services: serviceStatuses(target, current, memory, sinceOf), memory };
    },
    preview(wanted) {
      const previewed = targetOf(wanted, layout);
      return {
        target: previewed,
        plan: previewPlan({ target: previewed, observed: observe(), memory, now: clock() }),
      };
    },
    services: () => services,
  };
}

/** The plan, and where the bridge is to be made first, what follows it too: people want to see the whole. */
function previewPlan(input: PlanInput): Plan {
  const first = plan(input);
  const { ovs } = input.observed;
  const { name, datapathType } = input.target.bridge;
  if (ovs.state !== "ready" || ovs.now.bridges.has(name)) return first;
  const bridge = { name, datapathType, externalIds: {}, ports: new Map(), flowCookies: new Set<string>() };
  const now = { ...ovs.now, bridges: new Map(ovs.now.bridges).set(name, bridge) };
  const then = plan({ ...input, observed: { ...input.observed, ovs: { state: "ready", now } } });
  return { ...then, works: [...first.works, ...then.works] };
}

const functionOf = (object: string): string | null =>
  object.startsWith("function/") ? object.slice("function/".length) : null;

function exitText({ state, exitCode, error }: ObservedContainer): string {
  return [`the container is ${state}`, exitCode === null ? null : `exit code ${exitCode}`, error]
    .filter(Boolean)
    .join(", ");
}
