/** What is known of a handler that is asked for state, and whether there is need to ask it again. */
import { inStepMs } from "../wait.js";
import type { ControlSocket } from "./control-socket.js";
import { type Ran, restedSince } from "./rest.js";

/** One whose process rests is asked so seldom. */
export const ASK_RESTING_EVERY_MS = 30_000;

/** A handler that holds state, and how it is asked for. */
export interface StateHandler {
  readonly handler: string;
  readonly periodMs: number;
  /** A handler whose answer is another when the state is; null: there is none. */
  readonly changed: string | null;
}

/** What is known of one handler of a function. */
export interface Asked {
  readonly handler: StateHandler;
  /** When it is to be asked next. */
  dueMs: number;
  /** What its `changed` answered before it was last saved, and in which process. */
  seen: { readonly control: ControlSocket; readonly changed: string } | null;
  answered: Answered | null;
}

/** When it last answered, with what was saved or was so already. */
export interface Answered {
  readonly control: ControlSocket;
  readonly atMs: number;
  readonly ran: Ran | null;
  /** The process had rested since the answer before, and ran only to give this one. */
  readonly afterRest: boolean;
}

/** When it is due again: in step with others, if its period allows for it. */
export const dueAgainMs = ({ periodMs }: StateHandler, nowMs: number): number =>
  inStepMs(nowMs, periodMs, periodMs % 1_000 === 0 ? undefined : Math.max(1, Math.min(250, periodMs / 4)));

export const neverAsked = (handler: StateHandler, nowMs: number): Asked => ({
  handler,
  dueMs: dueAgainMs(handler, nowMs),
  seen: null,
  answered: null,
});

/** Its process, which has run so much by now, has not run since it answered. */
export const isUnchanged = (answered: Answered | null, control: ControlSocket, now: Ran | null): boolean =>
  answered?.control === control && restedSince(answered.ran, now);

/**
 * What it answered last still holds: it was found unchanged once already, so what had followed upon the answer before was seen.
 * The process has run so much by now.
 */
export const needNotAsk = (
  { answered }: Asked,
  control: ControlSocket,
  nowMs: number,
  ran: Ran | null,
): boolean =>
  answered?.afterRest === true &&
  nowMs - answered.atMs < ASK_RESTING_EVERY_MS &&
  isUnchanged(answered, control, ran);

export const isSame = (a: StateHandler, b: StateHandler): boolean =>
  a.handler === b.handler && a.periodMs === b.periodMs && a.changed === b.changed;
