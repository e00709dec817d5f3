/** One direction through a hub: what cannot go on now waits for the connection, within bounds. */
import type { BusClient } from "../../bus/client.js";
import type { Log } from "../../bus/log.js";
import { problemOf } from "../../model/errors.js";

export interface Passage {
  /** Now or never: it is said again, or of no use later. */
  now(topic: string, message: object): Promise<void>;
  /** Of its topic only the last waits. */
  last(topic: string, message: object): Promise<void>;
  /** There is no other copy: each waits, and they go in their order. */
  each(topic: string, message: object): Promise<void>;
  /** To be called when the other side is there again. */
  goOn(): Promise<void>;
}

interface Waiting {
  readonly topic: string;
  readonly message: object;
  /** Ends of a connection while it was under way. */
  failures: number;
}

const QUEUED_AT_MOST = 1_000;
/** What a broker does not take ends the connection, each time anew: it must not do so for ever. */
const FAILURES_AT_MOST = 3;

export function createPassage(to: BusClient, log: Log): Passage {
  const lasts = new Map<string, Waiting>();
  let queue: readonly Waiting[] = [];
  let isQueueMoving = false;

  /** False: it waits on. */
  const settle = async (waiting: Waiting): Promise<boolean> => {
    const { topic, message } = waiting;
    if (!to.connected()) return false;
    try {
      await to.publish(topic, message);
      return true;
    } catch (error) {
      waiting.failures += 1;
      const isLost = waiting.failures >= FAILURES_AT_MOST;
      const { detail } = problemOf(error);
      if (isLost) log.warn({ topic }, `dropped after ${FAILURES_AT_MOST} attempts to pass it on: ${detail}`);
      else log.debug({ topic }, `not passed on: ${detail}`);
      return isLost;
    }
  };
  const sayLast = async (waiting: Waiting): Promise<void> => {
    const isLast = (): boolean => lasts.get(waiting.topic) === waiting;
    if (isLast() && (await settle(waiting)) && isLast()) lasts.delete(waiting.topic);
  };
  const moveQueue = async (): Promise<void> => {
    if (isQueueMoving) return;
    isQueueMoving = true;
    for (let first = queue[0]; first && (await settle(first)); first = queue[0])
      queue = queue[0] === first ? queue.slice(1) : queue;
    isQueueMoving = false;
  };

  return {
    async now(topic, message) {
      await settle({ topic, message, failures: 0 });
    },
    async last(topic, message) {
      const waiting = { topic, message, failures: 0 };
      lasts.delete(topic); // it goes behind what came meanwhile
      lasts.set(topic, waiting);
      await sayLast(waiting);
    },
    async each(topic, message) {
      const overdue = queue.length - QUEUED_AT_MOST + 1;
      if (overdue > 0)
        log.warn({ topic }, `more than ${QUEUED_AT_MOST} wait to be passed on: the oldest is dropped`);
      queue = [...queue.slice(Math.max(0, overdue)), { topic, message, failures: 0 }];
      await moveQueue();
    },
    async goOn() {
      for (const waiting of [...lasts.values()]) await sayLast(waiting);
      await moveQueue();
    },
  };
}
