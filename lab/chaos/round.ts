/** One round of one row: traffic flows, it breaks, it heals, all is counted. */
import { setTimeout as delay } from "node:timers/promises";
import { LabError } from "../errors.js";
import { waitUntil } from "../wait.js";
import type { Bed, Kind } from "./bed.js";
import type { PageFetch } from "./pagestream.js";
import { wrongReports } from "./reports.js";
import type { Row } from "./row.js";
import { nowUs, type StreamReport, startPages, startStream } from "./traffic.js";
import { lastSeq, startWatch, type Told, toldSince, toldSinceTime, unexplained } from "./watch.js";
import { lostWrites, removeMarks, startWrites } from "./writes.js";

export interface Outcome {
  readonly stream: StreamReport;
  readonly lost: number;
  /** Null: nothing was lost. Infinity: it never came back. */
  readonly trafficMs: number | null;
  readonly pages: {
    readonly ok: number;
    readonly failed: number;
    readonly pastCache: number;
    /** When the first and the last of those that failed were asked for, after the fault. */
    readonly failedMs: readonly [number, number] | null;
  };
  readonly writes: { readonly acknowledged: number; readonly lost: number };
  /** Null: every page came, from the cache. */
  readonly cachedMs: number | null;
  /** The agent's own figure of each function that it brought back. */
  readonly healMs: Readonly<Record<string, number>>;
  /** Types of events, with how many. */
  readonly told: Readonly<Record<string, number>>;
  /** It came back by itself: active, forwarding, serving. */
  readonly healed: boolean;
  /** What must not be, as sentences. */
  readonly broken: readonly string[];
}

type Measured = Omit<Outcome, "broken" | "healed" | "writes">;

/** Before and after the fault: so much traffic must pass without loss for it to count as flowing. */
const CALM_MS = 700;
const HEAL_WITHIN_MS = 20_000;
const KINDS: readonly Kind[] = ["lvnf", "container"];

export async function runRound(bed: Bed, row: Row, id: string): Promise<Outcome> {
  await row.prepare?.(bed);
  await bed.waitActive();
  const before = await pidsOf(bed);
  const seq = await lastSeq(bed);
  const beganAt = new Date().toISOString();
  const stream = await startStream(bed.lab, id);
  const pages = await startPages(bed.lab, id);
  const watch = startWatch(bed);
  const writes = startWrites(bed.agent, id);
  let failure: string | null = null;
  let acted = { atUs: nowUs() };
  let backUs = acted.atUs;
  try {
    await delay(CALM_MS);
    await waitUntil("a page from the cache", () => pages.fetched().some(({ cached }) => cached), {
      timeoutMs: 10_000,
    });
    acted = await row.act(bed);
    backUs = (acted as { backUs?: number }).backUs ?? acted.atUs;
    const healedUs = (): number => backUs + CALM_MS * 1000;
    await bed.waitActive(row.healWithinMs ?? HEAL_WITHIN_MS);
    await waitUntil(
      "datagrams come back and pages come from the cache",
      () =>
        nowUs() - stream.newestUs() < 300_000 &&
        stream.newestUs() > healedUs() &&
        pages.fetched().some(({ cached, beganUs }) => cached && beganUs > backUs),
      { timeoutMs: row.healWithinMs ?? HEAL_WITHIN_MS },
    );
    await delay(CALM_MS);
  } catch (error) {
    if (error instanceof LabError && error.detail.code === "lab.aborted") {
      // Or they would go on, and keep the program from ending and the lab from being taken away.
      await Promise.allSettled([stream.stop(), pages.stop(), watch.stop(), writes.stop()]);
      throw error;
    }
    failure = error instanceof Error ? error.message : String(error);
  }
  const [report, fetched, deviations, acknowledged] = await Promise.all([
    stream.stop(),
    pages.stop(),
    watch.stop(),
    writes.stop(),
  ]);
  const healed = failure === null;
  // Of a node that did not come back nothing more can be asked.
  const askTold = (): Promise<readonly Told[]> =>
    row.forgetsWrites === true ? toldSinceTime(bed, beganAt) : toldSince(bed, seq);
  const told = healed ? await askTold() : await askTold().catch(() => []);
  const after = healed ? await pidsOf(bed) : before;
  const lost = healed && row.forgetsWrites !== true ? await lostWrites(bed.agent, acknowledged) : [];
  const reports = healed ? await wrongReports(bed, told) : [];
  if (healed) await removeMarks(bed.agent);
  await bed.clock.shift(0);
  const outcome = measured(report, fetched, told, acted.atUs, backUs);
  return {
    ...outcome,
    healed,
    writes: { acknowledged: acknowledged.length, lost: lost.length },
    broken: [
      ...(failure === null ? [] : [failure]),
      ...lost.map((mark) => `${mark} was acknowledged, and is not there`),
      ...reports,
      ...unexplained(deviations, told),
      ...silent(outcome, told),
      ...untold(row, told),
      ...replaced(row, before, after),
      ...(report.duplicates > 0 ? [`${report.duplicates} datagrams came twice`] : []),
    ],
  };
}

