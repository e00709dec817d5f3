/** The few OpenFlow 1.4 messages that are spoken here (ONF TS-012), as bytes and back. Pure. */

export interface FlowStatistics {
  /** `0x` and 16 hex digits. */
  readonly cookie: string;
  readonly packets: number;
  readonly bytes: number;
}

/** Any cookie, from any notation (`0x1f`, decimal, bigint), as it is written everywhere here. */
export function cookieText(cookie: string | bigint): string {
  return `0x${BigInt.asUintN(64, BigInt(cookie)).toString(16).padStart(16, "0")}`;
}

const VERSION = 0x05;
export const HEADER_BYTES = 8;
export const TYPE = {
  hello: 0,
  error: 1,
  echoRequest: 2,
  echoReply: 3,
  flowMod: 14,
  multipartRequest: 18,
  multipartReply: 19,
  barrierRequest: 20,
  bundleControl: 33,
  bundleAdd: 34,
} as const;
export const MULTIPART = { flow: 1, flowMonitor: 16 } as const;
/** In the flags of a multipart reply: another part follows. */
export const MORE = 1;

export function message(type: number, xid: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(VERSION, 0);
  header.writeUInt8(type, 1);
  header.writeUInt16BE(HEADER_BYTES + body.length, 2);
  header.writeUInt32BE(xid, 4);
  return Buffer.concat([header, body]);
}

/** Cuts a byte stream into OpenFlow messages by the length in their headers (§7.1). */
export function createOpenFlowFramer(): (chunk: Buffer) => Buffer[] {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const messages: Buffer[] = [];
    while (held.length >= HEADER_BYTES) {
      const length = held.readUInt16BE(2);
      if (length < HEADER_BYTES) throw new Error(`a message of length ${length}`);
      if (held.length < length) break;
      messages.push(held.subarray(0, length));
      held = held.subarray(length);
    }
    return messages;
  };
}

/** §7.3.5.2, struct ofp_flow_stats: length at 0, cookie at 24, packet count at 32, byte count at 40. */
export function readFlowStatistics(body: Buffer): FlowStatistics[] {
  const flows: FlowStatistics[] = [];
  for (let at = 0; at + 48 <= body.length; at += Math.max(48, body.readUInt16BE(at))) {
    flows.push({
      cookie: cookieText(body.readBigUInt64BE(at + 24)),
      packets: Number(body.readBigUInt64BE(at + 32)),
      bytes: Number(body.readBigUInt64BE(at + 40)),
    });
  }
  return flows;
}

/** Element OFPHET_VERSIONBITMAP with the bit of 1.4 alone (§7.5.1). */
export const HELLO_VERSION_1_4 = Buffer.from("0001000800000020", "hex");
/** Any port, any group. */
export const ANY = 0xffffffff;
/** An OXM match without fields, padded to 8 bytes (§7.2.3.1). */
export const MATCH_ALL = Buffer.from("0001000400000000", "hex");

/** All tables, any output port and group, any cookie (§7.3.5.2). */
export function flowStatisticsRequest(): Buffer {
  const request = Buffer.alloc(40);
  request.writeUInt16BE(MULTIPART.flow, 0);
  request.writeUInt8(0xff, 8);
  request.writeUInt32BE(ANY, 12);
  request.writeUInt32BE(ANY, 16);
  return Buffer.concat([request, MATCH_ALL]);
}

/** Tell of flows added, removed and modified in any table, not of those there at first (§7.3.5.17). */
export function flowMonitorRequest(): Buffer {
  const request = Buffer.alloc(24);
  request.writeUInt16BE(MULTIPART.flowMonitor, 0);
  request.writeUInt32BE(1, 8);
  request.writeUInt32BE(ANY, 12);
  request.writeUInt32BE(ANY, 16);
  request.writeUInt16BE(0b1110, 20);
  request.writeUInt8(0xff, 22);
  return Buffer.concat([request, MATCH_ALL]);
}
