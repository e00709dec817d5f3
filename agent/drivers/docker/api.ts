import type { ObservedDocker } from "../../domain/observed.js";
import type { Driver, StepContext } from "../driver.js";

export interface ContainerSpec {
  readonly functionId: string;
  /** Digest of all that makes the container what it is; stored as a label and compared at adoption. */
  readonly digest: string;
  /** Name for people: `lightmano-<functionId>`. */
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
  /** TCP ports that listen once it is ready, looked for in /proc/PID/net/tcp and tcp6. */
  readonly readyPorts: readonly number[];
}

export interface DockerDriver extends Driver<ObservedDocker> {
  /** Whether the image is here; if not it is pulled; if that fails: `docker.image-missing` with Docker's reason. */
  ensureImage(image: string, context: StepContext): Promise<void>;
  /** Makes the container with `--network none`, no restart policy (healing is the agent's), our labels. Returns its id. */
  create(spec: ContainerSpec, context: StepContext): Promise<string>;
  start(containerId: string, context: StepContext): Promise<void>;
  /** Stops (SIGTERM, then SIGKILL after graceMs) and removes it. Not there is no error. */
  remove(containerId: string, graceMs: number, context: StepContext): Promise<void>;
  /** The last lines of its output, for `logs` and for the reason of an exit. */
  logTail(containerId: string, lines: number, context: StepContext): Promise<string>;
  /** Resident memory (cgroup memory.current less inactive file) and CPU seconds; null where not running. */
  stats(
    containerId: string,
    context: StepContext,
  ): Promise<{ memoryBytes: number; cpuSeconds: number } | null>;
  imageBytes(image: string, context: StepContext): Promise<number | null>;
}
