/** What the rows break: the lab with LightMANO on it, one mobile-edge-cache service, both UEs attached. */
import { copyFile, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { runOk } from "../command.js";
import { activeService, functionOf, onboardAndInstantiate, waitActive } from "../demo/deploy.js";
import type { FunctionView, ServiceView, Stage } from "../demo/stage.js";
import { restartContainer } from "../engine-api.js";
import { inStep } from "../errors.js";
import type { Lab } from "../lab.js";
import { createSite, type Site } from "../site.js";
import { waitUntil } from "../wait.js";
import { type AgentClient, createAgentClient } from "./agent-client.js";
import { type Disk, makeDisk } from "./disk.js";
import type { Acted } from "./row.js";
import { nowUs, startEcho } from "./traffic.js";

export type Kind = "lvnf" | "container";
export type Version = "current" | "next";

/** What the agent of the next version says that it is (scripts/bundle.mjs). */
export const NEXT_VERSION = "0.2.0";

export interface Bed {
  readonly lab: Lab;
  readonly site: Site;
  readonly agent: AgentClient;
  readonly serviceId: string;
  /** What the agent has its journal on. */
  readonly disk: Disk;
  readonly clock: {
    /** The agent's time of day is so far from the machine's from now on, also of agents that are started later. */
    shift(ms: number): Promise<void>;
  };
  readonly version: {
    /** Which agent the next start starts. */
    use(version: Version): void;
    used(): Version;
  };
  readonly docker: {
    /** As `docker restart -t 1`; `backUs` is when it is started again. */
    restart(name: string): Promise<Acted>;
  };
  /** One function of the service as the agent shows it now. */
  view(kind: Kind): Promise<FunctionView>;
  /** The same of one that runs. */
  functionOf(kind: Kind): Promise<FunctionView & { readonly pid: number }>;
  isActive(): Promise<boolean>;
  waitActive(timeoutMs?: number): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 20_000;

/** From an empty lab to a service that serves from its cache. */
export async function createBed(lab: Lab, projectRoot: string, say: (text: string) => void): Promise<Bed> {
  const disk = await makeDisk(lab);
  const clock = await makeClock(lab);
  const next = await makeNextVersion(projectRoot);
  let version: Version = "current";
  const site = await createSite({
    lab,
    projectRoot,
    launch: () => ({ env: clock.env, ...(version === "next" && { command: next }) }),
  });
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
    await waitUntil("every page comes from the cache", () => areCached(lab), { timeoutMs: 30_000 });
    await startEcho(lab);
  });
  const agent = createAgentClient(site.socket);
  const service = () => agent.get<ServiceView>(`/api/v1/services/${serviceId}`);
  const view = async (kind: Kind) => functionOf(await service(), kind);
  return {
    lab,
    site,
    agent,
    serviceId,
    disk,
    clock,
    version: {
      use: (wanted) => {
        version = wanted;
      },
      used: () => version,
    },
    docker: {
      async restart(name) {
        const atUs = nowUs();
        await restartContainer(lab.paths.dockerSocket, name);
        return { atUs, backUs: nowUs() };
      },
    },
    view,
    async functionOf(kind) {
      const found = await view(kind);
      if (found.pid === null) throw inStep(new Error(`the ${kind} has no process`), "look for a victim");
      return { ...found, pid: found.pid };
    },
    isActive: async () => (await service()).state === "active",
    waitActive: (timeoutMs) => waitActive(stage, serviceId, timeoutMs),
  };
}

async function areCached(lab: Lab): Promise<boolean> {
  const pages = await Promise.all(lab.origins.map(({ url }) => lab.fetch("ue1", url)));
  return pages.every((page) => page.ok && page.cache === "hit");
}

async function waitConnected(site: Site): Promise<void> {
  await waitUntil(
    "the agent is connected to the controller",
    async () => (await site.lightmano<{ link: { connected: boolean } }>("status")).link.connected,
    { timeoutMs: CONNECT_TIMEOUT_MS },
  );
}

/** The agent's clock can be shifted while it runs (lab/chaos/clockshift.c). */
async function makeClock(
  lab: Lab,
): Promise<Bed["clock"] & { readonly env: Readonly<Record<string, string>> }> {
  const path = join(lab.paths.stateDir, "clock.shift");
  const shift = async (ms: number): Promise<void> => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(Math.round(ms))); // the two processors that a lab runs on are little-endian
    // Written in place: the agent has it mapped.
    const file = await open(path, "a").then((made) => made.close().then(() => open(path, "r+")));
    try {
      await file.write(bytes, 0, 8, 0);
    } finally {
      await file.close();
    }
  };
  await shift(0);
  return { shift, env: { LD_PRELOAD: join(lab.paths.buildDir, "clockshift.so"), CLOCKSHIFT: path } };
}

/** Built anew each time: it is this checkout's sources that are to be upgraded to. Returns its `lightmano` command. */
async function makeNextVersion(projectRoot: string): Promise<string> {
  const folder = join(projectRoot, "build", "chaos", "next");
  const command = join(folder, "bin", "lightmano");
  await mkdir(join(folder, "bin"), { recursive: true });
  await copyFile(join(projectRoot, "bin", "lightmano"), command);
  const bundle = ["scripts/bundle.mjs", "--version", NEXT_VERSION, "--outdir", join(folder, "dist")];
  await runOk([process.execPath, ...bundle], { cwd: projectRoot });
  return command;
}
