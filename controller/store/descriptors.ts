/** NS descriptors (SOL005 NsdInfo) and the packages behind them, which several of them may share. */
import type { Digest } from "../../model/ids.js";
import type { DescriptorPackage } from "../../model/messages/desired.js";
import type { Row, Sqlite, Statement } from "../../store/sqlite.js";
import type { NsSummary } from "../descriptor.js";

export interface NsDescriptorRecord {
  readonly id: string;
  readonly createdAt: string;
  /** Null until the content is onboarded. */
  readonly onboarded: { readonly digest: Digest; readonly nsd: NsSummary } | null;
  readonly inUse: boolean;
}

export function descriptorQueries(sqlite: Sqlite) {
  const creating = (id: string, createdAt: string): Statement => ({
    sql: "INSERT INTO ns_descriptor(id, created_at) VALUES(?, ?)",
    values: [id, createdAt],
  });
  const keeping = ({ digest, entry, files }: DescriptorPackage): Statement => ({
    sql: "INSERT INTO package(digest, entry, files) VALUES(?, ?, ?) ON CONFLICT DO NOTHING",
    values: [digest, entry, JSON.stringify(files)],
  });
  const onboarding = (id: string, content: DescriptorPackage, nsd: NsSummary): readonly Statement[] => [
    keeping(content),
    {
      sql: "UPDATE ns_descriptor SET digest = ?, nsd = ? WHERE id = ?",
      values: [content.digest, JSON.stringify(nsd), id],
    },
  ];
  return {
    create: (id: string, createdAt: string): Promise<void> => sqlite.write([creating(id, createdAt)]),
    onboard: (id: string, content: DescriptorPackage, nsd: NsSummary): Promise<void> =>
      sqlite.write(onboarding(id, content, nsd)),
    /** A package by itself, until descriptors are removed. */
    keep: keeping,
    /** Both at once, as part of a larger commit. */
    add: (
      id: string,
      createdAt: string,
      content: DescriptorPackage,
      nsd: NsSummary,
    ): readonly Statement[] => [creating(id, createdAt), ...onboarding(id, content, nsd)],
    remove: (id: string): Promise<void> =>
      sqlite.write([
        { sql: "DELETE FROM ns_descriptor WHERE id = ?", values: [id] },
        {
          sql: "DELETE FROM package WHERE digest NOT IN (SELECT digest FROM ns_descriptor WHERE digest IS NOT NULL)",
        },
      ]),
    async get(id: string): Promise<NsDescriptorRecord | null> {
      const row = await sqlite.get(`${SELECT} WHERE d.id = ?`, id);
      return row && record(row);
    },
    async list(): Promise<readonly NsDescriptorRecord[]> {
      return (await sqlite.all(`${SELECT} ORDER BY d.created_at, d.id`)).map(record);
    },
    async package(digest: Digest): Promise<DescriptorPackage | null> {
      const row = await sqlite.get("SELECT * FROM package WHERE digest = ?", digest);
      return row && { digest, entry: String(row.entry), files: JSON.parse(String(row.files)) };
    },
  };
}

const SELECT =
  "SELECT d.*, EXISTS(SELECT 1 FROM ns_instance i WHERE i.descriptor_id = d.id) AS in_use FROM ns_descriptor d";

const record = (row: Row): NsDescriptorRecord => ({
  id: String(row.id),
  createdAt: String(row.created_at),
  onboarded:
    row.digest === null
      ? null
      : { digest: row.digest as Digest, nsd: JSON.parse(String(row.nsd)) as NsSummary },
  inUse: row.in_use === 1,
});
