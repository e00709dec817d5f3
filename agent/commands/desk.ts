/**
 * Where commands come in and answers go out. Every command is answered: ok, failed or expired. It is in the
 * journal before the broker hears that it came; its answer is there before it leaves, and is sent until the
 * broker has it, also by the next life of the agent. A command that comes again gets the answer that it got.
 */
import type { Log } from "../../bus/log.js";
import { pause, type Wait } from "../../bus/wait.js";
import { digestOf } from "../../model/digest.js";
import { LightmanoError, type Problem, problem, problemOf } from "../../model/errors.js";
import type { Command, CommandReply } from "../../model/messages/node.js";
import type { Operations } from "../operations.js";
import type { CommandStore, JournalledCommand } from "../store/commands.js";
import { aftermathOf, type Trace, traceOf } from "./aftermath.js";
import { ageOf, type TimeKnown, validityMs } from "./age.js";
import { VERBS, type Verb, verbOf } from "./verbs.js";

export type Answer = Pick<CommandReply, "outcome" | "result" | "code" | "detail">;

export interface DeskOptions {
  readonly operations: Operations;
  readonly store: CommandStore;
  readonly time: () => TimeKnown;
  readonly wait: Wait;
  /** Resolves when the broker has the reply; rejects when the connection ended before that. */
  readonly reply: (id: string, answer: Answer) => Promise<void>;
  readonly connected: (signal: AbortSignal) => Promise<void>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * A command that comes again before its answer leaves gets that one. Where it comes while the answer leaves, whoever asked may
 * have lost it meanwhile (its disk was full) and asks again for that: it is answered once more.
 */
interface UnderWay {
  isAnswered: boolean;
  again: (() => void) | null;
}

export interface Desk {
  /** What an earlier life of the agent left open is answered. To be called before the first `take`. */
  resume(): Promise<void>;
  /** Resolves when the command is on disk, or can be told that it is not: it may be acknowledged then. */
  take(command: Command, verb: string): Promise<void>;
}

/** Brokers end the connection of a client that sends them more than they take (bus/broker.ts: 4 MiB). */
const MAX_RESULT_BYTES = 1024 * 1024;
/** A broker that will not have a reply is let be; the agent's next life tries again. */
const REPLY_TRIES = 5;
const RETRY_REPLY_MS = 1_000;
/** So long a node whose clock is wrong waits for the controller's time before it refuses a change. */
const TIME_UNKNOWN_MS = 10_000;
const TIME_POLL_MS = 250;
/** A timer of Node's for longer than 2^31 - 1 ms goes off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createDesk(options: DeskOptions): Desk {
  const { operations, store, time, wait, reply, connected, log, signal } = options;
  /** By id. */
  const active = new Map<string, UnderWay>();

  async function send(id: string, verb: string, answer: Answer, isJournalled: boolean): Promise<void> {
    for (let tries = 1; tries <= REPLY_TRIES && !signal.aborted; tries++) {
      await connected(signal);
      if (signal.aborted) return;
      const underWay = active.get(id);
      if (underWay) underWay.isAnswered = true;
      try {
        await reply(id, answer);
        if (isJournalled) await store.sent(id, VERBS.get(verb)?.effect === "change");
        return;
      } catch (error) {
        log.warn({ verb, tries }, `reply to ${id} not sent: ${problemOf(error).detail}`);
      }
      await pause(wait, RETRY_REPLY_MS, signal);
    }
  }

  /** From the journal to the answer's departure. Never rejects. */
  async function settle(command: Command, name: string, isJournalled: boolean): Promise<void> {
    const answer = await answerTo(command, name);
    if (signal.aborted) return;
    const keeps = isJournalled && VERBS.get(name)?.effect === "change";
    if (keeps) {
      await store.answer(command.id, JSON.stringify(answer)).catch((error: unknown) =>
        // It was done and is answered; after a crash it would be answered once more, as one of unknown outcome.
        log.error({ verb: name }, `the answer to ${command.id} is not stored: ${problemOf(error).detail}`),
      );
    }
    await send(command.id, name, answer, isJournalled);
  }

  async function answerTo(command: Command, name: string): Promise<Answer> {
    try {
      const verb = verbOf(name);
      const age = await ageKnown(command, verb);
      const leftMs = validityMs(command) - age;
      if (leftMs < 0)
        return expired(
          `the deadline ${command.deadline} had passed when the command arrived: it was ${Math.round(age / 1000)} s old`,
        );
      return await withinTime(leftMs, verb, command);
    } catch (error) {
      return failed(problemOf(error));
    }
  }

  /** What is under way at its deadline goes on: half a change would be worse than one that comes late. */
  async function withinTime(leftMs: number, verb: Verb, { args }: Command): Promise<Answer> {
    const ended = new AbortController();
    const doing = verb.run(operations, args).then(okAnswer, (error: unknown) => failed(problemOf(error)));
    const late = pause(
      wait,
      Math.min(leftMs, LONGEST_TIMER_MS),
      AbortSignal.any([signal, ended.signal]),
    ).then(() => expired("still under way at its deadline, and it goes on"));
    try {
      return await Promise.race([doing, late]);
    } finally {
      ended.abort();
    }
  }

