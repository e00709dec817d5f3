/** What the rows break: the lab with LightMANO on it, one mobile-edge-cache service, both UEs attached. */
import { activeService, functionOf, onboardAndInstantiate, waitActive } from "../demo/deploy.js";
import { fetchFirst } from "../demo/pages.js";
import type { FunctionView, ServiceView, Stage } from "../demo/stage.js";
import { restartContainer } from "../engine-api.js";
import { inStep } from "../errors.js";
import type { Lab } from "../lab.js";
import type { Site } from "../site.js";
import { waitUntil } from "../wait.js";
import { type AgentClient, createAgentClient } from "./agent-client.js";
import type { Acted } from "./row.js";
import { nowUs, startEcho } from "./traffic.js";

export type Kind = "lvnf" | "container";

export interface Bed {
  readonly lab: Lab;
  readonly site: Site;
  readonly agent: AgentClient;
  readonly serviceId: string;
  readonly docker: {
    /** As `docker restart -t 1`; `backUs` is when it is started again. */
    restart(name: string): Promise<Acted>;
  };
  /** One function of the service as the agent shows it now. */
  functionOf(kind: Kind): Promise<FunctionView & { readonly pid: number }>;
  waitActive(timeoutMs?: number): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 20_000;

/** From an empty lab to a service that serves from its cache. */
export async function createBed(
  lab: Lab,
  site: Site,
  projectRoot: string,
  say: (text: string) => void,
): Promise<Bed> {
  const stage: Stage = {
    lab,
    site,
    async act(name, play) {
      say(`  ${name}\n`);
      return play().catch((error: unknown) => Promise.reject(inStep(error, name)));
    },
  };
  const serviceId = await stage.act("LightMANO and its service come up, both UEs attach", async () => {
    await site.controller.start();
    await site.agent.start();
    await waitConnected(site);
    const id = await onboardAndInstantiate(stage, projectRoot, "auto");
    await lab.attachUe("ue1");
    await lab.attachUe("ue2");
    return id;
  });
  await activeService(stage, serviceId);
  await stage.act("the LVNF learns the tunnels, the cache its pages", async () => {
    for (const ue of ["ue1", "ue2"] as const)
      await lab.exec(ue, ["ping", "-c", "2", "-i", "0.2", lab.origins[0]?.address ?? ""]);
    await fetchFirst(lab);
    await startEcho(lab);
  });
  const agent = createAgentClient(site.socket);
  return {
    lab,
    site,
    agent,
    serviceId,
    docker: {
      async restart(name) {
        const atUs = nowUs();
        await restartContainer(lab.paths.dockerSocket, name);
        return { atUs, backUs: nowUs() };
      },
    },
    async functionOf(kind) {
      const service = await agent.get<ServiceView>(`/api/v1/services/${serviceId}`);
      const found = functionOf(service, kind);
      if (found.pid === null) throw inStep(new Error(`the ${kind} has no process`), "look for a victim");
      return { ...found, pid: found.pid };
    },
    waitActive: (timeoutMs) => waitActive(stage, serviceId, timeoutMs),
  };
}

export async function waitConnected(site: Site): Promise<void> {
  await waitUntil(
    "the agent is connected to the controller",
    async () => (await site.lightmano<{ link: { connected: boolean } }>("status")).link.connected,
    { timeoutMs: CONNECT_TIMEOUT_MS },
  );
}
