/** A machine with its functions, interfaces, switch and disk: all that outlives the agent on it. */
import type { ContainerSpec } from "../../../agent/drivers/docker/api.js";
import type { Drivers } from "../../../agent/executor.js";
import { createFakeClick } from "../../support/fake-click.js";
import { createFakeDocker } from "../../support/fake-docker.js";
import { createFakeLink } from "../../support/fake-link.js";
import { createFakeOvs } from "../../support/fake-ovs.js";
import { createDisk, type Disk } from "../disk/disk.js";
import { createLink, type Link } from "../network/wire.js";
import type { Random } from "../time/random.js";
import type { Process, Scheduler } from "../time/scheduler.js";
import { type Asked, driverOf } from "./drivers.js";
import { IMAGE, PORTS } from "./packages.js";

export const BRIDGE = "br0";
/** A handler that can be written to. */
const MARK = "forward.reset";

/** Something that is done to a function of the machine, told as it happens. */
export type Deed =
  | { readonly do: "start"; readonly functionId: string; readonly digest: string; readonly asked: Asked }
  | { readonly do: "stop"; readonly functionId: string; readonly asked: Asked }
  | { readonly do: "write"; readonly functionId: string; readonly value: string };

interface Started {
  readonly id: string;
  readonly digest: string;
}

export interface Machine {
  readonly name: string;
  readonly disk: Disk;
  readonly uplink: Link;
  /** What a reboot forgets. */
  readonly tmpfs: Map<string, number>;
  /** Milliseconds that its clock is ahead of the world's. */
  clockAheadMs: number;
  driversFor(agent: Process): Drivers;
  /** Functions that run, with the digest of what they are. */
  running(): ReadonlyMap<string, string>;
  /** Whether the function runs and has all that it needs; what is healthy nobody has a reason to end. */
  healthy(functionId: string): boolean;
  flows(): readonly string[];
  onDeed: (deed: Deed, by: Process) => void;
  /** Whether nobody has a reason to end this function now. */
  isWanted: (functionId: string) => boolean;
  /** Digest of the package that the agent has for a function now; null where it has none. */
  packageOf: (functionId: string) => string | null;
  /** Slows or fails what drivers are asked for; null: as always. */
  trouble: "slow" | null;
  kill(functionId: string): void;
  /** Its interface goes; another of the name can be made. */
  loseInterface(functionId: string): void;
  switchRestarts(): void;
  setSwitch(runs: boolean): void;
  setDatabase(runs: boolean): void;
  setDockerd(runs: boolean): void;
  /** All that runs ends, what is in memory is lost, and of the disk what was not synced. */
  powerCut(): void;
}

