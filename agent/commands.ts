/** Commands over MQTT: the verbs that make sense from afar, what they are told, and the answer to each. */
import { LightmanoError, problemOf } from "../model/errors.js";
import type { Command, CommandReply } from "../model/messages/node.js";
import type { Operations } from "./operations.js";

type Arguments = Command["args"];
type Verb = (operations: Operations, args: Arguments) => unknown;
export type Answer = Pick<CommandReply, "outcome" | "result" | "code" | "detail">;

/** Brokers end the connection of a client that sends them more than they take (bus/broker.ts: 4 MiB). */
const MAX_RESULT_BYTES = 1024 * 1024;

const VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ["status", (o) => o.status()],
  ["doctor", (o) => o.doctor()],
  ["why", (o, args) => o.why(text(args, "object"))],
  [
    "events",
    (o, args) => o.events({ since: count(args, "since", 0), limit: count(args, "limit", 100, 1_000) }),
  ],
  ["service.list", (o) => o.services()],
  ["service.show", (o, args) => o.service(text(args, "id"))],
  ["service.heal", (o, args) => o.heal(text(args, "id"))],
  ["lvnf.list", (o) => o.lvnfs()],
  ["lvnf.read", (o, args) => o.readHandler(text(args, "id"), text(args, "handler"))],
  ["lvnf.write", (o, args) => o.writeHandler(text(args, "id"), text(args, "handler"), text(args, "value"))],
  ["lvnf.restart", (o, args) => o.restart(text(args, "id"))],
  ["lvnf.logs", (o, args) => o.logs(text(args, "id"), count(args, "lines", 100, 10_000))],
  ["lvnf.stats", (o, args) => o.stats(text(args, "id"))],
  ["port.list", (o) => o.ports()],
  ["chain.list", (o) => o.chains()],
]);

/** Does what is asked, unless its deadline has passed. Never rejects: what goes wrong is the answer. */
export async function answerTo(
  { deadline, args }: Pick<Command, "deadline" | "args">,
  verb: string,
  operations: Operations,
  now: number,
): Promise<Answer> {
  if (Date.parse(deadline) < now)
    return {
      outcome: "expired",
      code: "operation.timeout",
      detail: `the deadline ${deadline} had passed when the command arrived`,
    };
  try {
    const run = VERBS.get(verb);
    if (!run) throw invalid(`unknown verb "${verb}"; known are ${[...VERBS.keys()].join(", ")}`);
    const result = (await run(operations, args)) ?? null;
    const bytes = Buffer.byteLength(JSON.stringify(result));
    if (bytes > MAX_RESULT_BYTES)
      throw invalid(`the result has ${bytes} bytes, at most ${MAX_RESULT_BYTES} are sent: ask for less`);
    return { outcome: "ok", result, code: null, detail: null };
  } catch (error) {
    return { outcome: "failed", ...problemOf(error) };
  }
}

function text(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw invalid(`argument "${name}": expected a string, got ${JSON.stringify(value) ?? "nothing"}`);
}

function count(args: Arguments, name: string, otherwise: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = args[name] ?? otherwise;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw invalid(`argument "${name}": expected an integer from 0 to ${most}, got ${JSON.stringify(value)}`);
}

const invalid = (detail: string): LightmanoError => new LightmanoError("usage.invalid", detail);