function measured(
  stream: StreamReport,
  fetched: readonly PageFetch[],
  told: readonly Told[],
  atUs: number,
  backUs: number,
): Measured {
  const lastRun = stream.runs.at(-1);
  const ms = (us: number): number => Math.max(0, us - backUs) / 1000;
  const trafficMs =
    lastRun === undefined ? null : lastRun.backUs === 0 ? Number.POSITIVE_INFINITY : ms(lastRun.backUs);
  const failed = fetched.filter(({ ok }) => !ok).map(({ beganUs }) => (beganUs - atUs) / 1000);
  const after = fetched.filter(({ endedUs }) => endedUs > atUs);
  const isBad = ({ ok, cached }: PageFetch): boolean => !(ok && cached);
  const lastBadUs = Math.max(0, ...after.filter(isBad).map(({ beganUs }) => beganUs));
  const nextGood = after
    .filter((page) => !isBad(page) && page.beganUs > lastBadUs)
    .reduce((min, { endedUs }) => Math.min(min, endedUs), Number.POSITIVE_INFINITY);
  return {
    stream,
    lost: stream.sent - stream.back,
    trafficMs,
    pages: {
      ok: fetched.filter(({ ok }) => ok).length,
      failed: fetched.filter(({ ok }) => !ok).length,
      pastCache: fetched.filter(({ ok, cached }) => ok && !cached).length,
      failedMs: failed.length === 0 ? null : [Math.min(...failed), Math.max(...failed)],
    },
    cachedMs: lastBadUs === 0 ? null : ms(nextGood),
    healMs: Object.fromEntries(
      told.flatMap(({ object, data }) =>
        data?.healMs === undefined ? [] : [[object.replace(/^function\/.*\./, ""), Number(data.healMs)]],
      ),
    ),
    told: told.reduce<Record<string, number>>((counts, { type }) => {
      counts[type] = (counts[type] ?? 0) + 1;
      return counts;
    }, {}),
  };
}

/** Traffic noticed something that the node does not speak of. */
function silent({ lost, pages }: Measured, told: readonly Told[]): readonly string[] {
  if (lost + pages.failed === 0 || told.length > 0) return [];
  return [`${lost} datagrams and ${pages.failed} pages were lost, and no event tells of anything`];
}

function untold({ tells, never = [] }: Row, told: readonly Told[]): readonly string[] {
  const lines = told.map(({ type, object, detail }) => `${type} ${object}: ${detail}`);
  const missing = tells
    .filter((pattern) => !lines.some((line) => pattern.test(line)))
    .map((pattern) => `no event says ${pattern.source}`);
  const wrong = lines.filter((line) => never.some((pattern) => pattern.test(line)));
  return [...missing, ...wrong.map((line) => `this must not happen here: ${line.slice(0, 300)}`)];
}

/** A healthy function that was restarted. */
function replaced({ victims }: Row, before: Pids, after: Pids): readonly string[] {
  return KINDS.filter((kind) => !victims.includes(kind) && before[kind] !== after[kind]).map(
    (kind) => `the ${kind}, which was well, has another process (${before[kind]}, now ${after[kind]})`,
  );
}

type Pids = Readonly<Record<Kind, number>>;

async function pidsOf(bed: Bed): Promise<Pids> {
  const [lvnf, container] = await Promise.all(KINDS.map((kind) => bed.functionOf(kind)));
  return { lvnf: lvnf?.pid ?? 0, container: container?.pid ?? 0 };
}
