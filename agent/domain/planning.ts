/** What planning one object sees, and what all planners share. */
import type { ErrorCode } from "../../model/errors.js";
import type { FunctionState } from "../../model/messages/node.js";
import type { Observed, ObservedBridge, ObservedPort, View } from "./observed.js";
import type { Departures } from "./plan-leaving.js";
import type { Work } from "./steps.js";
import type { FunctionMemory } from "./supervision.js";
import type { Target } from "./target.js";

export interface PlanInput {
  readonly target: Target;
  readonly observed: Observed;
  readonly memory: ReadonlyMap<string, FunctionMemory>;
  /** Cookies of flows that were there before the agent was, and that no target of its life had. */
  readonly foundFlows?: ReadonlySet<string>;
  /** What was wanted in this life of the agent and is no more, and what is being ended now. */
  readonly departures?: Departures;
  /** ms since epoch. */
  readonly now: number;
}

export interface FunctionView {
  readonly state: FunctionState;
  readonly code: ErrorCode | null;
  readonly reason: string | null;
  readonly pid: number | null;
}

/** active: all its flows are wanted on the bridge · bypassed: a function is not usable, traffic goes past it · waiting: a port is missing */
export interface ChainView {
  readonly state: "active" | "bypassed" | "waiting";
  readonly reason: string | null;
  readonly flows: number;
}

/** What planning one function yields. */
export interface FunctionPlan {
  readonly view: FunctionView;
  readonly work: Work | null;
}

export interface FunctionContext {
  readonly input: PlanInput;
  readonly bridge: ObservedBridge | null;
  readonly memory: FunctionMemory;
}

/** What a view shows, or showed last. */
export function latest<T>(view: View<T>): T | null {
  return view.state === "ready" ? view.now : view.last;
}

/** A port that forwards: bound by Open vSwitch, its interface there. */
export function isBound(port: ObservedPort | undefined): boolean {
  return port !== undefined && port.ofport !== null && port.error === null && port.ifindex !== 0;
}

/** Which failures another try cannot mend before something else changes. They are tried again all the same, slowly. */
const LASTING: readonly ErrorCode[] = [
  "click.script-invalid",
  "click.missing",
  "click.kernel-missing",
  "click.kernel-busy",
  "docker.image-missing",
];

/** The view of a function that is not running and may not be tried yet, or null when it may. */
export function waitingView({ problem, nextAttemptAt }: FunctionMemory, now: number): FunctionView | null {
  if (nextAttemptAt <= now) return null;
  const state = problem && LASTING.includes(problem.code) ? "failed" : "backoff";
  return { state, code: problem?.code ?? null, reason: problem?.detail ?? null, pid: null };
}

export function blockedView(driver: string, view: View<unknown>): FunctionView | null {
  if (view.state === "ready") return null;
  return { state: "pending", code: "driver.unavailable", reason: `${driver}: ${view.reason}`, pid: null };
}
