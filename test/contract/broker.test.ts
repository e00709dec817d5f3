/**
 * What LightMANO relies on of an MQTT broker. The embedded one and the simulation's model of it pass the same
 * suite, so what is proved on the model holds for what is deployed.
 */
import { setImmediate as turn } from "node:timers/promises";
import t, { type Test } from "tap";
import { startBroker } from "../../bus/broker.js";
import { silentLog } from "../../bus/log.js";
import { type IncomingMessage, openSession, type Session, type SessionOptions } from "../../bus/session.js";
import { createBrokerModel, emptyMemory } from "../simulation/network/broker-model.js";
import { createNetwork } from "../simulation/network/network.js";
import { createLink } from "../simulation/network/wire.js";
import { createRandom } from "../simulation/time/random.js";
import { createScheduler } from "../simulation/time/scheduler.js";
import { relay } from "../support/relay.js";
import { until } from "../support/until.js";

const MAX_QUEUED = 5;

/** A client's way to the broker, which can be cut without a goodbye. */
interface Way {
  open(options: Partial<SessionOptions>, onMessage?: (message: IncomingMessage) => void): Promise<Session>;
  cut(): void;
  /** What the client sends from now on is lost, and then the connection. */
  loseWhatIsSent(): () => void;
}

interface World {
  way(): Promise<Way>;
  /** The broker is asked to end. */
  stop(): Promise<void>;
}

const DEFAULTS = { keepaliveS: 60, connectTimeoutMs: 5_000, answerTimeoutMs: 5_000, clean: true } as const;

async function embedded(t: Test): Promise<World> {
  const broker = await startBroker({ host: "127.0.0.1", port: 0, log: silentLog, maxQueued: MAX_QUEUED });
  let stopping: Promise<void> | null = null;
  const stop = () => (stopping ??= broker.stop());
  t.teardown(stop);
  return {
    stop,
    async way() {
      const between = await relay(t, broker.port);
      const url = `mqtt://127.0.0.1:${between.port}`;
      return {
        async open(options, onMessage = () => undefined) {
          const all = { ...DEFAULTS, url, clientId: "c", ...options };
          const session = await openSession(all, onMessage, new AbortController().signal);
          t.teardown(session.end);
          return session;
        },
        cut: between.cut,
        loseWhatIsSent() {
          between.holdUp();
          return between.cut;
        },
      };
    },
  };
}

async function model(t: Test): Promise<World> {
  const scheduler = createScheduler();
  const network = createNetwork(scheduler, createRandom("contract"));
  const broker = createBrokerModel(emptyMemory(), MAX_QUEUED);
  network.listen("mqtt://model", { process: scheduler.spawn("broker"), broker });
  let runs = true;
  t.teardown(() => {
    runs = false;
  });
  void (async () => {
    for (; runs; await turn()) await scheduler.runUntil(scheduler.now() + 10);
  })();
  return {
    async stop() {
      network.listen("mqtt://model", null);
      broker.shut();
    },
    async way() {
      const link = createLink("client");
      const open = network.sessionsOver(() => link);
      return {
        open: (options, onMessage = () => undefined) =>
          open(
            { ...DEFAULTS, url: "mqtt://model", clientId: "c", ...options },
            onMessage,
            new AbortController().signal,
          ),
        cut: () => {
          for (const wire of link.wires) wire.cut("cut");
        },
        loseWhatIsSent() {
          for (const wire of link.wires) wire.mute(0);
          return () => {
            for (const wire of link.wires) wire.cut("cut");
          };
        },
      };
    },
  };
}

const QOS1 = { qos: 1, retain: false } as const;
const QOS0 = { qos: 0, retain: false } as const;
const RETAINED = { qos: 1, retain: true } as const;

/** Collects what a client is given. */
function inbox() {
  const messages: string[] = [];
  return {
    messages,
    take: ({ topic, payload, retained }: IncomingMessage): void =>
      void messages.push(`${topic} ${payload}${retained ? " retained" : ""}`),
    has: (...wanted: readonly string[]) =>
      until(`${wanted.join(", ")} in ${messages}`, () => wanted.every((one) => messages.includes(one))),
  };
}

async function ends(session: Session): Promise<void> {
  let isOver = false;
  void session.ended.then(() => {
    isOver = true;
  });
  await until("the connection ends", () => isOver);
}

