/** Services of any number of LVNFs: one behind the other between two node ports, or each by itself with a port of its own. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type Shape = "chain" | "single";

const SINGLE_SCRIPT = `in0 -> forward :: Counter -> way :: Switch(0) -> Discard;
way[1] -> Discard;
`;
const SCRIPT = `in0 -> forward :: Counter -> way :: Switch(0) -> out1;
way[1] -> Discard;
in1 -> backward :: Counter -> out0;
`;

/** Its \`way\` is state: an agent that supervises it asks for it every second, as of any LVNF that has some. */
const VNFD = `tosca_definitions_version: tosca_simple_yaml_1_3
imports: [lightmano_types.yaml]
node_types:
  lightmano.bench.Forwarder:
    derived_from: tosca.nodes.nfv.VNF
    properties:
      descriptor_id: { type: string, default: bench-forwarder }
      descriptor_version: { type: string, default: "1.0" }
      provider: { type: string, default: LightMANO }
      product_name: { type: string, default: forwarder }
      software_version: { type: string, default: "1.0" }
topology_template:
  substitution_mappings: { node_type: lightmano.bench.Forwarder }
  node_templates:
    vnf: { type: lightmano.bench.Forwarder }
    click:
      type: lightmano.nodes.Lvnf
      properties:
        name: click
        handlers:
          - { name: forward, handler: forward.count }
          - { name: way, handler: way.switch, access: both, state: true }
      artifacts:
        script: { type: lightmano.artifacts.ClickScript, file: forwarder.click }
    a:
      type: lightmano.nodes.VirtualPort
      properties: { layer_protocols: [ethernet], order: 0 }
      requirements: [{ virtual_binding: click }]
`;

const SECOND_PORT = `    b:
      type: lightmano.nodes.VirtualPort
      properties: { layer_protocols: [ethernet], order: 1 }
      requirements: [{ virtual_binding: click }]
`;

/** Writes the package into the folder, which is made. */
export async function writePackage(folder: string, shape: Shape, functions: number): Promise<void> {
  const names = Array.from({ length: functions }, (_, i) => `f${i + 1}`);
  const path = ["ran", ...names.flatMap((name) => [`${name}.a`, `${name}.b`]), "core"];
  const nsd = `tosca_definitions_version: tosca_simple_yaml_1_3
imports: [lightmano_types.yaml, forwarder.yaml]
topology_template:
  node_templates:
    service:
      type: tosca.nodes.nfv.NS
      properties: { descriptor_id: bench, designer: LightMANO, version: "1.0", name: Bench, invariant_id: bench }
    ran: { type: tosca.nodes.nfv.Sap, properties: { layer_protocols: [ethernet] } }
    core: { type: tosca.nodes.nfv.Sap, properties: { layer_protocols: [ethernet] } }
${names.map((name) => `    ${name}: { type: lightmano.bench.Forwarder }`).join("\n")}
${shape === "chain" ? `    through: { type: lightmano.nodes.Nfp, properties: { path: [${path.join(", ")}], bidirectional: true } }\n` : ""}`;
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(join(folder, "nsd.yaml"), nsd),
    writeFile(join(folder, "forwarder.yaml"), shape === "chain" ? VNFD + SECOND_PORT : VNFD),
    writeFile(join(folder, "forwarder.click"), shape === "chain" ? SCRIPT : SINGLE_SCRIPT),
  ]);
}
