/** What the processes of `bench:return` tell each other, over Node's IPC. Times are milliseconds since the epoch. */

/** To a crowd: begin to look for the step that was lost at this moment. */
export type ToCrowd = { readonly do: "watch" } | { readonly do: "stop" };

export type FromCrowd =
  | { readonly is: "started" }
  /** All nodes of this crowd are in step; when each was, and what their links went through since the last of these. */
  | ({ readonly is: "in-step" } & Rejoin);

export interface Rejoin {
  readonly inStepAt: readonly number[];
  /** Attempts to connect that failed, by reason. */
  readonly failed: Readonly<Record<string, number>>;
  /** Warnings and errors of the agents, by sentence. */
  readonly complaints: Readonly<Record<string, number>>;
}

export type ToProbe = { readonly do: "tell" };

/** Of the controller's process since the broker accepted its first connection; CPU and memory since its start. */
export interface Probed {
  readonly accepts: readonly number[];
  /** Both ways over the broker's connections: MQTT, without the headers of TCP and IP. */
  readonly bytes: number;
  readonly cpuMs: number;
  readonly peakRssBytes: number;
  readonly longestDelayMs: number;
}
