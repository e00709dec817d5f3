/**
 * The emulated site as data: who is cabled to whom, under which address, how far away.
 *
 *      ue1 ue2 (tun of sgsnemu)              172.16.222.0/24
 *       |   |
 *      [enb] s1 ── s1-ran [edge] s1-core ── s1 [epc] sgi0 ──┐
 *      10.9.0.1, .3        │  │           10.9.0.2          │ delay  [inet] origins 10.20.0.11-15
 *                          │  └ wan0 (port of the OVS) ─────┤ relay         controller 10.20.0.100
 *                          └─── uplink0 10.50.1.2 ──────────┘ [wan]
 */

export const NAMESPACES = ["ue1", "ue2", "enb", "edge", "epc", "wan", "inet"] as const;
export type Namespace = (typeof NAMESPACES)[number];

export const UES = ["ue1", "ue2"] as const;
export type UeName = (typeof UES)[number];

export interface CableEnd {
  readonly ns: Namespace;
  readonly name: string;
  readonly addresses?: readonly string[];
  /** The kernel stack sends here towards raw sockets (OVS netdev, the relay), which need whole checksums. */
  readonly txChecksumOff?: boolean;
}

export interface Cable {
  readonly a: CableEnd;
  readonly b: CableEnd;
}

export interface UeProfile {
  readonly name: UeName;
  /** The eNodeB's (SGSN's) address that this UE's tunnel starts from. */
  readonly enbAddress: string;
  readonly imsi: string;
  readonly tunDevice: string;
  /** GTP-U header of the uplink: with sequence number 0x32 (12 bytes), without 0x30 (8 bytes). */
  readonly sequenceNumbers: boolean;
}

export interface LabAddresses {
  readonly enb: string;
  readonly enbSecond: string;
  readonly epc: string;
  readonly uePrefix: string;
  readonly controller: string;
  /** The edge node's own address on its uplink. */
  readonly edgeUplink: string;
  readonly edgeUplinkGateway: string;
  /** On wan0, which carries no address of the node: free for functions behind the node's OVS. */
  readonly wanPrefix: string;
  readonly wanGateway: string;
  readonly wanNode: string;
  readonly wanSquid: string;
}

export const ADDRESSES: LabAddresses = {
  enb: "10.9.0.1",
  enbSecond: "10.9.0.3",
  epc: "10.9.0.2",
  uePrefix: "172.16.222.0/24",
  controller: "10.20.0.100",
  edgeUplink: "10.50.1.2",
  edgeUplinkGateway: "10.50.1.1",
  wanPrefix: "10.50.0.0/24",
  wanGateway: "10.50.0.1",
  wanNode: "10.50.0.2",
  wanSquid: "10.50.0.10",
};

export const UE_PROFILES: Readonly<Record<UeName, UeProfile>> = {
  ue1: {
    name: "ue1",
    enbAddress: ADDRESSES.enb,
    imsi: "262011234567890",
    tunDevice: "ue0",
    sequenceNumbers: false,
  },
  // Its own address: the EPC then numbers both directions apart, so a swapped TEID shows.
  ue2: {
    name: "ue2",
    enbAddress: ADDRESSES.enbSecond,
    imsi: "262011234567891",
    tunDevice: "ue0",
    sequenceNumbers: true,
  },
};

/** Inside the tunnel, on both of its ends: outer packets then stay below 1500 and are never fragmented. */
export const TUNNEL_MTU_BYTES = 1400;

export const CABLES: readonly Cable[] = [
  {
    a: { ns: "enb", name: "s1", addresses: ["10.9.0.1/24", "10.9.0.3/24"], txChecksumOff: true },
    b: { ns: "edge", name: "s1-ran" },
  },
  {
    a: { ns: "epc", name: "s1", addresses: ["10.9.0.2/24"], txChecksumOff: true },
    b: { ns: "edge", name: "s1-core" },
  },
  {
    a: { ns: "epc", name: "sgi0", addresses: ["10.10.0.2/24"], txChecksumOff: true },
    b: { ns: "wan", name: "sgi-a" },
  },
  {
    a: { ns: "inet", name: "sgi0", addresses: ["10.10.0.1/24"], txChecksumOff: true },
    b: { ns: "wan", name: "sgi-b" },
  },
  {
    a: { ns: "edge", name: "uplink0", addresses: ["10.50.1.2/24"], txChecksumOff: true },
    b: { ns: "wan", name: "uplink-a" },
  },
  {
    a: { ns: "inet", name: "uplink0", addresses: ["10.50.1.1/24"], txChecksumOff: true },
    b: { ns: "wan", name: "uplink-b" },
  },
  { a: { ns: "edge", name: "wan0" }, b: { ns: "wan", name: "edge-a" } },
  {
    a: { ns: "inet", name: "edge0", addresses: ["10.50.0.1/24"], txChecksumOff: true },
    b: { ns: "wan", name: "edge-b" },
  },
];

/** Site side and internet side of each delayed wire, both in namespace `wan`. */
export const RELAY_PAIRS: readonly (readonly [string, string])[] = [
  ["sgi-a", "sgi-b"],
  ["uplink-a", "uplink-b"],
  ["edge-a", "edge-b"],
];

/** What goes down when the edge node loses its WAN; the EPC keeps its own. */
export const UPLINK_FAR_ENDS = {
  /** The plug is pulled: the node sees its carrier go. */
  lost: ["uplink-a", "edge-a"],
  /** The fault is further out: the node's links look healthy and nothing answers. */
  kept: ["uplink-b", "edge-b"],
} as const;

export const ROUTES: readonly { readonly ns: Namespace; readonly route: string }[] = [
  { ns: "epc", route: "default via 10.10.0.1" },
  { ns: "edge", route: "default via 10.50.1.1" },
  { ns: "inet", route: "172.16.222.0/24 via 10.10.0.2" },
];

export const CONTROLLER_RTT_MS = 40;
/** Towards any other address in `inet`. */
export const DEFAULT_RTT_MS = 20;
