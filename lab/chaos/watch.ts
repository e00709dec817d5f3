/**
 * What the node says of itself while something breaks. Every state that is not the good one must be explained:
 * by a reason beside it, or by an event of the same object. So must be whatever the traffic noticed.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { FunctionView, ServiceView } from "../demo/stage.js";
import type { Bed } from "./bed.js";

const SAMPLE_EVERY_MS = 50;

export interface Told {
  readonly seq: number;
  readonly ts: string;
  readonly object: string;
  readonly type: string;
  readonly cause: string | null;
  readonly code: string | null;
  readonly detail: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface StatusView {
  readonly journal: Said;
  readonly drivers: readonly (Said & { readonly name: string })[];
  readonly link: { readonly connected: boolean };
}
interface Said {
  readonly state: string;
  readonly reason: string | null;
}
interface Service extends ServiceView {
  readonly code: string | null;
  readonly functions: readonly (FunctionView & {
    readonly code: string | null;
    readonly reason: string | null;
  })[];
  readonly chains: readonly { readonly name: string; readonly state: string; readonly reason?: string }[];
}

/** A state seen that is not the good one; the same one is kept once. */
interface Deviation {
  readonly object: string;
  readonly state: string;
  readonly reason: string | null;
}

export interface Watch {
  stop(): Promise<readonly Deviation[]>;
}

/** Asks the agent twenty times a second how it is. While it does not answer it says nothing. */
export function startWatch({ agent, serviceId }: Bed): Watch {
  const seen = new Map<string, Deviation>();
  const note = (object: string, good: string, state: string, reason: string | null): void => {
    if (state === good) return;
    const key = `${object} ${state}`;
    // Of one state in several samples the one without a reason counts.
    if (seen.get(key)?.reason !== null) seen.set(key, { object, state, reason });
  };
  const sample = async (): Promise<void> => {
    const [service, status] = await Promise.all([
      agent.get<Service>(`/api/v1/services/${serviceId}`),
      agent.get<StatusView>("/api/v1/status"),
    ]);
    note(`service/${serviceId}`, "active", service.state, service.reason ?? service.code);
    for (const one of service.functions)
      note(`function/${one.id}`, "running", one.state, one.reason ?? one.code);
    for (const { name, state, reason = null } of service.chains)
      note(`chain/${serviceId}.${name}`, "active", state, reason);
    for (const { name, state, reason } of status.drivers) note(`driver/${name}`, "ready", state, reason);
    note("journal", "ready", status.journal.state, status.journal.reason);
  };
  const ending = new AbortController();
  const loop = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await sample().catch(() => undefined); // nobody answers: that is the row's to judge
      await delay(SAMPLE_EVERY_MS);
    }
  };
  const running = loop();
  return {
    async stop() {
      ending.abort();
      await running;
      return [...seen.values()];
    },
  };
}

/** The number of the newest event. */
export async function lastSeq({ agent }: Bed): Promise<number> {
  const events = await agent.get<readonly Told[]>("/api/v1/events?limit=1");
  return events.at(-1)?.seq ?? 0;
}

export function toldSince({ agent }: Bed, seq: number): Promise<readonly Told[]> {
  return agent.get(`/api/v1/events?limit=1000&since=${seq}`);
}

/** Of a journal that was made anew, and whose numbers began anew: by the time, ISO 8601. */
export async function toldSinceTime({ agent }: Bed, ts: string): Promise<readonly Told[]> {
  const events = await agent.get<readonly Told[]>("/api/v1/events?limit=1000");
  return events.filter((event) => event.ts >= ts);
}

/** States that no reason stands beside and no event tells of, as sentences. */
export function unexplained(deviations: readonly Deviation[], told: readonly Told[]): readonly string[] {
  const spokenOf = new Set(told.map(({ object }) => object));
  const isSpokenOf = (object: string): boolean =>
    spokenOf.has(object) ||
    // What a service is in follows from its functions and paths.
    (object.startsWith("service/") && [...spokenOf].some((one) => /^(function|chain)\//.test(one)));
  return deviations
    .filter(({ object, reason }) => (reason === null || reason === "") && !isSpokenOf(object))
    .map(({ object, state }) => `${object} was ${state}, and nothing says why`);
}
