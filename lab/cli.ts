/** `lightmano lab up|down|status`, without a command-line library: whoever owns the CLI calls this. */
import { parseArgs } from "node:util";
import type { LabEvent } from "./context.js";
import { describeLabError, LabError } from "./errors.js";
import { createLab, type Lab } from "./lab.js";
import { formatStatus } from "./status.js";

export interface LabIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly signal?: AbortSignal;
}

export const LAB_USAGE = `usage: lightmano lab <up|down|status> [options]

  up       make the emulated site, or repair what is missing of it
  down     take all of it away, also after a crash
  status   what is there

  --bare         up: join S1 by a plain bridge and attach both UEs (no agent needed)
  --json         up, down: one JSON object a step; status: one object
  --prefix NAME  of the namespaces (default lm-)
`;

/** Runs one lab command; resolves with the exit code (0 done, 1 failed, 2 wrong usage). */
export async function runLabCommand(argv: readonly string[], io: LabIo): Promise<number> {
  const parsed = parse(argv);
  if (parsed === undefined) {
    io.stderr.write(LAB_USAGE);
    return 2;
  }
  const { verb, values } = parsed;
  if (values.help === true) {
    io.stdout.write(LAB_USAGE);
    return 0;
  }
  const json = values.json === true;
  try {
    const lab = await createLab({
      ...(values.prefix === undefined ? {} : { prefix: values.prefix }),
      ...(io.signal === undefined ? {} : { signal: io.signal }),
      log: (event) => io.stdout.write(json ? `${JSON.stringify(event)}\n` : formatLabEvent(event)),
    });
    await runVerb(lab, verb, values.bare === true, json, io);
    return 0;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    io.stderr.write(json ? `${JSON.stringify({ error: error.detail })}\n` : `${describeLabError(error)}\n`);
    return error.detail.code === "lab.usage" ? 2 : 1;
  }
}

/** One progress line: `[ 212 ms] Docker             started`. */
export function formatLabEvent({ step, state, ms, detail }: LabEvent): string {
  const words = { done: "done", kept: "already so", failed: "FAILED", note: "" }[state];
  return `[${ms.toFixed(0).padStart(6)} ms] ${step.padEnd(14)} ${words}${detail === "" ? "" : `: ${detail}`}\n`;
}

async function runVerb(lab: Lab, verb: Verb, bare: boolean, json: boolean, io: LabIo): Promise<void> {
  const startedAt = performance.now();
  const summary = (text: string) => {
    if (!json) io.stdout.write(`${text} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  };
  if (verb === "up") {
    await lab.up({ bare });
    summary(`lab ${lab.prefix} is up`);
  } else if (verb === "down") {
    await lab.down();
    summary(`lab ${lab.prefix} is gone`);
  } else {
    const status = await lab.status();
    io.stdout.write(json ? `${JSON.stringify(status, null, 2)}\n` : formatStatus(status));
  }
}

type Verb = "up" | "down" | "status";

function isVerb(word: string | undefined): word is Verb {
  return word === "up" || word === "down" || word === "status";
}

function parse(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        bare: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        prefix: { type: "string" },
      },
    });
    const [verb, ...rest] = positionals;
    if (values.help === true) return { verb: "status" as const, values };
    if (rest.length > 0 || !isVerb(verb)) return undefined;
    return { verb, values };
  } catch {
    return undefined;
  }
}
