/**
 * Life cycle of network services, as far as a thin controller has one: it checks a request, writes down
 * what the site is to run, and waits for the site to say what became of it. Commands run one at a time.
 */
import type { Log } from "../bus/log.js";
import { LightmanoError, problemDetails, problemOf } from "../model/errors.js";
import { asServiceId, type ServiceId, type SiteId } from "../model/ids.js";
import type { Statement } from "../store/sqlite.js";
import type { ParsePackage } from "./descriptor.js";
import type { DesiredPublisher } from "./desired.js";
import type { Feed } from "./feed.js";
import type { Fleet } from "./fleet.js";
import { outcomeOf, waitingFor } from "./operation.js";
import type { Serial } from "./serial.js";
import type { NsInstanceRecord, OperationRecord, OperationType } from "./store/instances.js";
import type { Store } from "./store/store.js";

export interface LcmOptions {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly desired: DesiredPublisher;
  readonly feed: Feed;
  readonly parsePackage: ParsePackage;
  /** Shared with all that changes descriptors: none goes while an instance of it is being made. */
  readonly exclusive: Serial;
  readonly newId: () => string;
  readonly clock: () => number;
  readonly log: Log;
}

export type Lcm = ReturnType<typeof createLcm>;

/** What was reported, so that not all that waits is looked at each time that one node of many speaks. */
export interface Reported {
  readonly services: ReadonlySet<string>;
  /** Whose nodes told of all that they have: what they do not name they do not have. */
  readonly sites: ReadonlySet<SiteId>;
}

