/**
 * The packages and services that this node is to have: the journal's desired objects, with descriptors read.
 * Every change goes to the journal first; only what is there is acted upon, acknowledged or reported.
 */
import type { DesiredEntry } from "../bus/digest.js";
import { digestOf } from "../model/digest.js";
import { LightmanoError, type Problem, problem, problemOf } from "../model/errors.js";
import { isId } from "../model/ids.js";
import type {
  DescriptorPackage,
  DesiredPackage,
  DesiredService as DesiredServiceMessage,
  ServiceRequest,
} from "../model/messages/desired.js";
import type { parsePackage } from "../model/tosca/parse.js";
import type { Tombstone } from "./domain/plan-leaving.js";
import type { DesiredService } from "./domain/target.js";
import type { DesiredObject, Journal, JournalledObject, Origin } from "./store/journal.js";

export interface ApplyRequest {
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
  readonly name: string;
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A desired object of the controller's with what it is; null: it was removed. */
export type HeldObject = DesiredEntry & Pick<DesiredObject, "body">;

export interface Catalogue {
  /** Reads the journal and tells the listener. */
  load(): Promise<void>;
  services(): readonly DesiredService[];
  packages(): readonly DescriptorPackage[];
  originOf(serviceId: string): Origin | null;
  /** What the controller wants, tombstones included, as its root digest counts it. */
  controllersObjects(): readonly HeldObject[];
  /** Checks a package with its inputs; throws `descriptor.invalid` with all problems. */
  check(request: ApplyRequest): Promise<DesiredService>;
  /** Stores a package and a service of it, as wanted by somebody at the node. */
  apply(request: ApplyRequest): Promise<DesiredService>;
  terminate(serviceId: string): Promise<void>;
  /** Notes that a service of which the journal knows nothing is not to be. Whoever wants it with any revision has it. */
  bury(serviceId: string): Promise<void>;
  /** Takes what the controller wants; an older revision changes nothing. */
  takePackage(id: string, message: DesiredPackage): Promise<void>;
  takeService(id: string, message: DesiredServiceMessage): Promise<void>;
}

export function createCatalogue(
  journal: Pick<Journal, "desired" | "putDesired">,
  /** `tombstones`: services that are not to be, also such as this node never had; whoever asked wants to hear of it. */
  changed: (services: readonly DesiredService[], tombstones: readonly Tombstone[]) => void,
): Catalogue {
  let objects: readonly JournalledObject[] = [];
  let current: readonly DesiredService[] = [];
  const readService = createReader();
  const packageOf = (digest: string): DescriptorPackage | null =>
    objects
      .flatMap(({ kind, body }) => (kind === "package" && body ? [body as DescriptorPackage] : []))
      .find((p) => p.digest === digest) ?? null;

  // One after the other: an older reading must not come out after a newer one. Who comes while one is read shares the next.
  let reading: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  const load = (): Promise<void> => {
    next ??= reading
      .catch(() => undefined)
      .then(() => {
        next = null;
        return read();
      });
    reading = next;
    return next;
  };
  const read = async (): Promise<void> => {
    objects = await journal.desired();
    const wanted = objects.filter(({ kind, body }) => kind === "service" && body !== null);
    current = await Promise.all(
      wanted.map(async ({ body, revision, added }) => {
        const request = body as ServiceRequest;
        return { ...(await readService(request, revision, packageOf(request.packageDigest))), since: added };
      }),
    );
    readService.forgetBut(wanted.map(({ body }) => body as ServiceRequest));
    const tombstones = objects.filter(({ kind, body }) => kind === "service" && body === null);
    changed(
      current,
      tombstones.map(({ id, revision }) => ({ id, revision })),
    );
  };
  /** True when stored; false when what is there is as new. */
  const put = async (
    kind: DesiredObject["kind"],
    id: string,
    revision: number,
    origin: Origin,
    body: DesiredObject["body"],
  ): Promise<boolean> => {
    const isStored = await journal.putDesired({ kind, id, revision, origin, body });
    if (isStored) await load();
    return isStored;
  };
  /** A change asked for at the node, which is answered: it is in the journal, or it is refused. */
  const change = async (id: string, revision: number, body: ServiceRequest | null): Promise<void> => {
    if (!(await put("service", id, revision, "local", body)))
      throw new LightmanoError(
        "object.conflict",
        `service ${id} was changed by somebody else meanwhile: try again`,
      );
  };
  const revisionOf = (kind: DesiredObject["kind"], id: string): number =>
    objects.find((o) => o.kind === kind && o.id === id)?.revision ?? 0;
  const originOf = (serviceId: string): Origin | null =>
    objects.find((o) => o.kind === "service" && o.id === serviceId && o.body !== null)?.origin ?? null;
  const refuseControllers = (serviceId: string, verb: string): void => {
    if (originOf(serviceId) === "controller")
      throw new LightmanoError(
        "object.conflict",
        `service ${serviceId} is the controller's: ${verb} it there`,
      );
  };

  const check = async ({ entry, files, name, id, inputs }: ApplyRequest): Promise<DesiredService> => {
    if (!isId(id))
      throw new LightmanoError(
        "usage.invalid",
        `service id ${JSON.stringify(id)}: letters, digits, ".", "_" and "-", at most 63`,
      );
    const request = { id, name, packageDigest: digestOf({ entry, files }), inputs };
    const service = await readService(request, revisionOf("service", id) + 1, {
      digest: request.packageDigest,
      entry,
      files,
    });
    if (service.problems.length > 0)
      throw new LightmanoError(
        "descriptor.invalid",
        `${service.problems.length} problem(s) in package ${entry}`,
        { problems: service.problems },
      );
    return service;
  };

  return {
    load,
    services: () => current,
    packages: () =>
      objects.flatMap(({ kind, body }) => (kind === "package" && body ? [body as DescriptorPackage] : [])),
    originOf,
    controllersObjects: () =>
      objects.flatMap(({ kind, id, revision, origin, body }) =>
        origin === "controller" ? [{ kind, id, revision, deleted: body === null, body }] : [],
      ),
    check,
    async apply(request) {
      refuseControllers(request.id, "change");
      const service = await check(request);
      const { packageDigest } = service.request;
      const id = packageDigest.replace("sha256:", "");
      const body = { digest: packageDigest, entry: request.entry, files: { ...request.files } };
      const putPackage = (): Promise<boolean> =>
        put("package", id, revisionOf("package", id) + 1, "local", body);
      if (!packageOf(packageDigest)) await putPackage();
      await change(request.id, service.revision, service.request);
      if (!packageOf(packageDigest)) await putPackage(); // nothing was of it until now, and it was pruned meanwhile
      return service;
    },
    async terminate(serviceId) {
      if (originOf(serviceId) === null)
        throw new LightmanoError("object.not-found", `no service ${serviceId}`);
      refuseControllers(serviceId, "terminate");
      await change(serviceId, revisionOf("service", serviceId) + 1, null);
    },
    async bury(serviceId) {
      await put("service", serviceId, 0, "local", null);
    },
    async takePackage(id, { revision, deleted, package: body }) {
      refuseUnlessOne(`package ${id}`, deleted, body);
      if (body && digestOf({ entry: body.entry, files: body.files }) !== body.digest)
        throw new LightmanoError(
          "package.unreadable",
          `package ${id}: its digest is not that of its content`,
        );
      await put("package", id, revision, "controller", deleted ? null : (body ?? null));
    },
    async takeService(id, { revision, deleted, service }) {
      refuseUnlessOne(`service ${id}`, deleted, service);
      if (service && service.id !== id)
        throw new LightmanoError(
          "usage.invalid",
          `desired service ${service.id} came under the topic of ${id}`,
        );
      await put("service", id, revision, "controller", deleted ? null : (service ?? null));
    },
  };
}

/** What has no content is no tombstone: only `deleted` removes. */
function refuseUnlessOne(what: string, deleted: true | undefined, body: object | undefined): void {
  if ((deleted === true) === (body !== undefined))
    throw new LightmanoError("usage.invalid", `${what}: either its content or "deleted" must be there`);
}

type ParsedPackage = ReturnType<typeof parsePackage>;

interface Reader {
  (request: ServiceRequest, revision: number, source: DescriptorPackage | null): Promise<DesiredService>;
  /** Of what was read only these are of use from now on, and what was read last: a service may be about to want it. */
  forgetBut(requests: readonly ServiceRequest[]): void;
}

/**
 * Reads each package once with the same inputs: to read one takes tens of milliseconds, and all services are looked at
 * whenever one changes. The parser and its YAML library are loaded when the first descriptor is read: an idle node has
 * neither.
 */
function createReader(): Reader {
  /** A package's digest is that of its content, so what was read of it stays true. */
  const read = new Map<string, ParsedPackage>();
  const keyOf = ({ packageDigest, inputs }: ServiceRequest) => `${packageDigest} ${JSON.stringify(inputs)}`;
  const parsed = async (request: ServiceRequest, source: DescriptorPackage): Promise<ParsedPackage> => {
    const key = keyOf(request);
    const known = read.get(key);
    if (known) return known;
    const { parsePackage } = await import("../model/tosca/parse.js");
    const result = parsePackage(source, request.inputs);
    read.set(key, result);
    return result;
  };
  const reader = async (
    request: ServiceRequest,
    revision: number,
    source: DescriptorPackage | null,
  ): Promise<DesiredService> => {
    if (!source) {
      const missing: Problem = problem(
        "package.missing",
        `package ${request.packageDigest} has not arrived yet`,
      );
      return { request, revision, descriptor: null, problems: [missing] };
    }
    try {
      const result = await parsed(request, source);
      return result.ok
        ? { request, revision, descriptor: result.value, problems: [] }
        : { request, revision, descriptor: null, problems: result.error };
    } catch (error) {
      // It is in the journal already: thrown on, it would keep the agent from starting, and all other services down.
      const unread = problem(
        "agent.internal",
        `package ${source.entry} cannot be read: ${problemOf(error).detail}`,
      );
      return { request, revision, descriptor: null, problems: [unread] };
    }
  };
  return Object.assign(reader, {
    forgetBut(requests: readonly ServiceRequest[]) {
      const wanted = new Set([...requests.map(keyOf), [...read.keys()].at(-1)]);
      for (const key of read.keys()) if (!wanted.has(key)) read.delete(key);
    },
  });
}
