import type { Flow, ObservedOvs } from "../../domain/observed.js";
import type { Driver, StepContext } from "../driver.js";

export interface BridgeSpec {
  readonly name: string;
  /** `netdev` (userspace datapath) or `system` (kernel). */
  readonly datapathType: "netdev" | "system";
  readonly externalIds: Readonly<Record<string, string>>;
}

export interface OvsPortSpec {
  readonly name: string;
  readonly externalIds: Readonly<Record<string, string>>;
}

/** A contract: the fake in test/support and the real driver pass the same suite. */
export interface OvsDriver extends Driver<ObservedOvs> {
  /**
   * Makes the bridge with fail-mode secure (no forwarding of its own, flows survive the agent) and
   * OpenFlow 1.4, or corrects what differs. Idempotent.
   */
  ensureBridge(spec: BridgeSpec, context: StepContext): Promise<void>;
  removeBridge(name: string, context: StepContext): Promise<void>;
  /**
   * Adds ports in one OVSDB transaction and waits until each has an OpenFlow number. A port that is
   * there already on this bridge is left alone (its external ids are corrected); on another bridge it is
   * `ovs.port-conflict`. A port whose interface Open vSwitch cannot open is removed again and reported
   * with Open vSwitch's own words as `ovs.failed`.
   */
  addPorts(bridge: string, ports: readonly OvsPortSpec[], context: StepContext): Promise<void>;
  /** Removes ports; a port that is not there is no error. */
  removePorts(bridge: string, names: readonly string[], context: StepContext): Promise<void>;
  /** Adds and removes flows in ONE OpenFlow bundle: all of it takes effect, or nothing (`ovs.failed`). */
  applyFlows(
    bridge: string,
    change: { readonly add: readonly Flow[]; readonly removeCookies: readonly string[] },
    context: StepContext,
  ): Promise<void>;
  /** Packet and byte counters by cookie. */
  flowCounters(
    bridge: string,
    context: StepContext,
  ): Promise<ReadonlyMap<string, { packets: number; bytes: number }>>;
}
