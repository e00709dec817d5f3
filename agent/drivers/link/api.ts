import type { ObservedLinks } from "../../domain/observed.js";
import type { Driver, StepContext } from "../driver.js";

export interface Route {
  readonly to: string;
  readonly via: string;
}

export interface VethPair {
  /** The end for Open vSwitch. */
  readonly hostName: string;
  readonly peerName: string;
}

/** A container's end of a veth: moved into its network namespace and configured there. */
export interface ContainerLinkSpec {
  /** The end that stays in the node, for Open vSwitch. */
  readonly hostName: string;
  /** Interface name inside, e.g. `eth0`. */
  readonly name: string;
  readonly pid: number;
  /** Null: one of the driver's, the same each time (batch.ts). */
  readonly macAddress: string | null;
  /** CIDR, e.g. `10.40.0.10/24`. */
  readonly address: string | null;
  readonly routes: readonly Route[];
  /** Inside: TCP to `port` arriving on this interface is redirected to the local `toPort` (nft/iptables REDIRECT). */
  readonly redirects: readonly { readonly port: number; readonly toPort: number }[];
  readonly mtuBytes: number | null;
}

export interface LinkDriver extends Driver<ObservedLinks> {
  /**
   * Makes veth pairs in the node's namespace, both ends up, checksum offload off (a raw socket would see
   * partial checksums), IPv6 address generation off. Idempotent. All at once, for starting a program costs
   * more than making a pair; when one cannot be made, those that this call made are taken away again.
   */
  createVeths(pairs: readonly VethPair[], context: StepContext): Promise<void>;
  /** Not there is no error. Removing one end removes the pair. */
  remove(name: string, context: StepContext): Promise<void>;
  /** Sets an existing interface up and prepares it as a bridge port (node ports such as s1-ran). */
  prepareNodePort(name: string, context: StepContext): Promise<void>;
  /** Makes the veth, moves one end into the container and configures it. A half-made one is made anew. */
  attachContainer(spec: ContainerLinkSpec, context: StepContext): Promise<void>;
}
