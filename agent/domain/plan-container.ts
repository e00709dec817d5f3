/** One container: its image, the container itself, its interfaces. */
import { lifeOf, type ObservedContainer, OWNER_KEY } from "./observed.js";
import {
  blockedView,
  type FunctionContext,
  type FunctionPlan,
  isBound,
  latest,
  waitingView,
} from "./planning.js";
import type { Step, Work } from "./steps.js";
import type { ContainerTarget, PortTarget } from "./target.js";

/**
 * On the bridge's port: which network namespace the interface behind it was put into (`lifeOf`). Of a container that is
 * started again the port row of the old one stays on the bridge as if nothing had happened.
 */
export const NAMESPACE_KEY = "lightmano-netns";

export function planContainer(wanted: ContainerTarget, context: FunctionContext): FunctionPlan {
  const { input, bridge, memory } = context;
  const { observed, target, now } = input;
  const container = latest(observed.docker)?.containers.get(wanted.id) ?? null;
  const current = container !== null && container.digest === wanted.digest;
  const runs = current && container.state === "running";
  const detached = runs ? wanted.ports.filter((port) => !isAttached(port, container, context)) : [];
  const pid = container?.pid ?? null;
  // Nothing can be attached to it any more, and nothing started: the next thing is Docker's to say.
  if (runs && container.ended === true)
    return { view: { state: "starting", code: null, reason: "its process has ended", pid }, work: null };
  if (runs && detached.length === 0 && container.ready)
    return { view: { state: "running", code: null, reason: null, pid }, work: null };

  const blocked =
    blockedView("docker", observed.docker) ??
    (detached.length > 0 ? (blockedView("ovs", observed.ovs) ?? blockedView("link", observed.link)) : null);
  if (blocked) return { view: { ...blocked, pid }, work: null };
  const waiting = runs && memory.problem === null ? null : waitingView(memory, now);
  if (waiting) return { view: { ...waiting, pid }, work: null };
  if (!bridge)
    return {
      view: { state: "pending", code: null, reason: `bridge ${target.bridge.name} is not there yet`, pid },
      work: null,
    };

  const work = (cause: string, steps: readonly Step[]): Work => ({
    object: `function/${wanted.id}`,
    digest: wanted.digest,
    cause,
    rule: "a function that a service wants runs as described",
    steps,
  });
  const starting = (reason: string | null): FunctionPlan["view"] => ({
    state: "starting",
    code: memory.problem?.code ?? null,
    reason: memory.problem?.detail ?? reason,
    pid,
  });
  if (runs && detached.length > 0) {
    const names = detached.map(({ interfaceName }) => interfaceName).join(", ");
    return {
      view: starting(`${names} not attached`),
      work: work(`${names} not attached`, attachSteps(detached, wanted, container, context)),
    };
  }
  if (runs) return { view: starting(`waits for port ${wanted.readyPorts.join(", ")} to listen`), work: null };

  // Docker starts no container that is paused or dead: such a one is as good as of an older description.
  const startable = current && ["created", "exited"].includes(container.state);
  const replace: Step[] =
    container && !startable
      ? [{ do: "container.remove", functionId: wanted.id, containerId: container.containerId }]
      : [];
  // The old one serves until the new one's image is there.
  const fetch: Step[] = startable ? [] : [{ do: "image.ensure", image: wanted.image }];
  const create: Step[] = startable ? [] : [{ do: "container.create", function: wanted }];
  return {
    view: starting(container ? `container is ${container.state}` : null),
    work: work(
      !container
        ? "the container is not there"
        : current
          ? `the container is ${container.state}`
          : "the container is of an older description",
      [...fetch, ...replace, ...create, { do: "container.start", functionId: wanted.id }],
    ),
  };
}

function isAttached(
  { bridgeDevice }: PortTarget,
  container: ObservedContainer,
  { bridge, input }: FunctionContext,
): boolean {
  const port = bridge?.ports.get(bridgeDevice);
  const links = latest(input.observed.link);
  return (
    isBound(port) &&
    port?.externalIds[NAMESPACE_KEY] === lifeOf(container) &&
    (links === null || links.names.has(bridgeDevice))
  );
}

/** What Open vSwitch is told, it is told at once; the interfaces are made in between. */
function attachSteps(
  ports: readonly PortTarget[],
  wanted: ContainerTarget,
  container: ObservedContainer,
  { bridge }: FunctionContext,
): readonly Step[] {
  const { pid } = container;
  if (!bridge || pid === null) return [];
  const stale = ports.map(({ bridgeDevice }) => bridgeDevice).filter((device) => bridge.ports.has(device));
  const externalIds = { [OWNER_KEY]: wanted.id, [NAMESPACE_KEY]: lifeOf(container) };
  return [
    ...(stale.length > 0 ? [{ do: "port.remove" as const, bridge: bridge.name, devices: stale }] : []),
    ...ports.map((port) => ({ do: "container.attach" as const, functionId: wanted.id, pid, port })),
    {
      do: "port.add",
      bridge: bridge.name,
      ports: ports.map(({ bridgeDevice }) => ({ name: bridgeDevice, externalIds })),
    },
  ];
}
