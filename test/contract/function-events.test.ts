/** Events that a function tells, over the fake driver and over a real lclick with a real GTPTable, into a real journal. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { ClickDriver } from "../../agent/drivers/click/api.js";
import { createClickDriver } from "../../agent/drivers/click/driver.js";
import { systemWaitClock } from "../../agent/drivers/wait.js";
import { createFunctionEvents, type FunctionEvents } from "../../agent/function-events.js";
import { createRecorder } from "../../agent/recorder.js";
import { openJournal } from "../../agent/store/journal.js";
import { silentLog } from "../../bus/log.js";
import type { AgentEvent } from "../../model/messages/node.js";
import { openWorld } from "../support/contract.js";
import { createFakeClick } from "../support/fake-click.js";
import { nowOf } from "../support/real.js";
import { declared, LCLICK, lvnf, missingClick } from "../support/real-click.js";
import { until } from "../support/until.js";

/** Six Echo Requests of the core that the eNB leaves without an answer, and an answer of the eNB's (TS 29.281 §7.2). */
const SCRIPT = `t :: GTPTable;
asked :: InfiniteSource(DATA \\<02000000000102000000000208004500002800010000401166b00a0900020a090001086808680014a8db320100040000000000010000>, LIMIT 6, BURST 6, ACTIVE false)
  -> down :: GTPDecap(t, DOWNLINK) -> Discard; down[1] -> GTPSignalling(t, DOWNLINK) -> Discard;
answered :: InfiniteSource(DATA \\<02000000000202000000000108004500002a00010000401166ae0a0900010a0900020868086800169ad03202000600000000000100000e04>, LIMIT 1, ACTIVE false)
  -> up :: GTPDecap(t, UPLINK) -> Discard; up[1] -> GTPSignalling(t, UPLINK) -> Discard;
`;
/** GTPTable keeps so many. */
const KEPT = 64;
const ID = "svc.table";
const EVENTS = declared("t.events", { events: true });

interface World {
  readonly driver: ClickDriver;
  another(): ClickDriver;
  /** The path to the eNB goes down, or is up again, so many times in all: one event a time. */
  change(times: number): Promise<void>;
  /** The events handler is out of its mind, and then well again. */
  garble?(text: string): void;
  close(): Promise<void>;
}

