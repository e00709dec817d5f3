/** What a row of the table is: one fault, whom it hits, what must be told of it, and its bounds. */
import type { Bed, Kind } from "./bed.js";

export interface Acted {
  /** When it broke, µs (CLOCK_MONOTONIC). */
  readonly atUs: number;
  /** When what the agent cannot bring back was back (a switch, a dockerd): times count from then. */
  readonly backUs?: number;
}

export interface Bounds {
  /** Datagrams that may be lost in a round, there and back together; null: as many as it takes. */
  readonly lost: number | null;
  /** From the fault, or from `backUs`, to the first datagram that came back after the last that was lost. */
  readonly trafficMs?: { readonly median: number; readonly p99: number };
  /** The same to the first page from the node's cache. */
  readonly cachedMs?: { readonly median: number; readonly p99: number };
  /** Pages that may fail in a round. */
  readonly pagesFailed?: number;
}

export interface Row {
  readonly name: string;
  /** What is done, as the table says it. */
  readonly does: string;
  /** Functions that it may cost their process; any other must be the one that it was. */
  readonly victims: readonly Kind[];
  readonly bounds: Bounds;
  /** Each must match one event: `TYPE OBJECT: DETAIL`. */
  readonly tells: readonly RegExp[];
  /** And none may match any of these. */
  readonly never?: readonly RegExp[];
  /** What was written at the node is lost with what breaks: it was in nothing else. */
  readonly forgetsWrites?: boolean;
  /** How long the service may take to be active again; default 20 s. */
  readonly healWithinMs?: number;
  /** Before traffic is counted. */
  prepare?(bed: Bed): Promise<void>;
  /** Does it, and puts back what is not the agent's to put back. */
  act(bed: Bed): Promise<Acted>;
}
