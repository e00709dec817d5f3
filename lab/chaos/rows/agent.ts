/** The agent and its controller. No packet may notice any of it. */
import { agentPid, controllerPid, pause } from "../faults.js";
import type { Row } from "../row.js";
import { nowUs } from "../traffic.js";
import { AGENT_STARTED, adopted, NOTHING_DONE, NOTHING_LOST } from "./told.js";

const ADOPTS = [AGENT_STARTED, adopted("breakout"), adopted("cache")];

export const AGENT_ROWS: readonly Row[] = [
  {
    name: "agent-kill",
    does: "kill -9 of the agent, and a new one",
    victims: [],
    bounds: NOTHING_LOST,
    tells: ADOPTS,
    never: NOTHING_DONE,
    async act({ site }) {
      const atUs = nowUs();
      await site.agent.kill();
      await site.agent.start();
      return { atUs };
    },
  },
  {
    name: "agent-stop",
    does: "SIGTERM of the agent, and a new one",
    victims: [],
    bounds: NOTHING_LOST,
    tells: ADOPTS,
    never: NOTHING_DONE,
    async act({ site }) {
      const atUs = nowUs();
      await site.agent.stop();
      await site.agent.start();
      return { atUs };
    },
  },
  {
    name: "agent-pause",
    does: "SIGSTOP of the agent, for 4 s",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [],
    never: NOTHING_DONE,
    act: (bed) => pause(agentPid(bed), 4_000),
  },
  {
    name: "controller-kill",
    does: "kill -9 of the controller (and its broker), and a new one",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [],
    never: NOTHING_DONE,
    async act({ site }) {
      const atUs = nowUs();
      await site.controller.kill();
      await site.controller.start();
      return { atUs };
    },
  },
  {
    name: "controller-pause",
    does: "SIGSTOP of the controller (and its broker), for 4 s",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [],
    never: NOTHING_DONE,
    act: (bed) => pause(controllerPid(bed), 4_000),
  },
];
