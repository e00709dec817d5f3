/** What /api/v1 and the page show: what is wanted, what was last said of it, and how old that is. */
import type { ServiceId, SiteId } from "../model/ids.js";
import type { FunctionStatus, NodeInventory, NodeTelemetry, ServiceStatus } from "../model/messages/node.js";
import type { Fleet } from "./fleet.js";
import type { DesiredObject } from "./store/desired.js";
import type { NodeRecord } from "./store/nodes.js";
import type { ReportedService, StoredEvent } from "./store/reports.js";
import type { Store } from "./store/store.js";

export interface NodeView {
  readonly site: string;
  readonly id: string;
  readonly online: boolean;
  readonly since: string | null;
  readonly heardAt: string | null;
  readonly reportedAt: string | null;
  readonly agentVersion: string | null;
  readonly inventory: NodeInventory | null;
  readonly telemetry: NodeTelemetry | null;
}

export interface SiteView {
  readonly id: string;
  readonly nodes: number;
  readonly online: number;
  readonly services: number;
  readonly heardAt: string | null;
}

export interface ServiceView {
  readonly id: string;
  readonly name: string;
  readonly site: string;
  /** Null: no node of the site has said anything of it yet. */
  readonly node: string | null;
  /** False: its removal was asked for (or it was never asked for by this controller). */
  readonly wanted: boolean;
  readonly wantedRevision: number | null;
  /** As last reported, which `reportedAt` and `nodeOnline` put into perspective. */
  readonly state: ServiceStatus["state"] | null;
  readonly revision: number | null;
  readonly packageDigest: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly functions: readonly FunctionStatus[];
  readonly chains: ServiceStatus["chains"];
  /** By the node's clock. */
  readonly reportedAt: string | null;
  /** By the controller's clock. */
  readonly receivedAt: string | null;
  readonly nodeOnline: boolean;
}

export interface EventView {
  readonly id: number;
  readonly site: string;
  readonly node: string;
  readonly receivedAt: string;
  readonly ts: string;
  readonly object: string;
  readonly type: string;
  readonly cause: string | null;
  readonly rule: string | null;
  readonly action: string | null;
  readonly code: string | null;
  readonly detail: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export type Views = ReturnType<typeof createViews>;

export function createViews(store: Pick<Store, "desired" | "reports">, fleet: Fleet) {
  const services = async (): Promise<readonly ServiceView[]> =>
    serviceViews(await store.desired.services(), await store.reports.services(), fleet);
  return {
    nodes: (): readonly NodeView[] => fleet.nodes().map(nodeView),
    node: (site: NodeRecord["site"], node: NodeRecord["node"]): NodeView | null => {
      const record = fleet.node(site, node);
      return record && nodeView(record);
    },
    services,
    /** All rows of one service: none once it is gone. */
    async service(site: SiteId, service: ServiceId): Promise<readonly ServiceView[]> {
      const object = await store.desired.get(site, "service", service);
      return serviceViews(object ? [object] : [], await store.reports.ofService(site, service), fleet);
    },
    async sites(): Promise<readonly SiteView[]> {
      const known = new Map<string, { nodes: NodeRecord[]; services: Set<string> }>();
      const site = (id: string) => {
        const found = known.get(id) ?? { nodes: [], services: new Set<string>() };
        known.set(id, found);
        return found;
      };
      for (const node of fleet.nodes()) site(node.site).nodes.push(node);
      for (const service of await services()) site(service.site).services.add(service.id);
      return [...known].map(([id, at]) => ({
        id,
        nodes: at.nodes.length,
        online: at.nodes.filter((node) => node.online).length,
        services: at.services.size,
        heardAt: at.nodes.map((node) => node.heardAt).reduce(later, null),
      }));
    },
    event: eventView,
  };
}

/** Pure: one row per service and node that reported it, and one without a node where none has. */
export function serviceViews(
  desired: readonly DesiredObject[],
  reported: readonly ReportedService[],
  fleet: Pick<Fleet, "node">,
): readonly ServiceView[] {
  const key = (site: string, service: string): string => `${site}/${service}`;
  const wanted = new Map(desired.map((object) => [key(object.site, object.id), object]));
  const present = reported.filter(({ removed }) => !removed);
  const said = new Set(present.map(({ site, service }) => key(site, service)));
  const silent = desired.filter((object) => !object.deleted && !said.has(key(object.site, object.id)));
  return [
    ...present.map((report) => reportedView(report, wanted.get(key(report.site, report.service)), fleet)),
    ...silent.map(unreportedView),
  ];
}

function reportedView(
  report: ReportedService,
  object: DesiredObject | undefined,
  fleet: Pick<Fleet, "node">,
): ServiceView {
  const { site, node, service, status, reportedAt, receivedAt } = report;
  return {
    ...unreportedView(object ?? null),
    id: service,
    name: status?.name ?? service,
    site,
    node,
    state: status?.state ?? null,
    revision: status?.revision ?? null,
    packageDigest: status?.packageDigest ?? null,
    code: status?.code ?? null,
    reason: status?.reason ?? null,
    functions: status?.functions ?? [],
    chains: status?.chains ?? [],
    reportedAt,
    receivedAt,
    nodeOnline: fleet.node(site, node)?.online ?? false,
  };
}

function unreportedView(object: DesiredObject | null): ServiceView {
  const body = object?.kind === "service" ? object.body : null;
  return {
    id: object?.id ?? "",
    name: body?.name ?? object?.id ?? "",
    site: object?.site ?? "",
    node: null,
    wanted: object ? !object.deleted : false,
    wantedRevision: object?.revision ?? null,
    state: null,
    revision: null,
    packageDigest: body?.packageDigest ?? null,
    code: null,
    reason: null,
    functions: [],
    chains: [],
    reportedAt: null,
    receivedAt: null,
    nodeOnline: false,
  };
}

const nodeView = ({ node, ...record }: NodeRecord): NodeView => ({ ...record, id: node });

const eventView = ({ id, site, node, receivedAt, event }: StoredEvent): EventView => ({
  id,
  site,
  node,
  receivedAt,
  ...event,
});

const later = (a: string | null, b: string | null): string | null => (a && b ? (a > b ? a : b) : (a ?? b));
