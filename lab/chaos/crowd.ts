/** More functions beside the service under test: a node with as many as the cold boot has. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServiceView } from "../demo/stage.js";
import { waitUntil } from "../wait.js";
import type { Bed } from "./bed.js";

const ID = "crowd";
const READY_WITHIN_MS = 120_000;

/** Deploys LVNFs that forward between two ports of their own, and one container, and waits until all run. */
export async function addCrowd({ agent, lab }: Bed, projectRoot: string, lvnfs: number): Promise<void> {
  const examples = { forwarder: ["forwarder.yaml", "forwarder.click"], "mobile-edge-cache": ["squid.yaml"] };
  const files: Record<string, string> = { "nsd.yaml": descriptor(lvnfs, lab.addresses) };
  for (const [folder, names] of Object.entries(examples))
    for (const name of names)
      files[name] = await readFile(join(projectRoot, "examples", folder, name), "utf8");
  await agent.send("POST", "/api/v1/services", { id: ID, name: ID, entry: "nsd.yaml", files, inputs: {} });
  await waitUntil(
    "all functions of the crowd run",
    async () => {
      const { functions } = await agent.get<ServiceView>(`/api/v1/services/${ID}`);
      return functions.length === lvnfs + 1 && functions.every(({ state }) => state === "running");
    },
    { timeoutMs: READY_WITHIN_MS },
  );
}

function descriptor(lvnfs: number, { uePrefix, wanGateway }: Bed["lab"]["addresses"]): string {
  const forwarders = Array.from(
    { length: lvnfs },
    (_, index) => `    f${index + 1}: { type: lightmano.examples.Forwarder }`,
  );
  return `tosca_definitions_version: tosca_simple_yaml_1_3
imports: [lightmano_types.yaml, forwarder.yaml, squid.yaml]
topology_template:
  node_templates:
    ns:
      type: tosca.nodes.nfv.NS
      properties: { descriptor_id: crowd, designer: chaos, version: "1.0", name: Crowd, invariant_id: crowd }
${forwarders.join("\n")}
    cache:
      type: lightmano.examples.Squid
      properties:
        ue_prefix: ${uePrefix}
        wan_address: 10.50.0.11/24
        wan_gateway: ${wanGateway}
`;
}
