/** Commands for lightmano-links (links/links.c), and the check of what goes into them: a blank in a value would make it two words. */
import { createHash } from "node:crypto";
import { type ErrorCode, LightmanoError } from "../../../model/errors.js";
import type { ContainerLinkSpec, VethPair } from "./api.js";

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

/**
 * An address of a function's interface that is the same however often it is made anew: who talks to the function has
 * it in his tables for minutes. Locally administered, unicast; of the node and the port, so that no other has it.
 */
export function steadyMac(nodeId: string, port: string): string {
  const bytes = createHash("sha256").update(`${nodeId}\n${port}`).digest().subarray(0, 6);
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 0x02;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** An end that Open vSwitch or Click holds has no business with IPv6: it would send router solicitations. */
export const bridgePortCommand = (name: string): string => `bridge-port ${name}`;

export const removeCommand = (name: string): string => `remove ${name}`;

export function vethCommands({ hostName, peerName }: VethPair, peerMac: string): readonly string[] {
  return [`veth ${hostName} ${peerName} address ${peerMac}`, ...[hostName, peerName].map(bridgePortCommand)];
}

/** Receive offload would hand Open vSwitch's userspace datapath frames longer than the MTU. */
export const nodePortCommands = (name: string): readonly string[] => [
  bridgePortCommand(name),
  `no-gro ${name}`,
];

/**
 * `steady` is the address of the interface inside where the description has none. A function meets senders that are
 * not routed back the way they came (subscribers behind a gateway): rp_filter would drop them.
 */
export function attachCommands(spec: ContainerLinkSpec, steady: string): readonly string[] {
  const { hostName, name, pid, macAddress, mtuBytes, address, routes, redirects } = spec;
  const mtu = mtuBytes === null ? "" : ` mtu ${mtuBytes}`;
  return [
    `veth ${hostName} ${name} address ${checkedAddress(macAddress ?? steady)}${mtu} pid ${pid}`,
    bridgePortCommand(hostName),
    `enter ${pid}`,
    ...(address === null ? [] : [`address ${name} ${checkedAddress(address)}`]),
    `up ${name}`,
    ...routes.map(({ to, via }) => `route ${name} ${checkedAddress(to)} via ${checkedAddress(via)}`),
    `no-checksum-offload ${name}`,
    `no-rp-filter ${name}`,
    ...redirects.map(({ port, toPort }) => `redirect ${name} ${port} ${toPort}`),
  ];
}
