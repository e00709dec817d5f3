/** The agent: what it is made of, from top to bottom. */
import { setMaxListeners } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { uptime } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { pause, realWait } from "../bus/wait.js";
import { problemOf } from "../model/errors.js";
import type { AgentEvent } from "../model/messages/node.js";
import { serveMetrics } from "./api/metrics-server.js";
import { createApiServer } from "./api/server.js";
import { eventAt, metricsUnreadableEvent } from "./chronicle.js";
import { DEFAULT_CONFIG_PATH, readConfig, WATCHDOG } from "./config.js";
import { createCore } from "./core.js";
import { latest } from "./domain/planning.js";
import { createClickDriver } from "./drivers/click/driver.js";
import { createKernelClickDriver, KERNEL_CLICK_PATHS } from "./drivers/click/kernel-driver.js";
import { byRunMode } from "./drivers/click/run-modes.js";
import { createDockerDriver } from "./drivers/docker/driver.js";
import { createLinkDriver } from "./drivers/link/driver.js";
import { createOvsDriver } from "./drivers/ovs/driver.js";
import { systemWaitClock } from "./drivers/wait.js";
import { collectAtRest, ownBusyShare, ownHeap } from "./heap-at-rest.js";
import { readHardware } from "./inventory/hardware.js";
import { renderExposition } from "./metrics/exposition.js";
import { gatherFacts } from "./metrics/facts.js";
import { createMetrics } from "./metrics/metrics.js";
import type { Entry } from "./recorder.js";
import { canOpen, openNodeJournal } from "./store/open-journal.js";
import { takeSurprises } from "./surprises.js";
import { VERSION } from "./version.js";
import { probeApi } from "./watchdog/api-probe.js";
import { createParts, watchedClock, watchedJournal, watchedWait } from "./watchdog/parts.js";
import { EXIT_STUCK, startWatchdog, type Watchdog } from "./watchdog/watchdog.js";
import { createWrittenKeeper } from "./written-keeper.js";

/** How a run of the agent ended: for good, or to be begun anew with what it could not write. */
type End = { readonly exitCode: number } | { readonly left: readonly Entry[] };

/**
 * Runs until the signal, until the agent itself found that its process has to be started again, or until the journal has
 * to be opened anew. The functions go on in each case.
 */
