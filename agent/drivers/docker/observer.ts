/**
 * Keeps what Docker has of ours current: events are listened to before the list is read, so nothing falls
 * between, and each event has the container inspected anew.
 */
import { access } from "node:fs/promises";
import { LightmanoError } from "../../../model/errors.js";
import type { ObservedContainer, ObservedDocker, View } from "../../domain/observed.js";
import { createNotifier } from "../notifier.js";
import { hasEnded } from "../proc-state.js";
import { keepConnected, linkSignal, type WaitClock } from "../wait.js";
import { type Engine, jsonOf, messageOf, succeeded } from "./engine.js";
import { createReadiness } from "./readiness.js";
import { type InspectedContainer, LABEL, readInspect } from "./spec.js";
import { watchStopped } from "./stopped.js";

export interface ObserverOptions {
  readonly engine: Engine;
  readonly procRoot: string;
  readonly clock: WaitClock;
  log(message: string): void;
}

export interface Observer {
  watch(changed: () => void, signal: AbortSignal): void;
  view(): View<ObservedDocker>;
  /** Inspects one container now; the view has it afterwards. */
  refresh(containerId: string, signal: AbortSignal): Promise<InspectedContainer | null>;
  find(containerId: string): InspectedContainer | undefined;
  /** The daemon does not answer: the connection is given up and made again. */
  giveUp(reason: string): void;
}

const EVENTS = ["create", "start", "kill", "die", "oom", "destroy", "pause", "unpause", "update"];
const RECONNECT = { firstMs: 50, maxMs: 2_000 };
/** A daemon that hangs keeps the event stream open: ask for a sign of life. */
const PING_EVERY_MS = 10_000;
const PROCESSES_EVERY_MS = 500;
const HUNG = "its process was stopped (SIGSTOP) for seconds, so it was ended";