export function createMachine(name: string, scheduler: Scheduler, random: Random): Machine {
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => void scheduler.after(ms, scheduler.world, resolve));
  const makeLink = () => createFakeLink({ interfaces: ["lo", ...Object.values(PORTS)], wait });
  const hasInterface = (device: string): boolean => link.control.has(device);
  let boots = 0;
  let link = makeLink();
  const clock = (): number => Date.now() + machine.clockAheadMs;
  const makeClick = () => createFakeClick({ hasInterface, clock, wait });
  let click = makeClick();
  const ovs = createFakeOvs({ hasInterface, bridges: [BRIDGE], wait });
  const docker = createFakeDocker({ images: [IMAGE], wait });
  const disk = createDisk();

  const vanish = (device: string): void => {
    link.control.vanish(device);
    ovs.control.vanishInterface(device);
    ovs.control.restoreInterface(device); // the name may be used again; the port on the old one is dead
  };
  const containers = () => {
    const view = docker.driver.view();
    const seen = view.state === "ready" ? view.now : view.last;
    return seen?.containers ?? new Map();
  };
  const attachedTo = (pid: number | null): readonly string[] =>
    [...link.control.attached].flatMap(([device, spec]) => (spec.pid === pid ? [device] : []));
  /** The function that an operation would end now. A call that comes late, for a process that ended meanwhile, ends nothing. */
  const endedBy = (operation: string, args: readonly unknown[]): string | null => {
    if (operation === "remove")
      return [...containers()].find(([, { containerId }]) => containerId === args[0])?.[0] ?? null;
    if (operation !== "stop") return null;
    const functionId = String(args[0]);
    return click.control.processOf(functionId)?.pid === args[1] ? functionId : null;
  };
  const startedBy = (operation: string, [what]: readonly unknown[]): Started | null => {
    if (typeof what !== "object" || what === null) return null;
    if (operation === "create") return { ...(what as ContainerSpec), id: (what as ContainerSpec).functionId };
    return operation === "start" ? (what as Started) : null;
  };
  /** The bridge's ports of a function bear its id. */
  const portsOf = (functionId: string) => {
    const view = ovs.driver.view();
    const seen = view.state === "ready" ? view.now : view.last;
    const ports = [...(seen?.bridges.get(BRIDGE)?.ports.values() ?? [])];
    return ports.filter(({ externalIds }) => externalIds.lightmano === functionId);
  };

  const machine: Machine = {
    name,
    disk,
    uplink: createLink(name),
    tmpfs: new Map(),
    clockAheadMs: 0,
    onDeed: () => undefined,
    isWanted: () => false,
    packageOf: () => null,
    trouble: null,
    driversFor(agent) {
      const boot = boots;
      const between = {
        scheduler,
        random,
        agent,
        delayMs: (operation: string) =>
          random.next() * (SLOW.get(operation) ?? 3) * (machine.trouble === "slow" ? 30 : 1),
        stillOn: () => boots === boot,
        asking(operation: string, args: readonly unknown[]) {
          const functionId = endedBy(operation, args);
          const started = startedBy(operation, args);
          return {
            wasWanted: functionId !== null && machine.isWanted(functionId),
            packageDigest: started && machine.packageOf(started.id),
          };
        },
        doing(operation: string, args: readonly unknown[], asked: Asked) {
          const ended = endedBy(operation, args);
          if (ended !== null) machine.onDeed({ do: "stop", functionId: ended, asked }, agent);
          if (operation === "write") {
            const [functionId, , value] = args.map(String);
            machine.onDeed({ do: "write", functionId: functionId ?? "", value: value ?? "" }, agent);
          }
        },
        done(operation: string, args: readonly unknown[], asked: Asked) {
          const started = startedBy(operation, args);
          if (!started) return;
          if (click.control.processOf(started.id)) click.control.answer(started.id, MARK, "");
          machine.onDeed({ do: "start", functionId: started.id, digest: started.digest, asked }, agent);
        },
      };
      return {
        ovs: driverOf(ovs.driver, between),
        docker: driverOf(docker.driver, between),
        click: driverOf(click.control.another(), between),
        // `ip` of an agent that died is done before the next one looks: it waits for nothing but the kernel.
        link: driverOf(link.driver, {
          ...between,
          delayMs: () => random.next() * 3 * (machine.trouble === "slow" ? 30 : 1),
        }),
      };
    },
    running() {
      const found = new Map<string, string>();
      const seen = click.driver.view();
      const processes = seen.state === "ready" ? seen.now.processes : lvnfs();
      for (const [id, { digest }] of processes) found.set(id, digest);
      for (const [id, { state, digest }] of containers()) if (state === "running") found.set(id, digest);
      return found;
    },
    healthy(functionId) {
      if (!machine.running().has(functionId)) return false;
      const ports = portsOf(functionId);
      return ports.length > 0 && ports.every(({ ifindex, ofport }) => ifindex && ofport !== null);
    },
    flows: () => {
      const view = ovs.driver.view();
      const seen = view.state === "ready" ? view.now : view.last;
      return seen?.bridges.has(BRIDGE) ? ovs.control.flows(BRIDGE).map(({ cookie }) => cookie) : [];
    },
    kill(functionId) {
      if (click.control.processOf(functionId)) return click.control.kill(functionId);
      const container = containers().get(functionId);
      if (container?.state !== "running") return;
      const inside = attachedTo(container.pid);
      docker.control.kill(functionId);
      for (const device of inside) vanish(device);
    },
    loseInterface(functionId) {
      const [port] = portsOf(functionId);
      if (port) vanish(port.name);
    },
    switchRestarts: ovs.control.restartSwitch,
    setSwitch: (runs) => (runs ? ovs.control.startSwitch() : ovs.control.stopSwitch()),
    setDatabase: (runs) => (runs ? ovs.control.startDatabase() : ovs.control.stopDatabase()),
    setDockerd: (runs) => (runs ? docker.control.startDaemon() : docker.control.stopDaemon()),
    powerCut() {
      boots += 1;
      machine.tmpfs.clear();
      for (const functionId of machine.running().keys()) machine.kill(functionId);
      const devices = link.driver.view();
      const names = devices.state === "ready" ? devices.now.names : devices.last?.names;
      for (const device of names ?? []) if (!Object.values(PORTS).includes(device)) vanish(device);
      link = makeLink();
      click = makeClick();
      ovs.control.restartSwitch();
      disk.powerCut(random);
    },
  };
  /** Before anybody watched, the fake does not show what it has. */
  const lvnfs = (): ReadonlyMap<string, { readonly digest: string }> =>
    new Map(
      click.control.files().flatMap((id) => {
        const found = click.control.processOf(id);
        return found ? [[id, found] as const] : [];
      }),
    );
  return machine;
}

/** Milliseconds, at most, of what takes longer than a few. */
const SLOW: ReadonlyMap<string, number> = new Map([
  ["start", 60],
  ["stop", 200],
  ["create", 400],
  ["remove", 500],
  ["ensureImage", 100],
  ["applyFlows", 10],
]);
