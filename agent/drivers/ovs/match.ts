/**
 * Matches in ovs-fields(7) syntax as those of OpenFlow 1.4 (ONF TS-012 §7.2.3): the fields that the planner writes
 * (agent/domain/flows.ts), and no others. Pure.
 */
import { isIPv4, isIPv6 } from "node:net";

/** What is not known here; the message says which word it is. */
export class FlowSyntaxError extends Error {}

/** OXM fields of class OFPXMC_OPENFLOW_BASIC (§7.2.3.7). In the order of their numbers what one field needs stands before it. */
const OXM = {
  inPort: 0,
  etherDestination: 3,
  etherSource: 4,
  etherType: 5,
  vlan: 6,
  dscp: 8,
  protocol: 10,
  ipv4Source: 11,
  ipv4Destination: 12,
  tcpSource: 13,
  udpSource: 15,
  sctpSource: 17,
  ipv6Source: 26,
  ipv6Destination: 27,
} as const;
const OPENFLOW_BASIC = 0x8000;
const OXM_MATCH = 1;
/** In the VLAN's field: there is a tag (OFPVID_PRESENT). */
const VLAN_PRESENT = 0x1000;
const IPV4 = 0x0800;
const ARP = 0x0806;
const IPV6 = 0x86dd;

/** ovs-fields(7), "Shorthands": EtherType, IP protocol, and the field of its source port; the one of the destination follows that. */
type Shorthand = readonly [etherType: number, protocol?: number, ports?: number];
const SHORTHANDS: ReadonlyMap<string, Shorthand> = new Map<string, Shorthand>([
  ["ip", [IPV4]],
  ["ipv6", [IPV6]],
  ["arp", [ARP]],
  ["icmp", [IPV4, 1]],
  ["icmp6", [IPV6, 58]],
  ["tcp", [IPV4, 6, OXM.tcpSource]],
  ["tcp6", [IPV6, 6, OXM.tcpSource]],
  ["udp", [IPV4, 17, OXM.udpSource]],
  ["udp6", [IPV6, 17, OXM.udpSource]],
  ["sctp", [IPV4, 132, OXM.sctpSource]],
  ["sctp6", [IPV6, 132, OXM.sctpSource]],
]);

interface Value {
  readonly value: Buffer;
  /** Left out: all of it. */
  readonly mask?: Buffer;
}
interface FieldReader {
  readonly oxm: number;
  readonly read: (text: string) => Value;
}
const FIELDS: ReadonlyMap<string, FieldReader> = new Map<string, FieldReader>([
  ["in_port", { oxm: OXM.inPort, read: (text) => ({ value: portNumber(text) }) }],
  ["dl_src", { oxm: OXM.etherSource, read: etherAddress }],
  ["dl_dst", { oxm: OXM.etherDestination, read: etherAddress }],
  ["dl_vlan", { oxm: OXM.vlan, read: (text) => ({ value: unsigned(VLAN_PRESENT | whole(text, 0xfff), 2) }) }],
  ["ip_dscp", { oxm: OXM.dscp, read: (text) => ({ value: unsigned(whole(text, 63), 1) }) }],
  ["nw_src", { oxm: OXM.ipv4Source, read: (text) => prefix(text, ipv4Bytes) }],
  ["nw_dst", { oxm: OXM.ipv4Destination, read: (text) => prefix(text, ipv4Bytes) }],
  ["ipv6_src", { oxm: OXM.ipv6Source, read: (text) => prefix(text, ipv6Bytes) }],
  ["ipv6_dst", { oxm: OXM.ipv6Destination, read: (text) => prefix(text, ipv6Bytes) }],
]);

