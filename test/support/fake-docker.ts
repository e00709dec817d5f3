/** A stateful Docker in memory; it passes test/contract/docker.test.ts like the real one. */

import type { ObservedContainer } from "../../agent/domain/observed.js";
import type { ContainerSpec, DockerDriver } from "../../agent/drivers/docker/api.js";
import { createNotifier } from "../../agent/drivers/notifier.js";
import { LightmanoError } from "../../model/errors.js";
import { createFaults, type FaultOptions, type Faults } from "./faults.js";

export type DockerOperation =
  | "ensureImage"
  | "create"
  | "start"
  | "remove"
  | "logTail"
  | "stats"
  | "imageBytes";

export interface FakeDockerControl extends Faults<DockerOperation> {
  /** dockerd stops answering; containers go on. */
  stopDaemon(): void;
  startDaemon(): void;
  /** The function's container ends by itself (137 is what SIGKILL leaves). */
  restart(functionId: string): void;
  kill(functionId: string, exitCode?: number, error?: string): void;
  /** The container's ports listen from now on. Only needed with `readyAtOnce: false`. */
  makeReady(functionId: string): void;
  addImage(image: string, bytes?: number): void;
  /** The image could be pulled when it is asked for. */
  addToRegistry(image: string, bytes?: number): void;
  /** Replaces what the container wrote. */
  setLog(functionId: string, text: string): void;
}

export interface FakeDockerOptions extends FaultOptions {
  readonly images?: readonly string[];
  /** Whether a container listens as soon as it is started (the default). */
  readonly readyAtOnce?: boolean;
  /** The first pid given; later ones count on. */
  readonly firstPid?: number;
}

interface FakeContainer {
  readonly spec: ContainerSpec;
  seen: ObservedContainer;
  log: string;
}

const DEFAULT_IMAGE_BYTES = 2_000_000;

export function createFakeDocker(options: FakeDockerOptions = {}): {
  driver: DockerDriver;
  control: FakeDockerControl;
} {
  const faults = createFaults<DockerOperation>(options);
  const { notify, begin } = createNotifier();
  const containers = new Map<string, FakeContainer>();
  const images = new Map((options.images ?? []).map((image) => [image, DEFAULT_IMAGE_BYTES]));
  const registry = new Map<string, number>();
  let daemonRuns = true;
  let watching = false;
  let nextId = 1;
  let nextPid = options.firstPid ?? 100_000;

  const begins = async (operation: DockerOperation, args: readonly unknown[], signal: AbortSignal) => {
    await faults.before(operation, args, signal);
    if (!daemonRuns) throw new LightmanoError("driver.unavailable", "Docker does not answer");
  };
  const known = (containerId: string): FakeContainer => {
    const container = containers.get(containerId);
    if (!container) throw new LightmanoError("docker.failed", `No such container: ${containerId}`);
    return container;
  };
  const ofFunction = (functionId: string): FakeContainer => {
    const container = [...containers.values()].findLast(({ spec }) => spec.functionId === functionId);
    if (!container) throw new Error(`the fake has no container of function ${functionId}`);
    return container;
  };
  const change = (container: FakeContainer, seen: Partial<ObservedContainer>) => {
    container.seen = { ...container.seen, ...seen };
    notify();
  };

  const driver: DockerDriver = {
    name: "docker",
    watch(changed, signal) {
      begin(changed, signal);
      setImmediate(() => {
        watching = true;
        notify();
      });
    },
    view() {
      if (!watching) return { state: "starting", reason: "connecting to dockerd", last: null };
      const now = {
        version: "20.10.24",
        containers: new Map([...containers.values()].map(({ seen }) => [seen.functionId, seen])),
      };
      return daemonRuns
        ? { state: "ready", now }
        : { state: "degraded", reason: "Docker does not answer", last: now };
    },
    async ensureImage(image, { signal }) {
      await begins("ensureImage", [image], signal);
      if (images.has(image)) return;
      const bytes = registry.get(image);
      if (bytes === undefined) {
        throw new LightmanoError(
          "docker.image-missing",
          `image ${image} is not here and cannot be pulled: manifest unknown`,
        );
      }
      images.set(image, bytes);
    },
    async create(spec, { signal }) {
      await begins("create", [spec], signal);
      if (!images.has(spec.image))
        throw new LightmanoError("docker.image-missing", `No such image: ${spec.image}`);
      const other = [...containers.values()].find((one) => one.spec.name === spec.name);
      if (other) {
        const same = other.spec.functionId === spec.functionId && other.spec.digest === spec.digest;
        if (same) return other.seen.containerId;
        throw new LightmanoError("docker.failed", `The container name "/${spec.name}" is already in use`);
      }
      const containerId = String(nextId++).padStart(64, "0");
      const { functionId, digest } = spec;
      const seen = {
        containerId,
        functionId,
        digest,
        state: "created",
        pid: null,
        startedAt: null,
        exitCode: null,
        error: null,
        ready: false,
      } as const;
      containers.set(containerId, { spec, seen, log: "" });
      notify();
      return containerId;
    },
    async start(containerId, { signal }) {
      await begins("start", [containerId], signal);
      const container = known(containerId);
      if (container.seen.state === "running") return;
      const ready = (options.readyAtOnce ?? true) || container.spec.readyPorts.length === 0;
      const startedAt = new Date().toISOString();
      change(container, { state: "running", pid: nextPid++, startedAt, exitCode: null, error: null, ready });
    },
    async remove(containerId, graceMs, { signal }) {
      await begins("remove", [containerId, graceMs], signal);
      containers.delete(containerId);
      notify();
    },
    async logTail(containerId, lines, { signal }) {
      await begins("logTail", [containerId, lines], signal);
      const all = known(containerId).log.split("\n");
      return all.slice(-lines - (all.at(-1) === "" ? 1 : 0)).join("\n");
    },
    async stats(containerId, { signal }) {
      await begins("stats", [containerId], signal);
      return containers.get(containerId)?.seen.state === "running"
        ? { memoryBytes: 1_000_000, cpuSeconds: 0.01 }
        : null;
    },
    async imageBytes(image, { signal }) {
      await begins("imageBytes", [image], signal);
      return images.get(image) ?? null;
    },
  };

  const control: FakeDockerControl = {
    ...faults,
    stopDaemon() {
      daemonRuns = false;
      notify();
    },
    startDaemon() {
      daemonRuns = true;
      notify();
    },
    kill(functionId, exitCode = 137, error) {
      change(ofFunction(functionId), {
        state: "exited",
        pid: null,
        startedAt: null,
        exitCode,
        error: error ?? null,
        ready: false,
      });
    },
    /** Somebody else restarts it; nobody looked in between. */
    restart(functionId) {
      change(ofFunction(functionId), { pid: nextPid++, startedAt: new Date().toISOString() });
    },
    makeReady: (functionId) => change(ofFunction(functionId), { ready: true }),
    addImage: (image, bytes = DEFAULT_IMAGE_BYTES) => void images.set(image, bytes),
    addToRegistry: (image, bytes = DEFAULT_IMAGE_BYTES) => void registry.set(image, bytes),
    setLog(functionId, text) {
      ofFunction(functionId).log = text;
    },
  };
  return { driver, control };
}
