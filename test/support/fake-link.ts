/** Stateful network interfaces in memory; they pass test/contract/link.test.ts like the real ones. */
import type { ContainerLinkSpec, LinkDriver } from "../../agent/drivers/link/api.js";
import { checkedName } from "../../agent/drivers/link/commands.js";
import { createNotifier } from "../../agent/drivers/notifier.js";
import { LightmanoError } from "../../model/errors.js";
import { createFaults, type FaultOptions, type Faults } from "./faults.js";

export type LinkOperation = "createVeths" | "remove" | "prepareNodePort" | "attachContainer";

export interface FakeLinkControl extends Faults<LinkOperation> {
  /** The driver cannot see interfaces (as when /proc cannot be read). */
  stop(): void;
  start(): void;
  /** An interface of the node's own, not made by the driver. */
  addInterface(name: string): void;
  /** The interface, and the other end of its pair, are gone. */
  vanish(name: string): void;
  /** A process ends: its network namespace goes, and with it both ends of what was attached to it. */
  endProcess(pid: number): void;
  has(name: string): boolean;
  /** What is attached, by the name outside. */
  readonly attached: ReadonlyMap<string, ContainerLinkSpec>;
}

export interface FakeLinkOptions extends FaultOptions {
  readonly interfaces?: readonly string[];
  /** Whether a process lives; every one does when left out. */
  readonly hasProcess?: (pid: number) => boolean;
}

export function createFakeLink(options: FakeLinkOptions = {}): {
  driver: LinkDriver;
  control: FakeLinkControl;
} {
  const faults = createFaults<LinkOperation>(options);
  const { notify, begin } = createNotifier();
  /** Interfaces of the node → the other end, where that is in the node too. */
  const peers = new Map<string, string | null>((options.interfaces ?? ["lo"]).map((name) => [name, null]));
  const attached = new Map<string, ContainerLinkSpec>();
  let visible = true;
  let watching = false;

  const vanish = (name: string) => {
    const peer = peers.get(name);
    peers.delete(name);
    if (peer) peers.delete(peer);
    attached.delete(name);
    notify();
  };

  const driver: LinkDriver = {
    name: "link",
    watch(changed, signal) {
      begin(changed, signal);
      setImmediate(() => {
        watching = true;
        notify();
      });
    },
    view() {
      const now = { names: new Set(peers.keys()) };
      if (!watching) return { state: "starting", reason: "not looked yet", last: null };
      return visible
        ? { state: "ready", now }
        : { state: "degraded", reason: "/proc/self/net/dev cannot be read", last: now };
    },
    async createVeths(pairs, { signal }) {
      await faults.before("createVeths", [pairs], signal);
      for (const { hostName, peerName } of pairs) {
        checkedName(hostName, "link.failed");
        checkedName(peerName, "link.failed");
      }
      for (const { hostName, peerName } of pairs) {
        if (peers.get(hostName) === peerName) continue;
        vanish(hostName);
        vanish(peerName);
        peers.set(hostName, peerName).set(peerName, hostName);
      }
      notify();
    },
    async remove(name, { signal }) {
      await faults.before("remove", [name], signal);
      vanish(name);
    },
    async prepareNodePort(name, { signal }) {
      await faults.before("prepareNodePort", [name], signal);
      if (!peers.has(name))
        throw new LightmanoError("link.failed", `there is no interface ${name} on this node`);
    },
    async attachContainer(spec, { signal }) {
      await faults.before("attachContainer", [spec], signal);
      checkedName(spec.hostName, "container.attach-failed");
      vanish(spec.hostName);
      if (options.hasProcess?.(spec.pid) === false) {
        throw new LightmanoError(
          "container.attach-failed",
          `attaching ${spec.hostName} to process ${spec.pid}: No such process`,
        );
      }
      peers.set(spec.hostName, null);
      attached.set(spec.hostName, spec);
      notify();
    },
  };

  const setVisible = (value: boolean) => () => {
    visible = value;
    notify();
  };
  const control: FakeLinkControl = {
    ...faults,
    attached,
    stop: setVisible(false),
    start: setVisible(true),
    addInterface(name) {
      peers.set(name, null);
      notify();
    },
    vanish,
    endProcess(pid) {
      for (const [name, spec] of attached) if (spec.pid === pid) vanish(name);
    },
    has: (name) => peers.has(name),
  };
  return { driver, control };
}
