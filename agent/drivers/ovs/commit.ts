/** Commits to Open vSwitch's database, and the waiting until ovs-vswitchd has taken them up. */
import { LightmanoError } from "../../../model/errors.js";
import { abortable, withDeadline } from "../wait.js";
import type { JsonObject } from "./json-rpc.js";
import type { OvsdbClient, TransactOutcome } from "./ovsdb-client.js";
import type { OvsRows } from "./replica.js";
import { ASK_FOR_CONFIRMATION } from "./transactions.js";

export interface CommitsOptions {
  readonly client: OvsdbClient;
  rows(): OvsRows;
  /** How long ovs-vswitchd may take; it reconnects to an ovsdb-server that restarted only after a while. */
  readonly confirmTimeoutMs?: number;
}

export interface Commits {
  /**
   * Commits what `compute` makes of the rows as they are now (anew when somebody else was faster), then waits
   * until ovs-vswitchd has taken it up and `settled` says so. Nothing to do: waits for `settled` alone. Without
   * a connection it is not known whether there is anything to do: `driver.unavailable`.
   */
  confirmed(
    what: string,
    compute: (rows: OvsRows) => readonly JsonObject[],
    signal: AbortSignal,
    settled?: () => boolean,
  ): Promise<void>;
  /** Commits what ovs-vswitchd need not know of. */
  noted(what: string, compute: (rows: OvsRows) => readonly JsonObject[], signal: AbortSignal): Promise<void>;
  /** Resolves when `check` gives a value; it is asked at each `recheck`. */
  until<T>(check: () => T | undefined, waitsFor: () => string, signal: AbortSignal): Promise<T>;
  /** Something changed: ask all waiting checks again. */
  recheck(): void;
}

const CONFIRM_TIMEOUT_MS = 10_000;
const ATTEMPTS = 5;

export function createCommits({
  client,
  rows,
  confirmTimeoutMs = CONFIRM_TIMEOUT_MS,
}: CommitsOptions): Commits {
  const waiting = new Set<() => void>();

  const commit = async (
    what: string,
    compute: (rows: OvsRows) => readonly JsonObject[],
    signal: AbortSignal,
  ): Promise<number | null> => {
    for (let attempt = 1; ; attempt++) {
      client.requireConnection();
      const operations = compute(rows());
      if (operations.length === 0) return null;
      const outcome = await client.transact([...operations, ...ASK_FOR_CONFIRMATION], signal);
      if (outcome.ok) return numberToReach(outcome);
      if (!isRace(outcome) || attempt === ATTEMPTS) throw refused(what, outcome);
    }
  };

  const commits: Commits = {
    async confirmed(what, compute, signal, settled = () => true) {
      const cfg = await commit(what, compute, signal);
      await commits.until(
        () => ((cfg === null || rows().curCfg >= cfg) && settled()) || undefined,
        () => `ovs-vswitchd has not taken up ${what}`,
        signal,
      );
    },
    async noted(what, compute, signal) {
      const operations = compute(rows());
      if (operations.length === 0) return;
      const outcome = await client.transact(operations, signal);
      if (!outcome.ok) throw refused(what, outcome);
    },
    until(check, waitsFor, signal) {
      const found = check();
      if (found !== undefined) return Promise.resolve(found);
      const late = () =>
        new LightmanoError("driver.unavailable", `${waitsFor()} (waited ${confirmTimeoutMs} ms)`);
      return withDeadline(signal, confirmTimeoutMs, late, async (limited) => {
        let ask: () => void = () => undefined;
        const holds = new Promise<NonNullable<typeof found>>((resolve, reject) => {
          ask = () => {
            try {
              const value = check();
              if (value !== undefined) resolve(value as NonNullable<typeof found>);
            } catch (thrown) {
              reject(thrown as Error);
            }
          };
        });
        waiting.add(ask);
        try {
          return await abortable(holds, limited, waitsFor());
        } finally {
          waiting.delete(ask);
        }
      });
    },
    recheck() {
      for (const ask of waiting) ask();
    },
  };
  return commits;
}

/** What a failed `wait` and a violated index say (RFC 7047 §5.2.6, §3.1): what we knew was out of date. */
const isRace = ({ error }: { readonly error: string }) =>
  error === "timed out" || error === "constraint violation";

const refused = (what: string, { error, details }: Extract<TransactOutcome, { ok: false }>) =>
  new LightmanoError("ovs.failed", `Open vSwitch refused ${what}: ${error}: ${details}`);

function numberToReach({ results }: Extract<TransactOutcome, { ok: true }>): number {
  const selected = results.at(-1)?.rows;
  const row = Array.isArray(selected) ? (selected[0] as JsonObject | undefined) : undefined;
  if (row === undefined) {
    throw new LightmanoError(
      "ovs.failed",
      "Open vSwitch's database is empty: `ovs-vsctl --no-wait init` fills it",
    );
  }
  return Number(row.next_cfg);
}
