/** descriptors.md and lightmano_types.yaml, from the types that every descriptor is read with. */
import { BUILTIN_IMPORTS, LIGHTMANO_TYPES, SOL001_TYPES } from "../../model/tosca/builtin-types.js";
import { parseYaml, plain } from "../../model/tosca/source.js";
import { TYPE_SECTIONS } from "../../model/tosca/types.js";
import { code, literal, page, sentence, table } from "./markdown.js";

interface Property {
  readonly type: string;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly description?: string;
  readonly constraints?: readonly Readonly<Record<string, unknown>>[];
  readonly entry_schema?: Property;
}

interface TypeText {
  readonly derived_from?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly requirements?: readonly Readonly<Record<string, unknown>>[];
}

export function lightmanoTypesYaml(): string {
  return `# LightMANO's TOSCA profile, as \`imports: [lightmano_types.yaml]\` gives it. It is built in: no package has to\n# carry it. Generated from model/tosca/builtin-types.ts by scripts/docs.ts.\n${LIGHTMANO_TYPES}`;
}

export function descriptorsPage(): string {
  return page(
    "model/tosca/builtin-types.ts",
    "Descriptor types",
    "Descriptors are TOSCA Simple Profile YAML 1.2 or 1.3. These types are built in and read by the same code as a package's own. How they are used: [writing a service](../guide/writing-a-service.md).",
    `A descriptor may import them as ${BUILTIN_IMPORTS.map(code).join(", ")}; a file of that name in the package wins. The profile alone, as a file: [lightmano_types.yaml](lightmano_types.yaml).`,
    "## The LightMANO profile",
    ...typesOf(LIGHTMANO_TYPES),
    "## From ETSI GS NFV-SOL 001",
    "The parts of v3.3.1 that LightMANO reads (OsContainer: v4.2.1). A property that is not listed here is an error, also where SOL001 has it.",
    ...typesOf(SOL001_TYPES),
  );
}

function typesOf(text: string): readonly string[] {
  const { tree, problems } = parseYaml("builtin-types", text);
  if (!tree || problems.length > 0)
    throw new Error(`the built-in types do not parse: ${JSON.stringify(problems)}`);
  const sections = plain(tree) as Readonly<Record<string, Readonly<Record<string, TypeText | null>>>>;
  return Object.entries(TYPE_SECTIONS).flatMap(([section, kind]) =>
    Object.entries(sections[section] ?? {}).map(([name, type]) => typeSection(name, kind, type ?? {}, text)),
  );
}

function typeSection(name: string, kind: string, type: TypeText, text: string): string {
  const clause = new RegExp(`^ +${name.replaceAll(".", "\\.")}:.*# (.+)$`, "m").exec(text)?.[1];
  const facts = [
    `${kind} type`,
    type.derived_from && `derived from ${code(type.derived_from)}`,
    clause,
    type.requirements && `requires ${type.requirements.flatMap((r) => Object.keys(r).map(code)).join(", ")}`,
  ];
  const rows = Object.entries(type.properties ?? {}).map(([property, definition]) => [
    code(property),
    propertyType(definition),
    definition.default !== undefined
      ? literal(definition.default)
      : definition.required === false
        ? ""
        : "**required**",
    [sentence(definition.description), constraintsText(definition)].filter(Boolean).join(" "),
  ]);
  return [
    `### ${name}`,
    `${facts.filter(Boolean).join(" · ")}.`,
    sentence(type.description),
    table(["Property", "Type", "Default", "Meaning"], rows),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function propertyType({ type, entry_schema: entry }: Property): string {
  if (!entry) return code(type);
  return `${type} of ${code(entry.type)}`;
}

function constraintsText({ constraints = [], entry_schema: entry }: Property): string {
  return [...constraints, ...(entry?.constraints ?? [])]
    .flatMap((constraint) => Object.entries(constraint))
    .map(([operator, operand]) => `${operator.replaceAll("_", " ")} ${literal(operand)}`)
    .join(", ");
}
