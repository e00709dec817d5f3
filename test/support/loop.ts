/** A node in memory: the agent's loop over the four fakes, with a clock that a test can put forward. */

import type { Test } from "tap";
import type { Observed } from "../../agent/domain/observed.js";
import type { FunctionMemory } from "../../agent/domain/supervision.js";
import type { DesiredService } from "../../agent/domain/target.js";
import type { ClickDriver } from "../../agent/drivers/click/api.js";
import { createExecutor } from "../../agent/executor.js";
import { createReconciler } from "../../agent/reconciler.js";
import type { Reconciler, ReconcilerOptions } from "../../agent/reconciler-api.js";
import type { AgentEvent, FunctionStatus, ServiceStatus } from "../../model/messages/node.js";
import { EXAMPLE_LAYOUT, exampleService } from "./example.js";
import { createFakeClick } from "./fake-click.js";
import { createFakeDocker } from "./fake-docker.js";
import { createFakeLink } from "./fake-link.js";
import { createFakeOvs } from "./fake-ovs.js";
import { until } from "./until.js";

export type Node = ReturnType<typeof createNode>;

/** What a machine has; it outlives the loops that are started on it. */
export function createNode() {
  let aheadMs = 0;
  let jumpMs = 0;
  const monotonic = (): number => Date.now() + aheadMs;
  const clock = (): number => monotonic() + jumpMs;
  const link = createFakeLink({ interfaces: ["lo", "eth9", ...Object.values(EXAMPLE_LAYOUT.ports)] });
  const ovs = createFakeOvs({ hasInterface: link.control.has, bridges: [EXAMPLE_LAYOUT.bridge] });
  const docker = createFakeDocker({ images: ["lightmano/squid:1"] });
  const click = createFakeClick({ hasInterface: link.control.has, clock });
  return {
    link,
    ovs,
    docker,
    click,
    clock,
    monotonic,
    /** Time goes on by so much. */
    putForward: (ms: number): void => {
      aheadMs += ms;
    },
    /** Somebody sets the time of day. */
    setClock: (ms: number): void => {
      jumpMs += ms;
    },
    /** An interface goes, from under Open vSwitch and from under whoever has it open. */
    vanish(name: string): void {
      link.control.vanish(name);
      ovs.control.vanishInterface(name);
      ovs.control.restoreInterface(name); // the name may be used again; the port on the old one is dead
    },
    /** A container ends, and its network namespace with it. */
    killContainer(functionId: string): void {
      const view = docker.driver.view();
      const pid = view.state === "ready" ? view.now.containers.get(functionId)?.pid : null;
      const inside = [...link.control.attached].flatMap(([name, spec]) => (spec.pid === pid ? [name] : []));
      docker.control.kill(functionId);
      for (const name of inside) this.vanish(name);
    },
    calls: () => ({
      ovs: ovs.control.calls.length,
      docker: docker.control.calls.length,
      click: click.control.calls.length,
      link: link.control.calls.length,
    }),
    flows: () => ovs.control.flows(EXAMPLE_LAYOUT.bridge),
    ports: (): readonly string[] => {
      const view = ovs.driver.view();
      const bridge = view.state === "ready" ? view.now.bridges.get(EXAMPLE_LAYOUT.bridge) : undefined;
      return [...(bridge?.ports.keys() ?? [])];
    },
  };
}

export interface Loop extends Reconciler {
  readonly events: readonly AgentEvent[];
  /** Ids of services that were reported as removed. */
  readonly removed: readonly string[];
  /** How often the world was looked at. */
  passes(): number;
  service(id?: string): ServiceStatus;
  fn(id: string): FunctionStatus;
  eventsOf(object: string, type?: string): readonly AgentEvent[];
  /** Puts the clock forward and lets the loop see it. */
  putForward(ms: number): void;
  active(id?: string): Promise<ServiceStatus>;
  /** Waits until a function has been seen running for the nth time, and its service is active. */
  ran(id: string, times: number): Promise<void>;
  /** Waits until this holds, asking between passes. */
  until<T>(what: string, condition: () => T): Promise<Exclude<T, false | 0 | "" | null | undefined>>;
  /** As the agent's end: nothing on the node is touched. */
  stop(): void;
}

