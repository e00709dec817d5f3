/** The example's breakout image between the devices of a bed, by lclick as the agent runs it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LvnfTarget } from "../../agent/domain/target.js";
import { type ControlSocket, openControlSocket } from "../../agent/drivers/click/control-socket.js";
import { composeScript, parameterArguments } from "../../agent/drivers/click/script.js";
import type { LabContext } from "../../lab/context.js";
import { type ProcessRecord, startProcess, waitReady } from "../../lab/processes.js";
import type { Namespace } from "../../lab/topology.js";
import { ADDRESSES, CORES, onCore } from "./bed.js";

export interface Running {
  readonly process: ProcessRecord;
  readonly control: ControlSocket;
}

/**
 * Frames that belong together are sent as one (GSO): by ToDevice's argument, which the agent does not give, as at the other end might be who
 * cannot take such frames. Tunnel packets over IPv4, which have no UDP checksum, get one by that.
 */
const withGso = (script: string): string =>
  script.replaceAll(/ToDevice\((\w+)\)/g, "ToDevice($1, GSO summed, BURST 64)");

export async function startBreakout(
  lab: LabContext,
  {
    gso = false,
    parameters,
  }: { readonly gso?: boolean; readonly parameters: Readonly<Record<string, string>> },
): Promise<Running> {
  const image = join(lab.projectRoot, "examples", "mobile-edge-cache", "gtp-breakout.click");
  const ports = ["ran", "core", "local"].map((device, order) => ({
    bridgeDevice: device,
    functionDevice: device,
    interfaceName: device,
    point: { name: device, order, macAddress: null, ipAddress: null, routes: [], redirects: [] },
  }));
  const target: LvnfTarget = {
    kind: "lvnf",
    id: "bench.gtp-breakout",
    name: "gtp-breakout",
    serviceId: "bench",
    digest: "sha256:bench",
    runMode: "userlevel",
    parameters: {},
    handlers: [],
    ports,
    script: await readFile(image, "utf8"),
  };
  const composed = composeScript(target);
  const all = { CACHE_IP: ADDRESSES.nextHop, LOCAL_IP: ADDRESSES.leg, ...parameters };
  return startClick(lab, "edge", "breakout", CORES.function, gso ? withGso(composed) : composed, all);
}

export async function startClick(
  lab: LabContext,
  ns: Namespace,
  name: string,
  core: number,
  script: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const socket = join(lab.paths.runDir, `${name}.sock`);
  const lclick = join(lab.projectRoot, "build", "click", "lclick");
  const words = ["--seccomp=on", "-u", socket, "-e", script, ...parameterArguments(parameters)];
  const process = await startProcess(lab, { name, ns, argv: onCore(core, lclick, ...words) });
  const open = (): Promise<ControlSocket | undefined> =>
    openControlSocket(socket, AbortSignal.timeout(5_000)).catch(() => undefined);
  return { process, control: await waitReady(lab, process, `${name} answers`, open) };
}

export const readHandler = (control: ControlSocket, handler: string): Promise<string> =>
  control.read(handler, AbortSignal.timeout(5_000));
