/** The Docker driver: the operations. What is there is the observer's. See api.ts for the contract. */
import { type ErrorCode, LightmanoError } from "../../../model/errors.js";
import { systemWaitClock, type WaitClock } from "../wait.js";
import type { ContainerSpec, DockerDriver } from "./api.js";
import { createEngine, demultiplex, type EngineAnswer, jsonOf, messageOf, succeeded } from "./engine.js";
import { nameFiles } from "./name-files.js";
import { createObserver } from "./observer.js";
import { createBody, pullQuery } from "./spec.js";
import { cgroupStats, readStatsAnswer } from "./stats.js";

export interface DockerDriverOptions {
  /** Docker's socket, e.g. /var/run/docker.sock. */
  readonly socketPath: string;
  readonly procRoot?: string;
  /** Where cgroup v2 is mounted. */
  readonly cgroupRoot?: string;
  readonly log?: (message: string) => void;
  readonly clock?: WaitClock;
}

const NOT_FOUND = 404;
const CONFLICT = 409;

export function createDockerDriver(options: DockerDriverOptions): DockerDriver {
  const {
    procRoot = "/proc",
    cgroupRoot = "/sys/fs/cgroup",
    clock = systemWaitClock,
    log = () => undefined,
  } = options;
  const engine = createEngine(options.socketPath, (reason) => observer.giveUp(reason));
  const observer = createObserver({ engine, procRoot, clock, log });

  const inspectImage = (image: string, signal: AbortSignal) =>
    engine.request({ method: "GET", path: `/images/${encodeURIComponent(image)}/json`, signal });

  return {
    name: "docker",
    watch: observer.watch,
    view: observer.view,

    async ensureImage(image, { signal }) {
      const here = await inspectImage(image, signal);
      if (succeeded(here)) return;
      if (here.status !== NOT_FOUND) throw refused(here, `image ${image}`);
      const missing = (reason: string) =>
        new LightmanoError(
          "docker.image-missing",
          `image ${image} is not here and cannot be pulled: ${reason}`,
        );
      const pull = await engine.stream({
        method: "POST",
        path: "/images/create",
        query: pullQuery(image),
        signal,
        timeoutMs: null,
      });
      let reason: string | null = null;
      for await (const line of pull.lines) {
        // A refusal at once has `message`; one on the way stands in the stream as `error`.
        const words = line.error ?? line.message;
        if (typeof words === "string") reason = words;
      }
      if (reason !== null || pull.status !== 200) throw missing(reason ?? `status ${pull.status}`);
    },

    async create(spec, { signal }) {
      const path = "/containers/create";
      const answer = await engine.request({
        method: "POST",
        path,
        query: { name: spec.name },
        body: createBody(spec),
        signal,
        // On slow flash it takes its time.
        timeoutMs: null,
      });
      if (answer.status === CONFLICT) return adoptSame(spec, answer, signal);
      if (answer.status === NOT_FOUND) throw refused(answer, `image ${spec.image}`, "docker.image-missing");
      if (!succeeded(answer)) throw refused(answer, `making container ${spec.name}`);
      const { Id } = jsonOf(answer) as { readonly Id: string };
      await observer.refresh(Id, signal);
      return Id;
    },

    async start(containerId, { signal }) {
      if (observer.find(containerId)?.container.state === "created") await nameIt(containerId, signal);
      const answer = await engine.request({
        method: "POST",
        path: `/containers/${containerId}/start`,
        signal,
        timeoutMs: null,
      });
      await observer.refresh(containerId, signal);
      if (!succeeded(answer)) throw refused(answer, `starting container ${containerId}`);
    },

    async remove(containerId, graceMs, { signal }) {
      const container = `/containers/${containerId}`;
      if (graceMs > 0) {
        const query = { t: String(Math.ceil(graceMs / 1000)) };
        const stopped = await engine.request({
          method: "POST",
          path: `${container}/stop`,
          query,
          signal,
          timeoutMs: null,
        });
        if (!succeeded(stopped) && stopped.status !== NOT_FOUND)
          throw refused(stopped, `stopping container ${containerId}`);
      }
      const query = { force: "true", v: "true" };
      const removed = await engine.request({
        method: "DELETE",
        path: container,
        query,
        signal,
        timeoutMs: null,
      });
      if (removed.status === CONFLICT) {
        // Somebody else is removing it already: done when it is gone.
        const gone = await engine.request({
          method: "POST",
          path: `${container}/wait`,
          query: { condition: "removed" },
          signal,
          timeoutMs: null,
        });
        if (!succeeded(gone) && gone.status !== NOT_FOUND)
          throw refused(gone, `removing container ${containerId}`);
      } else if (!succeeded(removed) && removed.status !== NOT_FOUND) {
        throw refused(removed, `removing container ${containerId}`);
      }
      await observer.refresh(containerId, signal);
    },

    async logTail(containerId, lines, { signal }) {
      const query = { stdout: "true", stderr: "true", tail: String(lines) };
      const answer = await engine.request({
        method: "GET",
        path: `/containers/${containerId}/logs`,
        query,
        signal,
      });
      if (!succeeded(answer)) throw refused(answer, `the output of container ${containerId}`);
      return demultiplex(answer.body);
    },

    async stats(containerId, { signal }) {
      const pid = observer.find(containerId)?.container.pid ?? null;
      if (pid === null) return null;
      const own = await cgroupStats(procRoot, cgroupRoot, pid);
      if (own) return own;
      const query = { stream: "false", "one-shot": "true" };
      const answer = await engine.request({
        method: "GET",
        path: `/containers/${containerId}/stats`,
        query,
        signal,
      });
      if (answer.status === NOT_FOUND) return null;
      if (!succeeded(answer)) throw refused(answer, `the statistics of container ${containerId}`);
      return readStatsAnswer(jsonOf(answer));
    },

    async imageBytes(image, { signal }) {
      const answer = await inspectImage(image, signal);
      if (answer.status === NOT_FOUND) return null;
      if (!succeeded(answer)) throw refused(answer, `image ${image}`);
      return (jsonOf(answer) as { readonly Size: number }).Size;
    },
  };

  /** Before it runs for the first time; what it makes of these files then is its own. */
  async function nameIt(containerId: string, signal: AbortSignal): Promise<void> {
    const body = await nameFiles(containerId);
    const path = `/containers/${containerId}/archive`;
    const answer = await engine.request({
      method: "PUT",
      path,
      query: { path: "/" },
      body,
      signal,
      timeoutMs: null,
    });
    if (!succeeded(answer)) throw refused(answer, `the name files of container ${containerId}`);
  }

  /** The name is taken: by just this container, made before an interruption, or by something else. */
  async function adoptSame(
    spec: ContainerSpec,
    conflict: EngineAnswer,
    signal: AbortSignal,
  ): Promise<string> {
    const other = await observer.refresh(spec.name, signal);
    const same = other?.container.functionId === spec.functionId && other.container.digest === spec.digest;
    if (!other || !same) throw refused(conflict, `making container ${spec.name}`);
    return other.container.containerId;
  }
}

function refused(answer: EngineAnswer, what: string, code: ErrorCode = "docker.failed"): LightmanoError {
  return new LightmanoError(code, `Docker refused ${what}: ${messageOf(answer)}`);
}
