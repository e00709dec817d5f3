/** The controller's machine, with the broker in the controller's process. */
import { type ControllerLedger, checkTaken, createControllerLedger } from "../check/ledger.js";
import { watchedStore } from "../check/watched.js";
import { createDisk, type Disk } from "../disk/disk.js";
import { type BrokerMemory, createBrokerModel, emptyMemory } from "../network/broker-model.js";
import { createLink } from "../network/wire.js";
import { deaf, inboxOf, trusting } from "./buggy.js";
import { type Controller, startController } from "./controller.js";
import { createHost, type Host } from "./host.js";
import { BROKER_URL, type Parts } from "./parts.js";

export interface SimulatedController {
  readonly host: Host<Controller>;
  readonly disk: Disk;
  readonly ledger: ControllerLedger;
  /** Whether the broker's memory outlives the next restart. */
  brokerKeeps: boolean;
  /** It was restored from a backup: of what it forgot it knows nothing. */
  isRestored: boolean;
}

export function makeController(parts: Parts): SimulatedController {
  const { network, random, bugs, log, trace, violated, worldClock } = parts;
  const chance = random.fork("controller");
  const disk = createDisk();
  const ledger = createControllerLedger();
  const near = createLink("controller");
  Object.assign(near, { delayMs: 0.1, jitterMs: 0.2 });
  let memory: BrokerMemory = emptyMemory();
  const host = createHost<Controller>({
    ...parts.host,
    name: "controller",
    random: chance.fork("host"),
    disk,
    syncs: !bugs.has("no-fsync"),
    ended: () => network.listen(BROKER_URL, null),
    async start(process, engine) {
      if (!made.brokerKeeps) memory = emptyMemory();
      network.listen(BROKER_URL, { process, broker: createBrokerModel(memory) });
      const started = await startController({
        url: BROKER_URL,
        engine,
        openSession: bugs.has("no-adoption")
          ? deaf(network.sessionsOver(() => near))
          : network.sessionsOver(() => near),
        clock: worldClock,
        random: chance.fork(process.name).next,
        log,
        inbox: inboxOf(bugs),
        watched: (store) =>
          watchedStore(
            bugs.has("one-voice") ? trusting(store) : store,
            ledger,
            (what) => trace(process.name, what),
            violated,
          ),
      });
      const numbering = await started.store.reports.numbering();
      checkTaken(ledger, new Map(numbering.map(({ key, lastSeq }) => [key.store, lastSeq])));
      return started;
    },
  });
  const made: SimulatedController = { host, disk, ledger, brokerKeeps: false, isRestored: false };
  return made;
}
