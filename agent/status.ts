/** What is said of services: from the plan's views and the memory of functions. Pure. */
import { formatProblem } from "../model/errors.js";
import type { FunctionStatus, ServiceState, ServiceStatus } from "../model/messages/node.js";
import type { Plan } from "./domain/plan.js";
import type { LeavingFunction } from "./domain/plan-leaving.js";
import { type FunctionMemory, NEW_FUNCTION } from "./domain/supervision.js";
import type { ServiceTarget, Target } from "./domain/target.js";

/** Since when a function is in its state: kept by the caller, for the plan has no past. */
export type SinceOf = (functionId: string) => string;

export function serviceStatuses(
  target: Target,
  plan: Plan,
  memory: ReadonlyMap<string, FunctionMemory>,
  sinceOf: SinceOf,
): readonly ServiceStatus[] {
  const stopping = (id: string): readonly FunctionStatus[] =>
    plan.leaving.get(id)?.functions.map((left) => stoppingStatus(left, sinceOf)) ?? [];
  const wanted = [...target.services.values()].map((service): ServiceStatus => {
    const functions =
      service.problems.length > 0
        ? []
        : service.functionIds.flatMap((id) => functionStatus(id, target, plan, memory, sinceOf) ?? []);
    const chains =
      service.problems.length > 0 ? [] : service.chainIds.flatMap((id) => chainStatus(id, target, plan));
    return {
      id: service.request.id,
      name: service.request.name,
      packageDigest: service.request.packageDigest,
      revision: service.revision,
      ...serviceState(service, functions, chains),
      functions: [...functions, ...stopping(service.request.id)],
      chains: chains.map(({ name, state, flows, reason }) => ({
        name,
        state,
        flows,
        ...(reason !== null && { reason }),
      })),
    };
  });
  const terminating = [...plan.leaving].flatMap(([id, { service, code, reason }]): ServiceStatus[] => {
    if (service === null) return [];
    const { name, packageDigest, revision } = service;
    const functions = [...stopping(id)];
    return [{ id, name, packageDigest, revision, state: "terminating", code, reason, functions, chains: [] }];
  });
  return [...wanted, ...terminating];
}

const stoppingStatus = (left: LeavingFunction, sinceOf: SinceOf): FunctionStatus => ({
  ...left,
  state: "stopping",
  since: sinceOf(left.id),
  bootMs: roundedMs(left.bootMs),
});

const roundedMs = (ms: number | null): number | null => (ms === null ? null : Math.round(ms * 10) / 10);

function functionStatus(
  id: string,
  target: Target,
  plan: Plan,
  memory: ReadonlyMap<string, FunctionMemory>,
  sinceOf: SinceOf,
): FunctionStatus | null {
  const wanted = target.functions.get(id);
  const view = plan.functions.get(id);
  if (!wanted || !view) return null;
  const { restarts, bootMs } = memory.get(id) ?? NEW_FUNCTION;
  return {
    id,
    name: wanted.name,
    kind: wanted.kind,
    ...view,
    since: sinceOf(id),
    restarts,
    digest: wanted.digest,
    bootMs: roundedMs(bootMs),
  };
}

function chainStatus(id: string, target: Target, plan: Plan) {
  const view = plan.chains.get(id);
  const chain = target.chains.find((candidate) => candidate.id === id);
  return view && chain ? [{ name: chain.name, ...view }] : [];
}

function serviceState(
  { problems }: ServiceTarget,
  functions: readonly FunctionStatus[],
  chains: readonly { readonly name: string; readonly state: string; readonly reason: string | null }[],
): { readonly state: ServiceState; readonly code: string | null; readonly reason: string | null } {
  const [problem] = problems;
  if (problem) {
    // A package may arrive after the service that is of it: that is no failure.
    const state = problems.every(({ code }) => code === "package.missing") ? "deploying" : "failed";
    return { state, code: problem.code, reason: problems.map(formatProblem).join("; ") };
  }
  const failed = functions.find(({ state }) => state === "failed");
  if (failed) return { state: "failed", code: failed.code, reason: `${failed.id}: ${failed.reason}` };
  const down = functions.find(({ state }) => state !== "running");
  const cut = chains.find(({ state }) => state !== "active");
  if (!down && !cut) return { state: "active", code: null, reason: null };
  const everRan = functions.some(({ restarts, bootMs }) => restarts > 0 || bootMs !== null);
  const reason = down
    ? `${down.id} is ${down.state}${down.reason ? `: ${down.reason}` : ""}`
    : `path ${cut?.name} is ${cut?.state}: ${cut?.reason}`;
  return {
    state: everRan && functions.length > 0 ? "degraded" : "deploying",
    code: down?.code ?? null,
    reason,
  };
}
