/** NS instances and the operations on them (SOL005 NsInstance, NsLcmOpOcc). */

import type { ProblemDetails } from "../../model/errors.js";
import type { ServiceId, SiteId } from "../../model/ids.js";
import type { Row, Sqlite, Statement } from "../../store/sqlite.js";

export interface NsInstanceRecord {
  readonly id: ServiceId;
  readonly createdAt: string;
  readonly descriptorId: string;
  readonly name: string;
  readonly description: string;
  /** From the first end of an instantiation, also a failed one, to the end of its termination. */
  readonly instantiated: boolean;
  readonly site: SiteId | null;
  readonly inputs: Readonly<Record<string, unknown>> | null;
}

export type OperationType = "INSTANTIATE" | "TERMINATE";
export type OperationState = "PROCESSING" | "COMPLETED" | "FAILED";

export interface OperationRecord {
  readonly id: string;
  readonly instanceId: ServiceId;
  readonly type: OperationType;
  readonly state: OperationState;
  readonly site: SiteId;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly startedAt: string;
  readonly enteredAt: string;
  readonly error: ProblemDetails | null;
}

/** Older operations that have ended go. */
const KEPT_OPERATIONS = 10_000;

export function instanceQueries(sqlite: Sqlite) {
  return {
    create: ({
      id,
      createdAt,
      descriptorId,
      name,
      description,
    }: Omit<NsInstanceRecord, "instantiated" | "site" | "inputs">): Statement => ({
      sql: "INSERT INTO ns_instance(id, created_at, descriptor_id, name, description) VALUES(?, ?, ?, ?, ?)",
      values: [id, createdAt, descriptorId, name, description],
    }),
    remove: (id: ServiceId): Promise<void> =>
      sqlite.write([
        { sql: "DELETE FROM ns_instance WHERE id = ?", values: [id] },
        { sql: "DELETE FROM service_status WHERE service = ? AND removed = 1", values: [id] },
      ]),
    place: (id: ServiceId, site: SiteId, inputs: Readonly<Record<string, unknown>>): Statement => ({
      sql: "UPDATE ns_instance SET site = ?, inputs = ? WHERE id = ?",
      values: [site, JSON.stringify(inputs), id],
    }),
    setInstantiated: (id: ServiceId, instantiated: boolean): Statement => ({
      sql: "UPDATE ns_instance SET instantiated = ? WHERE id = ?",
      values: [instantiated ? 1 : 0, id],
    }),
    startOperation: (op: OperationRecord): Statement => ({
      sql: "INSERT INTO ns_operation(id, instance_id, type, state, site, parameters, started_at, entered_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
      values: [
        op.id,
        op.instanceId,
        op.type,
        op.state,
        op.site,
        JSON.stringify(op.parameters),
        op.startedAt,
        op.enteredAt,
      ],
    }),
    endOperation: (
      id: string,
      state: OperationState,
      enteredAt: string,
      error: ProblemDetails | null,
    ): Statement => ({
      sql: "UPDATE ns_operation SET state = ?, entered_at = ?, error = ? WHERE id = ? AND state = 'PROCESSING'",
      values: [state, enteredAt, error && JSON.stringify(error), id],
    }),
    prune: (): Statement => ({
      sql: `DELETE FROM ns_operation WHERE state <> 'PROCESSING'
        AND id NOT IN (SELECT id FROM ns_operation ORDER BY started_at DESC, id LIMIT ?)`,
      values: [KEPT_OPERATIONS],
    }),
    async get(id: string): Promise<NsInstanceRecord | null> {
      const row = await sqlite.get("SELECT * FROM ns_instance WHERE id = ?", id);
      return row && instance(row);
    },
    async list(): Promise<readonly NsInstanceRecord[]> {
      return (await sqlite.all("SELECT * FROM ns_instance ORDER BY created_at, id")).map(instance);
    },
    async operation(id: string): Promise<OperationRecord | null> {
      const row = await sqlite.get("SELECT * FROM ns_operation WHERE id = ?", id);
      return row && operation(row);
    },
    async operations(): Promise<readonly OperationRecord[]> {
      return (await sqlite.all("SELECT * FROM ns_operation ORDER BY started_at, id")).map(operation);
    },
    /** Those of these instances, and those at these sites. */
    async processingOf(
      instanceIds: readonly string[],
      sites: ReadonlySet<SiteId>,
    ): Promise<readonly OperationRecord[]> {
      const sql = `SELECT * FROM ns_operation WHERE state = 'PROCESSING'
        AND (instance_id IN (SELECT value FROM json_each(?)) OR site IN (SELECT value FROM json_each(?))) ORDER BY started_at`;
      return (await sqlite.all(sql, JSON.stringify(instanceIds), JSON.stringify([...sites]))).map(operation);
    },
    async processing(instanceId?: string): Promise<readonly OperationRecord[]> {
      const rows = await sqlite.all(
        "SELECT * FROM ns_operation WHERE state = 'PROCESSING' AND (?1 IS NULL OR instance_id = ?1) ORDER BY started_at",
        instanceId ?? null,
      );
      return rows.map(operation);
    },
  };
}

const instance = (row: Row): NsInstanceRecord => ({
  id: row.id as ServiceId,
  createdAt: String(row.created_at),
  descriptorId: String(row.descriptor_id),
  name: String(row.name),
  description: String(row.description),
  instantiated: row.instantiated === 1,
  site: row.site as SiteId | null,
  inputs: row.inputs === null ? null : JSON.parse(String(row.inputs)),
});

const operation = (row: Row): OperationRecord => ({
  id: String(row.id),
  instanceId: row.instance_id as ServiceId,
  type: row.type as OperationType,
  state: row.state as OperationState,
  site: row.site as SiteId,
  parameters: JSON.parse(String(row.parameters)),
  startedAt: String(row.started_at),
  enteredAt: String(row.entered_at),
  error: row.error === null ? null : JSON.parse(String(row.error)),
});
