/**
 * What became of a change that the agent died over. Before it is begun it is noted what to look for; the next life of the agent looks
 * whether it is so. Of what leaves nothing to be looked for (a handler's write, forgiven failures) nobody can know.
 */
import { digestOf } from "../../model/digest.js";
import type { Operations } from "../operations.js";

/** What will be there, or there no more, once the change took effect. */
export type Trace =
  | { readonly service: string; readonly digest: string }
  | { readonly gone: string }
  | { readonly function: string; readonly ended: string };

export type Aftermath =
  | { readonly took: true; readonly result: unknown }
  | { readonly took: false; readonly detail: string };

type Known = Pick<Operations, "wanted" | "identity">;

/** Null: there is nothing to be looked for. The arguments may be anything. */
export function traceOf(
  verb: string,
  args: Readonly<Record<string, unknown>>,
  operations: Known,
): Trace | null {
  const id = String(args.id);
  switch (verb) {
    case "apply": {
      const { name, entry, files, inputs } = args;
      return { service: id, digest: wantedDigest(name, digestOf({ entry, files }), inputs) };
    }
    case "service.terminate":
      return operations.wanted(id) ? { gone: id } : null;
    case "lvnf.restart": {
      const ended = operations.identity(id)?.is ?? null;
      return ended === null ? null : { function: id, ended };
    }
    default:
      return null;
  }
}

/** Null: what is looked for has not been looked at yet by the drivers. */
export function aftermathOf(trace: Trace, operations: Known): Aftermath | null {
  if ("service" in trace) {
    const found = operations.wanted(trace.service);
    const { id, name, packageDigest, inputs } = found?.request ?? {};
    return found && wantedDigest(name, packageDigest, inputs) === trace.digest
      ? { took: true, result: { id, packageDigest, revision: found.revision } }
      : { took: false, detail: `service ${trace.service} is not as it was to be` };
  }
  if ("gone" in trace)
    return operations.wanted(trace.gone)
      ? { took: false, detail: `service ${trace.gone} is still wanted` }
      : { took: true, result: { id: trace.gone } };
  const now = operations.identity(trace.function);
  if (!now) return null;
  return now.is === trace.ended
    ? { took: false, detail: `${trace.function} is the same as before` }
    : { took: true, result: { id: trace.function } };
}

const wantedDigest = (name: unknown, packageDigest: unknown, inputs: unknown): string =>
  digestOf({ name, packageDigest, inputs });
