/**
 * What is written to Open vSwitch's database, as values computed from the rows as they are known. Each
 * transaction says by `wait` what it takes for granted; where that no longer holds nothing is committed, and
 * the transaction is computed anew.
 */
import { LightmanoError } from "../../../model/errors.js";
import type { BridgeSpec, OvsPortSpec } from "./api.js";
import type { Json, JsonObject } from "./json-rpc.js";
import { BOUND_IFINDEX_KEY, type BridgeRow, type OvsRows } from "./replica.js";

const FAIL_MODE = "secure";
/** OpenFlow 1.0 stays for a person's bare `ovs-ofctl`; 1.4 is what we speak (bundles). */
const PROTOCOLS = ["OpenFlow10", "OpenFlow13", "OpenFlow14", "OpenFlow15"];

/** Empty when the bridge is already so. */
export function ensureBridgeOperations(rows: OvsRows, spec: BridgeSpec): readonly JsonObject[] {
  const bridge = rows.bridges.get(spec.name);
  if (!bridge) return createBridge(spec);
  const columns: Record<string, Json> = {};
  if (bridge.datapathType !== spec.datapathType) columns.datapath_type = spec.datapathType;
  if (bridge.failMode !== FAIL_MODE) columns.fail_mode = FAIL_MODE;
  if (!bridge.protocols.has("OpenFlow14")) columns.protocols = set(PROTOCOLS);
  const corrections = correctExternalIds("Bridge", bridge, spec.externalIds);
  if (Object.keys(columns).length > 0)
    corrections.push({ op: "update", table: "Bridge", where: is(bridge.uuid), row: columns });
  return corrections.length > 0 ? [stillThere("Bridge", bridge), ...corrections] : [];
}

function createBridge(spec: BridgeSpec): readonly JsonObject[] {
  return [
    nobodyHas("Bridge", spec.name),
    ...insertPort({ name: spec.name, externalIds: {} }, "local", "internal"),
    {
      op: "insert",
      table: "Bridge",
      "uuid-name": "bridge",
      row: {
        name: spec.name,
        datapath_type: spec.datapathType,
        fail_mode: FAIL_MODE,
        protocols: set(PROTOCOLS),
        external_ids: map(spec.externalIds),
        ports: ["named-uuid", "port_local"],
      },
    },
    {
      op: "mutate",
      table: "Open_vSwitch",
      where: [],
      mutations: [["bridges", "insert", ["named-uuid", "bridge"]]],
    },
  ];
}

/** Its ports go with it: rows that nothing refers to are collected (RFC 7047 §3.2, isRoot). */
export function removeBridgeOperations(rows: OvsRows, name: string): readonly JsonObject[] {
  const bridge = rows.bridges.get(name);
  if (!bridge) return [];
  return [
    {
      op: "mutate",
      table: "Open_vSwitch",
      where: [],
      mutations: [["bridges", "delete", ["uuid", bridge.uuid]]],
    },
  ];
}

export function addPortsOperations(
  rows: OvsRows,
  bridgeName: string,
  ports: readonly OvsPortSpec[],
): readonly JsonObject[] {
  const bridge = knownBridge(rows, bridgeName);
  const operations: JsonObject[] = [];
  const added: Json[] = [];
  for (const [index, port] of ports.entries()) {
    const other = [...rows.bridges.values()].find(
      ({ name, ports: taken }) => name !== bridgeName && taken.has(port.name),
    );
    if (other)
      throw new LightmanoError(
        "ovs.port-conflict",
        `port ${port.name} is on bridge ${other.name}, not on ${bridgeName}`,
      );
    const there = bridge.ports.get(port.name);
    if (there) {
      const corrections = correctExternalIds("Port", there, port.externalIds);
      // One that Open vSwitch could not open is tried again whenever it is asked for confirmation.
      if (corrections.length > 0 || there.error !== null)
        operations.push(stillThere("Port", there), ...corrections);
    } else {
      operations.push(...insertPort(port, String(index), ""));
      added.push(["named-uuid", `port_${index}`]);
    }
  }
  if (added.length > 0) operations.push(mutatePorts(bridge, "insert", added));
  return operations.length > 0 ? [stillThere("Bridge", bridge), ...operations] : [];
}

