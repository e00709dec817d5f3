/** What the loop tells of what it saw and did: events as values, each with cause, rule and action. Pure. */
import type { Problem } from "../model/errors.js";
import type { AgentEvent } from "../model/messages/node.js";
import type { ObservedContainer, View } from "./domain/observed.js";
import type { ChainView } from "./domain/planning.js";
import { stepText } from "./domain/steps.js";
import { type ToldEvent, toldText } from "./domain/told-events.js";
import type { WorkOutcome } from "./runner.js";

/** An event but for its time; what is left out is null. */
export type EventFields = Partial<Omit<AgentEvent, "ts">> & Pick<AgentEvent, "object" | "type" | "detail">;

export function eventAt(ms: number, fields: EventFields): AgentEvent {
  return { ts: new Date(ms).toISOString(), cause: null, rule: null, action: null, code: null, ...fields };
}

export function setBackEvent(has: number, sent: number): EventFields {
  return {
    object: "journal",
    type: "journal.set-back",
    cause: `the controller has reports up to number ${has} of this node, whose journal has counted to ${sent}`,
    rule: "two reports must not have one number",
    action: "number under a new name, and send all that waits",
    detail: `this node's journal was set back to an older copy of itself: what it noted since then is lost here, and reports ${sent + 1} to ${has} are with the controller only`,
    data: { has, sent },
  };
}

export function forgottenEvent(has: number, acknowledged: number): EventFields {
  return {
    object: "link",
    type: "reports.forgotten",
    cause: `the controller has reports up to number ${has} and had acknowledged ${acknowledged}: it was restored from an old copy`,
    rule: "what was acknowledged is kept no longer",
    detail: `reports ${has + 1} to ${acknowledged} are lost to the controller; the node's own history has its events`,
    data: { has, acknowledged },
  };
}

export function diedEvent(
  functionId: string,
  problem: Problem,
  restarts: number,
  waitMs: number,
): EventFields {
  return {
    object: `function/${functionId}`,
    type: "function.died",
    cause: problem.detail,
    rule: "a function that dies is started again",
    action: waitMs > 0 ? `start again in ${waitMs} ms` : "start again now",
    code: problem.code,
    detail: `${functionId} died (${restarts} so far): ${problem.detail}`,
  };
}

export function exitedEvent(functionId: string, pid: number, how: string): EventFields {
  return {
    object: `function/${functionId}`,
    type: "function.exited",
    detail: `${functionId}, pid ${pid}, ${how}`,
  };
}

/** Of what was found and is left as it is. */
export function heldEvent(functionId: string, reason: string): EventFields {
  return {
    object: `function/${functionId}`,
    type: "function.held",
    cause: reason,
    rule: "what is known to be wanted no more is removed, and nothing else",
    action: "it is left as it is; terminate its service to have it removed",
    detail: `${functionId} is there and not wanted, and is left as it is: ${reason}`,
  };
}

/** `restored`: objects that are in the new journal. */
export function journalSetAsideEvent(reason: string, keptAs: string, restored: number): EventFields {
  return {
    object: "agent",
    type: "journal.set-aside",
    cause: reason,
    rule: "a journal that cannot be used is set aside and kept, and what runs goes on",
    action: `made a new one with ${restored} desired objects from the copies beside it and from what could be read`,
    code: "store.damaged",
    detail: `the journal cannot be used (${reason}) and is kept as ${keptAs}; its history, and reports that were not sent yet, are lost`,
    data: { keptAs, restored },
  };
}

export function journalRestoredEvent(restored: number): EventFields {
  return {
    object: "agent",
    type: "journal.restored",
    cause: "copies beside the journal are newer than what it has",
    rule: "what was acknowledged is not forgotten",
    action: `put ${restored} desired objects back into the journal`,
    code: "store.damaged",
    detail: `${restored} desired objects were not in the journal any more: it lost its newest part, or all`,
    data: { restored },
  };
}

export const UNWRITABLE = "journal.unwritable";
export const WRITABLE = "journal.writable";

/** Noted in memory, and in the journal once it can be. */
export function unwritableEvent(reason: string): EventFields {
  return {
    object: "journal",
    type: UNWRITABLE,
    cause: reason,
    rule: "nothing is acknowledged that is not on disk, and what runs goes on",
    action: "take nothing new; keep up to 2000 events and reports in memory; try again every 2 s",
    code: "store.failed",
    detail: `the journal cannot be written: ${reason}`,
  };
}

/** `tookMs` null: it was an earlier life of the agent that could not write. */
export function writableEvent(tookMs: number | null, lost: number): EventFields {
  const time = tookMs === null ? "" : ` after ${(tookMs / 1000).toFixed(1)} s`;
  return {
    object: "journal",
    type: WRITABLE,
    rule: "what waited in memory is written first",
    detail: `the journal can be written again${time}; ${lost} records were lost for want of memory`,
    data: { lost, ...(tookMs === null ? {} : { tookMs }) },
  };
}

