/** Drivers of a node whose daemons have not answered yet: the agent waits for them, and touches nothing. */
import type { Drivers } from "../../agent/executor.js";
import { LightmanoError } from "../../model/errors.js";

const absent = (): never => {
  throw new LightmanoError("agent.unreachable", "a node of this bench has no daemons");
};
const unanswered = async (): Promise<never> => absent();
const seen = { state: "starting", reason: "it has not answered yet", last: null } as const;

export function absentDrivers(): Drivers {
  const common = { watch: () => undefined, view: () => seen };
  return {
    ovs: {
      ...common,
      name: "ovs",
      ensureBridge: unanswered,
      removeBridge: unanswered,
      addPorts: unanswered,
      removePorts: unanswered,
      applyFlows: unanswered,
      flowCounters: unanswered,
    },
    docker: {
      ...common,
      name: "docker",
      ensureImage: unanswered,
      create: unanswered,
      start: unanswered,
      remove: unanswered,
      logTail: unanswered,
      stats: unanswered,
      imageBytes: unanswered,
    },
    click: {
      ...common,
      name: "click",
      start: unanswered,
      stop: unanswered,
      forget: unanswered,
      checkProgram: unanswered,
      withoutFastPath: unanswered,
      withoutKernel: unanswered,
      read: unanswered,
      write: unanswered,
      logTail: unanswered,
      stats: unanswered,
      keepState: () => undefined,
      beforeStop: () => undefined,
      onExit: () => undefined,
    },
    link: {
      ...common,
      name: "link",
      createVeths: unanswered,
      remove: unanswered,
      prepareNodePort: unanswered,
      attachContainer: unanswered,
    },
  };
}
