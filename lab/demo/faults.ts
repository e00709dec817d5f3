/** Kills and cuts: what the traffic notices of them, and what the agent does about them. */

import { setTimeout as delay } from "node:timers/promises";
import { SITE } from "../site.js";
import { startPing } from "../testing/ping-runner.js";
import { waitUntil } from "../wait.js";
import { functionOf, waitActive } from "./deploy.js";
import { fetchWhole } from "./pages.js";
import { type EventView, promise, type ServiceView, type Stage } from "./stage.js";

const KILLS = 5;
const PROBE_INTERVAL_MS = 10;
/** The ping over the agent's restart goes on for so long before and after it. */
const AROUND_MS = 1_500;

export interface Heal {
  readonly healsMs: readonly number[];
  readonly longestGapMs: number;
}

/** kill -9 of the LVNF, several times, under a ping through it. */
export async function killLvnf({ lab, site }: Stage, serviceId: string): Promise<Heal> {
  const healsMs: number[] = [];
  const gapsMs: number[] = [];
  for (let i = 0; i < KILLS; i++) {
    const lvnf = functionOf(await site.lightmano<ServiceView>("service", "show", serviceId), "lvnf");
    promise(lvnf.pid !== null, "the LVNF runs before it is killed");
    const ping = await startPing(lab, "ue1", lab.origins[0]?.address ?? "", {
      intervalMs: PROBE_INTERVAL_MS,
    });
    const { seq: before = 0 } = (await site.lightmano<EventView[]>("events", "--limit", "1")).at(-1) ?? {};
    process.kill(lvnf.pid ?? 0, "SIGKILL");
    const event = await waitUntil(
      "the LVNF runs again",
      async () => {
        const events = await site.lightmano<EventView[]>("events", "--limit", "100");
        return events.find(
          ({ seq, object, type, data }) =>
            seq > before &&
            object === `function/${lvnf.id}` &&
            type === "function.running" &&
            data?.healMs !== undefined,
        );
      },
      { timeoutMs: 10_000 },
    );
    healsMs.push(Number(event.data?.healMs));
    gapsMs.push((await ping.stop()).longestGapMs);
  }
  return { healsMs, longestGapMs: Math.max(...gapsMs) };
}

/** kill -9 of the agent, and a new one, under a ping ten times a second. */
export async function killAgent(
  stage: Stage,
  serviceId: string,
): Promise<{ readonly lost: number; readonly sent: number }> {
  const { lab, site } = stage;
  const before = await site.lightmano<ServiceView>("service", "show", serviceId);
  const ping = await startPing(lab, "ue1", lab.origins[0]?.address ?? "", { intervalMs: 100 });
  await delay(AROUND_MS);
  await site.agent.kill();
  await site.agent.start();
  await waitActive(stage, serviceId);
  await delay(AROUND_MS);
  const { sent, lost } = await ping.stop();
  const after = await site.lightmano<ServiceView>("service", "show", serviceId);
  for (const kind of ["lvnf", "container"] as const) {
    promise(
      functionOf(before, kind).pid === functionOf(after, kind).pid,
      `the ${kind} outlives the agent and is adopted again`,
    );
  }
  promise(lost === 0, `no ping is lost over an agent restart (${lost} of ${sent} were)`);
  return { lost, sent };
}

/** Cuts the node's uplink; kills LVNF and agent while it is cut; then restores it and waits for the reports. */
export async function cutOff(
  stage: Stage,
  serviceId: string,
): Promise<{ readonly served: number; readonly reportsLate: number }> {
  const { lab, site } = stage;
  await lab.cutUplink();
  const cutAt = Date.now();
  let served = 0;
  const serveAll = async (): Promise<void> => {
    for (const origin of lab.origins) {
      await fetchWhole(lab, origin, origin.url);
      await fetchWhole(lab, origin, origin.uncachedUrl);
      served += 2;
    }
  };
  await serveAll();
  await killLvnf(stage, serviceId);
  await site.agent.kill();
  await site.agent.start();
  await waitActive(stage, serviceId);
  await serveAll();
  await lab.restoreUplink();
  const reportsLate = await waitUntil(
    "the reports of the time without uplink are at the controller",
    async () => {
      const { link } = await site.lightmano<{ link: { connected: boolean; pendingReports: number } }>(
        "status",
      );
      const { body } = await site.rest<readonly { readonly ts: string }[]>(
        "GET",
        `/api/v1/events?limit=1000&site=${SITE}`,
      );
      const late = body.filter(({ ts }) => Date.parse(ts) > cutAt).length;
      return link.connected && link.pendingReports === 0 && late > 0 ? late : false;
    },
    { timeoutMs: 60_000 },
  );
  return { served, reportsLate };
}

/** The controller stopped, every LightMANO process of the node killed: the journal alone brings the service back. */
export async function coldBoot(stage: Stage, serviceId: string): Promise<number> {
  const { lab, site } = stage;
  const service = await site.lightmano<ServiceView>("service", "show", serviceId);
  await site.controller.stop();
  await site.agent.kill();
  for (const { pid } of service.functions) if (pid !== null) process.kill(pid, "SIGKILL");
  const begun = performance.now();
  await site.agent.start();
  await waitActive(stage, serviceId);
  const tookMs = performance.now() - begun;
  for (const origin of lab.origins) await fetchWhole(lab, origin, origin.url);
  await site.controller.start();
  return tookMs;
}
