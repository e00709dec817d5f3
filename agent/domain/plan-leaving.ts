/**
 * What is left of services that are not to be any more, and of functions that their service has no longer. Pure. A service is
 * terminating until its last piece that can be told to be its own is gone: process, container, files, port, interface,
 * flow. What is held for a service of which nothing is known is none of it, and what only stays because of that neither.
 */
import type { ErrorCode, Problem } from "../../model/errors.js";
import type { FunctionKind } from "../../model/messages/node.js";
import { type ObservedBridge, OWNER_KEY, type View } from "./observed.js";
import { latest, type PlanInput } from "./planning.js";
import type { FunctionMemory } from "./supervision.js";
import type { FunctionTarget } from "./target.js";

/** What is remembered of a service that was wanted in this life of the agent. */
export interface DepartedService {
  readonly name: string;
  /** Null: only that it is not to be is known of it, from before the agent's start. */
  readonly packageDigest: string | null;
  readonly revision: number;
  /** Another node of the site is to have it. */
  readonly isElsewhere: boolean;
  /** Cookies of its paths' flows. */
  readonly flows: ReadonlySet<string>;
}

export interface DepartedFunction {
  readonly target: FunctionTarget;
  readonly memory: FunctionMemory;
}

/** The journal's word that a service is not to be. */
export interface Tombstone {
  readonly id: string;
  readonly revision: number;
}

export interface Departures {
  /** By service: the revision that ended it. */
  readonly tombstones: ReadonlyMap<string, number>;
  readonly services: ReadonlyMap<string, DepartedService>;
  readonly functions: ReadonlyMap<string, DepartedFunction>;
  /** Functions, wanted or not, whose process or container is being ended now. */
  readonly ending: ReadonlyMap<string, FunctionKind>;
  /** Why the last try failed to take away what is left, by the work's object. */
  readonly problems: ReadonlyMap<string, Problem>;
}

export interface LeavingFunction {
  readonly id: string;
  readonly name: string;
  readonly kind: FunctionKind;
  readonly digest: string;
  readonly pid: number | null;
  readonly restarts: number;
  readonly bootMs: number | null;
  /** Why it is not gone yet, where something holds that up. */
  readonly code: ErrorCode | null;
  readonly reason: string | null;
}

export interface Leaving {
  readonly functions: readonly LeavingFunction[];
  /** Null: the service is wanted, and only has these functions no longer. */
  readonly service: DepartedService | null;
  readonly code: ErrorCode | null;
  readonly reason: string;
}

/** A piece that is left: what it is, and what holds it up. */
interface Piece {
  readonly serviceId: string;
  readonly text: string;
  readonly heldUp: Problem | null;
  readonly function?: LeavingFunction;
}

/** By service. `held`: functions that are left as they are; `ownFlows`: cookies that some path can have. */
export function planLeaving(
  input: PlanInput,
  bridge: ObservedBridge | null,
  held: ReadonlyMap<string, string>,
  ownFlows: ReadonlySet<string>,
): ReadonlyMap<string, Leaving> {
  const { target, departures } = input;
  const found = new Map<string, Piece[]>();
  const pieces = [
    ...functionPieces(input, held),
    ...portPieces(input, bridge, held),
    ...(held.size > 0 ? [] : interfacePieces(input)),
    ...flowPieces(input, bridge, ownFlows),
  ];
  for (const piece of [...pieces, ...unseenPieces(input, pieces)])
    found.set(piece.serviceId, [...(found.get(piece.serviceId) ?? []), piece]);
  return new Map(
    [...found].flatMap(([id, left]): [string, Leaving][] => {
      const functions = left.flatMap((piece) => piece.function ?? []);
      const isWanted = target.services.has(id);
      if (isWanted && functions.length === 0) return [];
      const service = isWanted ? null : departed(id, departures);
      return [[id, { functions, service, ...whyLeft(left, service) }]];
    }),
  );
}