export function createObserver({ engine, procRoot, clock, log }: ObserverOptions): Observer {
  const containers = new Map<string, InspectedContainer>();
  let version: string | null = null;
  let problem: { readonly state: "starting" | "degraded"; readonly reason: string } | null = {
    state: "starting",
    reason: "connecting to dockerd",
  };
  let seen = false;
  /** Inspections are numbered as they are asked for; by container, the last one that was taken while any is under way. */
  const taken = new Map<string, number>();
  let asked = 0;
  let underWay = 0;
  let watchingProcesses = false;
  /** Containers that we ended because they hung, with the pid that it was, until they run again or are gone. */
  const ended = new Map<string, number>();
  let view: View<ObservedDocker> | null = null;
  /** Containers shown as running whose process has ended. */
  let shownEnded = "";
  const { notify, begin } = createNotifier();
  let giveUp: (reason: string) => void = () => undefined;

  const changed = () => {
    view = null;
    notify();
  };
  const readiness = createReadiness(procRoot, changed);
  const containersChanged = () => {
    readiness.follow(containers.values());
    changed();
  };

  /** Whether this inspection is the newest of the container so far; one that it overtook must not undo it. */
  const takes = (containerId: string, inspection: number) => {
    if ((taken.get(containerId) ?? 0) > inspection) return false;
    taken.set(containerId, inspection);
    return true;
  };
  const inspect = async (containerId: string, signal: AbortSignal) => {
    const inspection = ++asked;
    const path = `/containers/${encodeURIComponent(containerId)}/json`;
    const answer = await engine.request({ method: "GET", path, signal });
    if (answer.status === 404) {
      ended.delete(containerId);
      if (takes(containerId, inspection) && containers.delete(containerId)) containersChanged();
      return null;
    }
    if (!succeeded(answer)) throw new LightmanoError("docker.failed", messageOf(answer));
    const inspected = withReason(readInspect(jsonOf(answer)), ended);
    if (inspected && takes(inspected.container.containerId, inspection)) {
      containers.set(inspected.container.containerId, inspected);
      containersChanged();
    }
    return inspected;
  };
  const refresh: Observer["refresh"] = (containerId, signal) => {
    underWay += 1;
    return inspect(containerId, signal).finally(() => {
      underWay -= 1;
      if (underWay === 0) taken.clear();
    });
  };
  const relist = async (signal: AbortSignal) => {
    const filters = JSON.stringify({ label: [LABEL.functionId] });
    const answer = await engine.request({
      method: "GET",
      path: "/containers/json",
      query: { all: "true", filters },
      signal,
    });
    if (!succeeded(answer)) throw new LightmanoError("docker.failed", messageOf(answer));
    const ids = new Set((jsonOf(answer) as readonly { readonly Id: string }[]).map(({ Id }) => Id));
    for (const id of containers.keys()) if (!ids.has(id)) containers.delete(id);
    for (const id of ids) await refresh(id, signal).catch((thrown: unknown) => leaveOut(id, thrown));
  };
  /** One container that Docker has trouble with must not hide the others. */
  const leaveOut = (containerId: string, thrown: unknown) => {
    if (!(thrown instanceof LightmanoError && thrown.code === "docker.failed")) throw thrown;
    log(`container ${containerId} cannot be inspected and is left out: ${thrown.detail}`);
    if (containers.delete(containerId)) containersChanged();
  };

  const live = async (up: () => void, outer: AbortSignal): Promise<string> => {
    const life = linkSignal(outer);
    const { signal } = life;
    let why = "dockerd closed the event stream";
    giveUp = (reason) => {
      why = reason;
      life.abort();
    };
    try {
      const filters = JSON.stringify({ type: ["container"], label: [LABEL.functionId], event: EVENTS });
      version = await readVersion(engine, signal);
      const events = await engine.stream({ method: "GET", path: "/events", query: { filters }, signal });
      if (events.status !== 200) {
        let words = `status ${events.status}`;
        for await (const { message } of events.lines) words = String(message);
        throw new LightmanoError("docker.failed", `Docker refused its events: ${words}`);
      }
      await relist(signal);
      // One that runs and listens must not look for a moment as if it did not: its traffic would be taken away.
      await readiness.look();
      problem = null;
      seen = true;
      up();
      containersChanged();
      void ping(engine, clock, signal, giveUp);
      for await (const event of events.lines) {
        const { ID } = event.Actor as { readonly ID: string };
        // Long before it ends, as a rule, it stops listening.
        if (event.Action === "kill") readiness.doubt(ID);
        else await refresh(ID, signal);
      }
      return why;
    } catch (thrown) {
      if (signal.aborted) return why;
      // Without its socket there was no dockerd since the machine started, if there is one at all: nothing of it runs.
      if (thrown instanceof LightmanoError && codeOf(thrown.cause) === "ENOENT") seen = true;
      throw thrown;
    } finally {
      life.abort();
      giveUp = () => undefined;
    }
  };

  return {
    refresh,
    find: (containerId) => containers.get(containerId),
    giveUp: (reason) => giveUp(reason),
    watch(onChange, signal) {
      begin(onChange, signal);
      signal.addEventListener("abort", () => readiness.stop(), { once: true });
      const down = (why: string) => {
        if (problem?.state === "degraded") return;
        const reason = /docker/i.test(why) ? why : `dockerd does not answer: ${why}`;
        log(reason);
        problem = { state: "degraded", reason };
        changed();
        // The next one takes down what runs, before it answers anybody.
        for (const id of containers.keys()) readiness.doubt(id);
        void watchProcesses(signal);
      };
      /** While dockerd is away nobody tells of a container's end, but whether its process is there, and listens, can be seen. */
      const watchProcesses = async (until: AbortSignal): Promise<void> => {
        if (watchingProcesses) return;
        watchingProcesses = true;
        while (!until.aborted && problem?.state === "degraded") {
          await readiness.look();
          for (const [id, inspected] of containers) {
            const { container } = inspected;
            if (container.state !== "running" || container.pid === null) continue;
            // What is inspected meanwhile is newer.
            if ((await isThere(`${procRoot}/${container.pid}`)) || containers.get(id) !== inspected) continue;
            const error = "its process ended while dockerd was away";
            containers.set(id, {
              ...inspected,
              container: { ...container, state: "exited", pid: null, error },
            });
            containersChanged();
          }
          await clock.delay(PROCESSES_EVERY_MS, until);
        }
        watchingProcesses = false;
      };
      void keepConnected({ signal, clock, ...RECONNECT, connect: live, down });
      const stopped = (containerId: string, pid: number): void => {
        log(`container ${containerId}: ${HUNG}`);
        ended.set(containerId, pid);
        const path = `/containers/${containerId}/kill`;
        engine
          .request({ method: "POST", path, signal })
          .then((answer) => succeeded(answer) || log(`it was not ended: ${messageOf(answer)}`))
          .catch((thrown: unknown) => log(`it was not ended: ${(thrown as Error).message}`));
      };
      const running = () =>
        [...containers.values()].flatMap(({ container: { containerId, pid, state } }) =>
          state === "running" && pid !== null ? { containerId, pid } : [],
        );
      void watchStopped({ procRoot, clock, running, stopped }, signal);
    },
    view() {
      const ended = [...containers.values()].filter(isOver).map(({ container }) => container.containerId);
      if (shownEnded !== ended.join()) view = null;
      shownEnded = ended.join();
      view ??= computeView(new Set(ended));
      return view;
    },
  };

  function isOver({ container: { state, pid } }: InspectedContainer): boolean {
    return state === "running" && pid !== null && hasEnded(procRoot, pid);
  }

  function computeView(over: ReadonlySet<string>): View<ObservedDocker> {
    const byFunction = new Map<string, ObservedContainer>();
    for (const inspected of [...containers.values()].sort(olderFirst)) {
      const { container } = inspected;
      byFunction.set(container.functionId, {
        ...container,
        ready: readiness.isReady(inspected),
        ...(over.has(container.containerId) && { ended: true }),
      });
    }
    const now: ObservedDocker = { version, containers: byFunction };
    return problem ? { ...problem, last: seen ? now : null } : { state: "ready", now };
  }
}

