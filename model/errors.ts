/**
 * The registry of error codes. A code is stable for ever: it stands in REST problem details (RFC 9457),
 * in MQTT replies, in events and in CLI output, and docs/reference/errors.md is generated from here.
 * `exit` is the CLI's exit code (design §4.3), `http` the REST status.
 */
export const ERRORS = {
  "usage.invalid": {
    http: 400,
    exit: 2,
    title: "The request is not well-formed",
    remedy: "Correct the named argument; `lightmano help VERB` shows the usage.",
  },
  "descriptor.invalid": {
    http: 422,
    exit: 1,
    title: "A descriptor has errors",
    remedy: "Each error names file, line and column: correct them and apply again.",
  },
  "package.unreadable": {
    http: 422,
    exit: 1,
    title: "The package cannot be read",
    remedy: "Check that the path exists and that every imported file and artifact lies inside the package.",
  },
  "package.missing": {
    http: 409,
    exit: 1,
    title: "The service's package is not on the node",
    remedy: "The controller sends it; if it does not come, onboard the package again.",
  },
  "package.in-use": {
    http: 409,
    exit: 4,
    title: "The package is in use by a network service",
    remedy: "Terminate the services that use it first.",
  },
  "object.not-found": {
    http: 404,
    exit: 3,
    title: "No such object",
    remedy: "`lightmano status` lists what there is.",
  },
  "object.conflict": {
    http: 409,
    exit: 4,
    title: "The request conflicts with what exists",
    remedy: "Use another name, or remove the other object first.",
  },
  "handler.not-declared": {
    http: 403,
    exit: 4,
    title: "The image does not declare this handler",
    remedy: "Only handlers that the image declares are reachable; declare it in the VNFD.",
  },
  "handler.failed": {
    http: 502,
    exit: 1,
    title: "The Click handler answered with an error",
    remedy: "The detail is Click's own answer.",
  },
  "agent.unreachable": {
    http: 503,
    exit: 5,
    title: "The agent cannot be reached",
    remedy: "Is it running? `systemctl status lightmano`; the socket path is in agent.yaml.",
  },
  "agent.internal": {
    http: 500,
    exit: 1,
    title: "An unexpected error inside LightMANO",
    remedy: "Please report it with the log.",
  },
  "operation.timeout": {
    http: 504,
    exit: 6,
    title: "The operation took longer than its deadline",
    remedy: "`lightmano why OBJECT` shows what it waits for.",
  },
  "operation.interrupted": {
    http: 500,
    exit: 1,
    title: "The agent ended while the operation was under way",
    remedy: "Look whether it took effect (`lightmano status`, `lightmano why OBJECT`), and ask again if not.",
  },
  "command.not-remote": {
    http: 400,
    exit: 2,
    title: "This verb is not taken over MQTT",
    remedy: "The detail says what to do instead; docs/reference/commands.md lists the verbs there are.",
  },
  "clock.unset": {
    http: 503,
    exit: 1,
    title: "The node's clock is wrong and the controller's time is not known yet",
    remedy: "Set the node's clock, or ask again once the node has heard from the controller.",
  },
  "store.failed": {
    http: 507,
    exit: 1,
    title: "The journal could not be written",
    remedy: "Free disk space or make the file system writable; nothing was acknowledged.",
  },
  "store.damaged": {
    http: 500,
    exit: 1,
    title: "The journal is damaged",
    remedy:
      "Nothing to do: it is set aside and made anew from the copies beside it. Look at the disk, for something damaged it.",
  },
  "store.newer": {
    http: 500,
    exit: 1,
    title: "The journal was written by a newer program that broke with this one",
    remedy: "Install the newer program again; an agent sets the journal aside and keeps what is desired.",
  },
  "driver.unavailable": {
    http: 503,
    exit: 1,
    title: "A driver's daemon is not available",
    remedy: "Start the daemon named in the detail; the agent goes on by itself when it is back.",
  },
  "ovs.failed": {
    http: 502,
    exit: 1,
    title: "Open vSwitch refused a change",
    remedy: "The detail is Open vSwitch's own answer.",
  },
  "ovs.port-conflict": {
    http: 409,
    exit: 1,
    title: "A port is claimed twice",
    remedy: "A node port or connection point can be attached to one bridge and one function only.",
  },
  "docker.failed": {
    http: 502,
    exit: 1,
    title: "Docker refused a request",
    remedy: "The detail is Docker's own answer.",
  },
  "docker.image-missing": {
    http: 404,
    exit: 1,
    title: "The container image is not on this node and could not be pulled",
    remedy: "Load it with `docker load`/`docker import`, or make its registry reachable.",
  },
  "container.exited": {
    http: 502,
    exit: 1,
    title: "The container stopped by itself",
    remedy: "The detail has its exit code and last log lines.",
  },
  "container.attach-failed": {
    http: 502,
    exit: 1,
    title: "A port could not be put into the container",
    remedy: "The detail names the command and its answer.",
  },
  "click.script-invalid": {
    http: 422,
    exit: 1,
    title: "The Click script does not parse or configure",
    remedy: "The detail is Click's own message with file and line.",
  },
  "click.exited": {
    http: 502,
    exit: 1,
    title: "The Click process stopped by itself",
    remedy: "The detail has its exit status and last output.",
  },
  "click.not-answering": {
    http: 504,
    exit: 1,
    title: "The Click process runs but its ControlSocket does not answer",
    remedy: "It is stopped and started again; `lightmano lvnf logs` has its output.",
  },
  "click.missing": {
    http: 500,
    exit: 1,
    title: "The Click program is not installed",
    remedy: "Install lclick, or set click.program in agent.yaml.",
  },
  "click.kernel-missing": {
    http: 500,
    exit: 1,
    title: "This node has no Click kernel module",
    remedy: "Load it (click-install does, on a kernel that it is built for), or use run mode userlevel.",
  },
  "click.kernel-busy": {
    http: 409,
    exit: 4,
    title: "The kernel runs another Click configuration",
    remedy:
      "The kernel has one router. Remove what is there: click-uninstall, or write an empty configuration.",
  },
  "link.failed": {
    http: 502,
    exit: 1,
    title: "A network interface could not be made or changed",
    remedy: "The detail names the command and its answer.",
  },
  "sap.unknown": {
    http: 422,
    exit: 1,
    title: "The service wants a node port that this node has not",
    remedy: "Map the SAP to one of the ports in agent.yaml.",
  },
  "service.inputs-invalid": {
    http: 422,
    exit: 1,
    title: "The inputs do not fit the descriptor",
    remedy: "The detail names each input and what it must be.",
  },
} as const satisfies Record<string, ErrorEntry>;

