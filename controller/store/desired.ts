/** What each site is to hold and run, with the revision of every object, tombstones included. */
import type { DesiredEntry } from "../../bus/digest.js";
import type { SiteId } from "../../model/ids.js";
import type { DescriptorPackage, DesiredKind, ServiceRequest } from "../../model/messages/desired.js";
import type { Row, Sqlite, Statement } from "../../store/sqlite.js";

export type DesiredObject = DesiredEntry & { readonly site: SiteId } & (
    | { readonly kind: "package"; readonly body: DescriptorPackage | null }
    | { readonly kind: "service"; readonly body: ServiceRequest | null }
  );

export function desiredQueries(sqlite: Sqlite) {
  return {
    /** A package never changes under its digest: wanting it again is a new revision only if it was gone. */
    putPackage: (site: SiteId, body: DescriptorPackage): Statement => ({
      sql: `${PUT} WHERE deleted = 1`,
      values: [site, "package", packageTopicId(body.digest), JSON.stringify(body)],
    }),
    putService: (site: SiteId, body: ServiceRequest): Statement => ({
      sql: PUT,
      values: [site, "service", body.id, JSON.stringify(body)],
    }),
    bury: (site: SiteId, kind: DesiredKind, id: string): Statement => ({
      sql: `UPDATE desired SET revision = ${NEXT}, deleted = 1, body = NULL WHERE site = ? AND kind = ? AND id = ? AND deleted = 0`,
      values: [site, kind, id],
    }),
    /** A package goes when no service of the site is of it any more. */
    buryUnusedPackages: (site: SiteId): Statement => ({
      sql: `UPDATE desired SET revision = ${NEXT}, deleted = 1, body = NULL
        WHERE site = ?1 AND kind = 'package' AND deleted = 0 AND body->>'digest' NOT IN
          (SELECT body->>'packageDigest' FROM desired WHERE site = ?1 AND kind = 'service' AND deleted = 0)`,
      values: [site],
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
          sql: `UPDATE desired SET revision = ${NEXT} WHERE site = ? AND kind = 'package' AND deleted = 0
            AND revision < (SELECT f.revision FROM desired_floor f WHERE f.site = desired.site AND f.kind = 'package' AND f.id = desired.id)`,
          values: [site],
        },
      ]),
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

/** One more than what is here, and than what a node has been found to hold. */
const NEXT = `1 + max(desired.revision, coalesce((SELECT f.revision FROM desired_floor f
  WHERE f.site = desired.site AND f.kind = desired.kind AND f.id = desired.id), 0))`;

const PUT = `INSERT INTO desired(site, kind, id, revision, deleted, body)
  VALUES(?1, ?2, ?3, 1 + coalesce((SELECT revision FROM desired_floor WHERE site = ?1 AND kind = ?2 AND id = ?3), 0), 0, ?4)
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
