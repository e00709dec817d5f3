/** The table from steps to driver calls. Each has a deadline; each is idempotent, as the drivers promise. */
import { LightmanoError } from "../model/errors.js";
import { OWNER_KEY } from "./domain/observed.js";
import { latest } from "./domain/planning.js";
import type { Step } from "./domain/steps.js";
import type { ContainerTarget } from "./domain/target.js";
import type { ClickDriver } from "./drivers/click/api.js";
import type { DockerDriver } from "./drivers/docker/api.js";
import type { LinkDriver } from "./drivers/link/api.js";
import type { OvsDriver } from "./drivers/ovs/api.js";
import { systemWaitClock, withDeadline } from "./drivers/wait.js";

export interface Drivers {
  readonly ovs: OvsDriver;
  readonly docker: DockerDriver;
  readonly click: ClickDriver;
  readonly link: LinkDriver;
}

/** What a step has to tell beyond that it is done. */
export type StepResult = Readonly<Record<string, unknown>> | null;
export type Execute = (step: Step, signal: AbortSignal) => Promise<StepResult>;

const STEP_TIMEOUT_MS = 30_000;
/** An image may have to be pulled over a bad link. */
const IMAGE_TIMEOUT_MS = 30 * 60_000;
const STOP_GRACE_MS = 2_000;

type Executors = {
  readonly [D in Step["do"]]: (step: Extract<Step, { do: D }>, signal: AbortSignal) => Promise<unknown>;
};

export function createExecutor({ ovs, docker, click, link }: Drivers): Execute {
  const executors: Executors = {
    "bridge.ensure": (step, signal) =>
      ovs.ensureBridge(
        { name: step.bridge, datapathType: step.datapathType, externalIds: { [OWNER_KEY]: "bridge" } },
        { signal },
      ),
    "node-port.attach": async ({ bridge, device }, signal) => {
      await link.prepareNodePort(device, { signal });
      await ovs.addPorts(bridge, [{ name: device, externalIds: { [OWNER_KEY]: "node-port" } }], { signal });
    },
    "port.add": ({ bridge, ports }, signal) => ovs.addPorts(bridge, ports, { signal }),
    "port.remove": ({ bridge, devices }, signal) => ovs.removePorts(bridge, devices, { signal }),
    "flows.apply": ({ bridge, add, removeCookies }, signal) =>
      ovs.applyFlows(bridge, { add, removeCookies }, { signal }),
    "veths.create": ({ pairs }, signal) =>
      link.createVeths(
        pairs.map(({ bridgeDevice, functionDevice }) => ({
          hostName: bridgeDevice,
          peerName: functionDevice,
        })),
        { signal },
      ),
    "link.remove": ({ device }, signal) => link.remove(device, { signal }),
    "lvnf.start": (step, signal) => click.start(step.function, { signal }),
    "lvnf.stop": ({ functionId, pid, startTicks }, signal) =>
      click.stop(functionId, pid, startTicks, STOP_GRACE_MS, { signal }),
    "lvnf.forget": ({ functionId }, signal) => click.forget(functionId, { signal }),
    "image.ensure": ({ image }, signal) => docker.ensureImage(image, { signal }),
    "container.create": async (step, signal) => ({
      containerId: await docker.create(containerSpec(step.function), { signal }),
    }),
    "container.start": ({ functionId }, signal) => {
      const container = latest(docker.view())?.containers.get(functionId);
      if (!container)
        throw new LightmanoError(
          "docker.failed",
          `container ${functionId} is gone before it could be started`,
        );
      return docker.start(container.containerId, { signal });
    },
    "container.remove": ({ containerId }, signal) => docker.remove(containerId, STOP_GRACE_MS, { signal }),
    "container.attach": ({ functionId, pid, port: { bridgeDevice, interfaceName, point } }, signal) =>
      unlessEnded(docker, functionId, pid, signal, () =>
        link.attachContainer(
          {
            hostName: bridgeDevice,
            name: interfaceName,
            pid,
            macAddress: point.macAddress,
            address: point.ipAddress,
            routes: point.routes,
            redirects: point.redirects,
            mtuBytes: null,
          },
          { signal },
        ),
      ),
  };
  return async (step, signal) => {
    const timeoutMs = step.do === "image.ensure" ? IMAGE_TIMEOUT_MS : STEP_TIMEOUT_MS;
    const execute = executors[step.do] as (step: Step, signal: AbortSignal) => Promise<unknown>;
    const late = () =>
      new LightmanoError("operation.timeout", `not done within ${Math.round(timeoutMs / 1000)} s`);
    const result = await withDeadline(signal, timeoutMs, late, async (limited) => execute(step, limited));
    return typeof result === "object" && result !== null ? (result as StepResult) : null;
  };
}

/** How long Docker may take to tell of an end that the kernel has shown already. */
const EXIT_TOLD_MS = 1_000;
const EXIT_POLL_MS = 5;

/**
 * The interfaces of a container go in the moment its process ends, and Docker tells of that a tenth of a second
 * later. What fails in between is no failure to attach: it is said to be the end that it is.
 */
async function unlessEnded(
  docker: DockerDriver,
  functionId: string,
  pid: number,
  signal: AbortSignal,
  attach: () => Promise<void>,
): Promise<void> {
  try {
    return await attach();
  } catch (error) {
    const deadline = performance.now() + EXIT_TOLD_MS;
    while (latest(docker.view())?.containers.get(functionId)?.pid === pid) {
      if (signal.aborted || performance.now() > deadline) throw error;
      await systemWaitClock.delay(EXIT_POLL_MS, signal);
    }
    throw new LightmanoError("container.exited", `process ${pid} of ${functionId} ended meanwhile`, {
      cause: error,
    });
  }
}

function containerSpec({
  id,
  digest,
  image,
  command,
  environment,
  memoryBytes,
  cpus,
  readyPorts,
}: ContainerTarget) {
  return {
    functionId: id,
    digest,
    name: `lightmano-${id}`,
    image,
    command,
    environment,
    memoryBytes,
    cpus,
    readyPorts,
  };
}