function departed(id: string, departures: Departures | undefined): DepartedService {
  const known = departures?.services.get(id) ?? UNKNOWN;
  const revision = Math.max(known.revision, departures?.tombstones.get(id) ?? 0);
  return { ...known, name: known.name || id, revision };
}

const UNKNOWN: DepartedService = {
  name: "",
  packageDigest: null,
  revision: 0,
  isElsewhere: false,
  flows: new Set(),
};

function whyLeft(
  pieces: readonly Piece[],
  service: DepartedService | null,
): Pick<Leaving, "code" | "reason"> {
  const stuck = pieces.find(({ heldUp }) => heldUp !== null);
  const shown = stuck ? [stuck] : pieces.slice(0, MOST_NAMED);
  const more = pieces.length - shown.length;
  const texts = shown.map(({ text, heldUp }) => (heldUp ? `${text}: ${heldUp.detail}` : text));
  const left = `${texts.join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
  return {
    code: stuck?.heldUp?.code ?? null,
    reason: `${service?.isElsewhere ? "another node of the site is to have it; " : ""}still here: ${left}`,
  };
}

const MOST_NAMED = 3;

function functionPieces(input: PlanInput, held: ReadonlyMap<string, string>): readonly Piece[] {
  const { target, observed, departures } = input;
  const pieces = new Map<string, Piece>();
  const add = (
    id: string,
    kind: FunctionKind,
    seen: { readonly digest: string; readonly pid: number | null } | null,
  ): void => {
    const serviceId = ownerOf(id, input);
    if (serviceId === null || target.functions.has(id) || held.has(id) || pieces.has(id)) return;
    const known = departures?.functions.get(id);
    const digest = seen?.digest ?? known?.target.digest;
    const heldUp = awayProblem(kind, input) ?? departures?.problems.get(`function/${id}`) ?? null;
    const text = `${kind === "lvnf" ? "LVNF" : "container"} ${id}`;
    if (digest === undefined) return void pieces.set(id, { serviceId, text, heldUp });
    const view: LeavingFunction = {
      id,
      name: known?.target.name ?? id.slice(serviceId.length + 1),
      kind,
      digest,
      pid: seen?.pid ?? null,
      restarts: known?.memory.restarts ?? 0,
      bootMs: known?.memory.bootMs ?? null,
      code: heldUp?.code ?? null,
      reason: heldUp?.detail ?? null,
    };
    pieces.set(id, { serviceId, text, heldUp, function: view });
  };
  const click = latest(observed.click);
  for (const { functionId, digest, pid } of click?.processes.values() ?? [])
    add(functionId, "lvnf", { digest, pid: pid || null });
  for (const { functionId, digest, pid } of latest(observed.docker)?.containers.values() ?? [])
    add(functionId, "container", { digest, pid });
  // Its socket is closed or Docker has forgotten it, and the call that ends it has not come back.
  for (const [id, kind] of departures?.ending ?? []) add(id, kind, null);
  // Nobody has looked yet whether it is there.
  for (const [id, { target: known }] of departures?.functions ?? [])
    if (latest(driverOf(known.kind, input)) === null) add(id, known.kind, null);
  const files = [...(click?.files ?? [])].flatMap((id): Piece[] => {
    const serviceId = ownerOf(id, input);
    if (serviceId === null || target.services.has(serviceId) || target.functions.has(id)) return [];
    if (pieces.has(id) || held.has(id)) return [];
    const heldUp = awayProblem("lvnf", input) ?? departures?.problems.get(`function/${id}`) ?? null;
    return [{ serviceId, text: `files of LVNF ${id}`, heldUp }];
  });
  return [...pieces.values(), ...files];
}

/** Of a service nothing is seen, by drivers of which one has not looked in this life: a version of before may have left it something. */
function unseenPieces(input: PlanInput, seen: readonly Piece[]): readonly Piece[] {
  const { target, departures } = input;
  const kinds = (["lvnf", "container"] as const).filter((kind) => latest(driverOf(kind, input)) === null);
  return [...(departures?.services.keys() ?? [])].flatMap((serviceId): Piece[] => {
    if (target.services.has(serviceId) || seen.some((piece) => piece.serviceId === serviceId)) return [];
    return kinds.map((kind) => ({
      serviceId,
      text: `what ${kind === "lvnf" ? "LVNFs" : "containers"} of it there may be`,
      heldUp: awayProblem(kind, input),
    }));
  });
}

function portPieces(
  input: PlanInput,
  bridge: ObservedBridge | null,
  held: ReadonlyMap<string, string>,
): readonly Piece[] {
  const { target, observed, departures } = input;
  const heldUp = away("ovs", observed.ovs) ?? departures?.problems.get("orphan-ports") ?? null;
  return [...(bridge?.ports.values() ?? [])].flatMap(({ name, externalIds }): Piece[] => {
    const functionId = externalIds[OWNER_KEY] ?? "";
    const serviceId = ownerOf(functionId, input);
    if (serviceId === null || target.functions.has(functionId) || held.has(functionId)) return [];
    return [{ serviceId, text: `port ${name} of ${functionId} on ${target.bridge.name}`, heldUp }];
  });
}

/** Only of functions that were wanted in this life of the agent: of others the names do not tell whose they are. */
function interfacePieces(input: PlanInput): readonly Piece[] {
  const { target, observed, departures } = input;
  const links = latest(observed.link)?.names;
  return [...(departures?.functions.values() ?? [])].flatMap(({ target: { id, serviceId, ports } }) =>
    target.functions.has(id)
      ? []
      : ports.flatMap(({ bridgeDevice }): Piece[] => {
          if (!links?.has(bridgeDevice)) return [];
          const heldUp =
            away("link", observed.link) ??
            away("ovs", observed.ovs) ??
            departures?.problems.get(`link/${bridgeDevice}`) ??
            null;
          return [{ serviceId, text: `interface ${bridgeDevice} of ${id}`, heldUp }];
        }),
  );
}

function flowPieces(
  { observed, departures, target }: PlanInput,
  bridge: ObservedBridge | null,
  ownFlows: ReadonlySet<string>,
): readonly Piece[] {
  const heldUp = away("ovs", observed.ovs) ?? departures?.problems.get("flows") ?? null;
  return [...(departures?.services ?? [])].flatMap(([serviceId, { flows }]): Piece[] => {
    const left = [...flows].filter((cookie) => bridge?.flowCookies?.has(cookie) && !ownFlows.has(cookie));
    return left.length > 0
      ? [{ serviceId, text: `${left.length} flows on ${target.bridge.name}`, heldUp }]
      : [];
  });
}

/** The service that a function is of: as it was when it was wanted, else the longest that its id can be of. Null: of none that is known. */
function ownerOf(functionId: string, { target: { services, gone }, departures }: PlanInput): string | null {
  const known = departures?.functions.get(functionId)?.target.serviceId;
  if (known !== undefined) return known;
  for (let at = functionId.lastIndexOf("."); at > 0; at = functionId.lastIndexOf(".", at - 1)) {
    const id = functionId.slice(0, at);
    if (services.has(id) || gone.has(id)) return id;
  }
  return null;
}

const driverOf = (kind: FunctionKind, { observed }: PlanInput): View<unknown> =>
  kind === "lvnf" ? observed.click : observed.docker;

const awayProblem = (kind: FunctionKind, input: PlanInput): Problem | null =>
  away(kind === "lvnf" ? "click" : "docker", driverOf(kind, input));

const away = (driver: string, view: View<unknown>): Problem | null =>
  view.state === "ready"
    ? null
    : { code: "driver.unavailable", detail: `driver ${driver} is ${view.state}: ${view.reason}` };
