/** Packets that benches send, byte by byte. */

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** An IPv4 header (RFC 791) before `payload`. */
export function ipv4(
  protocol: number,
  source: readonly number[],
  destination: readonly number[],
  payload: Buffer,
): Buffer {
  const header = Buffer.from([0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0, ...source, ...destination]);
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

/** A UDP header (RFC 768), without checksum, before `payload`. */
export function udp(sourcePort: number, destinationPort: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(sourcePort, 0);
  header.writeUInt16BE(destinationPort, 2);
  header.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([header, payload]);
}

/** Bytes as Click's configuration language has them. */
export const quoted = (bytes: Buffer): string => `\\<${bytes.toString("hex")}>`;

/** A G-PDU (TS 29.281) with TEID `teid` in UDP, IPv4 and Ethernet, as from an eNB (`uplink`) or from the core. */
export function gpdu(inner: Buffer, teid = 7, uplink = true): Buffer {
  const gtp = Buffer.from([0x30, 0xff, 0, 0, 0, 0, 0, 0]);
  gtp.writeUInt16BE(inner.length, 2);
  gtp.writeUInt32BE(teid, 4);
  const [enb, core] = [
    [172, 16, 0, 1],
    [172, 16, 0, 2],
  ] as const;
  const [source, destination] = uplink ? [enb, core] : [core, enb];
  const outer = ipv4(17, source, destination, udp(2152, 2152, Buffer.concat([gtp, inner])));
  const macs = uplink ? "020000000002020000000001" : "020000000001020000000002";
  return Buffer.concat([Buffer.from(`${macs}0800`, "hex"), outer]);
}
