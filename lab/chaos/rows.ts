/** The rows of the table, in the order in which they are run. */
import type { Bed } from "./bed.js";
import type { Row } from "./row.js";
import { nowUs } from "./traffic.js";

const NOTHING_LOST = { lost: 0, pagesFailed: 0 } as const;

const died = (kind: "breakout" | "cache") => new RegExp(`^function\\.died function/.*\\.${kind}:`);
const runs = (kind: "breakout" | "cache") => new RegExp(`^function\\.running function/.*\\.${kind}:`);

export const ROWS: readonly Row[] = [
  {
    name: "nothing",
    does: "nothing breaks: what does the bed itself lose?",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [],
    act: async () => ({ atUs: nowUs() }),
  },
  {
    name: "lvnf-kill",
    does: "kill -9 of the LVNF",
    victims: ["lvnf"],
    bounds: { lost: null, trafficMs: { median: 50, p99: 250 } },
    tells: [died("breakout"), runs("breakout")],
    act: async (bed) => killPid((await bed.functionOf("lvnf")).pid),
  },
  {
    name: "agent-kill",
    does: "kill -9 of the agent, and a new one",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [/^agent\.started /, /^function\.adopted .*\.breakout:/, /^function\.adopted .*\.cache:/],
    never: [/^work\./, /^chain\.bypassed/],
    async act({ site }) {
      const atUs = nowUs();
      await site.agent.kill();
      await site.agent.start();
      return { atUs };
    },
  },
  {
    name: "vswitchd-kill",
    does: "kill -9 of ovs-vswitchd, and a new one",
    victims: [],
    bounds: { lost: null, trafficMs: { median: 1_000, p99: 1_000 } },
    tells: [/^driver\.degraded driver\/ovs:/, /^driver\.ready driver\/ovs:/],
    act: restartVswitchd,
  },
];

function killPid(pid: number): { readonly atUs: number } {
  const atUs = nowUs();
  process.kill(pid, "SIGKILL");
  return { atUs };
}

async function restartVswitchd({ lab }: Bed) {
  const atUs = nowUs();
  await lab.ovs.kill();
  await lab.ovs.start(); // resolves when the switch has taken its configuration
  return { atUs, backUs: nowUs() };
}
