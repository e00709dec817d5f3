/** A stateful Open vSwitch in memory; it passes test/contract/ovs.test.ts like the real one. */

import { type Flow, type ObservedBridge, type ObservedPort, OWNER_KEY } from "../../agent/domain/observed.js";
import { createNotifier } from "../../agent/drivers/notifier.js";
import type { OvsDriver } from "../../agent/drivers/ovs/api.js";
import { flowMods } from "../../agent/drivers/ovs/flow-mods.js";
import { cookieText } from "../../agent/drivers/ovs/openflow-messages.js";
import { LightmanoError } from "../../model/errors.js";
import { createFaults, type FaultOptions, type Faults } from "./faults.js";

export type OvsOperation =
  | "ensureBridge"
  | "removeBridge"
  | "addPorts"
  | "removePorts"
  | "applyFlows"
  | "flowCounters";

export interface FakeOvsControl extends Faults<OvsOperation> {
  /** ovs-vswitchd stops: flows are lost, ports stay in the database. */
  stopSwitch(): void;
  startSwitch(): void;
  /** ovs-vswitchd restarts: flows are lost, ports stay. */
  restartSwitch(): void;
  /** ovsdb-server stops: nothing can be seen or configured, packets still flow. */
  stopDatabase(): void;
  startDatabase(): void;
  /** Somebody else deletes all flows (`ovs-ofctl del-flows`). */
  dropFlows(bridge: string): void;
  /** The interface is gone; a port on it stays, with ifindex 0. */
  vanishInterface(name: string): void;
  /** It is there again, as another device: a port on the old one stays dead until removed and added. */
  restoreInterface(name: string): void;
  /** The flows as they are, for assertions. */
  flows(bridge: string): readonly Flow[];
  /** Lets packets pass through all flows with the cookie. */
  countPackets(bridge: string, cookie: string, packets: number, bytes: number): void;
}

export interface FakeOvsOptions extends FaultOptions {
  /** Which interfaces the node has; all that did not vanish when left out. */
  readonly hasInterface?: (name: string) => boolean;
  /** Bridges shown although they do not bear our mark. */
  readonly bridges?: readonly string[];
}

interface FakeBridge {
  readonly name: string;
  datapathType: string;
  externalIds: Record<string, string>;
  readonly ports: Map<string, ObservedPort>;
  readonly flows: Map<string, Flow & { packets: number; bytes: number }>;
  nextOfport: number;
}

