/** What is deployed in simulations: small packages, of the example's own parts, each in two versions. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packageOf } from "../../../model/tosca/parse.js";

export interface SimulatedPackage {
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The node's ports, by SAP. No two services want the same: what one does never hinders another. */
export const PORTS: Readonly<Record<string, string>> = Object.fromEntries(
  ["a1", "a2", "b1", "b2", "c1", "c2", "wan"].map((name) => [name, `eth-${name}`]),
);
export const IMAGE = "lightmano/squid:1";
/** A service stands on these SAPs: two for a forwarder, one for a container. */
export const SLOTS = [
  { name: "a", kind: "lvnf", saps: ["a1", "a2"] },
  { name: "b", kind: "lvnf", saps: ["b1", "b2"] },
  { name: "c", kind: "lvnf", saps: ["c1", "c2"] },
  { name: "w", kind: "container", saps: ["wan"] },
] as const;
/** Slots that are asked for at the node; the others are the controller's. Who is whose is a rule of its own. */
export const LOCAL: ReadonlySet<string> = new Set(["c"]);
/** What is asked for at a node has a name of its own; what the controller makes, a number. */
export const localId = ({ name }: { readonly name: string }): string => `local-${name}`;
export const isLocal = (id: string): boolean => id.startsWith("local-");
export type Slot = (typeof SLOTS)[number];

const example = (path: string): string => {
  // Of the bundle in dist/, beside examples/.
  return readFileSync(fileURLToPath(new URL(`../examples/${path}`, import.meta.url)), "utf8");
};

export function packageFor(slot: Slot, version: number): SimulatedPackage {
  return slot.kind === "lvnf" ? forwarder(slot.saps, version) : squid(version);
}

export const digestFor = (slot: Slot, version: number): string => packageOf(packageFor(slot, version)).digest;

function forwarder([from, to]: readonly [string, string], version: number): SimulatedPackage {
  const nsd = example("forwarder/nsd.yaml")
    .replaceAll(/\bran\b/g, from)
    .replaceAll(/\bcore\b/g, to);
  const script = `// version ${version}\n${example("forwarder/forwarder.click")}`;
  return {
    entry: "nsd.yaml",
    files: {
      "nsd.yaml": nsd,
      "forwarder.yaml": example("forwarder/forwarder.yaml").replace(
        "        handlers:\n",
        "        handlers:\n          - { name: mark, handler: forward.reset, access: write }\n",
      ),
      "forwarder.click": script,
    },
  };
}

function squid(version: number): SimulatedPackage {
  const nsd = `tosca_definitions_version: tosca_simple_yaml_1_3
imports: [lightmano_types.yaml, squid.yaml]
topology_template:
  node_templates:
    ns:
      type: tosca.nodes.nfv.NS
      properties: { descriptor_id: squid, designer: simulation, version: "1.0", name: Squid, invariant_id: squid }
    wan: { type: tosca.nodes.nfv.Sap, properties: { layer_protocols: [ethernet] } }
    cache:
      type: lightmano.examples.Squid
      properties:
        image: ${IMAGE}
        ue_prefix: 172.16.${version}.0/24
        wan_address: 10.50.0.10/24
        wan_gateway: 10.50.0.1
    cache-wan:
      type: lightmano.nodes.Nfp
      properties: { path: [cache.wan, wan], bidirectional: true }
`;
  return {
    entry: "nsd.yaml",
    files: { "nsd.yaml": nsd, "squid.yaml": example("mobile-edge-cache/squid.yaml") },
  };
}
