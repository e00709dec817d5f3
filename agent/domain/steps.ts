/** What the agent can do to the world, as values: tests compare them, `lightmano plan` prints them. */
import type { Flow } from "./observed.js";
import type { ContainerTarget, LvnfTarget, PortTarget } from "./target.js";

export interface VethPair {
  readonly bridgeDevice: string;
  readonly functionDevice: string;
}

export type Step =
  | { readonly do: "bridge.ensure"; readonly bridge: string; readonly datapathType: "netdev" | "system" }
  | { readonly do: "node-port.attach"; readonly bridge: string; readonly device: string }
  | {
      readonly do: "port.add";
      readonly bridge: string;
      readonly ports: readonly {
        readonly name: string;
        readonly externalIds: Readonly<Record<string, string>>;
      }[];
    }
  | { readonly do: "port.remove"; readonly bridge: string; readonly devices: readonly string[] }
  | {
      readonly do: "flows.apply";
      readonly bridge: string;
      readonly add: readonly Flow[];
      readonly removeCookies: readonly string[];
    }
  | { readonly do: "veths.create"; readonly pairs: readonly VethPair[] }
  | { readonly do: "link.remove"; readonly device: string }
  | { readonly do: "lvnf.start"; readonly function: LvnfTarget }
  | {
      readonly do: "lvnf.stop";
      readonly functionId: string;
      readonly pid: number;
      readonly startTicks: number;
    }
  | { readonly do: "lvnf.forget"; readonly functionId: string }
  | { readonly do: "image.ensure"; readonly image: string }
  | { readonly do: "container.create"; readonly function: ContainerTarget }
  | { readonly do: "container.start"; readonly functionId: string }
  | { readonly do: "container.remove"; readonly functionId: string; readonly containerId: string }
  | {
      readonly do: "container.attach";
      readonly functionId: string;
      readonly pid: number;
      readonly port: PortTarget;
    };

/** Steps for one object, done in order; the first that fails ends it. Works of different objects run side by side. */
export interface Work {
  /** `function/ID`, `flows`, `bridge`, `port/DEVICE`, … one work an object at a time. */
  readonly object: string;
  /** What the work is for: where a newer plan has another, the work is superseded and aborted. */
  readonly digest: string;
  /** Why: what was seen, and the rule that it falls under. For `lightmano why`. */
  readonly cause: string;
  readonly rule: string;
  readonly steps: readonly Step[];
}

/** The network devices that a work makes, takes away, or puts onto a bridge. */
export function devicesOf({ steps }: Work): readonly string[] {
  return steps.flatMap((step) => {
    switch (step.do) {
      case "node-port.attach":
      case "link.remove":
        return [step.device];
      case "port.add":
        return step.ports.map(({ name }) => name);
      case "port.remove":
        return step.devices;
      case "veths.create":
        return step.pairs.flatMap(({ bridgeDevice, functionDevice }) => [bridgeDevice, functionDevice]);
      case "container.attach":
        return [step.port.bridgeDevice];
      default:
        return [];
    }
  });
}

/** One line for people. */
export function stepText(step: Step): string {
  switch (step.do) {
    case "bridge.ensure":
      return `make bridge ${step.bridge} (${step.datapathType})`;
    case "node-port.attach":
      return `attach node port ${step.device} to ${step.bridge}`;
    case "port.add":
      return `add port${step.ports.length > 1 ? "s" : ""} ${step.ports.map(({ name }) => name).join(", ")} to ${step.bridge}`;
    case "port.remove":
      return `remove port${step.devices.length > 1 ? "s" : ""} ${step.devices.join(", ")} from ${step.bridge}`;
    case "flows.apply":
      return `change flows of ${step.bridge}: ${step.add.length} to add, ${step.removeCookies.length} to remove, in one bundle`;
    case "veths.create":
      return `make veth ${step.pairs.map(({ bridgeDevice, functionDevice }) => `${bridgeDevice}–${functionDevice}`).join(", ")}`;
    case "link.remove":
      return `remove interface ${step.device}`;
    case "lvnf.start":
      return `start LVNF ${step.function.id}`;
    case "lvnf.stop":
      return `stop LVNF ${step.functionId} (${step.pid === 0 ? "in the kernel" : `pid ${step.pid}`})`;
    case "lvnf.forget":
      return `remove the files of LVNF ${step.functionId}`;
    case "image.ensure":
      return `have image ${step.image}`;
    case "container.create":
      return `create container ${step.function.id} of ${step.function.image}`;
    case "container.start":
      return `start container ${step.functionId}`;
    case "container.remove":
      return `remove container ${step.functionId}`;
    case "container.attach":
      return `attach ${step.port.interfaceName} of container ${step.functionId} to ${step.port.bridgeDevice}`;
  }
}