async function eventsContract(t: Test, makeWorld: () => Promise<World>): Promise<void> {
  const world = await openWorld(t, makeWorld);
  const folder = await mkdtemp(join(tmpdir(), "lmt-events-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));

  /** An agent as far as these events go: the journal, a driver, and what asks. */
  const agent = async (driver: ClickDriver) => {
    const stop = new AbortController();
    const journal = await openJournal(join(folder, "journal.db"), Date.now);
    const recorder = createRecorder(journal, silentLog, () => undefined);
    const asking: FunctionEvents = createFunctionEvents({
      read: driver.read,
      processOf(id) {
        const found = nowOf(driver.view())?.processes.get(id);
        return found?.state === "running" ? `boot/${found.pid}/${found.startTicks}` : null;
      },
      recordTold: recorder.recordTold,
      record: (event) => recorder.record([event], [], []),
      clock: Date.now,
      wait: { ...systemWaitClock, delay: (_ms, signal) => systemWaitClock.delay(20, signal) },
      signal: stop.signal,
    });
    asking.begin(await journal.eventMarks([ID]));
    driver.watch(() => undefined, stop.signal);
    await until("ready", () => driver.view().state === "ready");
    asking.follow(ID, [EVENTS]);
    const told = async (): Promise<readonly AgentEvent[]> => {
      await recorder.flush();
      return journal.events({ object: `function/${ID}`, limit: 1_000 });
    };
    return {
      ...asking,
      driver,
      told,
      toldOf: async (type: RegExp) => (await told()).filter((event) => type.test(event.type)),
      async end() {
        stop.abort();
        await recorder.flush();
        await journal.close();
      },
    };
  };
  const numbers = (events: readonly AgentEvent[]) => events.map(({ data }) => data?.number);
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
  const { context } = world;
  const start = (driver: ClickDriver) => driver.start(lvnf("table", SCRIPT), context);
  const stop = async (driver: ClickDriver) => {
    const found = nowOf(driver.view())?.processes.get(ID);
    if (found) await driver.stop(ID, found.pid, found.startTicks, 2_000, context);
  };

  let first = await agent(world.driver);
  await start(first.driver);

  await t.test(
    "a path that goes down is an event of the node, with the function's own time and words",
    async (t) => {
      const before = Date.now();
      await world.change(1);
      await until("it is told", async () => (await first.toldOf(/^lvnf\./)).length > 0);
      const [event] = await first.told();
      t.match(event, {
        object: `function/${ID}`,
        type: "lvnf.path-down",
        detail: /svc\.table tells: path-down, end enb, enb 10\.9\.0\.1, core 10\.9\.0\.2, vlan 0/,
        data: { handler: "events", number: 1, end: "enb", enb: "10.9.0.1", core: "10.9.0.2", vlan: 0 },
      });
      t.ok(Math.abs(Date.parse(event?.ts ?? "") - before) < 5_000);
      await world.change(2);
      await until("the others too", async () => (await first.told()).length === 3);
      t.match(await first.told(), [
        { type: "lvnf.path-down" },
        { type: "lvnf.path-up" },
        { type: "lvnf.path-down" },
      ]);
    },
  );

  await t.test(
    "across restarts of the agent each is told once, and those of the meantime as well",
    async (t) => {
      await first.end();
      await world.change(2);
      first = await agent(world.another());
      await until("the new ones are told", async () => (await first.told()).length === 5);
      await first.askNow(ID);
      await first.end();
      first = await agent(world.another());
      await first.askNow(ID);
      t.same(numbers(await first.told()), upTo(5), "and none twice");
    },
  );

  await t.test("more than the handler keeps: what is there is told, and how many are lost", async (t) => {
    await first.end();
    await world.change(KEPT + 3);
    first = await agent(world.another());
    await until("they are told", async () => (await first.told()).length >= 5 + 1 + KEPT);
    t.match(await first.toldOf(/events-lost/), [
      { type: "function.events-lost", detail: /3 events of svc\.table lost/, data: { lost: 3 } },
    ]);
    const all = numbers(await first.toldOf(/^lvnf\./));
    t.same(all, [...upTo(5), ...upTo(KEPT + 8).slice(8)]);
    await first.askNow(ID);
    t.equal((await first.toldOf(/events-lost/)).length, 1);
  });

  await t.test("one that is ended on purpose is asked a last time; the next one counts from 1", async (t) => {
    first.driver.beforeStop(first.askNow);
    const before = (await first.toldOf(/^lvnf\./)).length;
    await world.change(1);
    await stop(first.driver);
    t.equal((await first.toldOf(/^lvnf\./)).length, before + 1);
    await start(first.driver);
    await world.change(1);
    await until("that of the new process is told", async () => {
      const told = await first.toldOf(/^lvnf\./);
      return told.length === before + 2 && told.at(-1)?.data?.number === 1;
    });
    t.equal((await first.toldOf(/events-lost/)).length, 1);
  });

  await t.test("a handler that is not there is told of once", async (t) => {
    first.follow(ID, [{ ...EVENTS, name: "nothing", handler: "t.nothing" }]);
    for (let i = 0; i < 3; i++) await first.askNow(ID);
    t.match(await first.toldOf(/unreadable/), [
      { type: "function.events-unreadable", code: "handler.failed", detail: /"nothing": t\.nothing: 5\d\d / },
    ]);
    first.follow(ID, [EVENTS]);
  });

  const { garble } = world;
  if (garble)
    await t.test(
      "an answer that is no list is told of once, and news goes on when it is well again",
      async (t) => {
        const before = (await first.toldOf(/^lvnf\./)).length;
        garble("[{");
        for (let i = 0; i < 3; i++) await first.askNow(ID);
        t.equal((await first.toldOf(/unreadable/)).length, 2);
        await world.change(1);
        await until("it is told", async () => (await first.toldOf(/^lvnf\./)).length === before + 1);
      },
    );

  await t.test("a function that is wanted no more is asked no more", async (t) => {
    first.follow(ID, []);
    const before = (await first.told()).length;
    await world.change(1);
    await first.askNow(ID);
    t.equal((await first.told()).length, before);
  });
  await stop(first.driver);
  await first.end();
}

t.test("the fake", (t) =>
  eventsContract(t, async () => {
    const { driver, control } = createFakeClick();
    let pid = 0;
    let told: object[] = [];
    let number = 0;
    const answer = (text: string): void => control.answer(ID, "t.events", text);
    return {
      driver,
      another: control.another,
      async change(times) {
        const now = control.processOf(ID)?.pid ?? 0;
        if (now !== pid) [pid, told, number] = [now, [], 0];
        for (let i = 0; i < times; i++) {
          number += 1;
          const event = number % 2 === 1 ? "path-down" : "path-up";
          const path = { end: "enb", enb: "10.9.0.1", core: "10.9.0.2", vlan: 0 };
          told.push({ number, at: Date.now() / 1000, event, ...path });
        }
        told = told.slice(-KEPT);
        answer(JSON.stringify(told));
      },
      garble: answer,
      close: async () => undefined,
    };
  }),
);

const missing = await missingClick();

t.test("the real one", { skip: missing ?? false }, (t) =>
  eventsContract(t, async () => {
    const runDir = await mkdtemp(join(tmpdir(), "lmt-events-"));
    const options = { nodeId: `test/${process.pid}-events`, program: LCLICK, runDir, log: () => undefined };
    const drivers: ClickDriver[] = [];
    const make = (): ClickDriver => {
      const made = createClickDriver(options);
      drivers.push(made);
      return made;
    };
    const signal = AbortSignal.timeout(60_000);
    const changes = new Map<number, number>();
    return {
      driver: make(),
      another: make,
      async change(times) {
        const driver = drivers.at(-1) as ClickDriver;
        const pid = nowOf(driver.view())?.processes.get(ID)?.pid ?? 0;
        for (let i = 0; i < times; i++) {
          const number = (changes.get(pid) ?? 0) + 1;
          changes.set(pid, number);
          const source = number % 2 === 1 ? "asked" : "answered";
          await driver.write(ID, `${source}.reset`, "", { signal });
          await driver.write(ID, `${source}.active`, "true", { signal });
          await until(`event ${number} is there`, async () =>
            (await driver.read(ID, "t.events", { signal })).includes(`"number":${number},`),
          );
        }
      },
      close: () => rm(runDir, { recursive: true, force: true }),
    };
  }),
);