export interface LoopOptions {
  readonly click?: ClickDriver;
  /** Services that the journal knows as terminated. */
  readonly terminated?: readonly string[];
  readonly remembered?: ReconcilerOptions["remembered"];
  /** What an earlier life remembered. */
  readonly revive?: ReadonlyMap<string, FunctionMemory>;
  /** Called at each look at the world; may throw. */
  readonly onObserve?: () => void;
}

/** A node with the example on it, up and running; its loop stops with the test. */
export async function deployed(
  t: Pick<Test, "teardown">,
  node = createNode(),
): Promise<{ readonly node: Node; readonly loop: Loop }> {
  const loop = startLoop(node, [exampleService()]);
  t.teardown(() => loop.stop());
  await loop.active();
  return { node, loop };
}

export function startLoop(node: Node, wanted: readonly DesiredService[], options: LoopOptions = {}): Loop {
  const { onObserve = () => undefined } = options;
  const stop = new AbortController();
  const events: AgentEvent[] = [];
  const removed: string[] = [];
  let passes = 0;
  const drivers = {
    ovs: node.ovs.driver,
    docker: node.docker.driver,
    click: options.click ?? node.click.driver,
    link: node.link.driver,
  };
  const reconciler = createReconciler({
    layout: EXAMPLE_LAYOUT,
    observe: (): Observed => {
      passes += 1;
      onObserve();
      return {
        ovs: drivers.ovs.view(),
        docker: drivers.docker.view(),
        click: drivers.click.view(),
        link: drivers.link.view(),
      };
    },
    execute: createExecutor(drivers),
    containerOutput: (id) => drivers.docker.logTail(id, 20, { signal: AbortSignal.timeout(1_000) }),
    useHandlers: (id, handlers) =>
      drivers.click.keepState(
        id,
        handlers.filter(({ state }) => state),
      ),
    clock: node.clock,
    monotonic: node.monotonic,
    random: () => 0.5,
    ...(options.remembered && { remembered: options.remembered }),
    record: (noted, _services, gone) => {
      events.push(...noted);
      removed.push(...gone);
    },
    signal: stop.signal,
  });
  reconciler.setServices(
    wanted,
    options.terminated?.map((id) => ({ id, revision: 1 })),
  );
  reconciler.revive(options.revive ?? new Map());
  drivers.click.onExit(reconciler.lvnfExited);
  for (const driver of Object.values(drivers)) driver.watch(reconciler.kick, stop.signal);
  const service = (id = "mec"): ServiceStatus => {
    const found = reconciler.snapshot().services.find((one) => one.id === id);
    if (!found) throw new Error(`no service ${id}`);
    return found;
  };
  const loop: Loop = {
    ...reconciler,
    events,
    removed,
    passes: () => passes,
    service,
    fn(id) {
      const found = reconciler.snapshot().services.flatMap(({ functions }) => functions);
      const wantedOne = found.find((one) => one.id === id);
      if (!wantedOne) throw new Error(`no function ${id}`);
      return wantedOne;
    },
    eventsOf: (object, type) =>
      events.filter((event) => event.object === object && (type === undefined || event.type === type)),
    putForward(ms) {
      node.putForward(ms);
      reconciler.kick();
    },
    until: (what, condition) => until(what, condition, { deadlineMs: 3_000, everyMs: 2 }),
    async active(id = "mec") {
      await loop.until(`service ${id} is active`, () => service(id).state === "active");
      return service(id);
    },
    async ran(id, times) {
      const count = () => loop.eventsOf(`function/${id}`, "function.running").length;
      await loop.until(`${id} runs for the ${times}. time`, () => count() >= times);
      await loop.active(id.slice(0, id.indexOf(".")));
    },
    stop: () => stop.abort(),
  };
  return loop;
}
