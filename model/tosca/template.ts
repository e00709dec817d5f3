/**
 * One service template file: its structure, its own types, its inputs, its node templates with `get_input`
 * put in. TOSCA Simple Profile YAML 1.3 §3.10.
 */
import type { SourcePlace } from "../errors.js";
import type { InputDefinition } from "../service.js";
import { readInputs, withInputs } from "./inputs.js";
import { type Reader, suggestion } from "./reader.js";
import type { Located, LocatedEntry, LocatedMap } from "./source.js";
import type { PropertyDefinition, TypeRegistry } from "./types.js";
import { checkProperties } from "./values.js";

const VERSIONS = ["tosca_simple_yaml_1_2", "tosca_simple_yaml_1_3"];
const TEMPLATE_KEYS = [
  "tosca_definitions_version",
  "namespace",
  "metadata",
  "description",
  "imports",
  "dsl_definitions",
  "topology_template",
  "node_types",
  "data_types",
  "artifact_types",
  "policy_types",
  "group_types",
  "capability_types",
  "relationship_types",
  "interface_types",
];
const TOPOLOGY_KEYS = [
  "description",
  "inputs",
  "node_templates",
  "groups",
  "policies",
  "outputs",
  "substitution_mappings",
];
const NODE_KEYS = [
  "type",
  "description",
  "metadata",
  "properties",
  "requirements",
  "artifacts",
  "capabilities",
  "interfaces",
  "directives",
];

export interface NodeTemplate {
  readonly name: string;
  readonly type: string;
  readonly place: SourcePlace;
  /** Assigned values over the types' defaults. */
  readonly properties: ReadonlyMap<string, Located>;
  /** Requirement name → target node template, in order. */
  readonly requirements: readonly {
    readonly name: string;
    readonly target: string;
    readonly place: SourcePlace;
  }[];
  readonly artifacts: ReadonlyMap<string, Artifact>;
}

export interface Artifact {
  readonly type: string;
  readonly file: string;
  readonly place: SourcePlace;
}

export interface Policy {
  readonly name: string;
  readonly type: string;
  readonly place: SourcePlace;
  readonly properties: ReadonlyMap<string, Located>;
  readonly targets: readonly { readonly name: string; readonly place: SourcePlace }[];
}

export interface Topology {
  readonly inputs: Readonly<Record<string, InputDefinition>>;
  readonly nodes: readonly NodeTemplate[];
  /** Names of the node templates that could not be read; why is reported. */
  readonly unreadable: readonly string[];
  readonly policies: readonly Policy[];
  /** substitution_mappings.node_type, or null. */
  readonly substitutes: string | null;
  /** Exposed requirement name → node template that stands behind it. */
  readonly exposed: ReadonlyMap<string, { readonly node: string; readonly place: SourcePlace }>;
}

/** Checks version and top-level keys; returns the file names under `imports`. */
export function readHeader(
  template: LocatedMap,
  reader: Reader,
): readonly { readonly file: string; readonly place: SourcePlace }[] {
  reader.onlyKeys(template, TEMPLATE_KEYS, "service template");
  const version = reader.requiredText(template, "tosca_definitions_version", "service template");
  if (version !== null && !VERSIONS.includes(version)) {
    reader.report(
      template.entries.get("tosca_definitions_version")?.value.place ?? template.place,
      `unknown tosca_definitions_version "${version}"${suggestion(version, VERSIONS)}`,
    );
  }
  const imports = template.entries.get("imports");
  if (!imports) return [];
  return (reader.list(imports.value, "imports") ?? []).flatMap((item) => {
    const file =
      item.kind === "map" ? reader.requiredText(item, "file", "import") : reader.text(item, "import");
    return file === null ? [] : [{ file, place: item.place }];
  });
}

/**
 * Reads `topology_template`. `values` are the inputs' values; where `open` is set, an input without value
 * and default stays open (checked when the service is instantiated), else it is an error.
 */
