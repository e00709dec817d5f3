/** What a lab operation failed of, said so that a person can act on it. */
export interface LabErrorDetail {
  /** Stable, for programs: `lab.<what>`. */
  readonly code: LabErrorCode;
  readonly message: string;
  /** The step of `up` or `down` during which it happened. */
  readonly step?: string;
  readonly command?: string;
  readonly stderr?: string;
  readonly logPath?: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

export type LabErrorCode =
  | "lab.aborted"
  | "lab.busy"
  | "lab.command"
  | "lab.kernel"
  | "lab.notRoot"
  | "lab.notUp"
  | "lab.program"
  | "lab.process"
  | "lab.timeout"
  | "lab.usage";

export class LabError extends Error {
  readonly detail: LabErrorDetail;

  constructor(detail: LabErrorDetail) {
    super(detail.message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "LabError";
    this.detail = detail;
  }
}

/** The same error with the step (and a hint, when it has none) filled in; anything else becomes one. */
export function inStep(error: unknown, step: string, hint?: string): LabError {
  if (error instanceof LabError) {
    const filled = { ...error.detail, step: error.detail.step ?? step };
    return new LabError(hint === undefined || filled.hint !== undefined ? filled : { ...filled, hint });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new LabError({ code: "lab.command", message, step, cause: error, ...(hint ? { hint } : {}) });
}

/** Several lines for a terminal: step, reason, command, its stderr, where the log is, what to do. */
export function describeLabError(error: LabError): string {
  const { code, step, message, command, stderr, logPath, hint } = error.detail;
  const lines = [`${step === undefined ? "lab" : `lab: step "${step}"`} failed: ${message} [${code}]`];
  if (command !== undefined) lines.push(`  command: ${command}`);
  for (const line of (stderr ?? "").trim().split("\n")) if (line !== "") lines.push(`  | ${line}`);
  if (logPath !== undefined) lines.push(`  log:     ${logPath}`);
  if (hint !== undefined) lines.push(`  to do:   ${hint}`);
  return lines.join("\n");
}
