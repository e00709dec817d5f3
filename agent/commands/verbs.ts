/**
 * The verbs that a node takes over MQTT: what each is told, whether it changes anything, and what it does. The
 * same operations as REST's. docs/reference/commands.md is generated from here.
 */
import { type Static, type TObject, type TProperties, Type } from "@sinclair/typebox";
import { LightmanoError } from "../../model/errors.js";
import { ApplyRequestProperties } from "../../model/messages/apply.js";
import { parserOf } from "../../model/validate.js";
import type { Operations } from "../operations.js";

/** A read can be done again when the agent died over it; of a change nobody would know how far it came. */
export type Effect = "read" | "change";

export interface Verb {
  readonly effect: Effect;
  readonly does: string;
  readonly args: TObject;
  /** Checks the arguments and does it; rejects with `usage.invalid` where they do not fit. */
  run(operations: Operations, args: unknown): Promise<unknown>;
}

/** Ids and values are text; a number is taken for its text, for people who write JSON by hand. */
const text = (description: string) => Type.Union([Type.String(), Type.Number()], { description });
const count = (most: number, otherwise: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: most, default: otherwise, description }));
const service = { id: text("The service.") };
const lvnf = { id: text("The function: `SERVICE.NAME`, or its name where only one has it.") };
const handler = { ...lvnf, handler: text("A handler that the image declares.") };

export const VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ["status", verb("read", "what runs on this node", {}, (o) => o.status())],
  ["site.show", verb("read", "hub, term, nodes of the site and what they own", {}, (o) => o.site())],
  ["doctor", verb("read", "what this node needs and whether it has it", {}, (o) => o.doctor())],
  ["node.show", verb("read", "hardware, system, ports", {}, (o) => o.inventory())],
  [
    "why",
    verb(
      "read",
      "why an object is in its state",
      { object: text("A service, function, path, port, driver and so on.") },
      (o, { object }) => o.why(String(object)),
    ),
  ],
  [
    "events",
    verb(
      "read",
      "what happened, oldest first",
      {
        since: count(Number.MAX_SAFE_INTEGER, 0, "Only those with a greater number."),
        limit: count(1_000, 100, "At most so many, the newest."),
        object: Type.Optional(text("Only those of this object, as events name it: `function/ID`, …")),
      },
      (o, { since = 0, limit = 100, object }) =>
        o.events({ since, limit, ...(object === undefined ? {} : { object: String(object) }) }),
    ),
  ],
  ["service.list", verb("read", "all services", {}, (o) => o.services())],
  ["service.show", verb("read", "one service", service, (o, { id }) => o.service(String(id)))],
  [
    "service.heal",
    verb("change", "forgive its functions' failures and try them now", service, (o, { id }) =>
      o.heal(String(id)),
    ),
  ],
  [
    "service.terminate",
    verb("change", "end a service that was applied at the node", service, async (o, { id }) => {
      await o.terminate(String(id));
      return { id: String(id) };
    }),
  ],
  [
    "apply",
    verb("change", "run this service, or change it to this", ApplyRequestProperties, (o, args) =>
      o.apply(args),
    ),
  ],
  [
    "plan",
    verb("read", "what `apply` would do; nothing is changed", ApplyRequestProperties, (o, args) =>
      o.plan(args),
    ),
  ],
  ["lvnf.list", verb("read", "all LVNFs", {}, (o) => o.lvnfs())],
  ["lvnf.show", verb("read", "one LVNF and its declared handlers", lvnf, (o, { id }) => o.lvnf(String(id)))],
  [
    "lvnf.read",
    verb("read", "the value of a declared handler", handler, (o, { id, handler: name }) =>
      o.readHandler(String(id), String(name)),
    ),
  ],
  [
    "lvnf.write",
    verb(
      "change",
      "write to a declared handler",
      { ...handler, value: text("What to write.") },
      (o, { id, handler: name, value }) => o.writeHandler(String(id), String(name), String(value)),
    ),
  ],
  [
    "lvnf.restart",
    verb("change", "end the process or container; the agent starts it again", lvnf, (o, { id }) =>
      o.restart(String(id)),
    ),
  ],
  [
    "lvnf.logs",
    verb(
      "read",
      "the last lines of a function's output",
      { ...lvnf, lines: count(10_000, 100, "How many.") },
      (o, { id, lines = 100 }) => o.logs(String(id), lines),
    ),
  ],
  ["lvnf.stats", verb("read", "memory and CPU time of a function", lvnf, (o, { id }) => o.stats(String(id)))],
  [
    "image.show",
    verb("read", "which image a container is of, and its size", lvnf, (o, { id }) => o.images(String(id))),
  ],
  ["port.list", verb("read", "the bridge's ports", {}, (o) => o.ports())],
  ["chain.list", verb("read", "all paths: state, flows, why not active", {}, (o) => o.chains())],
]);

/** Verbs of the command line that a node does not take over MQTT, and what to do instead. */
export const LOCAL_VERBS: ReadonlyMap<string, string> = new Map([
  [
    "lvnf.console",
    "a console is a dialogue; use lvnf.read and lvnf.write, or `lightmano lvnf console` at the node",
  ],
  [
    "events.follow",
    "subscribe to the node's reports, which carry each event as it happens, or ask for `events` since a number",
  ],
  ["metrics", "subscribe to the node's telemetry, or let Prometheus ask the node's metrics port"],
  ["lab", "a lab is made on the machine where the command runs"],
  ["lab.up", "a lab is made on the machine where the command runs"],
  ["lab.down", "a lab is made on the machine where the command runs"],
  ["lab.status", "a lab is made on the machine where the command runs"],
  ["agent", "the agent is started by the node's init system"],
]);

/** Throws `command.not-remote` or `usage.invalid` for what is none, and says which there are. */
export function verbOf(name: string): Verb {
  const found = VERBS.get(name);
  if (found) return found;
  const instead = LOCAL_VERBS.get(name);
  if (instead) throw new LightmanoError("command.not-remote", `"${name}" is not done from afar: ${instead}`);
  throw invalid(`unknown verb "${name}"; known are ${[...VERBS.keys()].join(", ")}`);
}

function verb<P extends TProperties>(
  effect: Effect,
  does: string,
  properties: P,
  run: (operations: Operations, args: Static<TObject<P>>) => unknown,
): Verb {
  const args = Type.Object(properties, { additionalProperties: false });
  const parser = parserOf(args as unknown as TObject, "arguments");
  return {
    effect,
    does,
    args: args as unknown as TObject,
    async run(operations, value) {
      const parsed = parser.value(value);
      if (!parsed.ok) throw invalid(parsed.error.detail);
      return run(operations, parsed.value as Static<TObject<P>>);
    },
  };
}

const invalid = (detail: string): LightmanoError => new LightmanoError("usage.invalid", detail);
