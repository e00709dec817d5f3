/** NS descriptor management, SOL005 §5: `/nsd/v1/ns_descriptors`. */
import type { FastifyInstance } from "fastify";
import { digestOf } from "../../model/digest.js";
import { LightmanoError } from "../../model/errors.js";
import { type ParsePackage, summaryOf } from "../descriptor.js";
import type { Serial } from "../serial.js";
import type { NsDescriptorRecord } from "../store/descriptors.js";
import type { Store } from "../store/store.js";
import { CreateNsdInfoRequest, IdParams, NsdContent } from "./schemas.js";

const BASE = "/nsd/v1/ns_descriptors";

export interface NsdOptions {
  readonly store: Pick<Store, "descriptors">;
  readonly parsePackage: ParsePackage;
  /** As of the life cycle: what is checked here still holds when it is written. */
  readonly exclusive: Serial;
  readonly newId: () => string;
  readonly clock: () => number;
}

export function nsdRoutes(server: FastifyInstance, options: NsdOptions): void {
  const { store, parsePackage, exclusive, newId, clock } = options;
  const { descriptors } = store;
  const existing = async (id: string): Promise<NsDescriptorRecord> => {
    const record = await descriptors.get(id);
    if (!record) throw new LightmanoError("object.not-found", `no NS descriptor ${id}`);
    return record;
  };

  async function onboard(id: string, { entry, files }: NsdContent): Promise<void> {
    const { onboarded } = await existing(id);
    const digest = digestOf({ entry, files });
    if (onboarded && onboarded.digest !== digest) {
      throw new LightmanoError(
        "object.conflict",
        `NS descriptor ${id} has other content already: make a new NS descriptor`,
      );
    }
    if (onboarded) return;
    const parsed = parsePackage({ entry, files });
    if (!parsed.ok)
      throw new LightmanoError("descriptor.invalid", `${parsed.error.length} problem(s) in the package`, {
        problems: parsed.error,
      });
    await descriptors.onboard(id, { digest, entry, files }, summaryOf(parsed.value));
  }

  async function remove(id: string): Promise<void> {
    const { inUse } = await existing(id);
    if (inUse) throw new LightmanoError("package.in-use", `NS descriptor ${id} is in use by an NS instance`);
    await descriptors.remove(id);
  }

  server.post(BASE, { schema: { body: CreateNsdInfoRequest } }, async (_request, reply) => {
    const id = newId();
    await descriptors.create(id, new Date(clock()).toISOString());
    return reply
      .code(201)
      .header("location", `${BASE}/${id}`)
      .send(nsdInfo(await existing(id)));
  });

  server.get(BASE, async () => (await descriptors.list()).map(nsdInfo));

  server.get<{ Params: IdParams }>(`${BASE}/:id`, { schema: { params: IdParams } }, async ({ params }) =>
    nsdInfo(await existing(params.id)),
  );

  server.get<{ Params: IdParams }>(
    `${BASE}/:id/nsd_content`,
    { schema: { params: IdParams } },
    async ({ params }) => {
      const { onboarded } = await existing(params.id);
      const content = onboarded && (await descriptors.package(onboarded.digest));
      if (!content)
        throw new LightmanoError("object.conflict", `NS descriptor ${params.id} has no content yet`);
      return { entry: content.entry, files: content.files };
    },
  );

  server.put<{ Params: IdParams; Body: NsdContent }>(
    `${BASE}/:id/nsd_content`,
    { schema: { params: IdParams, body: NsdContent } },
    async ({ params, body }, reply) => {
      await exclusive(() => onboard(params.id, body));
      return reply.code(204).send();
    },
  );

  server.delete<{ Params: IdParams }>(
    `${BASE}/:id`,
    { schema: { params: IdParams } },
    async ({ params }, reply) => {
      await exclusive(() => remove(params.id));
      return reply.code(204).send();
    },
  );
}

/** SOL005 §5.5.2.2 NsdInfo, with `digest`, `inputs`, `saps` and `functions` of our own. */
function nsdInfo({ id, createdAt, onboarded, inUse }: NsDescriptorRecord): object {
  const nsd = onboarded?.nsd;
  return {
    id,
    ...(nsd
      ? {
          nsdId: nsd.id,
          nsdName: nsd.name,
          nsdVersion: nsd.version,
          nsdDesigner: nsd.designer ?? "",
          nsdInvariantId: nsd.id,
        }
      : {}),
    vnfPkgIds: [],
    pnfdInfoIds: [],
    nestedNsdInfoIds: [],
    nsdOnboardingState: onboarded ? "ONBOARDED" : "CREATED",
    nsdOperationalState: onboarded ? "ENABLED" : "DISABLED",
    nsdUsageState: inUse ? "IN_USE" : "NOT_IN_USE",
    createdAt,
    ...(onboarded
      ? { digest: onboarded.digest, inputs: nsd?.inputs, saps: nsd?.saps, functions: nsd?.functions }
      : {}),
    _links: { self: { href: `${BASE}/${id}` }, nsd_content: { href: `${BASE}/${id}/nsd_content` } },
  };
}