for (const [name, makeWorld] of [
  ["the embedded broker", embedded],
  ["the simulation's model", model],
] as const)
  t.test(name, async (t) => {
    const patterns = (...names: readonly string[]): ReadonlyMap<string, 0 | 1> =>
      new Map(names.map((each) => [each, 1]));

    await t.test("passes on what is published, to whoever subscribed to it", async (t) => {
      const world = await makeWorld(t);
      const [a, b] = [inbox(), inbox()];
      const one = await (await world.way()).open({ clientId: "a" }, a.take);
      const two = await (await world.way()).open({ clientId: "b" }, b.take);
      await one.subscribe(patterns("x/+/z"));
      await two.subscribe(patterns("x/#"));
      await two.publish("x/1/z", "one", QOS1);
      await two.publish("x/1", "two", QOS0);
      await two.publish("y", "three", QOS1);
      await a.has("x/1/z one");
      await b.has("x/1/z one", "x/1 two");
      t.same([a.messages.length, b.messages.length], [1, 2]);
    });

    await t.test("gives what is retained with every subscription, until it is removed", async (t) => {
      const world = await makeWorld(t);
      const way = await world.way();
      const a = inbox();
      const session = await way.open({}, a.take);
      await session.subscribe(patterns("r/#"));
      await session.publish("r/1", "one", RETAINED);
      await a.has("r/1 one");
      await session.subscribe(patterns("r/#"));
      await a.has("r/1 one retained");
      await session.publish("r/1", "", RETAINED);
      const b = inbox();
      const other = await (await world.way()).open({ clientId: "b" }, b.take);
      await other.subscribe(patterns("r/#", "s"));
      await session.publish("s", "last", QOS1);
      await b.has("s last");
      t.same(b.messages, ["s last"]);
    });

    await t.test("keeps for a kept session what comes at QoS 1, in order, up to its limit", async (t) => {
      const world = await makeWorld(t);
      const way = await world.way();
      const a = inbox();
      const first = await way.open({ clientId: "a", clean: false }, a.take);
      await first.subscribe(patterns("k"));
      await first.end();
      const other = await (await world.way()).open({ clientId: "b" });
      await other.publish("k", "lost", QOS0);
      for (let at = 1; at <= MAX_QUEUED + 2; at += 1) await other.publish("k", String(at), QOS1);
      await way.open({ clientId: "a", clean: false }, a.take);
      await a.has(`k ${MAX_QUEUED}`);
      await other.publish("k", "live", QOS1);
      await a.has("k live");
      const expected = Array.from({ length: MAX_QUEUED }, (_, at) => `k ${at + 1}`);
      t.same(a.messages, [...expected, "k live"]);
    });

    await t.test("keeps nothing for a clean one, not even its subscriptions", async (t) => {
      const world = await makeWorld(t);
      const way = await world.way();
      const a = inbox();
      const first = await way.open({ clientId: "a" }, a.take);
      await first.subscribe(patterns("k"));
      await first.end();
      const other = await (await world.way()).open({ clientId: "b" });
      await other.publish("k", "away", QOS1);
      const again = await way.open({ clientId: "a" }, a.take);
      await other.publish("k", "not subscribed", QOS1);
      await again.subscribe(patterns("l"));
      await other.publish("l", "last", QOS1);
      await a.has("l last");
      t.same(a.messages, ["l last"]);
    });

    await t.test("sends again what was not acknowledged before the connection was lost", async (t) => {
      const world = await makeWorld(t);
      const way = await world.way();
      const a = inbox();
      const first = await way.open({ clientId: "a", clean: false }, a.take);
      await first.subscribe(patterns("k"));
      const other = await (await world.way()).open({ clientId: "b" });
      const cut = way.loseWhatIsSent();
      await other.publish("k", "one", QOS1);
      await a.has("k one");
      cut();
      await first.ended;
      await way.open({ clientId: "a", clean: false }, a.take);
      await until("it came twice", () => a.messages.length === 2);
      t.same(a.messages, ["k one", "k one"]);
    });

    await t.test(
      "publishes the will of a client that was lost, retained, and of none that said goodbye",
      async (t) => {
        const world = await makeWorld(t);
        const watcher = inbox();
        const watching = await (await world.way()).open({ clientId: "w" }, watcher.take);
        await watching.subscribe(patterns("will/#"));
        const polite = await (await world.way()).open({
          clientId: "p",
          will: { topic: "will/p", payload: "gone" },
        });
        await polite.end();
        const way = await world.way();
        await way.open({ clientId: "l", will: { topic: "will/l", payload: "gone" } });
        way.cut();
        await watcher.has("will/l gone");
        await watching.subscribe(patterns("will/#"));
        await watcher.has("will/l gone retained");
        t.same(watcher.messages, ["will/l gone", "will/l gone retained"]);
      },
    );

    await t.test("ends the connection whose name another takes, and publishes its will", async (t) => {
      const world = await makeWorld(t);
      const watcher = inbox();
      const watching = await (await world.way()).open({ clientId: "w" }, watcher.take);
      await watching.subscribe(patterns("will/#"));
      const first = await (await world.way()).open({
        clientId: "a",
        will: { topic: "will/a", payload: "gone" },
      });
      await (await world.way()).open({ clientId: "a" });
      await first.ended;
      await watcher.has("will/a gone");
      t.same(watcher.messages, ["will/a gone"]);
    });

    await t.test("that ends takes every connection with it, and lets nobody in again", async (t) => {
      const world = await makeWorld(t);
      const a = inbox();
      const will = { topic: "gone", payload: "b" };
      const one = await (await world.way()).open({ clientId: "a", clean: false }, a.take);
      const two = await (await world.way()).open({ clientId: "b", will });
      await one.subscribe(patterns("#"));
      await world.stop();
      await Promise.all([one, two].map(ends));
      t.same(a.messages, [], "nobody is told that somebody else is gone");
      await t.rejects(one.publish("x", "late", QOS1));
      await t.rejects((await world.way()).open({ clientId: "c" }));
    });

    await t.test("that ends keeps nobody who was on the way to it", async (t) => {
      const world = await makeWorld(t);
      const opening = (await world.way()).open({ clientId: "a" });
      await world.stop();
      const session = await opening.catch((error: unknown) => {
        t.match(error, { code: "agent.unreachable" });
        return null;
      });
      if (session) await ends(session);
    });
  });
