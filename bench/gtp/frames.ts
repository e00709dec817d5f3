/** Frames of the UE of `bed.ts`, in its tunnel and outside of it. */
import { ipv4, udp } from "../click/packets.js";
import { ADDRESSES, MACS, TEIDS } from "./bed.js";

const address = (text: string): readonly number[] => text.split(".").map(Number);
const mac = (text: string): Buffer => Buffer.from(text.replaceAll(":", ""), "hex");
const ethernet = (to: string, from: string, payload: Buffer): Buffer =>
  Buffer.concat([mac(to), mac(from), Buffer.from([8, 0]), payload]);

/** Room for a stamp, in a frame of 64 bytes without a tunnel and 100 in it. */
const BODY = Buffer.alloc(22, 0x78);
const UE_PORT = 10000;
const SERVER_PORT = 80;

/** Inner packets: UDP without checksum, since ports and payload are to change. */
export const INNER_UP = ipv4(
  17,
  address(ADDRESSES.ue),
  address(ADDRESSES.server),
  udp(UE_PORT, SERVER_PORT, BODY),
);
export const INNER_DOWN = ipv4(
  17,
  address(ADDRESSES.server),
  address(ADDRESSES.ue),
  udp(SERVER_PORT, UE_PORT, BODY),
);

/** A G-PDU with flags 0x30 (TS 29.281 §5.1): version 1, no sequence number. */
function gpdu(teid: number, from: string, to: string, inner: Buffer): Buffer {
  const header = Buffer.from([0x30, 0xff, 0, 0, 0, 0, 0, 0]);
  header.writeUInt16BE(inner.length, 2);
  header.writeUInt32BE(teid, 4);
  return ipv4(17, address(from), address(to), udp(2152, 2152, Buffer.concat([header, inner])));
}

const { enb, core } = ADDRESSES;
/** From the eNB, from the core, and from the local leg. */
export const UP = ethernet(MACS.core, MACS.enb, gpdu(TEIDS.up, enb, core, INNER_UP));
/** Of a flow that is not broken out, and stays so, as one does that begins before its tunnel back is known. */
export const UP_TO_CORE = ethernet(
  MACS.core,
  MACS.enb,
  gpdu(
    TEIDS.up,
    enb,
    core,
    ipv4(17, address(ADDRESSES.ue), address(ADDRESSES.server), udp(UE_PORT - 1, SERVER_PORT + 1, BODY)),
  ),
);
export const DOWN = ethernet(MACS.enb, MACS.core, gpdu(TEIDS.down, core, enb, INNER_DOWN));
export const LEG = ethernet(MACS.leg, MACS.server, INNER_DOWN);

const IP_AND_UDP = 20 + 8;
const TUNNEL = IP_AND_UDP + 8;
/** Of a frame in the tunnel, what is before the UE's packet. */
export const OUTER_BYTES = 14 + TUNNEL;
/** Where the UE's port and the payload are. */
export const PORT_AT = { up: 14 + TUNNEL + 20, leg: 14 + 20 + 2 } as const;
export const BODY_AT = { up: 14 + TUNNEL + IP_AND_UDP, leg: 14 + IP_AND_UDP } as const;