export function removePortsOperations(
  rows: OvsRows,
  bridgeName: string,
  names: readonly string[],
): readonly JsonObject[] {
  const bridge = rows.bridges.get(bridgeName);
  const uuids = names.flatMap((name) => bridge?.ports.get(name)?.uuid ?? []);
  return bridge && uuids.length > 0
    ? [
        mutatePorts(
          bridge,
          "delete",
          uuids.map((uuid) => ["uuid", uuid]),
        ),
      ]
    : [];
}

/** Of these ports, the ones whose device is gone or was made anew: they must go before they are added again. */
export function stalePorts(
  rows: OvsRows,
  bridgeName: string,
  ports: readonly OvsPortSpec[],
): readonly string[] {
  const there = rows.bridges.get(bridgeName)?.ports;
  return ports.map(({ name }) => name).filter((name) => there?.get(name)?.ifindex === 0);
}

/** Notes on each port which device was bound (see BOUND_IFINDEX_KEY). */
export function noteBoundOperations(
  rows: OvsRows,
  bridgeName: string,
  ports: readonly OvsPortSpec[],
): readonly JsonObject[] {
  return ports.flatMap(({ name }) => {
    const port = rows.bridges.get(bridgeName)?.ports.get(name);
    if (!port || port.deviceIfindex === null || port.ifindex === 0) return [];
    const bound = { [BOUND_IFINDEX_KEY]: String(port.deviceIfindex) };
    return setExternalIds("Port", port.uuid, bound);
  });
}

/** Asks ovs-vswitchd to tell when it has taken up what comes with this: cur_cfg reaches the number selected. */
export const ASK_FOR_CONFIRMATION: readonly JsonObject[] = [
  { op: "mutate", table: "Open_vSwitch", where: [], mutations: [["next_cfg", "+=", 1]] },
  { op: "select", table: "Open_vSwitch", where: [], columns: ["next_cfg"] },
];

export function knownBridge(rows: OvsRows, name: string): BridgeRow {
  const bridge = rows.bridges.get(name);
  if (!bridge) throw new LightmanoError("ovs.failed", `there is no bridge ${name}`);
  return bridge;
}

function insertPort(port: OvsPortSpec, key: string, type: string): JsonObject[] {
  return [
    nobodyHas("Port", port.name),
    nobodyHas("Interface", port.name),
    { op: "insert", table: "Interface", "uuid-name": `interface_${key}`, row: { name: port.name, type } },
    {
      op: "insert",
      table: "Port",
      "uuid-name": `port_${key}`,
      row: {
        name: port.name,
        interfaces: ["named-uuid", `interface_${key}`],
        external_ids: map(port.externalIds),
      },
    },
  ];
}

/** Only the keys that we want are touched: others may have marked the row too. */
function correctExternalIds(
  table: string,
  row: { readonly uuid: string; readonly externalIds: Readonly<Record<string, string>> },
  wanted: Readonly<Record<string, string>>,
): JsonObject[] {
  const wrong = Object.entries(wanted).filter(([key, value]) => row.externalIds[key] !== value);
  return wrong.length === 0 ? [] : setExternalIds(table, row.uuid, Object.fromEntries(wrong));
}

function setExternalIds(table: string, uuid: string, ids: Readonly<Record<string, string>>): JsonObject[] {
  const mutations = [
    ["external_ids", "delete", set(Object.keys(ids))],
    ["external_ids", "insert", map(ids)],
  ];
  return [{ op: "mutate", table, where: is(uuid), mutations }];
}

const mutatePorts = (
  bridge: BridgeRow,
  mutator: "insert" | "delete",
  ports: readonly Json[],
): JsonObject => ({
  op: "mutate",
  table: "Bridge",
  where: is(bridge.uuid),
  mutations: [["ports", mutator, set(ports)]],
});

const stillThere = (
  table: string,
  { uuid, name }: { readonly uuid: string; readonly name: string },
): JsonObject => ({
  op: "wait",
  table,
  timeout: 0,
  where: is(uuid),
  columns: ["name"],
  until: "==",
  rows: [{ name }],
});

const nobodyHas = (table: string, name: string): JsonObject => ({
  op: "wait",
  table,
  timeout: 0,
  where: [["name", "==", name]],
  columns: ["name"],
  until: "==",
  rows: [],
});

const is = (uuid: string): Json => [["_uuid", "==", ["uuid", uuid]]];
const set = (items: readonly Json[]): Json => ["set", items];
const map = (record: Readonly<Record<string, string>>): Json => ["map", Object.entries(record)];
