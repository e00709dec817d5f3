/** Checks a value against a TOSCA property definition: primitive, list, map, scalar-unit and data types. */
import type { Reader } from "./reader.js";
import { suggestion } from "./reader.js";
import { describe, type Located, plain } from "./source.js";
import type { Constraint, PropertyDefinition, TypeRegistry } from "./types.js";

/** Where a `get_input` could not be resolved yet (an input without value or default): passes every check. */
export const UNRESOLVED = Symbol.for("lightmano.unresolved");

const PRIMITIVES: Readonly<Record<string, (located: Located) => boolean>> = {
  string: (l) => l.kind === "scalar" && typeof l.value === "string",
  integer: (l) => l.kind === "scalar" && Number.isInteger(l.value),
  float: (l) => l.kind === "scalar" && typeof l.value === "number",
  boolean: (l) => l.kind === "scalar" && typeof l.value === "boolean",
  timestamp: (l) => l.kind === "scalar" && typeof l.value === "string" && !Number.isNaN(Date.parse(l.value)),
  version: (l) => l.kind === "scalar" && /^\d+(\.\d+){0,3}/.test(String(l.value)),
  range: (l) =>
    l.kind === "list" &&
    l.items.length === 2 &&
    l.items.every((i) => i.kind === "scalar" && (Number.isInteger(i.value) || i.value === "UNBOUNDED")),
  "scalar-unit.size": (l) => l.kind === "scalar" && parseSize(l.value) !== null,
  "scalar-unit.time": (l) => l.kind === "scalar" && parseTime(l.value) !== null,
  "scalar-unit.frequency": (l) =>
    l.kind === "scalar" && /^\d+(\.\d+)? *(Hz|kHz|MHz|GHz)$/.test(String(l.value)),
  any: () => true,
};
const EXPECTED: Readonly<Record<string, string>> = {
  range: "a range [from, to]",
  "scalar-unit.size": 'a size such as "64 MB"',
  "scalar-unit.time": 'a time such as "5 s"',
};

const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KiB: 1024,
  MB: 1e6,
  MiB: 1024 ** 2,
  GB: 1e9,
  GiB: 1024 ** 3,
  TB: 1e12,
  TiB: 1024 ** 4,
};

/** TOSCA scalar-unit.size in bytes (§3.3.6.4), or null. */
export function parseSize(value: unknown): number | null {
  const match = /^(\d+(?:\.\d+)?) *([A-Za-z]+)$/.exec(String(value));
  const unit = Object.keys(SIZE_UNITS).find((name) => name.toLowerCase() === match?.[2]?.toLowerCase());
  return match && unit ? Math.round(Number(match[1]) * (SIZE_UNITS[unit] ?? 1)) : null;
}

const TIME_UNITS_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
};

/** TOSCA scalar-unit.time in milliseconds (§3.3.6.5), or null. */
export function parseTime(value: unknown): number | null {
  const match = /^(\d+(?:\.\d+)?) *(d|h|m|s|ms|us|ns)$/.exec(String(value));
  return match ? Number(match[1]) * (TIME_UNITS_MS[match[2] ?? ""] ?? 1) : null;
}

export function checkValue(
  located: Located,
  definition: PropertyDefinition,
  what: string,
  registry: TypeRegistry,
  reader: Reader,
): void {
  if (isUnresolved(located)) return;
  const { type } = definition;
  const primitive = PRIMITIVES[type];
  if (primitive) {
    if (!primitive(located))
      return reader.report(
        located.place,
        `${what}: expected ${EXPECTED[type] ?? article(type)}, found ${describe(located)}`,
      );
  } else if (type === "list") {
    const items = reader.list(located, what);
    if (definition.entryType && items)
      for (const [i, item] of items.entries())
        checkValue(item, definition.entryType, `${what}[${i}]`, registry, reader);
  } else if (type === "map") {
    const map = reader.map(located, what);
    if (definition.entryType && map)
      for (const [key, entry] of map.entries)
        checkValue(entry.value, definition.entryType, `${what}.${key}`, registry, reader);
  } else if (registry.get("data", type)) {
    const base = registry.get("data", type)?.derivedFrom;
    const map = base && PRIMITIVES[base] ? null : reader.map(located, what);
    if (map) checkProperties(map.entries, registry.propertiesOf("data", type), map, what, registry, reader);
  } else {
    return reader.report(located.place, `${what}: unknown data type "${type}"`);
  }
  for (const constraint of definition.constraints) checkConstraint(located, constraint, what, reader);
}

/** Checks a map of property assignments against definitions: unknown ones, missing ones, and each value. */
export function checkProperties(
  assigned: ReadonlyMap<string, { readonly keyPlace: Located["place"]; readonly value: Located }>,
  definitions: ReadonlyMap<string, PropertyDefinition>,
  owner: { readonly place: Located["place"] },
  what: string,
  registry: TypeRegistry,
  reader: Reader,
): void {
  for (const [name, { keyPlace, value }] of assigned) {
    const definition = definitions.get(name);
    if (definition) checkValue(value, definition, `${what}: ${name}`, registry, reader);
    else
      reader.report(
        keyPlace,
        `${what}: unknown property "${name}"${suggestion(name, [...definitions.keys()])}`,
      );
  }
  for (const [name, definition] of definitions) {
    if (definition.required && definition.default === null && !assigned.has(name))
      reader.report(owner.place, `${what}: property "${name}" is missing`);
  }
}

export function isUnresolved(located: Located): boolean {
  return located.kind === "map" && located.entries.has(UNRESOLVED.description ?? "");
}

function checkConstraint(
  located: Located,
  { operator, operand }: Constraint,
  what: string,
  reader: Reader,
): void {
  const value = plain(located);
  const size = typeof value === "string" || Array.isArray(value) ? value.length : 0;
  const [low, high] = Array.isArray(operand) ? operand : [];
  const holds: Readonly<Record<string, () => boolean>> = {
    equal: () => value === operand,
    greater_than: () => Number(value) > Number(operand),
    greater_or_equal: () => Number(value) >= Number(operand),
    less_than: () => Number(value) < Number(operand),
    less_or_equal: () => Number(value) <= Number(operand),
    in_range: () => Number(value) >= Number(low) && (high === "UNBOUNDED" || Number(value) <= Number(high)),
    valid_values: () => Array.isArray(operand) && operand.includes(value),
    length: () => size === operand,
    min_length: () => size >= Number(operand),
    max_length: () => size <= Number(operand),
    pattern: () => typeof operand === "string" && new RegExp(`^(?:${operand})$`).test(String(value)),
  };
  if (!holds[operator]?.())
    reader.report(
      located.place,
      `${what}: ${JSON.stringify(value)} does not fulfil ${operator} ${JSON.stringify(operand)}`,
    );
}

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);
