/** Whether the controller has each event of the node, and has it once. */
import { LabError } from "../errors.js";
import { SITE } from "../site.js";
import { waitUntil } from "../wait.js";
import type { Bed } from "./bed.js";
import type { Told } from "./watch.js";

const ARRIVE_WITHIN_MS = 30_000;

type Reported = Pick<Told, "ts" | "object" | "type" | "detail">;

/** What did not arrive, or arrived twice, as sentences. Waits until the node has nothing more to report. */
export async function wrongReports({ site, agent }: Bed, told: readonly Told[]): Promise<readonly string[]> {
  const isIdle = async (): Promise<boolean> => {
    const { link } = await agent.get<{ link: { connected: boolean; pendingReports: number } }>(
      "/api/v1/status",
    );
    return link.connected && link.pendingReports === 0;
  };
  try {
    await waitUntil("all reports have been acknowledged", isIdle, { timeoutMs: ARRIVE_WITHIN_MS });
  } catch (error) {
    if (error instanceof LabError && error.detail.code === "lab.timeout") return [error.message];
    throw error;
  }
  const { body } = await site.rest<readonly Reported[]>("GET", `/api/v1/events?limit=1000&site=${SITE}`);
  const keyOf = ({ ts, object, type, detail }: Reported): string => [ts, object, type, detail].join("|");
  const counts = new Map<string, number>();
  for (const event of body) counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + 1);
  const due = new Map<string, number>();
  for (const event of told) due.set(keyOf(event), (due.get(keyOf(event)) ?? 0) + 1);
  return [...due].flatMap(([key, count]) => {
    const arrived = counts.get(key) ?? 0;
    return arrived === count ? [] : [`the controller has ${arrived} of ${count} of: ${key.slice(0, 200)}`];
  });
}
