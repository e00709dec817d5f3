/** An NS descriptor: service access points, functions, and the forwarding paths between them. */
import { isIPv6 } from "node:net";
import type { SourcePlace } from "../errors.js";
import {
  type Chain,
  type CpRef,
  cpText,
  type FlowMatch,
  type FunctionDescriptor,
  type Hop,
  type Sap,
} from "../service.js";
import { type Reader, suggestion } from "./reader.js";
import { plain } from "./source.js";
import type { NodeTemplate, Policy, Topology } from "./template.js";
import type { TypeRegistry } from "./types.js";
import { isUnresolved } from "./values.js";
import { valuesOf } from "./vnfd.js";

/** Priority of a hop without a rule: below every rule's (1 to 1000). */
const NO_RULE_PRIORITY = 0;

export function readSaps(topology: Topology, registry: TypeRegistry): readonly Sap[] {
  return topology.nodes
    .filter((node) => registry.isA("node", node.type, "tosca.nodes.nfv.Sap"))
    .map(({ name }) => ({ name }));
}

/** What a path can lead over. */
export interface Points {
  readonly saps: readonly Sap[];
  readonly functions: readonly FunctionDescriptor[];
  /** Node templates of the NSD that could not be read. */
  readonly unreadable: ReadonlySet<string>;
}

export function readChains(
  topology: Topology,
  points: Points,
  registry: TypeRegistry,
  reader: Reader,
): readonly Chain[] {
  const paths = topology.nodes.filter((node) => registry.isA("node", node.type, "lightmano.nodes.Nfp"));
  const rules = topology.policies.filter((policy) =>
    registry.isA("policy", policy.type, "tosca.policies.nfv.NfpRule"),
  );
  for (const rule of rules) {
    for (const target of rule.targets) {
      const names = paths.map(({ name }) => name);
      if (!names.includes(target.name))
        reader.report(
          target.place,
          `policy ${rule.name}: unknown forwarding path "${target.name}"${suggestion(target.name, names)}`,
        );
    }
  }
  const placed = paths.map((path) => ({ path, hops: readPath(path, rules, points, reader) }));
  reportAmbiguousHops(placed, reader);
  return placed.map(({ path, hops }) => ({ name: path.name, hops }));
}

function readPath(
  path: NodeTemplate,
  rules: readonly Policy[],
  known: Points,
  reader: Reader,
): readonly Hop[] {
  const what = `forwarding path ${path.name}`;
  const located = path.properties.get("path");
  const items = located?.kind === "list" ? located.items : [];
  const points = items.flatMap((item) => {
    const ref = resolvePoint(String(plain(item)), item.place, what, known, reader);
    return ref ? [{ ref, place: item.place }] : [];
  });
  if (points.length !== items.length || points.length < 2) return [];
  const [first, last] = [points[0], points.at(-1)];
  if (first && last && cpText(first.ref) === cpText(last.ref)) {
    reader.report(
      last.place,
      `${what}: it ends where it begins (${cpText(last.ref)}): traffic would go round for ever`,
    );
    return [];
  }
  const targeting = rules.filter((rule) => rule.targets.some((target) => target.name === path.name));
  const matches =
    targeting.length > 0
      ? targeting.map((rule) => ({
          match: matchOf(rule, reader),
          priority: Number(valuesOf(rule).priority ?? 100),
        }))
      : [{ match: {}, priority: NO_RULE_PRIORITY }];
  const forward = hopsOf(points, matches, what, reader);
  const backwards = valuesOf(path).bidirectional === true;
  return backwards
    ? [
        ...forward,
        ...hopsOf(
          points.toReversed(),
          matches.map(({ match, priority }) => ({ match: swapped(match), priority })),
          what,
          reader,
        ),
      ]
    : forward;
}

/**
 * Consecutive points become hops. The rule classifies where traffic enters the path; after a function the
 * port that it comes out of says which path it is on, for a function may rewrite what the rule looked at.
 */
function hopsOf(
  points: readonly { ref: CpRef; place: SourcePlace }[],
  rules: readonly { match: FlowMatch; priority: number }[],
  what: string,
  reader: Reader,
): Hop[] {
  const hops: Hop[] = [];
  for (const [i, to] of points.entries()) {
    const from = points[i - 1];
    if (!from) continue;
    if (from.ref.kind === "function" && to.ref.kind === "function" && from.ref.function === to.ref.function)
      continue; // through the function
    if (cpText(from.ref) === cpText(to.ref))
      reader.report(to.place, `${what}: ${cpText(to.ref)} follows itself`);
    const classify = hops.length === 0 ? rules : [{ match: {}, priority: NO_RULE_PRIORITY }];
    hops.push(...classify.map((rule) => ({ from: from.ref, to: to.ref, ...rule })));
  }
  if (hops.length === 0)
    reader.report(
      points[0]?.place ?? { file: "", line: 1, column: 1 },
      `${what}: it leads nowhere: all its points are of one function`,
    );
  return hops;
}

function resolvePoint(
  text: string,
  place: SourcePlace,
  what: string,
  { saps, functions, unreadable }: Points,
  reader: Reader,
): CpRef | null {
  const [owner = "", port] = text.split(".", 2);
  if (port === undefined) {
    if (saps.some((sap) => sap.name === owner)) return { kind: "sap", sap: owner };
    if (unreadable.has(owner)) return null;
    const hint = functions.some((f) => f.name === owner)
      ? `; "${owner}" is a function: name one of its ports, as ${owner}.PORT`
      : suggestion(
          owner,
          saps.map((s) => s.name),
        );
    reader.report(place, `${what}: unknown SAP "${owner}"${hint}`);
    return null;
  }
  if (unreadable.has(owner)) return null; // its own problems are reported; this would only repeat them
  const owned = functions.find((candidate) => candidate.name === owner);
  if (!owned) {
    reader.report(
      place,
      `${what}: unknown function "${owner}"${suggestion(
        owner,
        functions.map((f) => f.name),
      )}`,
    );
    return null;
  }
  const names = owned.ports.map((p) => p.name);
  if (names.includes(port)) return { kind: "function", function: owner, port };
  reader.report(place, `${what}: function "${owner}" has no port "${port}"${suggestion(port, names)}`);
  return null;
}