export function readTopology(
  template: LocatedMap,
  values: ReadonlyMap<string, Located>,
  open: boolean,
  registry: TypeRegistry,
  reader: Reader,
): Topology | null {
  const entry = template.entries.get("topology_template");
  if (!entry) {
    reader.report(template.place, 'service template: "topology_template" is missing');
    return null;
  }
  const topology = reader.map(entry.value, "topology_template");
  if (!topology) return null;
  reader.onlyKeys(topology, TOPOLOGY_KEYS, "topology_template");
  const { inputs, resolved } = readInputs(topology, values, open, registry, reader);
  const substitute = (located: Located): Located => withInputs(located, resolved, reader);
  const written = reader.entries(topology, "node_templates");
  const nodes = written.flatMap(([name, node]) => readNode(name, node, substitute, registry, reader) ?? []);
  const unreadable = written
    .map(([name]) => name)
    .filter((name) => !nodes.some((node) => node.name === name));
  return {
    inputs,
    nodes,
    unreadable,
    policies: readPolicies(topology, substitute, registry, reader),
    ...readSubstitution(topology, nodes, reader),
  };
}

function readNode(
  name: string,
  { value, keyPlace }: LocatedEntry,
  substitute: (l: Located) => Located,
  registry: TypeRegistry,
  reader: Reader,
): NodeTemplate | null {
  const what = `node template ${name}`;
  const map = reader.map(value, what);
  if (!map) return null;
  reader.onlyKeys(map, NODE_KEYS, what);
  const type = reader.requiredText(map, "type", what);
  if (type === null) return null;
  if (!registry.get("node", type)) {
    reader.report(
      map.entries.get("type")?.value.place ?? keyPlace,
      `${what}: unknown node type "${type}"${suggestion(type, registry.names("node"))}`,
    );
    return null;
  }
  const definitions = registry.propertiesOf("node", type);
  const assigned = readAssignments(map, substitute, reader);
  checkProperties(assigned, definitions, { place: keyPlace }, what, registry, reader);
  return {
    name,
    type,
    place: keyPlace,
    properties: withDefaults(assigned, definitions),
    requirements: readRequirements(map, type, what, registry, reader),
    artifacts: readArtifacts(map, what, registry, reader),
  };
}

function readAssignments(
  map: LocatedMap,
  substitute: (l: Located) => Located,
  reader: Reader,
): Map<string, LocatedEntry> {
  return new Map(
    reader
      .entries(map, "properties")
      .map(([key, entry]) => [key, { ...entry, value: substitute(entry.value) }]),
  );
}

function withDefaults(
  assigned: ReadonlyMap<string, LocatedEntry>,
  definitions: ReadonlyMap<string, PropertyDefinition>,
): ReadonlyMap<string, Located> {
  const values = new Map<string, Located>();
  for (const [name, definition] of definitions) if (definition.default) values.set(name, definition.default);
  for (const [name, { value }] of assigned) values.set(name, value);
  return values;
}

function readRequirements(
  map: LocatedMap,
  type: string,
  what: string,
  registry: TypeRegistry,
  reader: Reader,
): NodeTemplate["requirements"] {
  const entry = map.entries.get("requirements");
  if (!entry) return [];
  const known = registry.requirementsOf("node", type);
  return (reader.list(entry.value, `${what}: requirements`) ?? []).flatMap((item) => {
    const requirement = reader.map(item, `${what}: requirement`);
    return [...(requirement?.entries ?? [])].flatMap(([name, { value, keyPlace }]) => {
      if (!known.includes(name))
        reader.report(keyPlace, `${what}: unknown requirement "${name}"${suggestion(name, known)}`);
      const target =
        value.kind === "map"
          ? reader.requiredText(value, "node", `${what}: requirement ${name}`)
          : reader.text(value, `${what}: requirement ${name}`);
      return target === null ? [] : [{ name, target, place: value.place }];
    });
  });
}