/** struct ofp_match of `text`, padded to 8 bytes; empty matches all. Errors: `FlowSyntaxError`. */
export function matchBytes(text: string): Buffer {
  const fields = new Map<number, Buffer>();
  const put = (oxm: number, { value, mask }: Value, word: string) => {
    if (fields.has(oxm)) throw new FlowSyntaxError(`${word} says again what was said before`);
    // All of it wild is no field at all; it would be refused (OFPBMC_BAD_WILDCARDS).
    if (mask?.every((byte) => byte === 0)) return;
    const length = unsigned(value.length + (mask?.length ?? 0), 1);
    const header = [unsigned(OPENFLOW_BASIC, 2), unsigned((oxm << 1) | (mask ? 1 : 0), 1), length];
    fields.set(oxm, Buffer.concat([...header, value, ...(mask ? [mask] : [])]));
  };
  /** The field of the protocol's source port. */
  let ports: number | undefined;
  for (const word of text === "" ? [] : text.split(",")) {
    const shorthand = SHORTHANDS.get(word);
    if (shorthand) {
      const [etherType, protocol] = shorthand;
      put(OXM.etherType, { value: unsigned(etherType, 2) }, word);
      if (protocol !== undefined) put(OXM.protocol, { value: unsigned(protocol, 1) }, word);
      ports = shorthand[2];
      continue;
    }
    const [name = "", value = ""] = word.split(/=(.*)/s);
    const field = FIELDS.get(name);
    if (field) put(field.oxm, field.read(value), word);
    else if ((name === "tp_src" || name === "tp_dst") && ports !== undefined)
      put(name === "tp_src" ? ports : ports + 1, port(value), word);
    else throw new FlowSyntaxError(`${JSON.stringify(word)} is no match that is known here`);
  }
  const body = Buffer.concat([...fields].sort(([one], [other]) => one - other).map(([, bytes]) => bytes));
  return padded(Buffer.concat([unsigned(OXM_MATCH, 2), unsigned(4 + body.length, 2), body]));
}

/** A whole number in decimal or, with `0x`, hexadecimal, of at most `most`. Errors: `FlowSyntaxError`. */
function whole(text: string, most: number): number {
  const value = /^(\d+|0x[0-9a-fA-F]+)$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw new FlowSyntaxError(`${JSON.stringify(text)} is no number from 0 to ${most}`);
  return value;
}

/**
 * The number of a port. Open vSwitch's have 16 bits, and the upper 256 are reserved; in OpenFlow (§7.2.1) these stand
 * at the end of 32. Errors: `FlowSyntaxError`.
 */
export function portNumber(text: string): Buffer {
  const number = whole(text, 0xffff);
  return unsigned(number >= 0xff00 ? 0xffff_0000 + number : number, 4);
}

/** With zeros up to a multiple of 8 bytes. */
export function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}

/** In network byte order. */
export function unsigned(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

function etherAddress(text: string): Value {
  if (!/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/.test(text))
    throw new FlowSyntaxError(`${JSON.stringify(text)} is no Ethernet address`);
  return { value: Buffer.from(text.replaceAll(":", ""), "hex") };
}

/** `ADDRESS` or `ADDRESS/LENGTH`. A value with bits where its mask has none would be refused. */
function prefix(text: string, bytesOf: (address: string) => Buffer): Value {
  const [address = "", length] = text.split(/\/(.*)/s);
  const value = bytesOf(address);
  const ones = length === undefined ? value.length * 8 : whole(length, value.length * 8);
  const mask = Buffer.from(value.map((_, at) => 0xff00 >> Math.min(8, Math.max(0, ones - at * 8))));
  return { value: Buffer.from(value.map((byte, at) => byte & (mask[at] ?? 0))), mask };
}

function ipv4Bytes(address: string): Buffer {
  if (!isIPv4(address)) throw new FlowSyntaxError(`${JSON.stringify(address)} is no IPv4 address`);
  return Buffer.from(address.split(".").map(Number));
}

function ipv6Bytes(address: string): Buffer {
  if (!isIPv6(address) || address.includes("%"))
    throw new FlowSyntaxError(`${JSON.stringify(address)} is no IPv6 address`);
  // A URL writes all forms of it in one: groups in hexadecimal, at most one `::`.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = text.split("::").map((half) => half.split(":").filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill("0");
  const groups = [...head, ...zeros, ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}

/** `NUMBER` or `NUMBER/MASK`. */
function port(text: string): Value {
  const [number = "", ones] = text.split(/\/(.*)/s);
  if (ones === undefined) return { value: unsigned(whole(number, 0xffff), 2) };
  const mask = whole(ones, 0xffff);
  return { value: unsigned(whole(number, 0xffff) & mask, 2), mask: unsigned(mask, 2) };
}
