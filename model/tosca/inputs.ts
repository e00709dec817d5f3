/** Inputs of a topology: their definitions and values, and `get_input` put in. TOSCA 1.3 §3.10.3.2, §4.4.1. */
import type { SourcePlace } from "../errors.js";
import type { InputDefinition } from "../service.js";
import { type Reader, suggestion } from "./reader.js";
import { type Located, type LocatedEntry, type LocatedMap, locate, plain } from "./source.js";
import { type PropertyDefinition, readPropertyDefinition, type TypeRegistry } from "./types.js";
import { checkValue, UNRESOLVED } from "./values.js";

/** `resolved` has a value for every input, an open one where there is none. */
export function readInputs(
  topology: LocatedMap,
  values: ReadonlyMap<string, Located>,
  open: boolean,
  registry: TypeRegistry,
  reader: Reader,
) {
  const inputs: Record<string, InputDefinition> = {};
  const resolved = new Map<string, Located>();
  for (const [name, { value, keyPlace }] of reader.entries(topology, "inputs")) {
    const definition = readPropertyDefinition(value, `input ${name}`, reader);
    if (!definition) continue;
    inputs[name] = inputDefinition(definition);
    const given = values.get(name) ?? definition.default;
    if (given) {
      const before = reader.problems.length;
      checkValue(given, definition, `input ${name}`, registry, reader);
      // A wrong value is reported here, once, and not again wherever it is used.
      resolved.set(name, reader.problems.length === before ? given : unresolved(keyPlace));
    } else {
      if (definition.required && !open)
        reader.report(keyPlace, `input "${name}" (${definition.type}) has no value and no default`);
      resolved.set(name, unresolved(keyPlace));
    }
  }
  for (const [name, value] of values) {
    if (!(name in inputs))
      reader.report(value.place, `unknown input "${name}"${suggestion(name, Object.keys(inputs))}`);
  }
  return { inputs, resolved };
}

function inputDefinition({
  type,
  required,
  default: fallback,
  description,
}: PropertyDefinition): InputDefinition {
  return {
    type,
    required: required && fallback === null,
    ...(description !== null && { description }),
    ...(fallback && { default: plain(fallback) }),
  };
}

const unresolved = (place: SourcePlace): Located => locate({ [UNRESOLVED.description ?? ""]: true }, place);

/** Replaces every `{ get_input: NAME }`. The value takes the place of the reference, for messages. */
export function withInputs(located: Located, inputs: ReadonlyMap<string, Located>, reader: Reader): Located {
  if (located.kind === "scalar") return located;
  if (located.kind === "list")
    return { ...located, items: located.items.map((item) => withInputs(item, inputs, reader)) };
  const reference = located.entries.get("get_input");
  if (reference && located.entries.size === 1) {
    const name = reader.text(reference.value, "get_input") ?? "";
    const value = inputs.get(name);
    if (value) return { ...value, place: located.place };
    reader.report(
      reference.value.place,
      `get_input: unknown input "${name}"${suggestion(name, [...inputs.keys()])}`,
    );
    return unresolved(located.place);
  }
  const entries = [...located.entries].map(([key, entry]): [string, LocatedEntry] => [
    key,
    { ...entry, value: withInputs(entry.value, inputs, reader) },
  ]);
  return { ...located, entries: new Map(entries) };
}
