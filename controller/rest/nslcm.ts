/** NS life cycle management, SOL005 §6: `/nslcm/v1/ns_instances` and `/nslcm/v1/ns_lcm_op_occs`. */
import type { FastifyInstance } from "fastify";
import { LightmanoError } from "../../model/errors.js";
import { asSiteId } from "../../model/ids.js";
import type { Lcm } from "../lcm.js";
import type { NsInstanceRecord, OperationRecord } from "../store/instances.js";
import type { Store } from "../store/store.js";
import { CreateNsRequest, IdParams, InstantiateNsRequest } from "./schemas.js";

const INSTANCES = "/nslcm/v1/ns_instances";
const OPERATIONS = "/nslcm/v1/ns_lcm_op_occs";

export function nslcmRoutes(
  server: FastifyInstance,
  { store, lcm }: { readonly store: Store; readonly lcm: Lcm },
): void {
  const { instances, descriptors } = store;

  const instanceView = async (instance: NsInstanceRecord): Promise<object> => {
    const descriptor = await descriptors.get(instance.descriptorId);
    return nsInstance(instance, descriptor?.onboarded?.nsd.id ?? "");
  };
  const existing = async (id: string): Promise<NsInstanceRecord> => {
    const instance = await instances.get(id);
    if (!instance) throw new LightmanoError("object.not-found", `no NS instance ${id}`);
    return instance;
  };
  const operationView = async (operation: OperationRecord): Promise<object> =>
    nsLcmOpOcc(operation, await lcm.detail(operation));

  server.post<{ Body: CreateNsRequest }>(
    INSTANCES,
    { schema: { body: CreateNsRequest } },
    async ({ body }, reply) => {
      const instance = await lcm.create(body);
      return reply
        .code(201)
        .header("location", `${INSTANCES}/${instance.id}`)
        .send(await instanceView(instance));
    },
  );

  server.get(INSTANCES, async () => Promise.all((await instances.list()).map(instanceView)));

  server.get<{ Params: IdParams }>(`${INSTANCES}/:id`, { schema: { params: IdParams } }, async ({ params }) =>
    instanceView(await existing(params.id)),
  );

  server.delete<{ Params: IdParams }>(
    `${INSTANCES}/:id`,
    { schema: { params: IdParams } },
    async ({ params }, reply) => {
      await lcm.remove(params.id);
      return reply.code(204).send();
    },
  );

  server.post<{ Params: IdParams; Body: InstantiateNsRequest }>(
    `${INSTANCES}/:id/instantiate`,
    { schema: { params: IdParams, body: InstantiateNsRequest } },
    async ({ params, body }, reply) => {
      const operation = await lcm.instantiate(
        params.id,
        asSiteId(body.siteId),
        body.additionalParamsForNs ?? {},
      );
      return reply.code(202).header("location", `${OPERATIONS}/${operation.id}`).send();
    },
  );

  server.post<{ Params: IdParams }>(
    `${INSTANCES}/:id/terminate`,
    { schema: { params: IdParams } },
    async ({ params }, reply) => {
      const operation = await lcm.terminate(params.id);
      return reply.code(202).header("location", `${OPERATIONS}/${operation.id}`).send();
    },
  );

  server.get(OPERATIONS, async () => Promise.all((await instances.operations()).map(operationView)));

  server.get<{ Params: IdParams }>(
    `${OPERATIONS}/:id`,
    { schema: { params: IdParams } },
    async ({ params }) => {
      const operation = await instances.operation(params.id);
      if (!operation) throw new LightmanoError("object.not-found", `no operation ${params.id}`);
      return operationView(operation);
    },
  );
}

/** SOL005 §6.5.2.8 NsInstance, with `siteId` of our own. */
function nsInstance(instance: NsInstanceRecord, nsdId: string): object {
  const self = `${INSTANCES}/${instance.id}`;
  return {
    id: instance.id,
    nsInstanceName: instance.name,
    nsInstanceDescription: instance.description,
    nsdId,
    nsdInfoId: instance.descriptorId,
    flavourId: "default",
    nsState: instance.instantiated ? "INSTANTIATED" : "NOT_INSTANTIATED",
    siteId: instance.site,
    additionalParamsForNs: instance.inputs ?? {},
    createdAt: instance.createdAt,
    _links: {
      self: { href: self },
      nestedNsInstances: [],
      ...(instance.instantiated
        ? { terminate: { href: `${self}/terminate` } }
        : { instantiate: { href: `${self}/instantiate` } }),
    },
  };
}

/** SOL005 §6.5.2.3 NsLcmOpOcc, with `detail` of our own: why it still takes, or why it failed. */
function nsLcmOpOcc(operation: OperationRecord, detail: string | null): object {
  return {
    id: operation.id,
    operationState: operation.state,
    statusEnteredTime: operation.enteredAt,
    nsInstanceId: operation.instanceId,
    lcmOperationType: operation.type,
    startTime: operation.startedAt,
    isAutomaticInvocation: false,
    operationParams: operation.parameters,
    isCancelPending: false,
    detail,
    siteId: operation.site,
    ...(operation.error ? { error: operation.error } : {}),
    _links: {
      self: { href: `${OPERATIONS}/${operation.id}` },
      nsInstance: { href: `${INSTANCES}/${operation.instanceId}` },
    },
  };
}
