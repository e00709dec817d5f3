/** One incarnation of the controller: its core, as controller/controller.ts has it, on the simulated store and bus. */
import { createBusClient } from "../../../bus/client.js";
import { uuid } from "../../../bus/envelope.js";
import type { Inbox } from "../../../bus/inbox.js";
import type { Log } from "../../../bus/log.js";
import type { OpenSession } from "../../../bus/session.js";
import type { Commands } from "../../../controller/commands.js";
import { startCore } from "../../../controller/core.js";
import { summaryOf } from "../../../controller/descriptor.js";
import type { Fleet } from "../../../controller/fleet.js";
import type { Lcm } from "../../../controller/lcm.js";
import { openStore, type Store } from "../../../controller/store/store.js";
import { LightmanoError } from "../../../model/errors.js";
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
  readonly commands: Commands;
  connected(): boolean;
  /** Onboards a package; the id of its descriptor. */
  onboard(source: SimulatedPackage): Promise<string>;
}

export async function startController(options: ControllerOptions): Promise<Controller> {
  const { clock, random, log } = options;
  const newId = (): string => uuid(random);
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
  const { fleet, lcm, commands } = await startCore({
    store,
    bus,
    parsePackage,
    newId,
    inbox: options.inbox,
    clock,
    random,
    log,
    signal: new AbortController().signal, // it is killed, never asked to end
  });
  bus.start();
  return {
    store,
    lcm,
    fleet,
    commands,
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
