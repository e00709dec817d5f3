/** The part of Open vSwitch's database that we need, kept as a copy from the monitor, and read as typed rows. */
import type { Json, JsonObject } from "./json-rpc.js";

/** What is monitored (ovs-vswitchd.conf.db(5)). */
export const MONITORED = {
  Open_vSwitch: ["cur_cfg", "next_cfg", "ovs_version", "bridges"],
  Bridge: ["name", "datapath_type", "fail_mode", "protocols", "external_ids", "ports"],
  Port: ["name", "external_ids", "interfaces"],
  Interface: ["name", "ofport", "error", "link_state", "ifindex"],
} as const;

export interface OvsRows {
  readonly version: string | null;
  /** The last configuration number that ovs-vswitchd has taken up. */
  readonly curCfg: number;
  readonly bridges: ReadonlyMap<string, BridgeRow>;
}

export interface BridgeRow {
  readonly uuid: string;
  readonly name: string;
  readonly datapathType: string;
  readonly failMode: string | null;
  readonly protocols: ReadonlySet<string>;
  readonly externalIds: Readonly<Record<string, string>>;
  readonly ports: ReadonlyMap<string, PortRow>;
}

export interface PortRow {
  readonly uuid: string;
  readonly name: string;
  readonly externalIds: Readonly<Record<string, string>>;
  readonly ofport: number | null;
  readonly error: string | null;
  readonly linkUp: boolean;
  /** 0 when the device is gone, or is another one of the same name than the one that was bound. */
  readonly ifindex: number | null;
  /** What Open vSwitch says: the index of the device that now has the name. */
  readonly deviceIfindex: number | null;
}

/**
 * On the Port row: index of the device that Open vSwitch bound. A veth that is made anew under its old name
 * shows in the Interface row as if all were well (new ifindex, link up, no error), but ovs-vswitchd 3.1 goes on
 * reading from its socket on the old one and no packet passes, until the port is removed and added.
 */
export const BOUND_IFINDEX_KEY = "lightmano-ifindex";

export interface Replica {
  reset(tables: Json): void;
  update(tables: Json): void;
  /** The rows as they are now; the same value until something changes. */
  rows(): OvsRows;
}

type Tables = ReadonlyMap<string, ReadonlyMap<string, JsonObject>>;

export function createReplica(): Replica {
  const tables = new Map<string, Map<string, JsonObject>>();
  let rows: OvsRows | null = null;

  const update = (updates: Json) => {
    rows = null;
    for (const [tableName, tableUpdate] of Object.entries((updates ?? {}) as JsonObject)) {
      const table = tables.get(tableName) ?? new Map<string, JsonObject>();
      tables.set(tableName, table);
      for (const [uuid, change] of Object.entries(tableUpdate as JsonObject)) {
        const row = (change as JsonObject).new;
        if (row === undefined) table.delete(uuid);
        else table.set(uuid, row as JsonObject);
      }
    }
  };
  return {
    update,
    reset(initial) {
      tables.clear();
      update(initial);
    },
    rows() {
      rows ??= readRows(tables);
      return rows;
    },
  };
}

function readRows(tables: Tables): OvsRows {
  const root = tables.get("Open_vSwitch")?.values().next().value;
  const bridges = new Map<string, BridgeRow>();
  for (const uuid of uuidsOf(root?.bridges)) {
    const bridge = tables.get("Bridge")?.get(uuid);
    if (bridge) bridges.set(String(bridge.name), readBridge(tables, uuid, bridge));
  }
  return {
    version: optional(root?.ovs_version, String),
    curCfg: Number(root?.cur_cfg ?? 0),
    bridges,
  };
}

function readBridge(tables: Tables, uuid: string, row: JsonObject): BridgeRow {
  const ports = new Map<string, PortRow>();
  for (const portUuid of uuidsOf(row.ports)) {
    const port = tables.get("Port")?.get(portUuid);
    if (port) ports.set(String(port.name), readPort(tables, portUuid, port));
  }
  return {
    uuid,
    name: String(row.name),
    datapathType: String(row.datapath_type),
    failMode: optional(row.fail_mode, String),
    protocols: new Set(setOf(row.protocols).map(String)),
    externalIds: mapOf(row.external_ids),
    ports,
  };
}

function readPort(tables: Tables, uuid: string, row: JsonObject): PortRow {
  const [interfaceUuid] = uuidsOf(row.interfaces);
  const netdev = interfaceUuid === undefined ? undefined : tables.get("Interface")?.get(interfaceUuid);
  const ofport = optional(netdev?.ofport, Number);
  const deviceIfindex = optional(netdev?.ifindex, Number);
  const { [BOUND_IFINDEX_KEY]: bound, ...externalIds } = mapOf(row.external_ids);
  return {
    uuid,
    name: String(row.name),
    externalIds,
    // -1 is what Open vSwitch writes when it could not add the interface.
    ofport: ofport !== null && ofport > 0 ? ofport : null,
    error: optional(netdev?.error, String),
    linkUp: optional(netdev?.link_state, String) === "up",
    ifindex:
      bound === undefined || deviceIfindex === null || Number(bound) === deviceIfindex ? deviceIfindex : 0,
    deviceIfindex,
  };
}

// --- Values on the wire (RFC 7047 §5.1): a set of one is the bare value --------------------------

function setOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value[0] === "set") return value[1] as readonly Json[];
  return [value];
}

function optional<T>(value: Json | undefined, read: (value: Json) => T): T | null {
  const [only] = setOf(value);
  return only === undefined || only === "" ? null : read(only);
}

const uuidsOf = (value: Json | undefined): readonly string[] =>
  setOf(value).map((item) => String(Array.isArray(item) ? item[1] : item));

function mapOf(value: Json | undefined): Readonly<Record<string, string>> {
  const pairs = Array.isArray(value) && value[0] === "map" ? (value[1] as readonly (readonly Json[])[]) : [];
  return Object.fromEntries(pairs.map(([key, item]) => [String(key), String(item)]));
}
