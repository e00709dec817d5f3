/**
 * Writes that the node acknowledges while it is being broken: each is a service that wants nothing. One that was
 * acknowledged must be there afterwards, whatever happened; one that was not may be.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { AgentClient } from "./agent-client.js";

const EVERY_MS = 250;
const PREFIX = "mark-";

const DESCRIPTOR = `tosca_definitions_version: tosca_simple_yaml_1_3
imports: [lightmano_types.yaml]
topology_template:
  node_templates:
    mark:
      type: tosca.nodes.nfv.NS
      properties: { descriptor_id: mark, designer: chaos, version: "1.0", name: Mark, invariant_id: mark }
`;

export interface Writes {
  /** Ids of what was acknowledged. */
  stop(): Promise<readonly string[]>;
}

export function startWrites(agent: AgentClient, round: string): Writes {
  const acknowledged: string[] = [];
  const ending = new AbortController();
  const loop = async (): Promise<void> => {
    for (let n = 1; !ending.signal.aborted; n++) {
      const id = `${PREFIX}${round}-${n}`;
      const body = { id, name: id, entry: "mark.yaml", files: { "mark.yaml": DESCRIPTOR }, inputs: {} };
      await agent.send("POST", "/api/v1/services", body).then(
        () => acknowledged.push(id),
        () => undefined, // not acknowledged: nothing is promised
      );
      await delay(EVERY_MS);
    }
  };
  const running = loop();
  return {
    async stop() {
      ending.abort();
      await running;
      return acknowledged;
    },
  };
}

/** Of what was acknowledged, what is not there. */
export async function lostWrites(
  agent: AgentClient,
  acknowledged: readonly string[],
): Promise<readonly string[]> {
  const ids = new Set((await agent.get<readonly { id: string }[]>("/api/v1/services")).map(({ id }) => id));
  return acknowledged.filter((id) => !ids.has(id));
}

/** Takes all marks away, those too that were written and not acknowledged. */
export async function removeMarks(agent: AgentClient): Promise<void> {
  const services = await agent.get<readonly { id: string }[]>("/api/v1/services");
  for (const { id } of services)
    if (id.startsWith(PREFIX)) await agent.send("DELETE", `/api/v1/services/${id}`);
}
