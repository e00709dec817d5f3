/** The last that was known of every node, for a controller that starts while nodes are away. */
import type { NodeId, SiteId } from "../../model/ids.js";
import type { NodeInventory, NodeTelemetry } from "../../model/messages/node.js";
import type { Row, Sqlite } from "../../store/sqlite.js";

export interface NodeRecord {
  readonly site: SiteId;
  readonly node: NodeId;
  readonly online: boolean;
  /** Since when it is online or offline, by the controller's clock. */
  readonly since: string | null;
  readonly agentVersion: string | null;
  readonly heardAt: string | null;
  /** When its last report was taken. */
  readonly reportedAt: string | null;
  readonly inventory: NodeInventory | null;
  readonly telemetry: NodeTelemetry | null;
}

export function nodeQueries(sqlite: Sqlite) {
  return {
    async list(): Promise<readonly NodeRecord[]> {
      return (await sqlite.all("SELECT * FROM node ORDER BY site, node")).map(nodeRecord);
    },
    save: (nodes: readonly NodeRecord[]): Promise<void> =>
      sqlite.write([
        {
          sql: `INSERT OR REPLACE INTO node(site, node, online, since, agent_version, heard_at, reported_at, inventory, telemetry)
            SELECT value->>'site', value->>'node', value->>'online', value->>'since', value->>'agentVersion', value->>'heardAt',
              value->>'reportedAt', nullif(value->'inventory', 'null'), nullif(value->'telemetry', 'null')
            FROM json_each(?)`,
          values: [JSON.stringify(nodes)],
        },
      ]),
  };
}

const nodeRecord = (row: Row): NodeRecord => ({
  site: row.site as SiteId,
  node: row.node as NodeId,
  online: row.online === 1,
  since: row.since as string | null,
  agentVersion: row.agent_version as string | null,
  heardAt: row.heard_at as string | null,
  reportedAt: row.reported_at as string | null,
  inventory: row.inventory === null ? null : JSON.parse(String(row.inventory)),
  telemetry: row.telemetry === null ? null : JSON.parse(String(row.telemetry)),
});