export function createLcm(options: LcmOptions) {
  const { store, fleet, desired, feed, parsePackage, exclusive, newId, clock, log } = options;
  const { instances } = store;
  /** Services of which something was reported and that are still to be looked at. */
  const due = new Set<string>();
  const now = (): string => new Date(clock()).toISOString();

  async function existing(id: string): Promise<NsInstanceRecord> {
    const instance = await instances.get(id);
    if (!instance) throw new LightmanoError("object.not-found", `no NS instance ${id}`);
    return instance;
  }

  /** By the id of the NsdInfo, or by the NSD's own id where only one onboarded descriptor has it. */
  async function descriptorFor(nsdId: string): Promise<string> {
    const all = await store.descriptors.list();
    const named = all.filter(({ id, onboarded }) => id === nsdId || onboarded?.nsd.id === nsdId);
    const exact = named.find(({ id }) => id === nsdId) ?? (named.length === 1 ? named[0] : undefined);
    if (!exact && named.length > 1)
      throw new LightmanoError(
        "object.conflict",
        `${named.length} NS descriptors have the NSD id ${nsdId}: use the id of one of them`,
      );
    if (!exact) throw new LightmanoError("object.not-found", `no NS descriptor ${nsdId}`);
    if (!exact.onboarded)
      throw new LightmanoError("object.conflict", `NS descriptor ${nsdId} has no content yet`);
    return exact.id;
  }

  const start = (
    instance: NsInstanceRecord,
    type: OperationType,
    site: SiteId,
    parameters: Readonly<Record<string, unknown>>,
  ): OperationRecord => ({
    id: newId(),
    instanceId: instance.id,
    type,
    state: "PROCESSING",
    site,
    parameters,
    startedAt: now(),
    enteredAt: now(),
    error: null,
  });

  async function commit(site: SiteId, service: ServiceId, statements: readonly Statement[]): Promise<void> {
    await store.sqlite.write(statements);
    desired.changed(site);
    feed.publish({ type: "service", site, service });
  }

  /** The revision that the operation made, and what its site says of the service. */
  async function reportedOn({ site, instanceId }: OperationRecord) {
    const object = await store.desired.get(site, "service", instanceId);
    const reported = await store.reports.ofService(site, instanceId);
    return { revision: object?.revision ?? 1, reported };
  }

  async function settle(operation: OperationRecord): Promise<void> {
    const { instanceId, site, type } = operation;
    const { revision, reported } = await reportedOn(operation);
    const outcome = outcomeOf(operation, revision, reported, fleet.ofSite(site).length > 0);
    if (outcome.state === "PROCESSING") return;
    const error = outcome.state === "FAILED" ? outcome.error : null;
    const end = instances.endOperation(operation.id, outcome.state, now(), error);
    const after = instances.setInstantiated(instanceId, type === "INSTANTIATE");
    const packages = type === "TERMINATE" ? [store.desired.buryUnusedPackages(site)] : [];
    await commit(site, instanceId, [end, after, ...packages]);
    log.info(
      {
        operation: operation.id,
        type,
        service: instanceId,
        site,
        state: outcome.state,
        reason: error?.detail,
      },
      "operation ended",
    );
  }

  /** Never rejects: what the operation was made of is on disk, and its end waits for another try. */
  async function trySettle(operation: OperationRecord): Promise<void> {
    try {
      await settle(operation);
    } catch (cause) {
      due.add(operation.instanceId);
      log.error(
        { operation: operation.id, reason: problemOf(cause).detail },
        "operation not settled, will be with the next report",
      );
    }
  }

  return {
    async create(request: {
      nsdId: string;
      nsName: string;
      nsDescription?: string;
    }): Promise<NsInstanceRecord> {
      return exclusive(async () => {
        const descriptorId = await descriptorFor(request.nsdId);
        const id = asServiceId(newId());
        const named = { name: request.nsName, description: request.nsDescription ?? "" };
        await store.sqlite.write([instances.create({ id, createdAt: now(), descriptorId, ...named })]);
        return existing(id);
      });
    },

    async instantiate(
      id: string,
      site: SiteId,
      inputs: Readonly<Record<string, unknown>>,
    ): Promise<OperationRecord> {
      return exclusive(async () => {
        const instance = await existing(id);
        const busy = await instances.processing(id);
        if (instance.instantiated || busy.length > 0)
          throw new LightmanoError("object.conflict", `NS instance ${id} is instantiated, or is being so`);
        const descriptor = await store.descriptors.get(instance.descriptorId);
        const content =
          descriptor?.onboarded && (await store.descriptors.package(descriptor.onboarded.digest));
        if (!content)
          throw new LightmanoError("object.not-found", `NS instance ${id} has lost its descriptor`);
        const parsed = parsePackage(content, inputs);
        if (!parsed.ok) {
          const only = parsed.error.every(({ code }) => code === "service.inputs-invalid");
          const detail = parsed.error.map((each) => each.detail).join("; ");
          throw new LightmanoError(only ? "service.inputs-invalid" : "descriptor.invalid", detail, {
            problems: parsed.error,
          });
        }
        const operation = start(instance, "INSTANTIATE", site, {
          siteId: site,
          additionalParamsForNs: inputs,
        });
        await commit(site, instance.id, [
          store.reports.forgetService(instance.id),
          instances.place(instance.id, site, inputs),
          store.desired.putPackage(site, content),
          store.desired.putService(site, {
            id: instance.id,
            name: instance.name,
            packageDigest: content.digest,
            inputs: { ...inputs },
          }),
          instances.startOperation(operation),
        ]);
        return operation;
      });
    },

    /** Also ends an instantiation that is still waiting: the operator must be able to take it back. */
    async terminate(id: string): Promise<OperationRecord> {
      return exclusive(async () => {
        const instance = await existing(id);
        const busy = await instances.processing(id);
        const { site } = instance;
        if (
          !site ||
          busy.some(({ type }) => type === "TERMINATE") ||
          (!instance.instantiated && busy.length === 0)
        ) {
          throw new LightmanoError(
            "object.conflict",
            `NS instance ${id} is not instantiated, or is being terminated`,
          );
        }
        const operation = start(instance, "TERMINATE", site, {});
        const superseded = problemDetails(
          "object.conflict",
          "it was terminated before the site reported it active",
        );
        await commit(site, instance.id, [
          ...busy.map((each) => instances.endOperation(each.id, "FAILED", now(), superseded)),
          store.desired.bury(site, "service", instance.id),
          instances.startOperation(operation),
        ]);
        await trySettle(operation);
        return operation;
      });
    },

    async remove(id: string): Promise<void> {
      return exclusive(async () => {
        const instance = await existing(id);
        if (instance.instantiated || (await instances.processing(id)).length > 0) {
          throw new LightmanoError(
            "object.conflict",
            `NS instance ${id} is instantiated: terminate it first`,
          );
        }
        await instances.remove(instance.id);
      });
    },

    /** Ends what can be ended by what is reported: all of it, or that of these services and sites and what is left of earlier tries. */
    async settle(of?: Reported): Promise<void> {
      for (const service of of?.services ?? []) due.add(service);
      if (of && due.size === 0 && of.sites.size === 0) return;
      return exclusive(async () => {
        const wanted = [...due];
        const open = await (of ? instances.processingOf(wanted, of.sites) : instances.processing());
        for (const service of wanted) due.delete(service);
        for (const operation of open) await trySettle(operation);
      });
    },

    async detail(operation: OperationRecord): Promise<string | null> {
      if (operation.state !== "PROCESSING") return operation.error?.detail ?? null;
      const { revision, reported } = await reportedOn(operation);
      return waitingFor(operation, revision, reported, fleet.ofSite(operation.site));
    },
  };
}
