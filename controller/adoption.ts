/**
 * What a node holds and this controller does not know: it was restored from an old copy of its data, or is a new one. The
 * greater revision is the newer word, for revisions follow the clock (store/desired.ts): what was made after the
 * backup is greater than all that was lost with it. So a node's greater revision is taken as it is, with the instance and the
 * descriptor that it is of; a lesser one is no news. All of it is one commit, and done again it changes nothing.
 */
import type { BusClient } from "../bus/client.js";
import type { Log } from "../bus/log.js";
import { digestOf } from "../model/digest.js";
import { LightmanoError, problemDetails, problemOf } from "../model/errors.js";
import { asServiceId, type Digest, type SiteId } from "../model/ids.js";
import type { DescriptorPackage, DesiredPackage, DesiredService } from "../model/messages/desired.js";
import type { Statement } from "../store/sqlite.js";
import { type ParsePackage, summaryOf } from "./descriptor.js";
import type { DesiredPublisher } from "./desired.js";
import type { Feed } from "./feed.js";
import type { Lcm } from "./lcm.js";
import type { Serial } from "./serial.js";
import type { Store } from "./store/store.js";

export interface AdoptionOptions {
  readonly store: Store;
  readonly desired: Pick<DesiredPublisher, "changed">;
  readonly lcm: Pick<Lcm, "settle">;
  readonly feed: Feed;
  readonly parsePackage: ParsePackage;
  readonly exclusive: Serial;
  readonly newId: () => string;
  readonly clock: () => number;
  readonly log: Log;
}

export interface Adoption {
  listen(bus: BusClient): void;
}

