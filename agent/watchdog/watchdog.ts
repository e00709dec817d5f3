/**
 * The agent's watchdogs. The helper outside sees an event loop that is blocked; here, on the event loop, it is seen when one
 * part is stuck while the others go on, and where the memory is going. Whatever is found is told, and where the agent can
 * only be started again it ends: the functions go on, and systemd or procd starts it. docs/adr/0019.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../bus/log.js";
import { problemOf } from "../../model/errors.js";
import type { WaitClock } from "../drivers/wait.js";
import { type Helper, startHelper, untoldHangs } from "./helper.js";
import { type MemoryTrend, NO_TREND, sample, verdict } from "./memory.js";
import type { Parts } from "./parts.js";

export interface WatchdogOptions {
  readonly parts: Parts;
  /** Without a sign of life for so long the agent hangs. */
  readonly seconds: number;
  readonly program: string;
  readonly dumpProgram: readonly string[];
  /** For dumps; made when it is needed. */
  readonly directory: string;
  readonly memoryLimitBytes: number;
  /** Notes an event of the agent; resolves when it is on disk. */
  readonly tell: (type: string, detail: string) => Promise<void>;
  /** Ends the agent in an orderly way. */
  readonly end: (exitCode: number) => void;
  readonly log: Log;
  readonly clock: WaitClock;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export interface Watchdog {
  /** All is there that is to be served. */
  ready(): void;
  /** In words, for `why agent` and `doctor`. */
  state(): string;
}

/** Not 0, so that systemd's Restart=on-failure sees it. */
export const EXIT_STUCK = 71;
export const EXIT_MEMORY = 72;
/** Beats in the time that the helper allows: a busy node must not look like one that hangs. */
const BEATS = 4;
const MEMORY_EVERY_MS = 60_000;
const HELPER_RETRY_MS = 60_000;
const TELL_TIMEOUT_MS = 2_000;
const KEPT_REPORTS = 5;

export function startWatchdog(options: WatchdogOptions): Watchdog {
  const { parts, seconds, directory, memoryLimitBytes, tell, log, clock, now, signal } = options;
  let helper: Helper | null = null;
  let helperProblem: string | null = "starting";
  let isReady = false;
  let status = "";
  let trend: MemoryTrend = NO_TREND;
  let toldLeak = false;
  let ending = false;

  const words = (): string => {
    const { hoursSeen, bytesPerHour } = verdict(trend, memoryLimitBytes);
    const growth =
      bytesPerHour === null
        ? "trend not known yet"
        : `${mib(bytesPerHour)} an hour over ${hoursSeen.toFixed(1)} h`;
    return `${mib(process.memoryUsage.rss())} of memory (${growth})`;
  };
  const say = (line: string): void => helper?.say(line);
  const keepHelper = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        helper = await startHelper(options);
        helperProblem = null;
        status = "";
        if (isReady) say("ready");
        beat();
        helperProblem = await helper.ended;
      } catch (error) {
        helperProblem = `cannot start ${options.program}: ${problemOf(error).detail}`;
      }
      helper = null;
      if (!signal.aborted) log.warn({}, `the agent is not watched from outside: ${helperProblem}`);
      await clock.delay(HELPER_RETRY_MS, signal);
    }
  };
  const beat = (): void => {
    if (ending) return;
    const [stuck] = parts.stuck();
    if (stuck) return void endStuck(stuck.name, stuck.overdueMs);
    say("beat");
    const next = isReady ? "running" : "starting";
    if (next !== status) say(`status ${next}`);
    status = next;
  };
  const endStuck = async (name: string, overdueMs: number): Promise<void> => {
    ending = true;
    const report = await writeReport(directory).catch((error: unknown) => problemOf(error).detail);
    const late = Math.round(overdueMs / 1000);
    const detail = `${name} has made no progress and is ${late} s late; the agent ends to be started again; report: ${report}`;
    log.error({}, detail);
    await Promise.race([tell("agent.stuck", detail), clock.delay(TELL_TIMEOUT_MS, signal)]);
    options.end(EXIT_STUCK);
  };
  const watchMemory = async (): Promise<void> => {
    while (!signal.aborted) {
      trend = sample(trend, now(), process.memoryUsage.rss());
      const { leaks, beyondLimit } = verdict(trend, memoryLimitBytes);
      if (leaks && !toldLeak) void tell("agent.memory-grows", words());
      toldLeak = leaks;
      if (beyondLimit && !ending) {
        ending = true;
        const detail = `${words()}, more than ${mib(memoryLimitBytes)}: the agent ends to be started again`;
        log.error({}, detail);
        await Promise.race([tell("agent.memory-limit", detail), clock.delay(TELL_TIMEOUT_MS, signal)]);
        return options.end(EXIT_MEMORY);
      }
      await clock.delay(MEMORY_EVERY_MS, signal);
    }
  };
  const beats = async (): Promise<void> => {
    while (!signal.aborted) {
      await clock.delay((seconds * 1000) / BEATS, signal);
      if (!signal.aborted) beat();
    }
  };
  signal.addEventListener("abort", () => say("stopping"), { once: true });
  untoldHangs(directory, ({ path, summary }) => void tell("agent.hung", `${summary}; ${path}`)).catch(
    (error: unknown) => log.warn({}, `${directory} cannot be read: ${problemOf(error).detail}`),
  );
  process.debugPort = 0; // should the helper open the inspector (stack.ts): a free port, and not one that is taken
  void keepHelper();
  void beats();
  void watchMemory();
  return {
    ready() {
      isReady = true;
      say("ready");
      beat();
    },
    state() {
      const outside =
        helperProblem === null
          ? `watched from outside, ${seconds} s`
          : `not watched from outside: ${helperProblem}`;
      return `${words()}; ${outside}; parts: ${parts.names().join(", ")}`;
    },
  };
}

/** A diagnostic report of Node: stacks, handles, limits. As many are kept as are of use. */
async function writeReport(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const old = (await readdir(directory)).filter((name) => /^stuck-.*\.json$/.test(name)).sort();
  for (const name of old.slice(0, Math.max(0, old.length - KEPT_REPORTS + 1)))
    await rm(join(directory, name), { force: true });
  if (!process.report) return "none: this Node has no reports";
  process.report.compact = true;
  return process.report.writeReport(join(directory, `stuck-${Date.now()}-${process.pid}.json`));
}

const mib = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