/** What Docker calls an exit like any other was of our doing. */
function withReason(
  inspected: InspectedContainer | null,
  ended: Map<string, number>,
): InspectedContainer | null {
  if (inspected === null) return null;
  const { containerId, pid, error } = inspected.container;
  const endedPid = ended.get(containerId);
  if (endedPid === undefined || pid === endedPid) return inspected;
  if (pid === null) return { ...inspected, container: { ...inspected.container, error: error ?? HUNG } };
  ended.delete(containerId);
  return inspected;
}

/** Where two are of one function (a crash between making the new and removing the old) the newer one shows. */
const olderFirst = (one: InspectedContainer, other: InspectedContainer): number =>
  one.createdAt < other.createdAt ? -1 : 1;

const codeOf = (cause: unknown): unknown => (cause as { readonly code?: unknown } | undefined)?.code;

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

interface VersionAnswer {
  readonly Version: string;
  readonly MinAPIVersion?: string;
}

async function readVersion(engine: Engine, signal: AbortSignal): Promise<string> {
  const answer = await engine.request({ method: "GET", path: "/version", signal });
  if (!succeeded(answer)) throw new LightmanoError("docker.failed", messageOf(answer));
  const { Version, MinAPIVersion } = jsonOf(answer) as VersionAnswer;
  engine.daemonNeeds(MinAPIVersion ?? "");
  return Version;
}

async function ping(
  engine: Engine,
  clock: WaitClock,
  signal: AbortSignal,
  giveUp: (reason: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    await clock.delay(PING_EVERY_MS, signal);
    if (signal.aborted) return;
    try {
      await engine.request({ method: "GET", path: "/_ping", signal });
    } catch (thrown) {
      giveUp((thrown as Error).message);
    }
  }
}
