/** Lines for `ip -batch`, and the check of what goes into them: a blank in a value would make it two words. */
import { createHash } from "node:crypto";
import { type ErrorCode, LightmanoError } from "../../../model/errors.js";
import type { ContainerLinkSpec } from "./api.js";

/** IFNAMSIZ is 16 with the final zero. iproute2 takes a leading `-` for an option. */
const INTERFACE_NAME = /^[A-Za-z0-9_.@:][A-Za-z0-9_.@:-]{0,14}$/;
const ADDRESS = /^(default|[0-9A-Fa-f.:]+(\/\d{1,3})?)$/;

export function checkedName(name: string, code: ErrorCode): string {
  if (!INTERFACE_NAME.test(name))
    throw new LightmanoError(code, `${JSON.stringify(name)} cannot be an interface's name`);
  return name;
}

function checkedAddress(address: string): string {
  if (!ADDRESS.test(address))
    throw new LightmanoError("container.attach-failed", `${JSON.stringify(address)} is not an address`);
  return address;
}

/** An end that Open vSwitch or Click holds has no business with IPv6: it would send router solicitations. */
export const bridgePortLine = (name: string): string => `link set dev ${name} addrgenmode none up`;

/**
 * An address of a function's interface that is the same however often it is made anew: who talks to the function has
 * it in his tables for minutes. Locally administered, unicast; of the node and the port, so that no other has it.
 */
export function steadyMac(nodeId: string, port: string): string {
  const bytes = createHash("sha256").update(`${nodeId}\n${port}`).digest().subarray(0, 6);
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 0x02;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

export function vethLines(hostName: string, peerName: string, peerMac: string): readonly string[] {
  return [
    `link add name ${hostName} type veth peer name ${peerName} address ${peerMac}`,
    bridgePortLine(hostName),
    bridgePortLine(peerName),
  ];
}

/** `steady` is the address of the interface inside where the description has none. */
export function outsideLines(spec: ContainerLinkSpec, steady: string): readonly string[] {
  const { hostName, name, pid, macAddress, mtuBytes } = spec;
  const mtu = mtuBytes === null ? "" : ` mtu ${mtuBytes}`;
  const mac = ` address ${checkedAddress(macAddress ?? steady)}`;
  return [
    `link add name ${hostName}${mtu} type veth peer name ${name}${mac}${mtu} netns ${pid}`,
    bridgePortLine(hostName),
  ];
}

export function insideLines(spec: ContainerLinkSpec): readonly string[] {
  return [
    ...(spec.address === null ? [] : [`addr add ${checkedAddress(spec.address)} dev ${spec.name}`]),
    `link set dev ${spec.name} up`,
    ...spec.routes.map(
      ({ to, via }) => `route replace ${checkedAddress(to)} via ${checkedAddress(via)} dev ${spec.name}`,
    ),
  ];
}
