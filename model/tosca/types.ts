/**
 * TOSCA types: what may be written under a node template, policy or artifact. The built-in ones (SOL001
 * and the LightMANO profile) and those of a user's own `node_types` are read by the same code.
 * TOSCA Simple Profile YAML 1.3 §3.7, §3.6.10 (property definitions), §3.6.3 (constraints).
 */
import type { SourcePlace } from "../errors.js";
import { type Reader, suggestion } from "./reader.js";
import { type Located, type LocatedMap, plain } from "./source.js";

export const TYPE_SECTIONS = {
  node_types: "node",
  data_types: "data",
  artifact_types: "artifact",
  policy_types: "policy",
  group_types: "group",
  capability_types: "capability",
  relationship_types: "relationship",
  interface_types: "interface",
} as const;
export type TypeCategory = (typeof TYPE_SECTIONS)[keyof typeof TYPE_SECTIONS];

export interface TypeDefinition {
  readonly name: string;
  readonly category: TypeCategory;
  readonly derivedFrom: string | null;
  readonly place: SourcePlace;
  readonly properties: ReadonlyMap<string, PropertyDefinition>;
  /** Names of the requirements it declares itself. */
  readonly requirements: readonly string[];
}

export interface PropertyDefinition {
  readonly type: string;
  readonly required: boolean;
  readonly default: Located | null;
  readonly description: string | null;
  readonly constraints: readonly Constraint[];
  /** Type of the members of a list or map. */
  readonly entryType: PropertyDefinition | null;
}

export interface Constraint {
  readonly operator: string;
  readonly operand: unknown;
}

const CONSTRAINTS = [
  "equal",
  "greater_than",
  "greater_or_equal",
  "less_than",
  "less_or_equal",
  "in_range",
  "valid_values",
  "length",
  "min_length",
  "max_length",
  "pattern",
];
const PROPERTY_KEYS = [
  "type",
  "description",
  "required",
  "default",
  "status",
  "constraints",
  "entry_schema",
  "key_schema",
  "metadata",
];
const TYPE_KEYS = [
  "derived_from",
  "version",
  "metadata",
  "description",
  "properties",
  "attributes",
  "requirements",
  "capabilities",
  "interfaces",
  "artifacts",
  "targets",
  "members",
  "mime_type",
  "file_ext",
  "constraints",
  "valid_source_types",
  "valid_target_types",
  "triggers",
];

export interface TypeRegistry {
  get(category: TypeCategory, name: string): TypeDefinition | null;
  names(category: TypeCategory): readonly string[];
  add(definition: TypeDefinition): void;
  /** Whether `name` is `ancestor` or derived from it. */
  isA(category: TypeCategory, name: string, ancestor: string): boolean;
  /** Own and inherited properties; the nearest definition wins. */
  propertiesOf(category: TypeCategory, name: string): ReadonlyMap<string, PropertyDefinition>;
  requirementsOf(category: TypeCategory, name: string): readonly string[];
}

export function createTypeRegistry(base?: TypeRegistry): TypeRegistry {
  const own = new Map<string, TypeDefinition>();
  const key = (category: TypeCategory, name: string): string => `${category}:${name}`;
  const get = (category: TypeCategory, name: string): TypeDefinition | null =>
    own.get(key(category, name)) ?? base?.get(category, name) ?? null;

  /** The type and its ancestors, nearest first. A cycle ends the walk (it is reported when types are read). */
  const lineage = (category: TypeCategory, name: string): readonly TypeDefinition[] => {
    const line: TypeDefinition[] = [];
    for (let current = get(category, name); current && !line.includes(current); ) {
      line.push(current);
      current = current.derivedFrom ? get(category, current.derivedFrom) : null;
    }
    return line;
  };
  return {
    get,
    names: (category) => [
      ...new Set(
        [...own.values()]
          .filter((type) => type.category === category)
          .map((type) => type.name)
          .concat(base?.names(category) ?? []),
      ),
    ],
    add: (definition) => void own.set(key(definition.category, definition.name), definition),
    isA: (category, name, ancestor) => lineage(category, name).some((type) => type.name === ancestor),
    propertiesOf: (category, name) =>
      new Map(
        lineage(category, name)
          .toReversed()
          .flatMap((type) => [...type.properties]),
      ),
    requirementsOf: (category, name) => lineage(category, name).flatMap((type) => type.requirements),
  };
}

