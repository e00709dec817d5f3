/** Functions that die or hang. */

import type { Bed } from "../bed.js";
import { hang, kill, killFunction, openerOf, pause } from "../faults.js";
import type { Row } from "../row.js";
import { died, NOTHING_LOST, runs } from "./told.js";

/** Of the issue: a Click function back within 50 ms (median) and 250 ms (p99) of its death. */
const LVNF_BACK = { median: 50, p99: 250 };
const CONTAINER_BACK = { median: 1_500, p99: 1_500 };
/** One that hangs is only found out by asking it. */
const HANG_FOUND = { median: 6_000, p99: 8_000 };

/** Rounds come so fast after each other that they would be a crash loop, which is started again later and later. */
async function forgive({ agent, serviceId }: Bed): Promise<void> {
  await agent.send("POST", `/api/v1/services/${serviceId}/heal`);
}

/** A row or a round before may have taken it: a new LVNF has a new one. */
async function renewOpener({ agent, functionOf }: Bed): Promise<void> {
  await agent.send("POST", `/api/v1/functions/${(await functionOf("lvnf")).id}/restart`, {});
}

export const FUNCTION_ROWS: readonly Row[] = [
  {
    name: "lvnf-kill",
    does: "kill -9 of the LVNF",
    victims: ["lvnf"],
    bounds: { lost: null, trafficMs: LVNF_BACK },
    tells: [died("breakout"), runs("breakout")],
    prepare: forgive,
    act: (bed) => killFunction(bed, "lvnf"),
  },
  {
    name: "lvnf-hang",
    does: "SIGSTOP of the LVNF, for ever",
    victims: ["lvnf"],
    bounds: { lost: null, trafficMs: HANG_FOUND },
    tells: [died("breakout"), runs("breakout")],
    act: async (bed) => hang((await bed.functionOf("lvnf")).pid),
  },
  {
    name: "opener-kill",
    does: "kill -9 of the LVNF's opener, which it does without",
    prepare: renewOpener,
    victims: [],
    bounds: NOTHING_LOST,
    tells: [],
    act: async (bed) => kill(await openerOf(bed)),
  },
  {
    name: "opener-pause",
    does: "SIGSTOP of the LVNF's opener, for 2 s",
    prepare: renewOpener,
    victims: [],
    bounds: NOTHING_LOST,
    tells: [],
    act: async (bed) => pause(await openerOf(bed), 2_000),
  },
  {
    name: "container-kill",
    does: "kill -9 of the container's process",
    victims: ["container"],
    bounds: { lost: null, cachedMs: CONTAINER_BACK },
    tells: [died("cache"), runs("cache")],
    prepare: forgive,
    act: (bed) => killFunction(bed, "container"),
  },
  {
    name: "container-hang",
    does: "SIGSTOP of the container's process, for ever",
    victims: ["container"],
    bounds: { lost: null, cachedMs: HANG_FOUND },
    tells: [runs("cache")],
    act: async (bed) => hang((await bed.functionOf("container")).pid),
  },
  {
    name: "container-restart",
    does: "docker restart of the container by somebody else: its namespace is another",
    victims: ["container"],
    bounds: { lost: null, cachedMs: { median: 1_500, p99: 2_500 }, pagesFailed: 4 },
    tells: [died("cache"), runs("cache")],
    async act(bed) {
      const { id } = await bed.functionOf("container");
      return bed.docker.restart(`lightmano-${id}`);
    },
  },
];