interface ErrorEntry {
  readonly http: number;
  readonly exit: number;
  readonly title: string;
  readonly remedy: string;
}

export type ErrorCode = keyof typeof ERRORS;
export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(ERRORS, text);

/** Where in a descriptor a problem lies; line and column count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong: a stable code, a sentence for a person, and where it is known, the place. */
export interface Problem {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly place?: SourcePlace;
}

/** Failure as a value. `Result` is what every function returns that can fail on its input. */
export type Result<T, E = Problem> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });
export const problem = (code: ErrorCode, detail: string, place?: SourcePlace): Problem =>
  place ? { code, detail, place } : { code, detail };

/** `file:line:column: detail`, or the detail alone. */
export function formatProblem({ detail, place }: Problem): string {
  return place ? `${place.file}:${place.line}:${place.column}: ${detail}` : detail;
}

/**
 * An error that carries a problem through code that throws (drivers, I/O). It is caught where a step,
 * request or message ends, and becomes that unit's outcome.
 */
export class LightmanoError extends Error {
  override readonly name = "LightmanoError";
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    options?: { readonly cause?: unknown; readonly problems?: readonly Problem[] },
  ) {
    super(detail, options?.cause === undefined ? undefined : { cause: options.cause });
    this.problems = options?.problems ?? [];
  }
  /** All problems found, where there was more than one (a descriptor reports all its errors at once). */
  readonly problems: readonly Problem[];
}

/** Any thrown value as a problem; what is not ours becomes `agent.internal` with its message. */
export function problemOf(thrown: unknown, fallback: ErrorCode = "agent.internal"): Problem {
  if (thrown instanceof LightmanoError) return { code: thrown.code, detail: thrown.detail };
  return { code: fallback, detail: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** RFC 9457 problem details, as REST and MQTT replies carry them. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly problems?: readonly Problem[];
}

export function problemDetails(
  code: ErrorCode,
  detail: string,
  problems: readonly Problem[] = [],
): ProblemDetails {
  const { http, title } = ERRORS[code];
  const details = { type: `urn:lightmano:error:${code}`, title, status: http, code, detail };
  return problems.length > 0 ? { ...details, problems } : details;
}