export async function runAgent(
  configPath: string,
  stop: AbortSignal,
  left: readonly Entry[] = [],
): Promise<End> {
  const log = pino({ name: "lightmano-agent" });
  const anew = new AbortController();
  const signal = AbortSignal.any([stop, anew.signal]);
  setMaxListeners(0, signal); // all that runs listens for the end
  const config = await readConfig(configPath);
  const clock = Date.now;
  const random = Math.random;
  const startedAt = clock();
  await mkdir(config.runDir, { recursive: true, mode: 0o755 });

  const { keptReports, keptReportBytes } = config.controller;
  const parts = createParts(() => performance.now());
  const driverClock = (name: string) =>
    watchedClock(systemWaitClock, parts.part(`driver/${name}`, DRIVER_BOUND_MS));
  const warn = (message: string): void => log.warn(message);
  const opened = await openNodeJournal({
    stateDir: config.stateDir,
    scratchDir: config.runDir,
    kept: { reports: keptReports, bytes: keptReportBytes },
    clock,
    warn,
    damaged(reason) {
      log.error({ code: "store.damaged" }, `the journal is damaged, it will be set aside: ${reason}`);
      void pause(realWait, ANSWER_MS, signal).then(() => anew.abort()); // whoever met it is answered first
    },
  });
  const { events, standsIn } = opened;
  const journal = watchedJournal(opened.journal, parts.part("journal", 120_000));
  const nodeId = `${config.site}/${config.node}`;
  const lvnfDir = join(config.runDir, "lvnf");
  const drivers = {
    ovs: createOvsDriver({
      ovsdbSocket: config.ovs.database,
      runDir: config.ovs.runDir,
      bridges: [config.bridge.name],
      log: warn,
      clock: driverClock("ovs"),
    }),
    docker: createDockerDriver({
      socketPath: config.docker.socket,
      log: warn,
      clock: driverClock("docker"),
    }),
    click: byRunMode(
      createClickDriver({
        nodeId,
        program: config.click.program,
        runDir: lvnfDir,
        log: warn,
        clock: driverClock("click"),
      }),
      createKernelClickDriver({ nodeId, paths: KERNEL_CLICK_PATHS, runDir: lvnfDir, log: warn }),
    ),
    link: createLinkDriver({ nodeId, program: config.links.program, log: warn, clock: driverClock("link") }),
  };
  let watchdog: Watchdog | null = null;
  const bootId = (await readFile("/proc/sys/kernel/random/boot_id", "latin1")).trim();
  const { hub } = config;
  const core = await createCore({
    config,
    version: VERSION,
    journal,
    drivers,
    hardware: once(() => readHardware(signal)),
    watchdog: () => watchdog?.state() ?? "not begun",
    written: createWrittenKeeper({ path: join(config.runDir, "written.json"), warn }),
    bootId,
    startedAt,
    recorder: {
      left,
      // What became read-only because of an error stays so until it is mounted anew, and that is another file.
      stuck: () => void opened.isReplaced().then((yes) => yes && anew.abort()),
    },
    uptimeMs: () => uptime() * 1000,
    progress: parts.part("reconciler", 60_000),
    ...(hub && { join: async (options) => (await import("./hub/join.js")).joinSite({ ...options, hub }) }),
    clock,
    random,
    log,
    signal,
  });
  const { recorder, reconciler, operations, catalogue } = core;
  const metrics = createMetrics({
    facts: () => gatherFacts(config, operations, startedAt),
    lvnfs() {
      const running = latest(drivers.click.view())?.processes;
      return [...reconciler.snapshot().target.functions.values()].flatMap((f) =>
        f.kind === "lvnf" && running?.get(f.id)?.state === "running" ? f : [],
      );
    },
    read: drivers.click.read,
    unreadable: (functionId, handler, problem) =>
      recorder.record([eventAt(clock(), metricsUnreadableEvent(functionId, handler, problem))], [], []),
  });
  const socketPath = join(config.runDir, "agent.sock");
  const api = createApiServer(operations, recorder.onEvent, log, metrics);

  await core.begin();
  await api.listen(socketPath);
  void probeApi(socketPath, parts.part("api", API_BOUND_MS), systemWaitClock, signal);
  if (config.metrics.port !== null)
    serveMetrics({
      host: config.metrics.host,
      port: config.metrics.port,
      page: async () => renderExposition(await metrics.families()),
      listening: (url) => log.info({ url }, "metrics are served"),
      failed: (reason) => log.error({}, `metrics are not served: ${reason}`),
      signal,
    });
  await core.connect({ wait: watchedWait(realWait, parts.part("link", LINK_BOUND_MS)) });
  const tell = (detail: string): Promise<void> => {
    log.error({}, detail);
    recorder.record([{ ...agentEvent("agent.error", detail, clock()), code: "agent.internal" }], [], []);
    return recorder.flush();
  };
  let exitCode = 0;
  watchdog = startWatchdog({
    parts,
    ...WATCHDOG,
    ...config.watchdog,
    dumpProgram: [process.execPath, fileURLToPath(new URL("./stack.mjs", import.meta.url))],
    directory: join(config.stateDir, "dumps"),
    memoryLimitBytes: (config.watchdog ?? WATCHDOG).memoryMiB * 1024 ** 2,
    tell(type, detail) {
      recorder.record([{ ...agentEvent(type, detail, clock()), code: "agent.internal" }], [], []);
      return recorder.flush();
    },
    end(code) {
      exitCode = code;
      if (code === EXIT_STUCK) process.exit(code); // what is stuck would not end in an orderly way either
      anew.abort();
    },
    log,
    clock: systemWaitClock,
    now: () => performance.now(),
    signal,
  });
  void collectAtRest({ heap: ownHeap(), busyShare: ownBusyShare(), clock: systemWaitClock, signal });
  takeSurprises({ tell, signal, source: process, exit: (code) => process.exit(code) });
  for (const { code, detail } of events) log.error({ code }, detail);
  recorder.record(
    [
      ...events.map((event) => eventAt(clock(), event)),
      agentEvent("agent.started", `agent ${VERSION} started, pid ${process.pid}`, clock()),
    ],
    [],
    [],
  );
  if (standsIn !== null) {
    log.error({ code: "store.failed" }, `the journal cannot be opened, the agent runs without: ${standsIn}`);
    recorder.failed(standsIn);
    void untilItOpens(config.stateDir, signal).then(() => anew.abort());
  }
  log.info({ node: config.node, services: catalogue.services().length }, "agent is up");
  watchdog.ready();

  await new Promise<void>((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  const stopped = Promise.all([core.leave(), api.close()]).catch((error: unknown) =>
    log.warn({}, `not stopped cleanly: ${problemOf(error).detail}`),
  );
  await Promise.race([stopped, delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  await recorder.flush();
  await journal.close().catch((error: unknown) => log.warn({}, problemOf(error).detail)); // it may be damaged
  return anew.signal.aborted && !stop.aborted && exitCode === 0
    ? { left: recorder.unwritten() }
    : { exitCode };
}

const JOURNAL_RETRY_MS = 5_000;
const ANSWER_MS = 200;

async function untilItOpens(stateDir: string, signal: AbortSignal): Promise<void> {
  do await pause(realWait, JOURNAL_RETRY_MS, signal);
  while (!signal.aborted && !(await canOpen(stateDir, Date.now)));
}

/** A driver's loops come round every ten seconds or so; some of what they wait for has 30 s. */
const DRIVER_BOUND_MS = 120_000;
const LINK_BOUND_MS = 300_000;
const API_BOUND_MS = 120_000;

/** The controller's broker may not answer our goodbye; its will says the same. */
const STOP_TIMEOUT_MS = 2_000;

/** Reads it at the first call; a failure is not kept. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null;
  return () => {
    reading ??= read().catch((error: unknown) => {
      reading = null;
      throw error;
    });
    return reading;
  };
}

function agentEvent(type: string, detail: string, now: number): AgentEvent {
  return {
    ts: new Date(now).toISOString(),
    object: "agent",
    type,
    cause: null,
    rule: null,
    action: null,
    code: null,
    detail,
  };
}

/** Runs the agent, and again whenever its journal has to be opened anew, until the signal. */
export async function keepRunning(configPath: string, stop: AbortSignal): Promise<number> {
  for (let left: readonly Entry[] = []; ; ) {
    const end = await runAgent(configPath, stop, left);
    if ("exitCode" in end) return end.exitCode;
    left = end.left;
    await pause(realWait, ANEW_MS, stop);
  }
}

/** Between two runs, so that a disk that damages what is written to it gets no busy loop. */
const ANEW_MS = 500;

/** Runs until SIGTERM or SIGINT. The functions go on. */
export async function main(configPath: string = DEFAULT_CONFIG_PATH): Promise<number> {
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
  try {
    return await keepRunning(configPath, stop.signal);
  } catch (error) {
    const { code, detail } = problemOf(error);
    process.stderr.write(`lightmano agent: ${code}: ${detail}\n`);
    return 1;
  }
}
