/** Hops as OpenFlow flows of the node's bridge. */
import { createHash } from "node:crypto";
import type { FlowMatch } from "../../model/service.js";
import type { Flow } from "./observed.js";
import type { HopTarget } from "./target.js";

/** OpenFlow priority of a hop whose rule has priority 0 (no rule); a rule's own priority is added. */
const BASE_PRIORITY = 1000;

/** The flows of a hop; none while one of its ports has no OpenFlow number. A port range takes several. */
export function flowsOf(hop: HopTarget, ofports: ReadonlyMap<string, number>): readonly Flow[] {
  const from = ofports.get(hop.fromDevice);
  const to = ofports.get(hop.toDevice);
  if (from === undefined || to === undefined) return [];
  const actions = from === to ? "in_port" : `output:${to}`;
  return portMasks(hop.match.sourcePorts).flatMap((source) =>
    portMasks(hop.match.destinationPorts).map((destination): Flow => {
      const match = [
        matchText(from, hop.match),
        source && `tp_src=${source}`,
        destination && `tp_dst=${destination}`,
      ]
        .filter(Boolean)
        .join(",");
      const body = { table: 0, priority: BASE_PRIORITY + hop.priority, match, actions };
      return { ...body, cookie: cookieOf(body) };
    }),
  );
}

/** `in_port=…` and the fields in ovs-fields(7) syntax, with the prerequisites that OpenFlow asks for. */
function matchText(inPort: number, match: FlowMatch): string {
  const ip =
    match.etherType === "ipv6" || match.sourcePrefix?.includes(":") || match.destinationPrefix?.includes(":")
      ? "ipv6"
      : "ipv4";
  const fields = [
    `in_port=${inPort}`,
    match.etherSource && `dl_src=${match.etherSource.toLowerCase()}`,
    match.etherDestination && `dl_dst=${match.etherDestination.toLowerCase()}`,
    match.vlan !== undefined && `dl_vlan=${match.vlan}`,
    protocolText(match, ip),
    match.dscp !== undefined && `ip_dscp=${match.dscp}`,
    match.sourcePrefix && `${ip === "ipv6" ? "ipv6_src" : "nw_src"}=${match.sourcePrefix}`,
    match.destinationPrefix && `${ip === "ipv6" ? "ipv6_dst" : "nw_dst"}=${match.destinationPrefix}`,
  ];
  return fields.filter(Boolean).join(",");
}

function protocolText(match: FlowMatch, ip: "ipv4" | "ipv6"): string | null {
  if (match.protocol) return ip === "ipv6" ? `${match.protocol}6` : match.protocol;
  if (match.etherType === "arp") return "arp";
  const needsIp =
    match.dscp !== undefined || match.sourcePrefix || match.destinationPrefix || match.etherType;
  return needsIp ? (ip === "ipv6" ? "ipv6" : "ip") : null;
}

/** A port range as `value/mask` pieces: the fewest aligned blocks that cover it and nothing else. */
export function portMasks(range: readonly [number, number] | undefined): readonly (string | null)[] {
  if (!range) return [null];
  const pieces: string[] = [];
  for (let low = range[0]; low <= range[1]; ) {
    let size = 1;
    while (size < 65536 && low % (size * 2) === 0 && low + size * 2 - 1 <= range[1]) size *= 2;
    pieces.push(size === 1 ? String(low) : `0x${low.toString(16)}/0x${(0x10000 - size).toString(16)}`);
    low += size;
  }
  return pieces;
}

/** 64 bits of a digest over the rest of the flow; never 0, which is what foreign flows have. */
function cookieOf(body: Omit<Flow, "cookie">): string {
  return `0x${createHash("sha256")
    .update(JSON.stringify([body.table, body.priority, body.match, body.actions]))
    .digest("hex")
    .slice(0, 16)}`;
}
