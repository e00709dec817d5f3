/**
 * Puts virtual time and seeded chance in the place of everything by which code learns of time or chance
 * without being given it: timers, `Date`, `performance.now`, `AbortSignal.timeout`, `node:timers/promises`,
 * `Math.random`, UUIDs, and the few figures of the process that reports carry. For good: a process that
 * simulates does nothing else.
 */
import crypto from "node:crypto";
import { setMaxListeners } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import timersPromises from "node:timers/promises";
import type { Random } from "./random.js";
import type { Process, Scheduler, VirtualTimer } from "./scheduler.js";

/** What is simulated now; another seed puts another in its place. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Milliseconds since the epoch by the clock of the machine that this process is on. */
  readonly wallClock: (process: Process) => number;
}

/** A timer as code under simulation holds it: what it may do with one in Node. */
class Timeout {
  constructor(public timer: VirtualTimer) {}
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
}

let surroundings: Surroundings | null = null;

export function enter(next: Surroundings): void {
  if (surroundings === null) install();
  surroundings = next;
}

const here = (): Surroundings => {
  if (surroundings === null) throw new Error("nothing is simulated yet");
  return surroundings;
};
const wallNow = (): number => here().wallClock(here().scheduler.current());

function install(): void {
  // Many wait at one signal while a disk is full; Node would print a warning for each program that does.
  setMaxListeners(0);
  const RealDate = Date;
  const VirtualDate = function (this: unknown, ...parts: unknown[]): unknown {
    if (!new.target) return new RealDate(wallNow()).toString();
    return Reflect.construct(RealDate, parts.length === 0 ? [wallNow()] : parts, new.target);
  };
  VirtualDate.prototype = RealDate.prototype;
  Object.assign(VirtualDate, { UTC: RealDate.UTC, parse: RealDate.parse, now: wallNow });

  const later = (work: (...rest: unknown[]) => void, delayMs = 0, ...rest: unknown[]): Timeout => {
    const { scheduler } = here();
    // As Node does: not below 1 ms.
    return new Timeout(scheduler.after(Math.max(1, delayMs), scheduler.current(), () => work(...rest)));
  };
  const cancel = (timeout: unknown): void => {
    if (timeout instanceof Timeout) here().scheduler.cancel(timeout.timer);
  };
  const setInterval = (work: (...rest: unknown[]) => void, delayMs = 0, ...rest: unknown[]): Timeout => {
    const { scheduler } = here();
    const owner = scheduler.current();
    const again = (): void => {
      timeout.timer = scheduler.after(Math.max(1, delayMs), owner, again);
      work(...rest);
    };
    const timeout = new Timeout(scheduler.after(Math.max(1, delayMs), owner, again));
    return timeout;
  };
  const setImmediate = (work: (...rest: unknown[]) => void, ...rest: unknown[]): Timeout => {
    const { scheduler } = here();
    return new Timeout(scheduler.after(0, scheduler.current(), () => work(...rest)));
  };
  Object.assign(globalThis, {
    Date: VirtualDate,
    setTimeout: later,
    clearTimeout: cancel,
    setInterval,
    clearInterval: cancel,
    setImmediate,
    clearImmediate: cancel,
  });
  performance.now = () => here().scheduler.now();
  Math.random = () => here().random.next();
  AbortSignal.timeout = (delayMs) => {
    const controller = new AbortController();
    later(
      () => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")),
      delayMs,
    );
    return controller.signal;
  };
  Object.assign(timersPromises, { setTimeout: sleep, setImmediate: () => sleep(0) });
  Object.assign(crypto, { randomUUID: uuid });
  Object.assign(os, { freemem: () => 2 ** 31, loadavg: () => [0, 0, 0] });
  process.uptime = () => here().scheduler.now() / 1000;
  process.memoryUsage.rss = () => 2 ** 26;
  syncBuiltinESMExports();

  function sleep<T>(delayMs: number, value?: T, options: { readonly signal?: AbortSignal } = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      const aborted = (): void => {
        cancel(timeout);
        reject(signal?.reason);
      };
      if (signal?.aborted) return reject(signal.reason);
      const timeout = later(() => {
        signal?.removeEventListener("abort", aborted);
        resolve(value as T);
      }, delayMs);
      signal?.addEventListener("abort", aborted, { once: true });
    });
  }
  function uuid(): string {
    const hex = Array.from({ length: 32 }, () => here().random.int(0, 15).toString(16)).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
