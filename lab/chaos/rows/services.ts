/** What the node's functions hang on: Open vSwitch and Docker. Their own supervisor, here the row, brings them back. */

import { DOCKERD_PROCESS } from "../../docker.js";
import { OVSDB_PROCESS, VSWITCHD_PROCESS } from "../../ovs.js";
import type { Bed } from "../bed.js";
import { pause, pidOf } from "../faults.js";
import type { Acted, Row } from "../row.js";
import { nowUs } from "../traffic.js";
import { driverIs, NOTHING_LOST, runs } from "./told.js";

/** Of the issue: a chain within 1 s of the switch being back. */
const SWITCH_BACK = { median: 1_000, p99: 1_000 };
const OVS_TOLD = [driverIs("degraded", "ovs"), driverIs("ready", "ovs")];
const DOCKER_TOLD = [driverIs("degraded", "docker"), driverIs("ready", "docker")];
const NOBODY_ELSE = [/^function\.died/] as const;

export const SERVICE_ROWS: readonly Row[] = [
  {
    name: "vswitchd-kill",
    does: "kill -9 of ovs-vswitchd, and a new one",
    victims: [],
    bounds: { lost: null, trafficMs: SWITCH_BACK },
    tells: OVS_TOLD,
    never: NOBODY_ELSE,
    act: (bed) => again(bed, () => bed.lab.ovs.kill()),
  },
  {
    name: "vswitchd-pause",
    does: "SIGSTOP of ovs-vswitchd, for 4 s",
    victims: [],
    bounds: { lost: null, trafficMs: SWITCH_BACK },
    tells: [],
    never: NOBODY_ELSE,
    act: async (bed) => pause(await pidOf(bed, VSWITCHD_PROCESS), 4_000),
  },
  {
    name: "ovsdb-kill",
    does: "kill -9 of ovsdb-server, and a new one",
    victims: [],
    // ovs-vswitchd does nothing without its database, and its userspace datapath forwards in the same loop; the kernel's would go on.
    // It looks for the database again after 1, 2, 4 s.
    bounds: { lost: null, trafficMs: { median: 2_000, p99: 4_000 } },
    tells: OVS_TOLD,
    never: NOBODY_ELSE,
    act: (bed) => again(bed, () => bed.lab.killProcess(OVSDB_PROCESS)),
  },
  {
    name: "ovsdb-pause",
    does: "SIGSTOP of ovsdb-server, for 4 s",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [],
    never: NOBODY_ELSE,
    act: async (bed) => pause(await pidOf(bed, OVSDB_PROCESS), 4_000),
  },
  {
    name: "ovs-restart",
    does: "Open vSwitch, both of it, stopped and started",
    victims: [],
    bounds: { lost: null, trafficMs: SWITCH_BACK },
    tells: OVS_TOLD,
    never: NOBODY_ELSE,
    act: (bed) => again(bed, () => bed.lab.ovs.stop()),
  },
  {
    name: "dockerd-kill",
    does: "kill -9 of dockerd, and a new one: it takes its containers down when it comes",
    victims: ["container"],
    // Pages that are under way when its cache ends fail; none that begins a moment later.
    bounds: { lost: null, cachedMs: { median: 1_500, p99: 2_500 }, pagesFailed: 8 },
    tells: DOCKER_TOLD,
    act: dockerAgain((bed) => bed.lab.docker.kill()),
  },
  {
    name: "dockerd-pause",
    does: "SIGSTOP of dockerd, for 4 s",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [],
    never: NOBODY_ELSE,
    act: async (bed) => pause(await pidOf(bed, DOCKERD_PROCESS), 4_000),
  },
  {
    name: "dockerd-restart",
    does: "dockerd and containerd stopped, with their containers, and started",
    victims: ["container"],
    bounds: { lost: null, cachedMs: { median: 1_500, p99: 2_500 } },
    tells: [...DOCKER_TOLD, runs("cache")],
    act: dockerAgain((bed) => bed.lab.docker.stop()),
  },
];

async function again({ lab }: Bed, stop: () => Promise<unknown>): Promise<Acted> {
  const atUs = nowUs();
  await stop();
  await lab.ovs.start(); // resolves when the switch has taken its configuration
  return { atUs, backUs: nowUs() };
}

function dockerAgain(stop: (bed: Bed) => Promise<unknown>) {
  return async (bed: Bed): Promise<Acted> => {
    const atUs = nowUs();
    await stop(bed);
    await bed.lab.docker.start();
    return { atUs, backUs: nowUs() };
  };
}
