/** A VNF descriptor: one virtualisation unit (an LVNF or a container) and its connection points. */
import type { ConnectionPoint, FunctionDescriptor, HandlerDeclaration, RunMode } from "../service.js";
import { type Reader, suggestion } from "./reader.js";
import { plain } from "./source.js";
import type { NodeTemplate, Topology } from "./template.js";
import type { TypeRegistry } from "./types.js";
import { isUnresolved, parseSize, parseTime } from "./values.js";

const UNIT_TYPES = ["lightmano.nodes.Lvnf", "lightmano.nodes.Container"] as const;

/** How often a state handler is asked: if nothing is said, and at most and least. */
const DEFAULT_PERIOD_MS = 1_000;
const LEAST_PERIOD_MS = 100;
const MOST_PERIOD_MS = 86_400_000;

/** Properties of a node as plain values; what is still open is left out. */
export function valuesOf(node: Pick<NodeTemplate, "properties">): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...node.properties]
      .filter(([, value]) => !isUnresolved(value))
      .map(([key, value]) => [key, plain(value)]),
  );
}

/** Makes the function that `instance` (a node template of the NSD) stands for, from its VNFD's topology. */
export function readFunction(
  instance: NodeTemplate,
  vnfd: Topology,
  files: ReadonlyMap<string, string>,
  registry: TypeRegistry,
  reader: Reader,
): FunctionDescriptor | null {
  const units = vnfd.nodes.filter((node) => UNIT_TYPES.some((type) => registry.isA("node", node.type, type)));
  const [unit] = units;
  const self = vnfd.nodes.find((node) => node.type === vnfd.substitutes);
  if (!unit || !self) {
    const missing = unit
      ? `a node template of type ${vnfd.substitutes}`
      : "a node template of type lightmano.nodes.Lvnf or lightmano.nodes.Container";
    reader.report(
      vnfd.nodes[0]?.place ?? instance.place,
      `VNFD of ${vnfd.substitutes}: ${missing} is missing`,
    );
    return null;
  }
  for (const extra of units.slice(1))
    reader.report(
      extra.place,
      `VNFD of ${vnfd.substitutes}: more than one unit (${unit.name}, ${extra.name}); one function has one`,
    );
  const identity = valuesOf(self);
  const common = {
    name: instance.name,
    descriptorId: String(identity.descriptor_id ?? ""),
    version: String(identity.descriptor_version ?? ""),
    ports: readPorts(vnfd, unit, registry, reader),
  };
  return registry.isA("node", unit.type, "lightmano.nodes.Lvnf")
    ? readLvnf(common, unit, files, reader)
    : readContainer(common, unit);
}

type Common = Pick<FunctionDescriptor, "name" | "descriptorId" | "version" | "ports">;

