/** What the controller is made of, in the order in which it starts; it stops in the opposite one. */
import type { FastifyInstance } from "fastify";
import { type Broker, type BrokerAuthorisation, startBroker } from "../bus/broker.js";
import { createBusClient } from "../bus/client.js";
import { type TimeAndChance, uuid } from "../bus/envelope.js";
import type { Log } from "../bus/log.js";
import type { OpenSession } from "../bus/session.js";
import { LightmanoError } from "../model/errors.js";
import type { Engine } from "../store/engine.js";
import { startCore } from "./core.js";
import type { ParsePackage } from "./descriptor.js";
import { apiRoutes } from "./rest/api.js";
import { commandRoutes } from "./rest/commands.js";
import { nsdRoutes } from "./rest/nsd.js";
import { nslcmRoutes } from "./rest/nslcm.js";
import { pageRoutes } from "./rest/page.js";
import { createServer } from "./rest/server.js";
import { streamRoutes } from "./rest/stream.js";
import { openStore, type Store } from "./store/store.js";
import { createViews } from "./views.js";

export interface ControllerOptions extends TimeAndChance {
  readonly host: string;
  /** 0: any free one. */
  readonly restPort: number;
  /** Of the embedded broker; 0: any free one. */
  readonly mqttPort: number;
  /** Another broker instead of the embedded one. */
  readonly brokerUrl?: string;
  readonly stateDir: string;
  readonly dashboardDir: string;
  readonly version: string;
  readonly parsePackage: ParsePackage;
  readonly authorisation?: BrokerAuthorisation;
  /** How the bus client connects: without, over TCP. For simulation, with a `brokerUrl`. */
  readonly openSession?: OpenSession;
  /** Another than SQLite on the real disk, for tests. */
  readonly engine?: Engine;
  readonly log: Log;
}

export interface Controller {
  readonly restPort: number;
  /** Null with another broker than the embedded one. */
  readonly mqttPort: number | null;
  readonly store: Store;
  stop(): Promise<void>;
}

export async function startController(options: ControllerOptions): Promise<Controller> {
  const { clock, random, log, version, parsePackage } = options;
  const newId = (): string => uuid(random);
  const stopping = new AbortController();
  const started = createShutdown();
  try {
    const store = await openStore(options.stateDir, clock, options.engine);
    started.push(store.close);
    const broker = options.brokerUrl ? null : await startBroker(brokerOptions(options));
    if (broker) started.push(broker.stop);
    const bus = createBusClient({
      url: busUrl(options, broker),
      clientId: `controller-${newId().slice(0, 8)}`,
      clean: true,
      clock,
      random,
      log,
      ...(options.openSession ? { open: options.openSession } : {}),
    });

    const { feed, fleet, lcm, commands, exclusive, running } = await startCore({
      store,
      bus,
      parsePackage,
      newId,
      clock,
      random,
      log,
      signal: stopping.signal,
    });
    started.push(async () => {
      stopping.abort();
      await running;
    });
    started.push(bus.stop);
    bus.start();

    const views = createViews(store, fleet);
    const server = createServer(log);
    started.push(() => server.close());
    nsdRoutes(server, { store, parsePackage, exclusive, newId, clock });
    nslcmRoutes(server, { store, lcm });
    commandRoutes(server, { store, fleet, commands });
    apiRoutes(server, { store, views, bus, version, startedAt: new Date(clock()).toISOString() });
    const streams = streamRoutes(server, { store, views, feed, clock, version, log });
    started.push(async () => streams.stop());
    pageRoutes(server, options.dashboardDir);
    await listen(server, options);

    const address = server.server.address();
    const restPort = typeof address === "object" && address ? address.port : options.restPort;
    return { restPort, mqttPort: broker?.port ?? null, store, stop: started.stop };
  } catch (cause) {
    await started.stop();
    throw cause;
  }
}

async function listen(server: FastifyInstance, { host, restPort: port }: ControllerOptions): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LightmanoError("object.conflict", `REST cannot listen on ${host}:${port}: ${reason}`, {
      cause,
    });
  }
}

const brokerOptions = ({ host, mqttPort, authorisation, log }: ControllerOptions) => ({
  host,
  port: mqttPort,
  log,
  ...(authorisation ? { authorisation } : {}),
});

function busUrl({ brokerUrl, host }: ControllerOptions, broker: Broker | null): string {
  if (brokerUrl) return brokerUrl;
  const near = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `mqtt://${near.includes(":") ? `[${near}]` : near}:${broker?.port}`;
}

/** Remembers how to stop what was started; stops it all, last first, also when some of it fails to. */
function createShutdown() {
  const steps: (() => Promise<void>)[] = [];
  return {
    push: (step: () => Promise<void>): void => void steps.push(step),
    async stop(): Promise<void> {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step; step = steps.pop()) {
        await step().catch((cause: unknown) => failures.push(cause));
      }
      if (failures.length > 0) throw new AggregateError(failures, "not everything stopped well");
    },
  };
}
