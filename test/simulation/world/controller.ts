/** One incarnation of the controller: what controller/controller.ts makes, without REST and pages. */
import { createBusClient } from "../../../bus/client.js";
import { envelopeMaker, uuid } from "../../../bus/envelope.js";
import type { Inbox } from "../../../bus/inbox.js";
import type { Log } from "../../../bus/log.js";
import type { OpenSession } from "../../../bus/session.js";
import { summaryOf } from "../../../controller/descriptor.js";
import { createDesiredPublisher } from "../../../controller/desired.js";
import { createFeed } from "../../../controller/feed.js";
import { createFleet, type Fleet } from "../../../controller/fleet.js";
import { createIntake } from "../../../controller/intake.js";
import { createLcm, type Lcm } from "../../../controller/lcm.js";
import { createReportEffects } from "../../../controller/report-effects.js";
import { createSerial } from "../../../controller/serial.js";
import { openStore, type Store } from "../../../controller/store/store.js";
import { LightmanoError } from "../../../model/errors.js";
import { TOPIC_PREFIX } from "../../../model/topics.js";
import { packageOf, parsePackage } from "../../../model/tosca/parse.js";
import type { Engine } from "../../../store/engine.js";
import type { SimulatedPackage } from "./packages.js";

export interface ControllerOptions {
  readonly url: string;
  readonly engine: Engine;
  readonly openSession: OpenSession;
  readonly clock: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly inbox: Inbox;
  /** Wraps the store, to see what it promises. */
  readonly watched: (store: Store) => Store;
}

export interface Controller {
  readonly store: Store;
  readonly lcm: Lcm;
  readonly fleet: Fleet;
  connected(): boolean;
  /** Onboards a package; the id of its descriptor. */
  onboard(source: SimulatedPackage): Promise<string>;
}

const SUBSCRIPTIONS = ["status", "inventory", "report", "telemetry"].map(
  (what) => `${TOPIC_PREFIX}/+/node/+/${what}`,
);

export async function startController(options: ControllerOptions): Promise<Controller> {
  const { clock, random, log } = options;
  const newId = (): string => uuid(random);
  const envelope = envelopeMaker({ clock, random });
  const running = new AbortController();
  const store = options.watched(await openStore("/state", clock, options.engine));
  const bus = createBusClient({
    url: options.url,
    clientId: `controller-${newId().slice(0, 8)}`,
    clean: true,
    clock,
    random,
    log,
    open: options.openSession,
  });
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
  const intake = createIntake({
    store,
    bus,
    envelope,
    clock,
    log,
    onTaken: effects.taken,
    inbox: options.inbox,
  });
  await fleet.restore();
  await intake.restore();
  await effects.restore();
  await lcm.settle();
  fleet.onNewSite(desired.changed);
  fleet.listen(bus);
  intake.listen();
  await bus.subscribe(SUBSCRIPTIONS);
  void Promise.all([fleet.run(running.signal), desired.run(running.signal), intake.run(running.signal)]);
  bus.start();
  return {
    store,
    lcm,
    fleet,
    connected: bus.connected,
    async onboard({ entry, files }) {
      const parsed = parsePackage({ entry, files });
      if (!parsed.ok)
        throw new LightmanoError("descriptor.invalid", parsed.error.map((p) => p.detail).join("; "));
      const id = newId();
      await store.descriptors.create(id, new Date(clock()).toISOString());
      const { digest } = packageOf({ entry, files: { ...files } });
      await store.descriptors.onboard(id, { digest, entry, files: { ...files } }, summaryOf(parsed.value));
      return id;
    },
  };
}