export function createAdoption(options: AdoptionOptions): Adoption {
  const { store, desired, lcm, feed, parsePackage, exclusive, newId, clock, log } = options;
  const now = (): string => new Date(clock()).toISOString();

  const isNews = async (site: SiteId, kind: "package" | "service", id: string, revision: number) =>
    revision > ((await store.desired.get(site, kind, id))?.revision ?? 0);

  async function takePackage(site: SiteId, id: string, held: DesiredPackage): Promise<void> {
    const { revision, package: body = null } = held;
    if (!(await isNews(site, "package", id, revision))) return;
    if (
      body &&
      (digestOf({ entry: body.entry, files: body.files }) !== body.digest || !body.digest.endsWith(id))
    )
      throw new LightmanoError("package.unreadable", `package ${id}: its digest is not that of its content`);
    const more = body ? [store.descriptors.keep(body)] : await wantedAgain(site, id);
    await store.sqlite.write([store.desired.adopt({ site, kind: "package", id, revision, body }), ...more]);
    told("package", site, id, held);
  }

  /** A package that was removed after the backup, and that a service is of since: that is the newest word. */
  async function wantedAgain(site: SiteId, id: string): Promise<readonly Statement[]> {
    const objects = await store.desired.ofSite(site);
    const isUsed = objects.some(
      ({ kind, body }) => kind === "service" && body?.packageDigest === `sha256:${id}`,
    );
    const content = objects.find((object) => object.kind === "package" && object.id === id)?.body;
    return isUsed && content ? [store.desired.putPackage(site, content as DescriptorPackage)] : [];
  }

  async function takeService(site: SiteId, id: string, held: DesiredService): Promise<void> {
    const { revision, service: body = null } = held;
    if (!(await isNews(site, "service", id, revision))) return;
    const adopt = store.desired.adopt({ site, kind: "service", id, revision, body });
    const instance = body ? await instanceOf(site, body) : await endOf(site, id);
    await store.sqlite.write([adopt, ...instance]);
    told("service", site, id, held);
    feed.publish({ type: "service", site, service: asServiceId(id) });
  }

  /** The instance that this service is, instantiated at this site; made where it is not known, with its descriptor. */
  async function instanceOf(
    site: SiteId,
    { id, name, packageDigest, inputs }: NonNullable<DesiredService["service"]>,
  ): Promise<readonly Statement[]> {
    const { instances } = store;
    const serviceId = asServiceId(id);
    const [known, object] = [
      await instances.get(id),
      await store.desired.get(site, "package", packageDigest.replace(/^sha256:/, "")),
    ];
    // Where an operation that ended had its package removed meanwhile, it is wanted again.
    const content = (object?.body ??
      (await store.descriptors.package(packageDigest as Digest))) as DescriptorPackage | null;
    if (!content)
      throw new LightmanoError("package.missing", `service ${id}: its package ${packageDigest} is not known`);
    const placed = [
      store.desired.putPackage(site, content),
      ...(await endOperations(id, "TERMINATE")),
      instances.place(serviceId, site, inputs),
      instances.setInstantiated(serviceId, true),
    ];
    if (known) return placed;
    const { descriptor, statements } = await descriptorOf(content);
    const made = { id: serviceId, createdAt: now(), descriptorId: descriptor, name, description: ADOPTED };
    return [...statements, instances.create(made), ...placed];
  }

  async function descriptorOf(
    content: DescriptorPackage,
  ): Promise<{ readonly descriptor: string; readonly statements: readonly Statement[] }> {
    const all = await store.descriptors.list();
    const known = all.find(({ onboarded }) => onboarded?.digest === content.digest);
    if (known) return { descriptor: known.id, statements: [] };
    const parsed = parsePackage(content);
    if (!parsed.ok)
      throw new LightmanoError("descriptor.invalid", parsed.error.map(({ detail }) => detail).join("; "));
    const id = newId();
    return {
      descriptor: id,
      statements: store.descriptors.add(id, now(), content, summaryOf(parsed.value)),
    };
  }

  async function endOf(site: SiteId, id: string): Promise<readonly Statement[]> {
    const instance = await store.instances.get(id);
    if (!instance || instance.site !== site) return [];
    return [
      ...(await endOperations(id, "INSTANTIATE")),
      store.instances.setInstantiated(asServiceId(id), false),
    ];
  }

  /** An operation of the backup that what the node holds is not the outcome of. */
  async function endOperations(id: string, type: "INSTANTIATE" | "TERMINATE"): Promise<readonly Statement[]> {
    const busy = await store.instances.processing(id);
    const superseded = problemDetails(
      "object.conflict",
      "this controller was restored from an older copy of its data; the site holds a newer word on this service",
    );
    return busy
      .filter((operation) => operation.type === type)
      .map((operation) => store.instances.endOperation(operation.id, "FAILED", now(), superseded));
  }

  function told(kind: string, site: SiteId, id: string, { revision, deleted }: DesiredPackage): void {
    log.warn(
      { site, kind, id, revision, deleted: deleted === true },
      "learned from a node what this controller had lost",
    );
    desired.changed(site);
  }

  async function take(site: SiteId, what: string, work: () => Promise<void>): Promise<void> {
    try {
      await exclusive(work);
    } catch (error) {
      // The node's root digest still differs: it says so again at its next connection.
      log.error({ site, reason: problemOf(error).detail }, `${what} that a node holds was not taken`);
    }
  }

  return {
    listen(bus) {
      bus.on("heldPackage", async (held, { site, tail }) => {
        if (tail !== null && isOne(held.deleted, held.package))
          await take(site, `package ${tail}`, () => takePackage(site, tail, held));
      });
      bus.on("heldService", async (held, { site, tail }) => {
        if (tail === null || !isOne(held.deleted, held.service)) return;
        if (held.service && held.service.id !== tail) return;
        await take(site, `service ${tail}`, () => takeService(site, tail, held));
        await lcm.settle({ services: new Set([tail]), sites: new Set() });
      });
    },
  };
}

const ADOPTED = "found at its site by a controller that did not know it any more";

/** What has no content is no tombstone. */
const isOne = (deleted: true | undefined, body: object | undefined): boolean =>
  (deleted === true) !== (body !== undefined);