function readArtifacts(
  map: LocatedMap,
  what: string,
  registry: TypeRegistry,
  reader: Reader,
): ReadonlyMap<string, Artifact> {
  const artifacts = new Map<string, Artifact>();
  for (const [name, { value }] of reader.entries(map, "artifacts")) {
    const artifact = reader.map(value, `${what}: artifact ${name}`);
    if (!artifact) continue;
    reader.onlyKeys(
      artifact,
      ["type", "file", "repository", "description", "deploy_path", "version", "properties"],
      `${what}: artifact ${name}`,
    );
    const type = reader.requiredText(artifact, "type", `${what}: artifact ${name}`);
    const file = reader.requiredText(artifact, "file", `${what}: artifact ${name}`);
    if (type === null || file === null) continue;
    if (!registry.get("artifact", type))
      reader.report(
        artifact.entries.get("type")?.value.place ?? artifact.place,
        `${what}: unknown artifact type "${type}"${suggestion(type, registry.names("artifact"))}`,
      );
    artifacts.set(name, { type, file, place: artifact.entries.get("file")?.value.place ?? artifact.place });
  }
  return artifacts;
}

/** Policies are a list of one-entry maps (TOSCA 1.3 §3.9); a plain map is taken as well. */
function readPolicies(
  topology: LocatedMap,
  substitute: (l: Located) => Located,
  registry: TypeRegistry,
  reader: Reader,
): readonly Policy[] {
  const section = topology.entries.get("policies")?.value;
  if (!section) return [];
  const named =
    section.kind === "map"
      ? [...section.entries]
      : (reader.list(section, "policies") ?? []).flatMap((item) => [
          ...(reader.map(item, "policy")?.entries ?? []),
        ]);
  return named.flatMap(([name, { value, keyPlace }]) => {
    const what = `policy ${name}`;
    const map = reader.map(value, what);
    if (!map) return [];
    reader.onlyKeys(map, ["type", "description", "metadata", "properties", "targets", "triggers"], what);
    const type = reader.requiredText(map, "type", what);
    if (type === null) return [];
    if (!registry.get("policy", type)) {
      reader.report(
        map.entries.get("type")?.value.place ?? keyPlace,
        `${what}: unknown policy type "${type}"${suggestion(type, registry.names("policy"))}`,
      );
      return [];
    }
    const definitions = registry.propertiesOf("policy", type);
    const assigned = readAssignments(map, substitute, reader);
    checkProperties(assigned, definitions, { place: keyPlace }, what, registry, reader);
    const targets = map.entries.get("targets");
    const items = targets ? (reader.list(targets.value, `${what}: targets`) ?? []) : [];
    return [
      {
        name,
        type,
        place: keyPlace,
        properties: withDefaults(assigned, definitions),
        targets: items.flatMap((item) => ({
          name: reader.text(item, `${what}: target`) ?? "",
          place: item.place,
        })),
      },
    ];
  });
}

function readSubstitution(
  topology: LocatedMap,
  nodes: readonly NodeTemplate[],
  reader: Reader,
): Pick<Topology, "substitutes" | "exposed"> {
  const entry = topology.entries.get("substitution_mappings");
  const map = entry ? reader.map(entry.value, "substitution_mappings") : null;
  if (!map) return { substitutes: null, exposed: new Map() };
  reader.onlyKeys(
    map,
    [
      "node_type",
      "requirements",
      "capabilities",
      "properties",
      "interfaces",
      "attributes",
      "substitution_filter",
    ],
    "substitution_mappings",
  );
  const exposed = new Map<string, { node: string; place: SourcePlace }>();
  for (const [name, { value }] of reader.entries(map, "requirements")) {
    const [node] = reader.list(value, `substitution_mappings: requirement ${name}`) ?? [];
    const target = node ? reader.text(node, `substitution_mappings: requirement ${name}`) : null;
    if (target === null || !node) continue;
    const names = nodes.map((n) => n.name);
    if (!names.includes(target))
      reader.report(
        node.place,
        `substitution_mappings: unknown node template "${target}"${suggestion(target, names)}`,
      );
    exposed.set(name, { node: target, place: node.place });
  }
  return { substitutes: reader.requiredText(map, "node_type", "substitution_mappings"), exposed };
}