/** `bootedAt`: ms since the epoch. */
export function clockSetEvent(boot: string, bootedAt: number): EventFields {
  return {
    object: "agent",
    type: "clock.set",
    cause: "the node's clock was not set when the agent started",
    rule: "what was noted meanwhile carries the time since the machine started",
    action: "correct the times of those events",
    detail: `the node's clock is set now: this machine started at ${new Date(bootedAt).toISOString()}`,
    data: { boot, bootedAt },
  };
}

export function outputEvent(functionId: string, output: string): EventFields {
  return {
    object: `function/${functionId}`,
    type: "function.output",
    detail: `last output of ${functionId}: ${output.trim()}`,
  };
}

/** `bootMs` null: it ran already when the agent looked. `healMs` null: it had not died. */
export function runningEvent(
  functionId: string,
  pid: number | null,
  bootMs: number | null,
  healMs: number | null,
): EventFields {
  const how =
    bootMs === null ? "was found running and adopted" : `runs, ${bootMs.toFixed(1)} ms after its start began`;
  return {
    object: `function/${functionId}`,
    type: bootMs === null ? "function.adopted" : "function.running",
    detail: `${functionId} ${how}`,
    data: { pid, ...(bootMs !== null && { bootMs }), ...(healMs !== null && { healMs }) },
  };
}

export function workEvent({ work, problem, tookMs, results }: WorkOutcome): EventFields {
  const action = work.steps.map(stepText).join(", then ");
  const common = { object: work.object, cause: work.cause, rule: work.rule, action };
  if (problem) return { ...common, type: "work.failed", code: problem.code, detail: problem.detail };
  const took = Math.round(tookMs * 10) / 10;
  return {
    ...common,
    type: "work.done",
    detail: `${action}: done in ${took} ms`,
    data: { tookMs: took, ...Object.assign({}, ...results) },
  };
}

/** Of an LVNF's own: what its events handler told. */
export function toldEvent(functionId: string, handler: string, told: ToldEvent): EventFields {
  return {
    object: `function/${functionId}`,
    type: `lvnf.${told.event}`,
    detail: `${functionId} tells: ${toldText(told)}`,
    data: { ...told.fields, handler, number: told.number },
  };
}

export function eventsLostEvent(functionId: string, handler: string, lost: number): EventFields {
  return {
    object: `function/${functionId}`,
    type: "function.events-lost",
    cause: `handler "${handler}" keeps its newest events only, and there were more since it was last asked`,
    detail: `${lost} event${lost === 1 ? "" : "s"} of ${functionId} lost`,
    data: { handler, lost },
  };
}

/** Once for each way in which it cannot be read. */
export function eventsUnreadableEvent(functionId: string, handler: string, problem: string): EventFields {
  return {
    object: `function/${functionId}`,
    type: "function.events-unreadable",
    cause: problem,
    rule: "an events handler answers a list of numbered events",
    code: "handler.failed",
    detail: `events of ${functionId} cannot be read by handler "${handler}": ${problem}`,
  };
}

export function metricsUnreadableEvent(functionId: string, handler: string, problem: string): EventFields {
  return {
    object: `function/${functionId}`,
    type: "function.metrics-unreadable",
    cause: problem,
    rule: "a metrics handler answers in Prometheus' text format, and soon",
    action: "what it answers is left out of the node's metrics",
    code: "handler.failed",
    detail: `metrics of ${functionId} cannot be read by handler "${handler}": ${problem}`,
  };
}

export function driverEvent(name: string, view: View<unknown>): EventFields {
  const isReady = view.state === "ready";
  return {
    object: `driver/${name}`,
    type: `driver.${view.state}`,
    code: isReady ? null : "driver.unavailable",
    detail: isReady ? `${name} is ready` : `${name}: ${view.reason}`,
  };
}

export function chainEvent(chainId: string, { state, reason }: ChainView): EventFields {
  return {
    object: `chain/${chainId}`,
    type: `chain.${state}`,
    cause: reason,
    rule: "traffic enters functions only while all that it reaches are usable",
    detail: `path ${chainId} is ${state}${reason ? `: ${reason}` : ""}`,
  };
}

/** Of the loop itself. */
export function passFailedEvent(error: unknown, detail: string, retryMs: number): EventFields {
  return {
    object: "agent",
    type: "agent.error",
    cause: detail,
    rule: "an unexpected error costs the pass that it happened in, and never the agent",
    action: `plan again in ${retryMs / 1000} s, or when something changes`,
    code: "agent.internal",
    detail: `planning failed: ${error instanceof Error ? (error.stack ?? detail) : detail}`,
  };
}

export function containerExit({ state, exitCode, error }: ObservedContainer): Problem {
  const words = [`the container is ${state}`, exitCode === null ? null : `exit code ${exitCode}`, error];
  return { code: "container.exited", detail: words.filter(Boolean).join(", ") };
}