  /** A change of unknown age is not made: it may be one that its sender gave up days ago. A read harms nobody. */
  async function ageKnown({ ts }: Command, verb: Verb): Promise<number> {
    for (let waited = 0; ; waited += TIME_POLL_MS) {
      const age = ageOf(Date.parse(ts), time());
      if (age !== null) return age;
      if (verb.effect === "read") return 0;
      if (waited >= TIME_UNKNOWN_MS)
        throw new LightmanoError(
          "clock.unset",
          `this node's clock says ${new Date(time().own).toISOString()}, the command was made ${ts}: its age cannot be told`,
        );
      if (!(await pause(wait, TIME_POLL_MS, signal)))
        throw new LightmanoError("operation.interrupted", "the agent is being stopped; nothing was done");
    }
  }

  /** Answers it and forgets that it is under way. */
  function inBackground(id: string, work: () => Promise<void>): void {
    const underWay = active.get(id) ?? { isAnswered: false, again: null };
    active.set(id, underWay);
    void work()
      .catch((error: unknown) => log.error({}, `command ${id}: ${problemOf(error).detail}`))
      .finally(() => {
        active.delete(id);
        if (underWay.again && !signal.aborted) underWay.again();
      });
  }

  function known(entry: JournalledCommand): () => Promise<void> {
    return async () => {
      const { id, verb } = entry;
      const answer = entry.answer === null ? await lookedFor(entry) : (JSON.parse(entry.answer) as Answer);
      if (signal.aborted) return;
      if (entry.answer === null) await store.answer(id, JSON.stringify(answer));
      await send(id, verb, answer, true);
    };
  }

  /** Whether a change that the agent died over took effect; the drivers may have to look first. */
  async function lookedFor({ trace }: JournalledCommand): Promise<Answer> {
    for (let waited = 0; trace && waited <= LOOK_MS && !signal.aborted; waited += TIME_POLL_MS) {
      const found = aftermathOf(JSON.parse(trace) as Trace, operations);
      if (found?.took) return okAnswer(found.result);
      if (found) return failed(problem("operation.interrupted", `${NOT_DONE}: ${found.detail}`));
      await pause(wait, TIME_POLL_MS, signal);
    }
    return failed(INTERRUPTED);
  }

  async function take(command: Command, name: string): Promise<void> {
    const { id, args } = command;
    const underWay = active.get(id);
    if (underWay) {
      log.debug({ verb: name }, `command ${id} is under way already`);
      if (underWay.isAnswered) underWay.again = () => void take(command, name);
      return;
    }
    active.set(id, { isAnswered: false, again: null });
    const digest = digestOf({ verb: name, args });
    const effect = VERBS.get(name)?.effect ?? "read";
    const again = effect === "read" ? JSON.stringify(command) : null;
    try {
      const trace = effect === "read" ? null : traceOf(name, args, operations);
      const noted = { id, verb: name, digest, again, trace: trace && JSON.stringify(trace) };
      const earlier = await store.begin(noted);
      if (earlier && earlier.digest !== digest)
        inBackground(id, () => send(id, name, failed(otherUse(earlier.verb)), false));
      else if (earlier && earlier.again === null) inBackground(id, known(earlier));
      else inBackground(id, () => settle(command, name, true));
    } catch (error) {
      // What changes something is not done unless that is remembered; what is asked, above all then, is answered.
      if (effect === "read") inBackground(id, () => settle(command, name, false));
      else inBackground(id, () => send(id, name, failed(problemOf(error)), false));
    }
  }

  return {
    async resume() {
      for (const entry of await store.open()) {
        const again = entry.again === null ? null : (JSON.parse(entry.again) as Command);
        inBackground(entry.id, again ? () => settle(again, entry.verb, true) : known(entry));
      }
    },
    take,
  };
}

/** A driver whose daemon is away that long does not tell. */
const LOOK_MS = 30_000;
const NOT_DONE = "the agent ended before it took effect";
const INTERRUPTED: Problem = problem(
  "operation.interrupted",
  "the agent ended while the command was under way: whether it took effect is not known",
);

const otherUse = (verb: string): Problem =>
  problem("usage.invalid", `this id was used for another command already (${verb}): each needs its own`);

function okAnswer(value: unknown): Answer {
  const result = value ?? null;
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > MAX_RESULT_BYTES)
    return failed(
      problem(
        "usage.invalid",
        `the result has ${bytes} bytes, at most ${MAX_RESULT_BYTES} are sent: ask for less`,
      ),
    );
  return { outcome: "ok", result, code: null, detail: null };
}

const failed = ({ code, detail }: Problem): Answer => ({ outcome: "failed", code, detail });
const expired = (detail: string): Answer => ({ outcome: "expired", code: "operation.timeout", detail });
