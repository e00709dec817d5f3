/**
 * Finds out that a Click process hangs: one that is stopped, or in an endless loop, keeps its ControlSocket open and
 * forwards nothing. Whoever says something is alive; who has said nothing for a while is asked, unless the process has not run
 * at all since it last answered: a signal that stops it, and a loop, both make it run (rest.ts).
 *
 * A function that writes out a large state answers nothing meanwhile, and is well: it has much longer, as long as
 * it uses the processor.
 */
import { LightmanoError } from "../../../model/errors.js";
import { inStepMs, linkSignal } from "../wait.js";
import type { ProcessSocket } from "./control-socket.js";
import { createRounds, type RoundsClock, type Visited } from "./rounds.js";

/** How often one that says nothing is asked. */
export const ASK_EVERY_MS = 2_000;
/** One that rests is asked so seldom: it may have been caught by something that it waits for without end. */
export const ASK_RESTING_EVERY_MS = 30_000;
/** One that does nothing has this long to answer… */
export const ANSWER_WITHIN_MS = 2_500;
/** …and one that uses the processor has this long. */
export const BUSY_ANSWER_WITHIN_MS = 30_000;
/**
 * Then its silence is looked at once more: after an agent that was itself held up, the time is over before
 * the answer, which has come long since, is read.
 */
const SECOND_LOOK_MS = 500;

/** Any Click has this handler, and it costs nothing. */
const QUESTION = "version";

/** A process that is watched. */
export interface Watched {
  readonly control: ProcessSocket;
  /** CPU time that it has used, in any unit; null: that cannot be had. */
  cpuTime(): Promise<number | null>;
}

export interface Liveness {
  /** Resolves with why it is taken for hung, or with null when its connection ended or the signal aborted before. */
  untilHung(watched: Watched): Promise<string | null>;
}

/** `failed` is told of what must not be, and ends the watching. */
export function createLiveness(
  clock: RoundsClock,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Liveness {
  const rounds = createRounds(clock, signal, failed);
  return {
    untilHung: (watched) =>
      new Promise((resolve, reject) => {
        const { control } = watched;
        const life = linkSignal(signal);
        const end = (why: string | null): void => {
          resolve(why);
          rounds.remove(entry);
          life.abort();
        };
        const entry: Visited = {
          dueMs: inStepMs(clock.now(), ASK_EVERY_MS),
          visit(now) {
            const silentMs = now - control.heardAtMs();
            const isWell =
              silentMs < ASK_EVERY_MS || (silentMs < ASK_RESTING_EVERY_MS && control.hasRested());
            entry.dueMs = isWell ? inStepMs(now, ASK_EVERY_MS) : Number.POSITIVE_INFINITY;
            if (isWell) return;
            asked(watched, clock, life.signal).then((why) => {
              if (why !== null) return end(why);
              entry.dueMs = inStepMs(clock.now(), ASK_EVERY_MS);
              rounds.changed(entry);
            }, reject);
          },
        };
        life.signal.addEventListener("abort", () => end(null), { once: true });
        if (life.signal.aborted) return end(null);
        void control.closed.then(() => end(null));
        rounds.add(entry);
      }),
  };
}

/** Asks, and resolves with why it is taken for hung; null: it is not, or that does not matter any more. */
async function asked(
  { control, cpuTime }: Watched,
  clock: RoundsClock,
  over: AbortSignal,
): Promise<string | null> {
  const askedAtMs = clock.now();
  const usedBefore = await cpuTime();
  const asking = linkSignal(over);
  // The answer shows in `heardAtMs`, and so does a refusal.
  control.read(QUESTION, asking.signal).catch((error: unknown) => {
    if (!(error instanceof LightmanoError)) throw error;
  });
  const isSilent = (): boolean => !over.aborted && control.heardAtMs() <= askedAtMs;
  await clock.delay(ANSWER_WITHIN_MS, over);
  if (isSilent()) await clock.delay(SECOND_LOOK_MS, over);
  let used = await cpuTime();
  let isBusy = used !== usedBefore;
  while (isSilent() && isBusy && clock.now() - askedAtMs < BUSY_ANSWER_WITHIN_MS) {
    await clock.delay(ANSWER_WITHIN_MS, over);
    const now = await cpuTime();
    isBusy = now !== used;
    used = now;
  }
  const silent = isSilent();
  asking.abort("answered, or not"); // a reason costs less than none, for which an exception is made
  if (!silent) return null;
  const seconds = ((clock.now() - askedAtMs) / 1000).toFixed(1);
  return `it did not answer for ${seconds} s${isBusy ? "" : ", and did nothing"}: it was ended`;
}
