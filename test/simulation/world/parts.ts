/** What machines and programs of one world have in common. */
import type { Log } from "../../../bus/log.js";
import type { Bugs } from "../bugs.js";
import type { Network } from "../network/network.js";
import type { Random } from "../time/random.js";
import type { Process, Scheduler } from "../time/scheduler.js";
import type { HostOptions } from "./host.js";

export const BROKER_URL = "mqtt://controller:1883";

export interface Parts {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly random: Random;
  readonly bugs: Bugs;
  /** Milliseconds since the epoch, by a clock that nobody sets. */
  readonly worldClock: () => number;
  /** Of the processes whose machine has a clock of its own. */
  readonly clocks: WeakMap<Process, () => number>;
  readonly log: Log;
  readonly trace: (who: string, what: string) => void;
  /** Ends the run once the event is over. */
  readonly violated: (error: unknown) => void;
  readonly host: Pick<HostOptions<unknown>, "scheduler" | "network" | "sqlite" | "trace" | "failed">;
}
