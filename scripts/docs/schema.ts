/** TypeBox schemas, which are JSON Schemas, as rows of a table: every member with its type and its meaning. */
import { Kind, OptionalKind, type TSchema } from "@sinclair/typebox";
import { anchor, code, literal, sentence } from "./markdown.js";

export interface Member {
  /** `a`, `a.b`, `a[].b` */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  /** As a JSON literal; empty where there is none. */
  readonly default: string;
  readonly description: string;
}

/** Members of an object schema, nested ones after their parent; a schema with an `$id` stays closed. */
export function membersOf(schema: TSchema, prefix = ""): readonly Member[] {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, TSchema>>;
  const required: readonly string[] = schema.required ?? [];
  return Object.entries(properties).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const row: Member = {
      path,
      type: typeText(member),
      required: required.includes(name) && member[OptionalKind] === undefined,
      default: member.default === undefined || isGroup(member) ? "" : literal(member.default),
      description: sentence(member.description),
    };
    const speaks = !isGroup(member) || !row.required || row.description !== "";
    return [...(speaks ? [row] : []), ...below(member, path)];
  });
}

/** All schemas with an `$id` that this one refers to, itself not, each once, in the order of first use. */
export function namedWithin(schema: TSchema): readonly TSchema[] {
  const found = new Map<string, TSchema>();
  const visit = (inner: TSchema): void => {
    for (const next of parts(inner)) {
      if (next.$id !== undefined && !found.has(next.$id)) found.set(next.$id, next);
      visit(next);
    }
  };
  visit(schema);
  return [...found.values()];
}

/** A group of members with a default of its own: its members have theirs, `{}` says nothing. */
const isGroup = (schema: TSchema): boolean => schema.type === "object" && schema.properties !== undefined;

function below(schema: TSchema, path: string): readonly Member[] {
  if (schema.$id !== undefined) return [];
  if (isGroup(schema)) return membersOf(schema, `${path}.`);
  if (schema.type === "array") return below(schema.items, `${path}[]`);
  return [];
}

function parts(schema: TSchema): readonly TSchema[] {
  const members = Object.values((schema.properties ?? {}) as Record<string, TSchema>);
  const patterns = Object.values((schema.patternProperties ?? {}) as Record<string, TSchema>);
  return [
    ...members,
    ...patterns,
    ...(schema.items ? [schema.items as TSchema] : []),
    ...(schema.anyOf ?? []),
  ];
}

export function typeText(schema: TSchema): string {
  if (schema.$id !== undefined) return `[${schema.$id}](${anchor(schema.$id)})`;
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.anyOf) return (schema.anyOf as readonly TSchema[]).map(typeText).join(" or ");
  if (schema.type === "array") {
    const least = schema.minItems === undefined ? "" : `, at least ${schema.minItems}`;
    return `list of ${typeText(schema.items)}${least}`;
  }
  if (schema.patternProperties) {
    const [value] = Object.values(schema.patternProperties as Record<string, TSchema>);
    return `map of ${value ? typeText(value) : "anything"}`;
  }
  if (schema[Kind] === "Unknown") return "anything";
  return [String(schema.type ?? "anything"), ...limits(schema)].join(", ");
}

function limits(schema: TSchema): readonly string[] {
  const { minimum, maximum, minLength, maxLength, pattern, format } = schema;
  const range =
    minimum !== undefined && maximum !== undefined
      ? `${minimum} to ${maximum}`
      : minimum !== undefined
        ? `at least ${minimum}`
        : maximum !== undefined
          ? `at most ${maximum}`
          : null;
  const length =
    maxLength !== undefined
      ? `${minLength ?? 0} to ${maxLength} characters`
      : minLength !== undefined
        ? `at least ${minLength} characters`
        : null;
  return [range, length, format ?? null, pattern === undefined ? null : code(pattern)].flatMap(
    (x) => x ?? [],
  );
}
