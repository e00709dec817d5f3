/** A node joins its site of several: what the agent is given when agent.yaml has `hub`. Loaded only then. */
import { uptime } from "node:os";
import { join } from "node:path";
import { type BusClientOptions, createBusClient } from "../../bus/client.js";
import type { Log } from "../../bus/log.js";
import type { EventFields } from "../chronicle.js";
import type { AgentConfig } from "../config.js";
import type { Observed } from "../domain/observed.js";
import type { Journal, Origin } from "../store/journal.js";
import { createBridge } from "./bridge.js";
import type { SiteNetwork } from "./ears.js";
import { createFollowingClient } from "./following-client.js";
import { createLeaseFile, type LeaseFile } from "./lease-file.js";
import { createMembership, type SetServices } from "./membership.js";
import type { HubConfig } from "./settings.js";
import { createSite } from "./site.js";

export interface JoinOptions {
  readonly config: Pick<AgentConfig, "site" | "node" | "ports" | "controller" | "runDir">;
  readonly hub: HubConfig;
  readonly journal: Pick<Journal, "terms" | "desired">;
  readonly originOf: (serviceId: string) => Origin | null;
  readonly observe: () => Observed;
  readonly setServices: SetServices;
  readonly note: (event: EventFields) => void;
  readonly bootId: string;
  readonly clock: () => number;
  /** Milliseconds that go on in suspend; `os.uptime` without. */
  readonly monotonic?: () => number;
  readonly random: () => number;
  /** These two for simulation: the real ones without. */
  readonly network?: SiteNetwork;
  readonly lease?: LeaseFile;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export type JoinedSite = Awaited<ReturnType<typeof joinSite>>;

/** Resolves once the node's promises are read: from then on it is known which services are its own. */
export async function joinSite(options: JoinOptions) {
  const { config, hub, journal, log, clock, random } = options;
  const { monotonic = () => uptime() * 1_000, network } = options;
  const { lease = createLeaseFile(join(config.runDir, "site-lease"), options.bootId, log) } = options;
  const url = config.controller.url;
  const membership = createMembership({
    place: (serviceId) => site.place(serviceId),
    originOf: options.originOf,
    observe: options.observe,
    ports: Object.keys(config.ports),
    setServices: options.setServices,
  });
  const site = createSite({
    site: config.site,
    node: config.node,
    hub,
    terms: journal.terms,
    monotonic,
    lease,
    facts: membership.facts,
    onOwners: membership.ownersChanged,
    bridge:
      url === null
        ? null
        : (localUrl) =>
            createBridge({
              site: config.site,
              node: config.node,
              url,
              localUrl,
              desired: journal.desired,
              ...(network && { network }),
              clock,
              random,
              log,
            }),
    ...(network && { network }),
    tell: (news) => options.note({ action: null, code: null, ...news }),
    clock,
    random,
    log,
    signal: options.signal,
  });
  const desired = await journal.desired();
  const kept = desired.flatMap(({ kind, id, origin, body }) =>
    kind === "service" && origin === "controller" && body !== null ? [id] : [],
  );
  membership.held(await site.prepare(kept));
  return {
    /** Takes what the catalogue has; the loop gets what is this node's. */
    changed(...args: Parameters<SetServices>): void {
      membership.changed(args[0], args[1]);
      site.factsChanged();
    },
    start: site.start,
    stop: site.stop,
    view: site.view,
    /** Makes the link's client: the hub's broker is the controller's for it. */
    connect: (client: BusClientOptions) => createFollowingClient(client, site.hub, connectTo),
  };
}

/** On the LAN a dead broker is to be noticed soon, and many nodes are few. */
const connectTo = (client: BusClientOptions) =>
  createBusClient({
    ...client,
    keepaliveS: 5,
    connectTimeoutMs: 2_000,
    backoff: { baseMs: 100, capMs: 2_000 },
  });