export function createFakeOvs(options: FakeOvsOptions = {}): { driver: OvsDriver; control: FakeOvsControl } {
  const faults = createFaults<OvsOperation>(options);
  const { notify, begin } = createNotifier();
  const bridges = new Map<string, FakeBridge>();
  const asked = new Set(options.bridges ?? []);
  const vanished = new Set<string>();
  let databaseRuns = true;
  let switchRuns = true;
  let watching = false;
  let nextIfindex = 1;

  const exists = (name: string) => !vanished.has(name) && (options.hasInterface?.(name) ?? true);
  const unavailable = (daemon: string) =>
    new LightmanoError("driver.unavailable", `${daemon} does not answer`);
  const begins = async (operation: OvsOperation, args: readonly unknown[], signal: AbortSignal) => {
    await faults.before(operation, args, signal);
    if (!databaseRuns) throw unavailable("ovsdb-server");
    if (!switchRuns) throw unavailable("ovs-vswitchd");
  };
  const known = (name: string): FakeBridge => {
    const bridge = bridges.get(name);
    if (!bridge) throw new LightmanoError("ovs.failed", `there is no bridge ${name}`);
    return bridge;
  };
  const dropAllFlows = () => {
    for (const { flows } of bridges.values()) flows.clear();
  };
  const setPort = (name: string, change: Partial<ObservedPort>) => {
    for (const { ports } of bridges.values()) {
      const port = ports.get(name);
      if (port) ports.set(name, { ...port, ...change });
    }
    notify();
  };

  const driver: OvsDriver = {
    name: "ovs",
    watch(changed, signal) {
      begin(changed, signal);
      setImmediate(() => {
        watching = true;
        notify();
      });
    },
    view() {
      const shown = [...bridges.values()].filter(
        ({ name, externalIds }) => OWNER_KEY in externalIds || asked.has(name),
      );
      const now = {
        version: "3.1.0",
        bridges: new Map(shown.map((bridge) => [bridge.name, observed(bridge, switchRuns)])),
      };
      if (!watching) return { state: "starting", reason: "connecting to ovsdb-server", last: null };
      if (!databaseRuns) return { state: "degraded", reason: "ovsdb-server does not answer", last: now };
      if (!switchRuns) return { state: "degraded", reason: "ovs-vswitchd does not answer", last: now };
      return { state: "ready", now };
    },
    async ensureBridge(spec, { signal }) {
      await begins("ensureBridge", [spec], signal);
      asked.add(spec.name);
      const made: FakeBridge = {
        name: spec.name,
        datapathType: "",
        externalIds: {},
        ports: new Map(),
        flows: new Map(),
        nextOfport: 1,
      };
      const bridge = bridges.get(spec.name) ?? made;
      bridge.datapathType = spec.datapathType;
      bridge.externalIds = { ...bridge.externalIds, ...spec.externalIds };
      bridges.set(spec.name, bridge);
      notify();
    },
    async removeBridge(name, { signal }) {
      await begins("removeBridge", [name], signal);
      bridges.delete(name);
      notify();
    },
    async addPorts(bridgeName, ports, { signal }) {
      await begins("addPorts", [bridgeName, ports], signal);
      const bridge = known(bridgeName);
      for (const { name } of ports) {
        const other = [...bridges.values()].find((one) => one !== bridge && one.ports.has(name));
        if (other)
          throw new LightmanoError(
            "ovs.port-conflict",
            `port ${name} is on bridge ${other.name}, not on ${bridgeName}`,
          );
      }
      const refused: string[] = [];
      for (const { name, externalIds } of ports) {
        const there = bridge.ports.get(name);
        if (there && there.ifindex !== 0) {
          bridge.ports.set(name, { ...there, externalIds: { ...there.externalIds, ...externalIds } });
        } else if (exists(name)) {
          const ofport = bridge.nextOfport++;
          bridge.ports.set(name, {
            name,
            ofport,
            error: null,
            linkUp: true,
            ifindex: nextIfindex++,
            externalIds: { ...externalIds },
          });
        } else {
          bridge.ports.delete(name);
          refused.push(
            `Open vSwitch cannot open port ${name} on ${bridgeName}: could not open network device ${name} (No such device)`,
          );
        }
      }
      notify();
      if (refused.length > 0) throw new LightmanoError("ovs.failed", refused.join("; "));
    },
    async removePorts(bridgeName, names, { signal }) {
      await begins("removePorts", [bridgeName, names], signal);
      for (const name of names) bridges.get(bridgeName)?.ports.delete(name);
      notify();
    },
    async applyFlows(bridgeName, change, { signal }) {
      await begins("applyFlows", [bridgeName, change], signal);
      const { flows } = known(bridgeName);
      // What the real driver cannot say to a switch; and of what it can, what the switch refuses.
      flowMods(change.add, change.removeCookies);
      const refused = change.add.find(({ table }) => table === 255);
      if (refused)
        throw new LightmanoError("ovs.failed", `Open vSwitch refused flow ${JSON.stringify(refused)}`);
      const gone = new Set(change.removeCookies.map(cookieText));
      for (const [key, { cookie }] of flows) if (gone.has(cookie)) flows.delete(key);
      for (const flow of change.add) {
        // A flow of the same table, priority and match takes the place of the one before (OpenFlow §6.4).
        flows.set(`${flow.table} ${flow.priority} ${flow.match}`, {
          ...flow,
          cookie: cookieText(flow.cookie),
          packets: 0,
          bytes: 0,
        });
      }
      notify();
    },
    async flowCounters(bridgeName, { signal }) {
      await begins("flowCounters", [bridgeName], signal);
      const counters = new Map<string, { packets: number; bytes: number }>();
      for (const { cookie, packets, bytes } of known(bridgeName).flows.values()) {
        const before = counters.get(cookie) ?? { packets: 0, bytes: 0 };
        counters.set(cookie, { packets: before.packets + packets, bytes: before.bytes + bytes });
      }
      return counters;
    },
  };

  const set = (change: () => void) => () => {
    change();
    notify();
  };
  const control: FakeOvsControl = {
    ...faults,
    stopSwitch: set(() => {
      switchRuns = false;
      dropAllFlows();
    }),
    startSwitch: set(() => {
      switchRuns = true;
    }),
    restartSwitch: set(dropAllFlows),
    stopDatabase: set(() => {
      databaseRuns = false;
    }),
    startDatabase: set(() => {
      databaseRuns = true;
    }),
    dropFlows: (bridge) => set(() => known(bridge).flows.clear())(),
    vanishInterface(name) {
      vanished.add(name);
      setPort(name, { ifindex: 0, linkUp: false });
    },
    restoreInterface(name) {
      vanished.delete(name);
      setPort(name, { linkUp: true });
    },
    flows: (bridge) =>
      [...known(bridge).flows.values()].map(({ cookie, table, priority, match, actions }) => ({
        cookie,
        table,
        priority,
        match,
        actions,
      })),
    countPackets(bridge, cookie, packets, bytes) {
      for (const flow of known(bridge).flows.values()) {
        if (flow.cookie !== cookieText(cookie)) continue;
        flow.packets += packets;
        flow.bytes += bytes;
      }
    },
  };
  return { driver, control };
}

function observed(
  { name, datapathType, externalIds, ports, flows }: FakeBridge,
  answers: boolean,
): ObservedBridge {
  const flowCookies = answers ? new Set([...flows.values()].map(({ cookie }) => cookie)) : null;
  return { name, datapathType, externalIds: { ...externalIds }, ports: new Map(ports), flowCookies };
}
