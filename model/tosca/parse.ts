/**
 * A descriptor package read as a whole: the NSD, the VNFDs that it imports, their artifacts. Every problem
 * found is reported at once, each with its place.
 */
import { digestOf } from "../digest.js";
import { err, ok, type Problem, problem, type Result, type SourcePlace } from "../errors.js";
import type { DescriptorPackage } from "../messages/desired.js";
import type { FunctionDescriptor, NsDescriptor } from "../service.js";
import { BUILTIN_IMPORTS, LIGHTMANO_TYPES, SOL001_TYPES } from "./builtin-types.js";
import { readChains, readSaps } from "./nsd.js";
import { createReader, type Reader, suggestion } from "./reader.js";
import { type Located, type LocatedMap, locate, parseYaml } from "./source.js";
import { type NodeTemplate, readHeader, readTopology, type Topology } from "./template.js";
import { createTypeRegistry, readTypes, type TypeRegistry } from "./types.js";
import { isUnresolved } from "./values.js";
import { readFunction, valuesOf } from "./vnfd.js";

export interface PackageSource {
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The package as it travels: with its digest over `{ entry, files }`. */
export function packageOf({ entry, files }: PackageSource): DescriptorPackage {
  return { digest: digestOf({ entry, files }), entry, files: { ...files } };
}

/**
 * Reads a package. Without `inputs` it is checked as it is onboarded: inputs that have no default stay
 * open. With `inputs` it is checked as it is instantiated: all must be there, and unknown ones are errors.
 */
export function parsePackage(
  source: PackageSource,
  inputs?: Readonly<Record<string, unknown>>,
): Result<NsDescriptor, readonly Problem[]> {
  const reader = createReader();
  const files = new Map(Object.entries(source.files));
  const registry = builtinTypes();
  const templates = loadTemplates(source.entry, files, registry, reader);
  const entry = templates.get(source.entry);
  if (!entry || reader.problems.length > 0) return err(sorted(reader.problems));

  const inputPlace: SourcePlace = { file: "inputs", line: 1, column: 1 };
  const values = new Map(
    Object.entries(inputs ?? {}).map(([name, value]) => [name, locate(value, inputPlace)]),
  );
  const topology = readTopology(entry, values, inputs === undefined, registry, reader);
  if (!topology) return err(sorted(reader.problems));
  const saps = readSaps(topology, registry);
  const functions = readFunctions(topology, entry, templates, files, registry, reader);
  const unreadable = new Set(
    vnfInstances(topology, registry)
      .map(({ name }) => name)
      .filter((name) => !functions.some((f) => f.name === name))
      .concat(topology.unreadable),
  );
  const chains = readChains(topology, { saps, functions, unreadable }, registry, reader);
  const service = topology.nodes.find((node) => registry.isA("node", node.type, "tosca.nodes.nfv.NS"));
  if (!service) reader.report(entry.place, "NSD: a node template of type tosca.nodes.nfv.NS is missing");
  if (!service || reader.problems.length > 0) return err(sorted(reader.problems));
  const identity = valuesOf(service);
  return ok({
    id: String(identity.descriptor_id),
    name: String(identity.name),
    version: String(identity.version),
    designer: String(identity.designer),
    inputs: topology.inputs,
    saps,
    functions,
    chains,
  });
}

function builtinTypes(): TypeRegistry {
  const registry = createTypeRegistry();
  const reader = createReader();
  for (const text of [SOL001_TYPES, LIGHTMANO_TYPES]) {
    const { tree, problems } = parseYaml("lightmano_types.yaml", text);
    if (tree?.kind !== "map" || problems.length > 0)
      throw new Error(`the built-in types do not parse: ${JSON.stringify(problems)}`);
    readTypes(tree, registry, reader);
  }
  if (reader.problems.length > 0)
    throw new Error(`the built-in types are wrong: ${JSON.stringify(reader.problems)}`);
  return registry;
}

/** Follows imports from the entry file; every file is read once, its types go into the registry. */
function loadTemplates(
  entry: string,
  files: ReadonlyMap<string, string>,
  registry: TypeRegistry,
  reader: Reader,
): ReadonlyMap<string, LocatedMap> {
  const templates = new Map<string, LocatedMap>();
  const visit = (file: string, place: SourcePlace): void => {
    if (templates.has(file) || (BUILTIN_IMPORTS.includes(file) && !files.has(file))) return;
    const text = files.get(file);
    if (text === undefined)
      return reader.report(
        place,
        `the package has no file "${file}"${suggestion(file, [...files.keys(), ...BUILTIN_IMPORTS])}`,
      );
    const { tree, problems } = parseYaml(file, text);
    for (const { place: at, detail } of problems) reader.report(at ?? place, detail);
    const template = tree ? reader.map(tree, "service template") : null;
    if (!template) return;
    templates.set(file, template);
    for (const imported of readHeader(template, reader)) visit(imported.file, imported.place);
    readTypes(template, registry, reader);
  };
  visit(entry, { file: entry, line: 1, column: 1 });
  return templates;
}

/** Part of file names and container names. No dot: SERVICE.FUNCTION is to be one function's id only. */
const FUNCTION_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;

function readFunctions(
  nsd: Topology,
  entry: LocatedMap,
  templates: ReadonlyMap<string, LocatedMap>,
  files: ReadonlyMap<string, string>,
  registry: TypeRegistry,
  reader: Reader,
): readonly FunctionDescriptor[] {
  return vnfInstances(nsd, registry).flatMap((instance) => {
    if (!FUNCTION_NAME.test(instance.name)) {
      reader.report(
        instance.place,
        `function ${JSON.stringify(instance.name)}: a function's name has letters, digits, "_" and "-", at most 63`,
      );
      return [];
    }
    const vnfd = [...templates.values()].find(
      (template) => template !== entry && substitutedType(template) === instance.type,
    );
    if (!vnfd) {
      reader.report(
        instance.place,
        `function ${instance.name}: no imported VNFD has substitution_mappings with node_type ${instance.type}`,
      );
      return [];
    }
    const topology = readTopology(vnfd, inputsFor(instance, vnfd), true, registry, reader);
    const made = topology ? readFunction(instance, topology, files, registry, reader) : null;
    return made ? [made] : [];
  });
}

const vnfInstances = (nsd: Topology, registry: TypeRegistry): readonly NodeTemplate[] =>
  nsd.nodes.filter((node) => registry.isA("node", node.type, "tosca.nodes.nfv.VNF"));

function substitutedType(template: LocatedMap): unknown {
  const path = ["topology_template", "substitution_mappings", "node_type"];
  const found = path.reduce<Located | null>(
    (at, key) => (at?.kind === "map" ? (at.entries.get(key)?.value ?? null) : null),
    template,
  );
  return found?.kind === "scalar" ? found.value : null;
}

/** Properties of the VNF node go to the VNFD's inputs of the same name (TOSCA 1.3 §3.8.13). */
function inputsFor(instance: NodeTemplate, vnfd: LocatedMap): ReadonlyMap<string, Located> {
  const topology = vnfd.entries.get("topology_template")?.value;
  const declared = topology?.kind === "map" ? topology.entries.get("inputs")?.value : null;
  const names = declared?.kind === "map" ? [...declared.entries.keys()] : [];
  return new Map(
    [...instance.properties].filter(([name, value]) => names.includes(name) && !isUnresolved(value)),
  );
}

/** In reading order, each once: a VNFD used by two functions would report its problems twice. */
function sorted(problems: readonly Problem[]): readonly Problem[] {
  const unique = new Map(problems.map((p) => [JSON.stringify(p), p]));
  return [...unique.values()]
    .map((p) => problem(p.code, p.detail, p.place))
    .sort(
      (a, b) =>
        (a.place?.file ?? "").localeCompare(b.place?.file ?? "") ||
        (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
        (a.place?.column ?? 0) - (b.place?.column ?? 0),
    );
}
