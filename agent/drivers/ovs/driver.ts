/**
 * The Open vSwitch driver. Configuration goes through OVSDB on one persistent connection, whose monitor also
 * tells what is there; flows are changed, in bundles, and read over one OpenFlow connection to each bridge. See api.ts
 * for the contract.
 */
import { LightmanoError } from "../../../model/errors.js";
import { type ObservedBridge, type ObservedOvs, OWNER_KEY, type View } from "../../domain/observed.js";
import { createNotifier } from "../notifier.js";
import { systemWaitClock, type WaitClock } from "../wait.js";
import type { OvsDriver } from "./api.js";
import { createCommits } from "./commit.js";
import { flowMods } from "./flow-mods.js";
import { createOvsdbClient } from "./ovsdb-client.js";
import { type BridgeRow, createReplica, MONITORED, type OvsRows } from "./replica.js";
import {
  addPortsOperations,
  ensureBridgeOperations,
  knownBridge,
  noteBoundOperations,
  removeBridgeOperations,
  removePortsOperations,
  stalePorts,
} from "./transactions.js";
import { createVswitchd, type Vswitchd } from "./vswitchd.js";

export interface OvsDriverOptions {
  /** Path of ovsdb-server's Unix socket, or `tcp:host:port`. */
  readonly ovsdbSocket: string;
  /** Where ovs-vswitchd keeps its bridges' sockets (`BRIDGE.mgmt`), e.g. /var/run/openvswitch. */
  readonly runDir: string;
  /** Bridges shown although they do not bear our mark. Those made by `ensureBridge` are always shown. */
  readonly bridges?: readonly string[];
  readonly log?: (message: string) => void;
  readonly clock?: WaitClock;
}

export function createOvsDriver(options: OvsDriverOptions): OvsDriver {
  const { clock = systemWaitClock, log = () => undefined } = options;
  const replica = createReplica();
  const asked = new Set(options.bridges ?? []);
  /** null until `watch`, and whenever ovsdb-server is gone: the reason why. */
  let database: { readonly state: "starting" | "degraded"; readonly reason: string } | null = {
    state: "starting",
    reason: "connecting to ovsdb-server",
  };
  let seen = false;
  let vswitchd: Vswitchd | null = null;
  let view: View<ObservedOvs> | null = null;
  const { notify, begin } = createNotifier();

  const changed = () => {
    view = null;
    commits.recheck();
    notify();
  };
  const replicaChanged = () => {
    vswitchd?.follow(new Set([...replica.rows().bridges.values()].filter(isShown).map(({ name }) => name)));
    changed();
  };
  const isShown = (bridge: BridgeRow) => OWNER_KEY in bridge.externalIds || asked.has(bridge.name);

  const client = createOvsdbClient({
    address: options.ovsdbSocket,
    database: "Open_vSwitch",
    monitor: MONITORED,
    clock,
    initial: (tables) => {
      replica.reset(tables);
      database = null;
      seen = true;
      replicaChanged();
    },
    update: (tables) => {
      replica.update(tables);
      replicaChanged();
    },
    disconnected: (why) => {
      const reason = `ovsdb-server does not answer at ${options.ovsdbSocket}: ${why}`;
      if (database?.state === "degraded") return;
      log(reason);
      database = { state: "degraded", reason };
      changed();
    },
  });
  const commits = createCommits({ client, rows: replica.rows });
  const watched = (): Vswitchd => {
    if (vswitchd) return vswitchd;
    throw new LightmanoError("driver.unavailable", "the Open vSwitch driver is not watching yet");
  };

  return {
    name: "ovs",
    watch(onChange, signal) {
      begin(onChange, signal);
      vswitchd = createVswitchd({ runDir: options.runDir, clock, signal, changed, log });
      client.start(signal);
    },
    view() {
      view ??= computeView(replica.rows(), database, seen, isShown, vswitchd);
      return view;
    },

    async ensureBridge(spec, { signal }) {
      asked.add(spec.name);
      await commits.confirmed(`bridge ${spec.name}`, (rows) => ensureBridgeOperations(rows, spec), signal);
      replicaChanged();
      await commits.until(
        () => watched().state(spec.name).state === "ready" || undefined,
        () => watched().state(spec.name).reason,
        signal,
      );
    },
    async removeBridge(name, { signal }) {
      await commits.confirmed(`bridge ${name}`, (rows) => removeBridgeOperations(rows, name), signal);
      if (!options.bridges?.includes(name)) asked.delete(name);
    },
    async addPorts(bridge, ports, { signal }) {
      const what = `ports of ${bridge}`;
      const names = ports.map(({ name }) => name);
      await commits.confirmed(
        what,
        (rows) => removePortsOperations(rows, bridge, stalePorts(rows, bridge, ports)),
        signal,
      );
      const settled = () => portsAreSettled(replica.rows(), bridge, names);
      await commits.confirmed(what, (rows) => addPortsOperations(rows, bridge, ports), signal, settled);
      const refused = names.flatMap((name) => {
        const port = knownBridge(replica.rows(), bridge).ports.get(name);
        const error = port ? port.error : "somebody removed it at the same time";
        return error === null ? [] : [{ name, error }];
      });
      await commits.noted(what, (rows) => noteBoundOperations(rows, bridge, ports), signal);
      if (refused.length === 0) return;
      const refusedNames = refused.map(({ name }) => name);
      await commits.confirmed(what, (rows) => removePortsOperations(rows, bridge, refusedNames), signal);
      throw new LightmanoError(
        "ovs.failed",
        refused
          .map(({ name, error }) => `Open vSwitch cannot open port ${name} on ${bridge}: ${error}`)
          .join("; "),
      );
    },
    async removePorts(bridge, names, { signal }) {
      await commits.confirmed(
        `ports of ${bridge}`,
        (rows) => removePortsOperations(rows, bridge, names),
        signal,
      );
    },

    async applyFlows(bridge, change, { signal }) {
      if (change.add.length === 0 && change.removeCookies.length === 0) return;
      knownBridge(replica.rows(), bridge);
      await watched().changeFlows(bridge, flowMods(change.add, change.removeCookies), signal);
    },
    async flowCounters(bridge, { signal }) {
      knownBridge(replica.rows(), bridge);
      const counters = new Map<string, { packets: number; bytes: number }>();
      for (const { cookie, packets, bytes } of await watched().readFlows(bridge, signal)) {
        const before = counters.get(cookie) ?? { packets: 0, bytes: 0 };
        counters.set(cookie, { packets: before.packets + packets, bytes: before.bytes + bytes });
      }
      return counters;
    },
  };
}

