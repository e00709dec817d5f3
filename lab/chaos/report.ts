/** The table over all rounds of each row, and whether each row held its bounds. Pure. */

import type { Outcome } from "./round.js";
import type { Bounds, Row } from "./row.js";

export interface RowReport {
  readonly name: string;
  readonly does: string;
  readonly rounds: number;
  readonly sent: number;
  /** Datagrams of a round, there and back. */
  readonly lost: Spread | null;
  readonly lostThere: number;
  readonly lostBack: number;
  /** Of the rounds in which something was lost; null: in none. */
  readonly trafficMs: Spread | null;
  readonly cachedMs: Spread | null;
  readonly healMs: Readonly<Record<string, Spread>>;
  readonly pages: { readonly ok: number; readonly failed: number; readonly pastCache: number };
  /** Services written at the node during the rounds and acknowledged; of these, what was not there afterwards. */
  readonly writes: { readonly acknowledged: number; readonly lost: number };
  /** Types of events, with how many over all rounds. */
  readonly told: Readonly<Record<string, number>>;
  readonly held: boolean;
  /** Why not, as sentences. */
  readonly broken: readonly string[];
}

export interface Spread {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
  readonly n: number;
}

export function reportRow({ name, does, bounds }: Row, outcomes: readonly Outcome[]): RowReport {
  const numbers = (of: (outcome: Outcome) => number | null): readonly number[] =>
    outcomes.flatMap((outcome) => of(outcome) ?? []);
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((all, one) => all + of(one), 0);
  const functions = [...new Set(outcomes.flatMap(({ healMs }) => Object.keys(healMs)))];
  const measured = {
    name,
    does,
    rounds: outcomes.length,
    sent: sum(({ stream }) => stream.sent),
    lost: spreadOf(numbers(({ lost }) => lost)),
    lostThere: sum(({ stream }) => stream.sent - stream.there),
    lostBack: sum(({ stream }) => stream.there - stream.back),
    trafficMs: spreadOf(numbers(({ trafficMs }) => trafficMs)),
    cachedMs: spreadOf(numbers(({ cachedMs }) => cachedMs)),
    healMs: Object.fromEntries(
      functions.flatMap((id) => {
        const spread = spreadOf(numbers(({ healMs }) => healMs[id] ?? null));
        return spread === null ? [] : [[id, spread] as const];
      }),
    ),
    pages: {
      ok: sum(({ pages }) => pages.ok),
      failed: sum(({ pages }) => pages.failed),
      pastCache: sum(({ pages }) => pages.pastCache),
    },
    writes: {
      acknowledged: sum(({ writes }) => writes.acknowledged),
      lost: sum(({ writes }) => writes.lost),
    },
    told: outcomes.reduce<Record<string, number>>((all, { told }) => {
      for (const [type, count] of Object.entries(told)) all[type] = (all[type] ?? 0) + count;
      return all;
    }, {}),
  };
  const broken = [
    ...new Set(outcomes.flatMap((outcome) => outcome.broken)),
    ...outOfBounds(bounds, measured, outcomes),
  ];
  return { ...measured, held: broken.length === 0, broken };
}

function outOfBounds(
  bounds: Bounds,
  { lost, trafficMs, cachedMs }: Pick<RowReport, "lost" | "trafficMs" | "cachedMs">,
  outcomes: readonly Outcome[],
): readonly string[] {
  const late = (what: string, bound: Bounds["trafficMs"], spread: Spread | null): readonly string[] =>
    bound === undefined || spread === null
      ? []
      : (["median", "p99"] as const)
          .filter((key) => !(spread[key] <= bound[key]))
          .map((key) => `${what}: ${key} ${spread[key].toFixed(1)} ms, more than ${bound[key]} ms`);
  const mostFailed = Math.max(0, ...outcomes.map(({ pages }) => pages.failed));
  return [
    ...(bounds.lost !== null && (lost?.max ?? 0) > bounds.lost
      ? [`${lost?.max} datagrams lost in a round, more than ${bounds.lost}`]
      : []),
    ...late("traffic back", bounds.trafficMs, trafficMs),
    ...late("pages from the cache again", bounds.cachedMs, cachedMs),
    ...(bounds.pagesFailed !== undefined && mostFailed > bounds.pagesFailed
      ? [`${mostFailed} pages failed in a round, more than ${bounds.pagesFailed}`]
      : []),
  ];
}

/** p99 by nearest rank: of fewer than a hundred values the greatest. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2 : at(0.5);
  return { median, p99: at(0.99), max: at(1), n: sorted.length };
}

const HEAD = [
  "row",
  "rounds",
  "lost (median, max)",
  "traffic back, ms",
  "cache back, ms",
  "pages failed",
  "held",
];

/** The table, and under it what did not hold. */
export function reportText(rows: readonly RowReport[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  const table = lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  const notes = rows.flatMap(({ name, does, told, broken }) => [
    `${name}: ${does}`,
    `  told: ${
      Object.entries(told)
        .map(([type, count]) => `${type} ×${count}`)
        .join(", ") || "nothing"
    }`,
    ...broken.map((sentence) => `  BROKEN: ${sentence}`),
  ]);
  return `${[...table, "", ...notes].join("\n")}\n`;
}

function cells({
  name,
  rounds,
  lost,
  trafficMs,
  cachedMs,
  pages,
  writes,
  held,
}: RowReport): readonly string[] {
  return [
    name,
    String(rounds),
    lost === null ? "" : `${lost.median}, ${lost.max}`,
    spreadText(trafficMs),
    spreadText(cachedMs),
    String(pages.failed),
    `${writes.lost} of ${writes.acknowledged}`,
    held ? "yes" : "NO",
  ];
}

const spreadText = (spread: Spread | null): string =>
  spread === null ? "–" : `${spread.median.toFixed(0)}, p99 ${spread.p99.toFixed(0)}`;
