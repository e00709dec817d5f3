/** Lines for `ip -batch`, and the check of what goes into them: a blank in a value would make it two words. */
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

export function vethLines(hostName: string, peerName: string): readonly string[] {
  return [
    `link add name ${hostName} type veth peer name ${peerName}`,
    bridgePortLine(hostName),
    bridgePortLine(peerName),
  ];
}

export function outsideLines(spec: ContainerLinkSpec): readonly string[] {
  const { hostName, name, pid, macAddress, mtuBytes } = spec;
  const mtu = mtuBytes === null ? "" : ` mtu ${mtuBytes}`;
  const mac = macAddress === null ? "" : ` address ${checkedAddress(macAddress)}`;
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
