/** A node with its agent, and a controller, as processes in a lab of their own; and what tests ask of them again and again. */
import { join } from "node:path";
import type { Test } from "tap";
import { createSite } from "../../lab/site.js";
import { waitUntil } from "../../lab/wait.js";
import type { Problem } from "../../model/errors.js";
import type { AgentEvent, FunctionStatus, ServiceStatus } from "../../model/messages/node.js";
import { root, startLab } from "./lab.js";

export interface NodeStatus {
  readonly link: { readonly connected: boolean; readonly pendingReports: number };
  readonly drivers: readonly {
    readonly name: string;
    readonly state: string;
    readonly reason: string | null;
  }[];
}

/** Neither agent nor controller is started yet. */
export async function createEdge(t: Test, prefix: string) {
  const lab = await startLab(t, prefix);
  const site = await createSite({ lab, projectRoot: root });

  const command = async (...argv: readonly string[]) => {
    const words = [join(root, "bin", "lightmano"), "--json", "--socket", site.socket, ...argv];
    const { code, stdout, stderr } = await lab.exec("edge", words);
    return {
      code,
      stdout,
      error: () => JSON.parse(stderr) as { code: string; detail: string; problems: Problem[] },
    };
  };
  const show = (id: string) => site.lightmano<ServiceStatus>("service", "show", id);
  const eventually = <T>(what: string, probe: () => Promise<T | undefined | false>, timeoutMs = 15_000) =>
    waitUntil(what, probe, { timeoutMs });
  const comesTo = (id: string, state: string) =>
    eventually(`${id} is ${state}`, async () => {
      const service = await show(id);
      return service.state === state && service;
    });
  const gone = (id: string) =>
    eventually(`${id} is gone`, async () => (await command("service", "show", id)).code === 3);
  const functionOf = async (id: string): Promise<FunctionStatus> => {
    const found = (await show(id)).functions[0];
    if (!found) throw new Error(`${id} has no function`);
    return found;
  };
  const driver = async (name: string) =>
    (await site.lightmano<NodeStatus>("status")).drivers.find((one) => one.name === name);
  const atController = async (id: string) =>
    (await site.rest<ServiceStatus[]>("GET", "/api/v1/services")).body.find((service) => service.id === id);
  /** Through the forwarder, from the eNodeB's side to the core's. */
  const passes = async (): Promise<boolean> =>
    (await lab.exec("enb", ["ping", "-c", "1", "-W", "1", lab.addresses.epc])).code === 0;
  const why = async (id: string) =>
    JSON.stringify(await site.lightmano<{ now: string; events: AgentEvent[] }>("why", id));
  return {
    lab,
    site,
    command,
    show,
    eventually,
    comesTo,
    gone,
    functionOf,
    driver,
    atController,
    passes,
    why,
  };
}