function matchOf(rule: Policy, reader: Reader): FlowMatch {
  const values = Object.fromEntries(
    [...rule.properties].filter(([, v]) => !isUnresolved(v)).map(([k, v]) => [k, plain(v)]),
  ) as Record<string, never>;
  const protocol = values.protocol as FlowMatch["protocol"] | undefined;
  for (const key of ["source_port_range", "destination_port_range"]) {
    const range = rule.properties.get(key);
    if (!range || isUnresolved(range)) continue;
    const [low, high] = plain(range) as [number, number];
    if (protocol !== "tcp" && protocol !== "udp" && protocol !== "sctp")
      reader.report(range.place, `policy ${rule.name}: ${key} needs protocol tcp, udp or sctp`);
    if (!(low >= 0 && low <= high && high <= 65535))
      reader.report(
        range.place,
        `policy ${rule.name}: ${key} [${low}, ${high}] is no range within 0 to 65535`,
      );
  }
  for (const key of ["source_ip_address_prefix", "destination_ip_address_prefix"]) {
    const prefix = rule.properties.get(key);
    if (prefix && !isUnresolved(prefix) && !isIpPrefix(String(plain(prefix))))
      reader.report(
        prefix.place,
        `policy ${rule.name}: ${key} "${plain(prefix)}" is no IP prefix, such as 10.0.0.0/8`,
      );
  }
  const match: { -readonly [K in keyof FlowMatch]: FlowMatch[K] | undefined } = {
    etherSource: values.ether_source_address,
    etherDestination: values.ether_destination_address,
    etherType: values.ether_type,
    vlan: values.vlan_tag,
    protocol,
    dscp: values.dscp,
    sourcePrefix: values.source_ip_address_prefix,
    destinationPrefix: values.destination_ip_address_prefix,
    sourcePorts: values.source_port_range,
    destinationPorts: values.destination_port_range,
  };
  const given = Object.fromEntries(
    Object.entries(match).filter(([, value]) => value !== undefined),
  ) as FlowMatch;
  reportContradictions(rule, given, reader);
  return given;
}

/** Fields that no packet has together: Open vSwitch refuses such a flow, and with it all others of the change. */
function reportContradictions(
  rule: Policy,
  { etherType, protocol, dscp, sourcePrefix, destinationPrefix }: FlowMatch,
  reader: Reader,
): void {
  const families = [sourcePrefix, destinationPrefix].flatMap((prefix) =>
    prefix === undefined ? [] : [prefix.includes(":") ? "ipv6" : "ipv4"],
  );
  const report = (words: string): void => reader.report(rule.place, `policy ${rule.name}: ${words}`);
  if (new Set(families).size > 1) report("one prefix is of IPv4 and the other of IPv6");
  if (etherType === "arp" && (protocol !== undefined || dscp !== undefined || families.includes("ipv6")))
    report("ether_type arp has no protocol, no dscp and no IPv6 prefix");
  const other = families.find((family) => family !== etherType);
  if ((etherType === "ipv4" || etherType === "ipv6") && other !== undefined)
    report(`ether_type ${etherType} does not go with a prefix of ${other === "ipv4" ? "IPv4" : "IPv6"}`);
}

function isIpPrefix(text: string): boolean {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (v4) return v4.slice(1, 5).every((octet) => Number(octet) <= 255) && Number(v4[5] ?? 0) <= 32;
  const [, address = "", length = "0"] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  return isIPv6(address) && !address.includes("%") && Number(length) <= 128;
}

function swapped({
  etherSource,
  etherDestination,
  sourcePrefix,
  destinationPrefix,
  sourcePorts,
  destinationPorts,
  ...rest
}: FlowMatch): FlowMatch {
  return {
    ...rest,
    ...(etherDestination !== undefined && { etherSource: etherDestination }),
    ...(etherSource !== undefined && { etherDestination: etherSource }),
    ...(destinationPrefix !== undefined && { sourcePrefix: destinationPrefix }),
    ...(sourcePrefix !== undefined && { destinationPrefix: sourcePrefix }),
    ...(destinationPorts !== undefined && { sourcePorts: destinationPorts }),
    ...(sourcePorts !== undefined && { destinationPorts: sourcePorts }),
  };
}

/** Two hops that take the same traffic from the same point to different places cannot both be had. */
function reportAmbiguousHops(
  placed: readonly { path: NodeTemplate; hops: readonly Hop[] }[],
  reader: Reader,
): void {
  const seen = new Map<string, { path: string; to: string }>();
  for (const { path, hops } of placed) {
    for (const hop of hops) {
      const key = JSON.stringify([cpText(hop.from), hop.priority, Object.entries(hop.match).sort()]);
      const other = seen.get(key);
      const to = cpText(hop.to);
      if (other && other.to !== to) {
        reader.report(
          path.place,
          `forwarding path ${path.name}: what comes out of ${cpText(hop.from)} is sent to ${to} here and to ${other.to} by ${other.path}, with the same match and priority: give one rule another match or priority`,
        );
      }
      if (!other) seen.set(key, { path: path.name, to });
    }
  }
}
