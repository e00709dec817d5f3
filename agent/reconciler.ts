/**
 * The agent's loop over values: observe → plan → run → record → again. It is driven by change (a driver saw
 * something, a work ended, the services changed, a back-off ran out), never by a period.
 */
import type { Problem } from "../model/errors.js";
import type { AgentEvent } from "../model/messages/node.js";
import {
  chainEvent,
  diedEvent,
  driverEvent,
  type EventFields,
  eventAt,
  exitedEvent,
  outputEvent,
  passFailedEvent,
  runningEvent,
  workEvent,
} from "./chronicle.js";
import { createContainerLives } from "./container-lives.js";
import { createDepartures } from "./departures.js";
import type { Observed } from "./domain/observed.js";
import { type Plan, plan } from "./domain/plan.js";
import { REMOVED } from "./domain/plan-orphans.js";
import { latest, type PlanInput } from "./domain/planning.js";
import type { Work } from "./domain/steps.js";
import { type FunctionMemory, NEW_FUNCTION, type SupervisionEvent, supervise } from "./domain/supervision.js";
import { type DesiredService, type Target, targetOf } from "./domain/target.js";
import { createFindings } from "./findings.js";
import { createPacemaker } from "./pacemaker.js";
import type { Reconciler, ReconcilerOptions } from "./reconciler-api.js";
import { createReporter } from "./reporter.js";
import { createRunner, endedMeanwhile, type WorkOutcome } from "./runner.js";
import { serviceStatuses } from "./status.js";

