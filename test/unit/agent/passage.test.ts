/** One direction through a hub: what waits while the other side is away, in which order, and for how long. */
import t from "tap";
import { createPassage } from "../../../agent/hub/passage.js";
import type { BusClient } from "../../../bus/client.js";
import { silentLog } from "../../../bus/log.js";

/** A connection that is there or not, and takes what it is given when it is told to. */
function line() {
  const heard: string[] = [];
  const warned: string[] = [];
  const under: { readonly topic: string; settle(taken: boolean): void }[] = [];
  let isConnected = true;
  let isHeld = false;
  let refuses = (_topic: string): boolean => false;
  const to = {
    connected: () => isConnected,
    publish: (topic: string, message: { readonly n: number }) =>
      new Promise<void>((resolve, reject) => {
        const settle = (taken: boolean): void => {
          if (!taken) return reject(new Error("connection closed"));
          heard.push(`${topic} ${message.n}`);
          resolve();
        };
        if (isHeld) under.push({ topic, settle });
        else settle(!refuses(topic));
      }),
  };
  return {
    heard,
    warned,
    under,
    passage: createPassage(to as unknown as BusClient, {
      ...silentLog,
      warn: (_fields, message) => void warned.push(message),
    }),
    connect: (connected: boolean) => {
      isConnected = connected;
    },
    hold: (held: boolean) => {
      isHeld = held;
    },
    refuse: (topic: string | null) => {
      refuses = (one) => one === topic;
    },
  };
}

t.test("what is for now is gone where the other side is not there", async (t) => {
  const { passage, heard, connect } = line();
  connect(false);
  await passage.now("telemetry", { n: 1 });
  connect(true);
  await passage.goOn();
  t.same(heard, []);
  await passage.now("telemetry", { n: 2 });
  t.same(heard, ["telemetry 2"]);
});

t.test("of a topic the last one waits, and is said once", async (t) => {
  const { passage, heard, connect } = line();
  connect(false);
  await passage.last("a", { n: 1 });
  await passage.last("b", { n: 2 });
  await passage.last("a", { n: 3 });
  connect(true);
  await passage.goOn();
  await passage.goOn();
  t.same(heard, ["b 2", "a 3"]);
});

t.test("one that was overtaken on its way is not said after the newer one", async (t) => {
  const { passage, heard, under, hold } = line();
  hold(true);
  const first = passage.last("a", { n: 1 });
  const second = passage.last("a", { n: 2 });
  under[0]?.settle(false);
  under[1]?.settle(true);
  await Promise.all([first, second]);
  hold(false);
  await passage.goOn();
  t.same(heard, ["a 2"]);
});

t.test(
  "of what has no other copy each is said once, in order, also where they come at the same time",
  async (t) => {
    const { passage, heard, under, hold, connect } = line();
    hold(true);
    const all = [1, 2, 3].map((n) => passage.each("reply", { n }));
    t.equal(under.length, 1, "one after the other");
    hold(false);
    connect(false);
    under[0]?.settle(false);
    await Promise.all(all);
    t.same(heard, []);
    connect(true);
    await passage.goOn();
    await passage.each("reply", { n: 4 });
    t.same(heard, ["reply 1", "reply 2", "reply 3", "reply 4"]);
  },
);

t.test("more than a thousand do not wait: the oldest go, and that is said", async (t) => {
  const { passage, heard, warned, connect } = line();
  connect(false);
  for (let n = 1; n <= 1_002; n += 1) await passage.each("reply", { n });
  connect(true);
  await passage.goOn();
  t.equal(heard.length, 1_000);
  t.equal(heard[0], "reply 3");
  t.equal(warned.length, 2);
});

t.test("what ends the connection three times is dropped, and does not stop what is behind it", async (t) => {
  const { passage, heard, warned, refuse } = line();
  refuse("large");
  await passage.each("large", { n: 1 });
  await passage.each("reply", { n: 2 });
  t.same(heard, [], "it waits behind the other");
  await passage.goOn();
  t.same(heard, ["reply 2"]);
  t.match(warned, [/dropped after 3 attempts to pass it on: connection closed/]);
  await passage.last("large", { n: 3 });
  await passage.goOn();
  await passage.goOn();
  t.equal(warned.length, 2);
  refuse(null);
  await passage.goOn();
  t.same(heard, ["reply 2"]);
});