/** Reads all type sections of a service template into the registry. */
export function readTypes(template: LocatedMap, registry: TypeRegistry, reader: Reader): void {
  for (const [section, category] of Object.entries(TYPE_SECTIONS)) {
    for (const [name, { value, keyPlace }] of reader.entries(template, section)) {
      const definition = readType(name, category, value, keyPlace, reader);
      if (definition) registry.add(definition);
    }
  }
  for (const [section, category] of Object.entries(TYPE_SECTIONS)) {
    for (const [name] of reader.entries(template, section)) checkDerivation(registry, category, name, reader);
  }
}

function readType(
  name: string,
  category: TypeCategory,
  value: Located,
  place: SourcePlace,
  reader: Reader,
): TypeDefinition | null {
  const what = `${category} type ${name}`;
  const map = reader.map(value, what);
  if (!map) return null;
  reader.onlyKeys(map, TYPE_KEYS, what);
  const properties = reader
    .entries(map, "properties")
    .flatMap(([property, entry]): [string, PropertyDefinition][] => {
      const definition = readPropertyDefinition(entry.value, `${what}: property ${property}`, reader);
      return definition ? [[property, definition]] : [];
    });
  return {
    name,
    category,
    derivedFrom: reader.optionalText(map, "derived_from"),
    place,
    properties: new Map(properties),
    requirements: requirementNames(map, reader),
  };
}

function requirementNames(map: LocatedMap, reader: Reader): string[] {
  const requirements = map.entries.get("requirements");
  if (!requirements) return [];
  const items = reader.list(requirements.value, "requirements") ?? [];
  return items.flatMap((item) => (item.kind === "map" ? [...item.entries.keys()] : []));
}

/** A property (or input, or entry_schema) definition; a bare string is short for `{ type: … }`. */
export function readPropertyDefinition(
  value: Located,
  what: string,
  reader: Reader,
): PropertyDefinition | null {
  if (value.kind === "scalar") {
    const type = reader.text(value, what);
    return type === null
      ? null
      : { type, required: true, default: null, description: null, constraints: [], entryType: null };
  }
  const map = reader.map(value, what);
  if (!map) return null;
  reader.onlyKeys(map, PROPERTY_KEYS, what);
  const type = reader.requiredText(map, "type", what);
  if (type === null) return null;
  const required = map.entries.get("required")?.value;
  const entrySchema = map.entries.get("entry_schema")?.value;
  return {
    type,
    required: !(required?.kind === "scalar" && required.value === false),
    default: map.entries.get("default")?.value ?? null,
    description: reader.optionalText(map, "description"),
    constraints: readConstraints(map, what, reader),
    entryType: entrySchema ? readPropertyDefinition(entrySchema, `${what}: entry_schema`, reader) : null,
  };
}

function readConstraints(map: LocatedMap, what: string, reader: Reader): Constraint[] {
  const constraints = map.entries.get("constraints");
  if (!constraints) return [];
  const items = reader.list(constraints.value, `${what}: constraints`) ?? [];
  return items.flatMap((item) => {
    const clause = reader.map(item, `${what}: constraint`);
    return [...(clause?.entries ?? [])].flatMap(([operator, entry]): Constraint[] => {
      const operand = plain(entry.value);
      const invalid = !CONSTRAINTS.includes(operator)
        ? `unknown constraint "${operator}"${suggestion(operator, CONSTRAINTS)}`
        : operator === "pattern" && !isRegExp(operand)
          ? `pattern is no regular expression: ${JSON.stringify(operand)}`
          : null;
      if (invalid) reader.report(entry.keyPlace, `${what}: ${invalid}`);
      return invalid ? [] : [{ operator, operand }];
    });
  });
}

function isRegExp(operand: unknown): boolean {
  try {
    return typeof operand === "string" && new RegExp(operand) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function checkDerivation(registry: TypeRegistry, category: TypeCategory, name: string, reader: Reader): void {
  const seen = new Set<string>();
  for (let type = registry.get(category, name); type?.derivedFrom; ) {
    if (seen.has(type.name))
      return reader.report(type.place, `${category} type ${type.name} is derived from itself`);
    seen.add(type.name);
    const parent = registry.get(category, type.derivedFrom);
    if (!parent) {
      const names = registry.names(category);
      return reader.report(
        type.place,
        `${category} type ${type.name}: unknown type "${type.derivedFrom}"${suggestion(type.derivedFrom, names)}`,
      );
    }
    type = parent;
  }
}
