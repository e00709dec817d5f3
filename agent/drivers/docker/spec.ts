/** What we ask Docker for and what it tells of a container, as pure conversions. */
import type { ObservedContainer } from "../../domain/observed.js";
import type { ContainerSpec } from "./api.js";

export const LABEL = {
  functionId: "lightmano.function",
  digest: "lightmano.digest",
  readyPorts: "lightmano.ready-ports",
} as const;

/** A container as it was last inspected; readiness is found out apart. */
export interface InspectedContainer {
  readonly container: Omit<ObservedContainer, "ready">;
  readonly readyPorts: readonly number[];
  readonly createdAt: string;
}

/**
 * Body of POST /containers/create. `NetworkDisabled`: the container has a network namespace of its own, in which there is nothing
 * until we put something there. With `NetworkMode: none` alone it has that too, but Docker starts itself once more, to
 * tell itself of that namespace: more than half of the time that the start of a container takes on a small node (ADR 0027).
 */
export function createBody(spec: ContainerSpec): unknown {
  return {
    Image: spec.image,
    NetworkDisabled: true,
    ...(spec.command === null ? {} : { Cmd: spec.command }),
    Env: Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    Labels: {
      [LABEL.functionId]: spec.functionId,
      [LABEL.digest]: spec.digest,
      [LABEL.readyPorts]: spec.readyPorts.join(","),
    },
    HostConfig: {
      NetworkMode: "none",
      RestartPolicy: { Name: "no" },
      ...(spec.memoryBytes === null ? {} : { Memory: spec.memoryBytes }),
      ...(spec.cpus === null ? {} : { NanoCpus: Math.round(spec.cpus * 1e9) }),
      // A function that writes much must not fill the node's flash.
      LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "1" } },
    },
  };
}

/** The parts of GET /containers/{id}/json that we read. */
interface InspectAnswer {
  readonly Id: string;
  readonly Created: string;
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly Error: string;
    readonly OOMKilled: boolean;
    readonly StartedAt: string;
  };
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null };
}

/** null when it does not bear our label. */
export function readInspect(answer: unknown): InspectedContainer | null {
  const { Id, Created, State, Config } = answer as InspectAnswer;
  const functionId = Config.Labels?.[LABEL.functionId];
  if (functionId === undefined) return null;
  const alive = State.Pid > 0;
  const ended = State.Status === "exited" || State.Status === "dead";
  return {
    createdAt: Created,
    readyPorts: (Config.Labels?.[LABEL.readyPorts] ?? "").split(",").filter(Boolean).map(Number),
    container: {
      containerId: Id,
      functionId,
      digest: Config.Labels?.[LABEL.digest] ?? "",
      state: stateOf(State.Status),
      pid: alive ? State.Pid : null,
      startedAt: alive ? State.StartedAt : null,
      exitCode: ended ? State.ExitCode : null,
      error:
        State.Error !== ""
          ? State.Error
          : State.OOMKilled
            ? "killed: it used more memory than it may (OOM)"
            : null,
    },
  };
}

function stateOf(status: string): ObservedContainer["state"] {
  switch (status) {
    case "created":
    case "running":
    case "paused":
    case "restarting":
    case "exited":
      return status;
    default: // "dead", and "removing", which is on its way there.
      return "dead";
  }
}

/**
 * `fromImage` and `tag` of POST /images/create. Without a tag Docker would pull all tags that there are.
 * A colon before the last slash belongs to a registry's port.
 */
export function pullQuery(image: string): { readonly fromImage: string; readonly tag: string } {
  const digestAt = image.indexOf("@");
  if (digestAt >= 0) return { fromImage: image.slice(0, digestAt), tag: image.slice(digestAt + 1) };
  const tagAt = image.indexOf(":", image.lastIndexOf("/") + 1);
  return tagAt < 0
    ? { fromImage: image, tag: "latest" }
    : { fromImage: image.slice(0, tagAt), tag: image.slice(tagAt + 1) };
}