/** Whether Open vSwitch has said yes (a number and a device) or no (an error) to each port. */
function portsAreSettled(rows: OvsRows, bridge: string, names: readonly string[]): boolean {
  const { ports } = knownBridge(rows, bridge);
  return names.every((name) => {
    const port = ports.get(name);
    return port === undefined || port.error !== null || (port.ofport !== null && port.ifindex !== null);
  });
}

function computeView(
  rows: OvsRows,
  database: { readonly state: "starting" | "degraded"; readonly reason: string } | null,
  seen: boolean,
  isShown: (bridge: BridgeRow) => boolean,
  vswitchd: Vswitchd | null,
): View<ObservedOvs> {
  const bridges = new Map<string, ObservedBridge>();
  let notReady = database;
  for (const bridge of rows.bridges.values()) {
    if (!isShown(bridge)) continue;
    const answers = vswitchd?.state(bridge.name);
    bridges.set(bridge.name, observedBridge(bridge, answers?.flowCookies ?? null));
    if (answers && answers.state !== "ready" && notReady?.state !== "degraded") {
      notReady = { state: answers.state, reason: answers.reason };
    }
  }
  const now: ObservedOvs = { version: rows.version, bridges };
  return notReady ? { ...notReady, last: seen ? now : null } : { state: "ready", now };
}

/** The bridge's own port, which bears its name, is part of the bridge and not among its ports. */
function observedBridge(bridge: BridgeRow, flowCookies: ReadonlySet<string> | null): ObservedBridge {
  const ports = new Map(
    [...bridge.ports.values()]
      .filter(({ name }) => name !== bridge.name)
      .map(({ uuid: _uuid, deviceIfindex: _deviceIfindex, ...port }) => [port.name, port] as const),
  );
  const { name, datapathType, externalIds } = bridge;
  return { name, datapathType, externalIds, ports, flowCookies };
}