function readLvnf(
  common: Common,
  unit: NodeTemplate,
  files: ReadonlyMap<string, string>,
  reader: Reader,
): FunctionDescriptor | null {
  const script = unit.artifacts.get("script");
  if (!script) {
    reader.report(
      unit.place,
      `LVNF ${unit.name}: the artifact "script" (lightmano.artifacts.ClickScript) is missing`,
    );
    return null;
  }
  const text = files.get(script.file);
  if (text === undefined) {
    reader.report(
      script.place,
      `LVNF ${unit.name}: the package has no file "${script.file}"${suggestion(script.file, [...files.keys()])}`,
    );
    return null;
  }
  const values = valuesOf(unit);
  const declared = (values.handlers ?? []) as (Partial<HandlerDeclaration> & { readonly period?: string })[];
  const handlers = declared.map((h) => ({
    name: String(h.name),
    handler: String(h.handler),
    access: h.access ?? "read",
    state: h.state ?? false,
    periodMs: parseTime(h.period) ?? DEFAULT_PERIOD_MS,
    changed: h.changed ?? null,
    events: h.events ?? false,
    metrics: h.metrics ?? false,
  }));
  const handlerPlace = unit.properties.get("handlers")?.place ?? unit.place;
  for (const [i, { name, access, state, periodMs, events, metrics }] of handlers.entries()) {
    if (handlers.findIndex((h) => h.name === name) !== i)
      reader.report(handlerPlace, `LVNF ${unit.name}: handler "${name}" is declared twice`);
    if (state && access !== "both")
      reader.report(handlerPlace, `LVNF ${unit.name}: state handler "${name}" needs access both`);
    const { period, changed } = declared[i] ?? {};
    if (!state && (period !== undefined || changed !== undefined))
      reader.report(
        handlerPlace,
        `LVNF ${unit.name}: handler "${name}": period and changed are of state handlers`,
      );
    if (periodMs < LEAST_PERIOD_MS || periodMs > MOST_PERIOD_MS)
      reader.report(
        handlerPlace,
        `LVNF ${unit.name}: handler "${name}": period ${period}: expected 100 ms to 1 d`,
      );
    for (const [kind, wanted] of Object.entries({ events, metrics }))
      if (wanted && access === "write")
        reader.report(handlerPlace, `LVNF ${unit.name}: ${kind} handler "${name}" needs access read or both`);
  }
  const parameters = Object.fromEntries(
    Object.entries((values.parameters ?? {}) as Record<string, unknown>).map(([key, value]) => [
      key,
      String(value),
    ]),
  );
  const runMode: RunMode = values.run_mode === "kernel" ? "kernel" : "userlevel";
  return { ...common, kind: "lvnf", script: { file: script.file, text }, parameters, handlers, runMode };
}

function readContainer(common: Common, unit: NodeTemplate): FunctionDescriptor {
  const values = valuesOf(unit);
  const milliCpus = values.cpu_resource_limit;
  return {
    ...common,
    kind: "container",
    image: String(values.image ?? ""),
    command: (values.command as readonly string[] | undefined) ?? null,
    environment: (values.environment as Record<string, string> | undefined) ?? {},
    memoryBytes: values.memory_resource_limit === undefined ? null : parseSize(values.memory_resource_limit),
    cpus: typeof milliCpus === "number" ? milliCpus / 1000 : null,
    readyPorts: (values.ready_ports as readonly number[] | undefined) ?? [],
  };
}

/** The virtual ports bound to the unit, by `order`; named as the VNFD exposes them. */
function readPorts(
  vnfd: Topology,
  unit: NodeTemplate,
  registry: TypeRegistry,
  reader: Reader,
): readonly ConnectionPoint[] {
  const bound = vnfd.nodes.filter((node) => registry.isA("node", node.type, "lightmano.nodes.VirtualPort"));
  const ports = bound.flatMap((node): ConnectionPoint[] => {
    const binding = node.requirements.find((requirement) => requirement.name === "virtual_binding");
    if (binding?.target !== unit.name) {
      reader.report(
        binding?.place ?? node.place,
        `virtual port ${node.name}: virtual_binding must name the unit "${unit.name}"`,
      );
      return [];
    }
    const exposedAs = [...vnfd.exposed].find(([, { node: name }]) => name === node.name)?.[0] ?? node.name;
    const values = valuesOf(node);
    if (typeof values.order !== "number")
      reader.report(
        node.place,
        `virtual port ${node.name}: property "order" is missing (its Click port or interface number)`,
      );
    const redirects = (values.redirects ?? []) as readonly { port: number; to_port: number }[];
    return [
      {
        name: exposedAs,
        order: Number(values.order ?? 0),
        macAddress: (values.mac_address as string | undefined)?.toLowerCase() ?? null,
        ipAddress: (values.ip_address as string | undefined) ?? null,
        routes: (values.routes as ConnectionPoint["routes"] | undefined) ?? [],
        redirects: redirects.map(({ port, to_port }) => ({ port, toPort: to_port })),
      },
    ];
  });
  const sorted = ports.toSorted((a, b) => a.order - b.order);
  for (const [i, port] of sorted.entries()) {
    if (port.order !== i)
      reader.report(
        unit.place,
        `${unit.name}: virtual ports must have the orders 0 to ${sorted.length - 1}, each once; found ${sorted.map((p) => `${p.name}=${p.order}`).join(", ")}`,
      );
    if (port.order !== i) break;
  }
  return sorted;
}