/** The driver tells of an end at once; that it was longer ago is a clock that was set meanwhile. */
const HEARD_WITHIN_MS = 1_000;

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { layout, observe, clock, monotonic = clock, random, record, signal } = options;
  let services: readonly DesiredService[] = [];
  let target: Target = targetOf([], layout);
  const memory = new Map<string, FunctionMemory>();
  const since = new Map<string, { readonly state: string; readonly at: string }>();
  /** When the work began that is to make a function run: boot time is from here to running. */
  const attempts = new Map<string, number>();
  /** Functions that are being ended on purpose, until their next start begins. */
  const ending = new Set<string>();
  const reporter = createReporter();
  /** Services that were wanted once and are not to be. What the journal does not know of is not among them. */
  const terminated = new Set<string>();
  const driverStates = new Map<string, string>();
  let events: AgentEvent[] = [];
  let last: Plan = plan({ target, observed: observe(), memory, now: monotonic() });
  let lastTarget = target;

  const note = (fields: EventFields): void => void events.push(eventAt(clock(), fields));
  const findings = createFindings(note);
  const lives = createContainerLives();
  const departures = createDepartures(
    () => kick(),
    (functionId) => runner.busy(`function/${functionId}`),
  );
  const remember = (functionId: string, event: SupervisionEvent, at = monotonic()): FunctionMemory => {
    const next = supervise(memory.get(functionId) ?? NEW_FUNCTION, event, at, random());
    memory.set(functionId, next);
    options.remembered?.(functionId, target.functions.get(functionId)?.digest ?? "", next);
    return next;
  };
  const inputOf = (wanted: Target, observed: Observed): PlanInput => ({
    target: wanted,
    observed,
    memory,
    now: monotonic(),
    departures: departures.now(),
    ...findings.input(),
  });
  const { kick, kickNow, wakeIn } = createPacemaker({
    pass: () => pass(),
    failed(error, detail, retryMs) {
      note(passFailedEvent(error, detail, retryMs));
      record(events, [], []);
      events = [];
    },
    progress: options.progress,
    signal,
  });

  const died = (functionId: string, problem: Problem, at = monotonic()): void => {
    const { nextAttemptAt, restarts } = remember(functionId, { type: "died", problem }, at);
    const waitMs = Math.max(0, Math.round(nextAttemptAt - monotonic()));
    note(diedEvent(functionId, problem, restarts, waitMs));
  };

  const runner = createRunner({
    execute: departures.watched(options.execute),
    heals: ({ object }) => (memory.get(functionOf(object) ?? "")?.diedAt ?? null) !== null,
    now: monotonic,
    signal,
    started: (work) => {
      const functionId = functionOf(work.object);
      if (functionId === null || !target.functions.has(functionId)) return;
      const ran = (memory.get(functionId)?.runningSince ?? null) !== null;
      const starts = work.steps.some(({ do: name }) => name === "lvnf.start" || name === "container.start");
      if (starts) ending.delete(functionId);
      if (ran && starts) remember(functionId, { type: "reset" }); // ended on purpose: a new interface wants it
      // Of one that only gets a port back the next start is still to come: its boot time counts from then.
      if ((!ran || starts) && !attempts.has(functionId)) attempts.set(functionId, performance.now());
    },
    ended: (outcome) => {
      departures.workEnded(outcome);
      noteOutcome(outcome);
      kick();
    },
  });

  const noteOutcome = (outcome: WorkOutcome): void => {
    const { work, problem, aborted } = outcome;
    const functionId = functionOf(work.object);
    if (aborted) return void attempts.delete(functionId ?? "");
    note(workEvent(outcome));
    if (problem === null || functionId === null || !target.functions.has(functionId)) return;
    // It ran, and ended while it was worked on: that is a death, and the next pass takes it for one.
    if (endedMeanwhile(outcome) && (memory.get(functionId)?.runningSince ?? null) !== null) return;
    attempts.delete(functionId);
    remember(functionId, { type: "start-failed", problem });
  };

  const noteDrivers = (observed: Observed): void => {
    for (const [name, view] of Object.entries(observed)) {
      const text = view.state === "ready" ? "ready" : `${view.state}: ${view.reason}`;
      if (driverStates.get(name) === text) continue;
      driverStates.set(name, text);
      if (view.state !== "starting") note(driverEvent(name, view));
    }
  };

  /** Of LVNFs the driver tells. */
  const noteContainerDeaths = (observed: Observed): void => {
    const containers = latest(observed.docker)?.containers;
    for (const [id, { runningSince }] of memory) {
      const wanted = target.functions.get(id);
      const container = containers?.get(id);
      if (
        runningSince === null ||
        wanted?.kind !== "container" ||
        observed.docker.state !== "ready" ||
        ending.has(id) ||
        runner.busy(`function/${id}`)
      )
        continue;
      const problem = lives.end(id, container);
      if (problem === null) continue;
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
    note(outputEvent(id, output));
    kick();
  };

  const noteRunning = (planned: Plan, observed: Observed): boolean => {
    let any = false;
    for (const [id, view] of planned.functions) {
      const known = memory.get(id) ?? NEW_FUNCTION;
      if (view.state !== "running" || known.runningSince !== null) continue;
      any = true;
      const begun = attempts.get(id);
      attempts.delete(id);
      const bootMs = begun === undefined ? null : performance.now() - begun;
      const healMs = known.diedAt === null ? null : Math.round(monotonic() - known.diedAt);
      remember(id, { type: "running", bootMs });
      const container = latest(observed.docker)?.containers.get(id);
      if (container) lives.runs(id, container);
      note(runningEvent(id, view.pid, bootMs, healMs));
    }
    return any;
  };

  const noteChains = (before: Plan, planned: Plan): void => {
    for (const [id, chain] of planned.chains) {
      if (before.chains.get(id)?.state !== chain.state) note(chainEvent(id, chain));
    }
  };

  const sinceOf = (functionId: string): string =>
    since.get(functionId)?.at ?? new Date(clock()).toISOString();
  const noteStates = (planned: Plan): void => {
    const states = new Map([...planned.functions].map(([id, { state }]) => [id, state as string]));
    for (const { functions } of planned.leaving.values())
      for (const { id } of functions) states.set(id, "stopping");
    for (const [id, state] of states)
      if (since.get(id)?.state !== state) since.set(id, { state, at: new Date(clock()).toISOString() });
    for (const id of since.keys()) if (!states.has(id)) since.delete(id);
  };

  const report = (planned: Plan, observed: Observed): number | null => {
    // A driver that is away shows what it saw last: what it has of a service is not removed yet.
    const seen = [
      ...planned.works.flatMap(({ object }) => functionOf(object) ?? []),
      ...(latest(observed.click)?.processes.keys() ?? []),
      ...(latest(observed.docker)?.containers.keys() ?? []),
    ];
    const left = seen.filter((functionId) => !target.functions.has(functionId));
    const statuses = serviceStatuses(target, planned, memory, sinceOf);
    const isSeen =
      Object.values(observed).every(({ state }) => state !== "starting") &&
      latest(observed.click) !== null &&
      latest(observed.docker) !== null;
    const { changed, removed, present, askAgainAt } = reporter.news(statuses, left, monotonic(), isSeen);
    if (present) record(events, changed, removed, present);
    else if (events.length + changed.length + removed.length > 0) record(events, changed, removed);
    events = [];
    return askAgainAt;
  };

  const pass = (): void => {
    const observed = observe();
    noteDrivers(observed);
    noteContainerDeaths(observed);
    findings.saw(latest(observed.ovs)?.bridges.get(layout.bridge)?.flowCookies);
    const planOnce = (): Plan => plan(inputOf(target, observed));
    let planned = planOnce();
    if (noteRunning(planned, observed)) planned = planOnce();
    if (Object.values(observed).every(({ state }) => state !== "starting")) noteChains(last, planned);
    noteStates(planned);
    findings.planned(planned);
    departures.planned(planned, target);
    last = planned;
    lastTarget = target;
    runner.reconcile(planned.works, isObsolete);
    const reportAt = report(planned, observed);
    wakeLater(planned, reportAt);
  };

  /**
   * What was to make another of the function than is wanted now, or to remove one that is wanted again: an image may take half
   * an hour to pull, and then it would end what runs as it should.
   */
  const isObsolete = ({ object, digest }: Work): boolean => {
    const functionId = functionOf(object);
    return functionId !== null && digest !== (target.functions.get(functionId)?.digest ?? REMOVED);
  };

  const wakeLater = ({ wakeAt }: Plan, reportAt: number | null): void => {
    const times = [wakeAt, runner.nextRetryAt(), reportAt].flatMap((at) => at ?? []);
    wakeIn(times.length > 0 ? Math.min(...times) - monotonic() : null);
  };
  return {
    kick,
    lvnfExited({ functionId, pid, problem, at, status }) {
      if (!target.functions.has(functionId)) return kick();
      const agoMs = Math.min(Math.max(0, clock() - at), HEARD_WITHIN_MS);
      died(functionId, problem, monotonic() - agoMs);
      kickNow();
      void status.then((words) => {
        note(exitedEvent(functionId, pid, words));
        kick();
      });
    },
    setServices(wanted, tombstones = [], elsewhere = []) {
      const buried = tombstones.map(({ id }) => id);
      reporter.bury(buried);
      for (const id of [...buried, ...elsewhere, ...services.map(({ request }) => request.id)])
        terminated.add(id);
      for (const { request } of wanted) {
        reporter.raise(request.id);
        terminated.delete(request.id);
      }
      const before = target;
      services = wanted;
      target = targetOf(wanted, layout, terminated);
      departures.changed({ before, after: target, plan: last, memory, tombstones, elsewhere });
      for (const [id, wantedFunction] of target.functions) {
        if (before.functions.get(id)?.digest !== wantedFunction.digest) remember(id, { type: "reset" });
        if (wantedFunction.kind === "lvnf") options.useHandlers(id, wantedFunction.handlers);
      }
      for (const [id, { kind }] of before.functions) {
        if (target.functions.has(id)) continue;
        if (kind === "lvnf") options.useHandlers(id, []);
        for (const map of [memory, attempts, ending]) map.delete(id);
        options.remembered?.(id, "", null);
      }
      kick();
    },
    revive(known) {
      for (const [id, kept] of known) if (target.functions.has(id)) memory.set(id, kept);
      kick();
    },
    reset(functionId) {
      if (!target.functions.has(functionId)) return false;
      remember(functionId, { type: "reset" });
      kick();
      return true;
    },
    forgive(functionId) {
      if ((memory.get(functionId)?.failures ?? 0) === 0) return false;
      remember(functionId, { type: "forgiven" });
      return true;
    },
    tellAgain() {
      reporter.tellAgain();
      kick();
    },
    async restart(functionId, end) {
      const wanted = target.functions.get(functionId);
      if (!wanted) return;
      ending.add(functionId);
      try {
        await departures.ends(functionId, wanted.kind, end);
      } catch (error) {
        ending.delete(functionId);
        throw error;
      } finally {
        kick();
      }
    },
    snapshot() {
      // Between a change of what is wanted and the pass for it nothing may look as if it were up already.
      const current = lastTarget === target ? last : plan(inputOf(target, observe()));
      return {
        target,
        plan: current,
        services: serviceStatuses(target, current, memory, sinceOf),
        memory,
        now: monotonic(),
      };
    },
    preview(wanted) {
      const previewed = targetOf(wanted, layout, terminated);
      return {
        target: previewed,
        plan: previewPlan(inputOf(previewed, observe())),
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
