/**
 * What the controller does between its store and the bus: the fleet, the desired state, life cycles, the intake of
 * reports. Without broker, REST and pages, so that the simulation runs this and no copy of it.
 */
import type { BusClient } from "../bus/client.js";
import { envelopeMaker, type TimeAndChance } from "../bus/envelope.js";
import type { Inbox } from "../bus/inbox.js";
import type { Log } from "../bus/log.js";
import { TOPIC_PREFIX } from "../model/topics.js";
import { createAdoption } from "./adoption.js";
import { type Commands, createCommands } from "./commands.js";
import type { ParsePackage } from "./descriptor.js";
import { createDesiredPublisher } from "./desired.js";
import { createDoubts } from "./doubts.js";
import { createFeed, type Feed } from "./feed.js";
import { createFleet, type Fleet } from "./fleet.js";
import { createIntake } from "./intake.js";
import { createLcm, type Lcm } from "./lcm.js";
import { createReportEffects } from "./report-effects.js";
import { createSerial } from "./serial.js";
import type { AcceptedReport } from "./store/reports.js";
import type { Store } from "./store/store.js";

export interface CoreOptions extends TimeAndChance {
  readonly store: Store;
  /** Not started yet: it is when the core listens. */
  readonly bus: BusClient;
  readonly parsePackage: ParsePackage;
  readonly newId: () => string;
  readonly inbox?: Inbox;
  readonly log: Log;
  /** Ends `running`. */
  readonly signal: AbortSignal;
}

export interface Core {
  readonly feed: Feed;
  readonly fleet: Fleet;
  readonly lcm: Lcm;
  readonly commands: Commands;
  /** One thing at a time of what must not overlap. */
  readonly exclusive: ReturnType<typeof createSerial>;
  readonly running: Promise<unknown>;
}

const SUBSCRIPTIONS = ["status", "inventory", "report", "telemetry", "reply/+", "held/+/+"].map(
  (what) => `${TOPIC_PREFIX}/+/node/+/${what}`,
);

/** Takes up what the store has, and subscribes. */
export async function startCore(options: CoreOptions): Promise<Core> {
  const { store, bus, parsePackage, newId, inbox, clock, log, signal } = options;
  const envelope = envelopeMaker(options);
  const feed = createFeed();
  const fleet = createFleet({ store, feed, clock, log });
  const desired = createDesiredPublisher({
    store,
    bus,
    envelope,
    knownSites: () => [...new Set(fleet.nodes().map(({ site }) => site))],
    log,
  });
  const exclusive = createSerial();
  const lcm = createLcm({ store, fleet, desired, feed, parsePackage, exclusive, newId, clock, log });
  const effects = createReportEffects({ store, fleet, feed, lcm, desired, log });
  const onTaken = async (reports: readonly AcceptedReport[]): Promise<void> => {
    await effects.taken(reports);
    await doubts.taken(reports);
  };
  const intake = createIntake({ store, bus, envelope, clock, log, onTaken, ...(inbox ? { inbox } : {}) });
  const doubts = createDoubts({ store, intake, fleet, noted: effects.tellEvents, clock, log });
  const adoption = createAdoption({
    store,
    desired,
    lcm,
    feed,
    parsePackage,
    exclusive,
    newId,
    clock,
    log,
  });

  const commands = createCommands({ store, bus, envelope, newId, clock, log });

  await fleet.restore();
  await intake.restore();
  await effects.restore();
  await lcm.settle();
  fleet.onNewSite(desired.changed);
  fleet.listen(bus);
  intake.listen();
  doubts.listen(bus);
  adoption.listen(bus);
  commands.listen();
  await bus.subscribe(SUBSCRIPTIONS);
  const running = Promise.all([
    fleet.run(signal),
    desired.run(signal),
    intake.run(signal),
    commands.run(signal),
  ]);
  return { feed, fleet, lcm, commands, exclusive, running };
}
