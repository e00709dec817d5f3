/** What each site is to hold and run, with the revision of every object, tombstones included. */
import type { DesiredEntry } from "../../bus/digest.js";
import type { SiteId } from "../../model/ids.js";
import type { DescriptorPackage, DesiredKind, ServiceRequest } from "../../model/messages/desired.js";
import type { Row, Sqlite, Statement } from "../../store/sqlite.js";

export type DesiredObject = DesiredEntry & { readonly site: SiteId } & (
    | { readonly kind: "package"; readonly body: DescriptorPackage | null }
    | { readonly kind: "service"; readonly body: ServiceRequest | null }
  );

/**
 * Revisions follow the clock: each is greater than the last of its object, and not less than the time of the change in
 * milliseconds (a hybrid logical clock). So what is changed after this store was restored from an old copy is
 * newer than all that was lost with the time between, and of two words on one object the greater revision is the later.
 */
export function desiredQueries(sqlite: Sqlite, clock: () => number) {
  return {
    /** A package never changes under its digest: wanting it again is a new revision only if it was gone. */
    putPackage: (site: SiteId, body: DescriptorPackage): Statement => ({
      sql: `${PUT} WHERE deleted = 1`,
      values: [site, "package", packageTopicId(body.digest), JSON.stringify(body), clock()],
    }),
    putService: (site: SiteId, body: ServiceRequest): Statement => ({
      sql: PUT,
      values: [site, "service", body.id, JSON.stringify(body), clock()],
    }),
    bury: (site: SiteId, kind: DesiredKind, id: string): Statement => ({
      sql: `UPDATE desired SET revision = ${NEXT}, deleted = 1, body = NULL WHERE site = ?2 AND kind = ?3 AND id = ?4 AND deleted = 0`,
      values: [clock(), site, kind, id],
    }),
    /** A package goes when no service of the site is of it any more. */
    buryUnusedPackages: (site: SiteId): Statement => ({
      sql: `UPDATE desired SET revision = ${NEXT}, deleted = 1, body = NULL
        WHERE site = ?2 AND kind = 'package' AND deleted = 0 AND body->>'digest' NOT IN
          (SELECT body->>'packageDigest' FROM desired WHERE site = ?2 AND kind = 'service' AND deleted = 0)`,
      values: [clock(), site],
    }),
    /**
     * A node holds newer revisions than these: this store was set back to an old copy. The next change of each of
     * the objects gets a greater revision than the node has, so that it counts. A package that is wanted gets it now,
     * for what it is stands in its id; what a service should be is for the operator to say.
     */
    learn: (
      site: SiteId,
      objects: readonly Pick<DesiredEntry, "kind" | "id" | "revision">[],
    ): Promise<void> =>
      sqlite.write([
        {
          sql: `INSERT INTO desired_floor SELECT ?, value->>'kind', value->>'id', value->>'revision' FROM json_each(?) WHERE true
            ON CONFLICT(site, kind, id) DO UPDATE SET revision = max(revision, excluded.revision)`,
          values: [site, JSON.stringify(objects)],
        },
        {
          sql: `UPDATE desired SET revision = ${NEXT} WHERE site = ?2 AND kind = 'package' AND deleted = 0
            AND revision < (SELECT f.revision FROM desired_floor f WHERE f.site = desired.site AND f.kind = 'package' AND f.id = desired.id)`,
          values: [clock(), site],
        },
      ]),
    /** What a node holds of a greater revision, as it is; of any other nothing changes. */
    adopt: (object: {
      readonly site: SiteId;
      readonly kind: DesiredKind;
      readonly id: string;
      readonly revision: number;
      readonly body: DescriptorPackage | ServiceRequest | null;
    }): Statement => ({
      sql: `INSERT INTO desired(site, kind, id, revision, deleted, body) VALUES(?1, ?2, ?3, ?4, ?5 IS NULL, ?5)
        ON CONFLICT(site, kind, id) DO UPDATE SET revision = excluded.revision, deleted = excluded.deleted, body = excluded.body
        WHERE excluded.revision > desired.revision`,
      values: [
        object.site,
        object.kind,
        object.id,
        object.revision,
        object.body && JSON.stringify(object.body),
      ],
    }),
    async get(site: SiteId, kind: DesiredKind, id: string): Promise<DesiredObject | null> {
      const row = await sqlite.get(
        "SELECT * FROM desired WHERE site = ? AND kind = ? AND id = ?",
        site,
        kind,
        id,
      );
      return row && desiredObject(row);
    },
    /** Packages before services, so that a site can start at once what it hears of. */
    async ofSite(site: SiteId): Promise<readonly DesiredObject[]> {
      return (await sqlite.all("SELECT * FROM desired WHERE site = ? ORDER BY kind, id", site)).map(
        desiredObject,
      );
    },
    /** As `ofSite`, of several: one reading for all of them. Every site that was asked for is in it. */
    async ofSites(sites: readonly SiteId[]): Promise<ReadonlyMap<SiteId, readonly DesiredObject[]>> {
      const sql =
        "SELECT * FROM desired WHERE site IN (SELECT value FROM json_each(?)) ORDER BY site, kind, id";
      const found = new Map<SiteId, DesiredObject[]>(sites.map((site) => [site, []]));
      for (const row of await sqlite.all(sql, JSON.stringify(sites)))
        found.get(row.site as SiteId)?.push(desiredObject(row));
      return found;
    },
    async services(): Promise<readonly DesiredObject[]> {
      return (await sqlite.all("SELECT * FROM desired WHERE kind = 'service' ORDER BY site, id")).map(
        desiredObject,
      );
    },
    async sites(): Promise<readonly SiteId[]> {
      return (await sqlite.all("SELECT DISTINCT site FROM desired")).map((row) => row.site as SiteId);
    },
  };
}

/** A topic level cannot well carry the colon: the id is the digest without its prefix. */
const packageTopicId = (digest: string): string => digest.replace(/^sha256:/, "");

/** More than what is here, and than what a node has been found to hold; ?1 is the time. */
const NEXT = `max(?1, 1 + desired.revision, 1 + coalesce((SELECT f.revision FROM desired_floor f
  WHERE f.site = desired.site AND f.kind = desired.kind AND f.id = desired.id), 0))`;

const PUT = `INSERT INTO desired(site, kind, id, revision, deleted, body)
  VALUES(?1, ?2, ?3, max(?5, 1 + coalesce((SELECT revision FROM desired_floor WHERE site = ?1 AND kind = ?2 AND id = ?3), 0)), 0, ?4)
  ON CONFLICT(site, kind, id) DO UPDATE SET revision = max(desired.revision + 1, excluded.revision), deleted = 0, body = excluded.body`;

const desiredObject = (row: Row): DesiredObject =>
  ({
    site: row.site as SiteId,
    kind: row.kind as DesiredKind,
    id: String(row.id),
    revision: Number(row.revision),
    deleted: row.deleted === 1,
    body: row.body === null ? null : JSON.parse(String(row.body)),
  }) as DesiredObject;
