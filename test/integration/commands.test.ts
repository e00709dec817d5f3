/** Commands and the journal: each is done once and answered always, whatever the link, the agent and the clocks do. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { type Answer, createDesk, type DeskOptions } from "../../agent/commands/desk.js";
import type { Operations } from "../../agent/operations.js";
import { type Journal, openJournal } from "../../agent/store/journal.js";
import { silentLog } from "../../bus/log.js";
import { realWait, type Wait } from "../../bus/wait.js";
import { LightmanoError } from "../../model/errors.js";
import type { Command } from "../../model/messages/node.js";
import { envelope } from "../support/bus.js";
import { until } from "../support/until.js";

const command = (more: Partial<Command> = {}, validMs = 60_000): Command => {
  const { ts, ...rest } = envelope();
  const madeAt = more.ts ?? ts;
  return {
    ...rest,
    args: {},
    ...more,
    ts: madeAt,
    deadline: new Date(Date.parse(madeAt) + validMs).toISOString(),
  };
};

/** One journal; `desk` is one life of an agent on it, whose operations count what they do. */
async function node(t: Test) {
  const folder = await mkdtemp(join(tmpdir(), "lmt-commands-"));
  const journal = await openJournal(join(folder, "journal.db"), Date.now);
  t.teardown(async () => {
    await journal.close();
    await rm(folder, { recursive: true });
  });
  const done: string[] = [];
  const held = { restart: null as Promise<void> | null };
  const process = { is: null as { is: string | null } | null };
  const operations = {
    heal: (id: string) => {
      done.push(`heal ${id}`);
      return { tried: [id] };
    },
    restart: async (id: string) => {
      done.push(`restart ${id}`);
      await held.restart;
      return { id };
    },
    wanted: () => null,
    identity: () => process.is,
    status: async () => {
      done.push("status");
      await held.restart;
      return { node: "n1" };
    },
  } as unknown as Operations;
  const desk = (more: Partial<DeskOptions> = {}) => {
    const end = new AbortController();
    t.teardown(() => end.abort());
    const replies: { readonly id: string; readonly answer: Answer }[] = [];
    const made = createDesk({
      operations,
      store: journal.commands,
      time: () => ({ own: Date.now(), controllers: null }),
      wait: realWait,
      reply: async (id, answer) => void replies.push({ id, answer }),
      connected: async () => undefined,
      log: silentLog,
      signal: end.signal,
      ...more,
    });
    const replied = (count: number) => until(`${count} replies`, () => replies.length >= count && replies);
    return { ...made, replies, replied, die: () => end.abort() };
  };
  return { journal, done, held, process, desk };
}
const isSettled = (journal: Journal) =>
  until("nothing is open", async () => (await journal.commands.open()).length === 0);

t.test(
  "a command that comes twice is done once and gets its answer twice, also over a restart",
  async (t) => {
    const { journal, done, desk } = await node(t);
    const first = desk();
    const asked = command({ args: { id: "web" } });
    await first.take(asked, "service.heal");
    await first.replied(1);
    await isSettled(journal);
    await first.take(asked, "service.heal");
    const [one, two] = await first.replied(2);
    t.match(one, { id: asked.id, answer: { outcome: "ok", result: { tried: ["web"] } } });
    t.same(two, one);
    first.die();
    const second = desk();
    await second.resume();
    await second.take(asked, "service.heal");
    t.same((await second.replied(1))[0], one);
    t.same(done, ["heal web"]);
  },
);

t.test(
  "what is asked again while its answer leaves is answered once more, for it may have been lost",
  async (t) => {
    const { desk, done, held } = await node(t);
    const leaving: (() => void)[] = [];
    const answered: string[] = [];
    const { take } = desk({
      reply: (id, { outcome }) =>
        new Promise((resolve) => {
          answered.push(`${id} ${outcome}`);
          leaving.push(resolve);
        }),
    });
    const heal = command({ args: { id: "web" } });
    const status = command();
    let goOn = (): void => undefined;
    held.restart = new Promise((resolve) => {
      goOn = resolve;
    });
    await take(status, "status");
    await take(status, "status");
    await until("it is under way", () => done.includes("status"));
    goOn();
    await until("its answer leaves", () => answered.length === 1);
    await take(heal, "service.heal");
    await until("another's answer leaves", () => answered.length === 2);
    await take(heal, "service.heal");
    await take(heal, "service.heal");
    t.equal(answered.length, 2, "not before the first has left");
    for (const arrived of leaving) arrived();
    await until("it is said once more", () => answered.length === 3);
    leaving[2]?.();
    await take(command(), "status");
    await until("and then no more", () => answered.length === 4);
    const of = (id: string) => answered.filter((one) => one.startsWith(id));
    t.same(of(heal.id), [`${heal.id} ok`, `${heal.id} ok`]);
    t.same(of(status.id).length, 1, "asked again before its answer left: that one counts for both");
    t.same(done.filter((one) => one === "heal web").length, 1, "and done once");
  },
);

t.test("an id that was used for something else is refused", async (t) => {
  const { journal, done, desk } = await node(t);
  const { take, replied } = desk();
  const asked = command({ args: { id: "web" } });
  await take(asked, "service.heal");
  await replied(1);
  await isSettled(journal);
  await take({ ...asked, args: { id: "dns" } }, "service.heal");
  t.match((await replied(2))[1]?.answer, {
    outcome: "failed",
    code: "usage.invalid",
    detail: /service\.heal/,
  });
  t.same(done, ["heal web"]);
});

t.test("what the agent died over: a change is answered as unknown, a read is done again", async (t) => {
  const { journal, done, held, desk } = await node(t);
  const first = desk();
  let letGo: () => void = () => undefined;
  held.restart = new Promise((resolve) => (letGo = resolve));
  const change = command({ args: { id: "web.fw" } });
  const read = command();
  await first.take(change, "lvnf.restart");
  await first.take(read, "status");
  await until("both are under way", () => done.length === 2);
  first.die();
  letGo();
  held.restart = null;
  t.equal((await journal.commands.open()).length, 2);
  const second = desk();
  await second.resume();
  const replies = await second.replied(2);
  t.match(replies.find(({ id }) => id === change.id)?.answer, {
    outcome: "failed",
    code: "operation.interrupted",
    detail: /not known/,
  });
  t.match(replies.find(({ id }) => id === read.id)?.answer, { outcome: "ok", result: { node: "n1" } });
  t.same(done, ["restart web.fw", "status", "status"]);
  await isSettled(journal);
  await second.take(change, "lvnf.restart");
  t.match((await second.replied(3))[2]?.answer, { code: "operation.interrupted" }, "and so it stays");
});

t.test("whether a restart took effect is told by the process, once it was looked for", async (t) => {
  const { journal, done, held, process, desk } = await node(t);
  for (const [now, answer] of [
    ["8/2", { outcome: "ok", result: { id: "web.fw" } }],
    [null, { outcome: "ok", result: { id: "web.fw" } }],
    ["7/1", { outcome: "failed", code: "operation.interrupted", detail: /before it took effect: web\.fw/ }],
  ] as const) {
    process.is = { is: "7/1" };
    let letGo: () => void = () => undefined;
    held.restart = new Promise((resolve) => (letGo = resolve));
    const first = desk();
    const before = done.length;
    await first.take(command({ args: { id: "web.fw" } }), "lvnf.restart");
    await until("it is under way", () => done.length > before);
    first.die();
    letGo();
    process.is = null;
    const second = desk();
    await second.resume();
    await realWait(20, new AbortController().signal);
    t.same(second.replies, [], "not before the driver has looked");
    process.is = { is: now };
    t.match((await second.replied(1))[0]?.answer, answer);
    await isSettled(journal);
    second.die();
  }
});

t.test("an answer that could not leave before the agent died leaves in its next life", async (t) => {
  const { journal, done, desk } = await node(t);
  const first = desk({ connected: () => new Promise(() => undefined) });
  const asked = command({ args: { id: "web" } });
  await first.take(asked, "service.heal");
  await until("it is answered in the journal", async () => (await journal.commands.open())[0]?.answer);
  first.die();
  const second = desk();
  await second.resume();
  t.match((await second.replied(1))[0], { id: asked.id, answer: { outcome: "ok" } });
  t.same(done, ["heal web"]);
});

t.test("on a full disk a change is not made, and a question is answered", async (t) => {
  const { journal, done, desk } = await node(t);
  const full = async () => {
    throw new LightmanoError("store.failed", "the disk is full");
  };
  const { take, replied } = desk({ store: { ...journal.commands, begin: full } });
  await take(command({ args: { id: "web" } }), "service.heal");
  t.match((await replied(1))[0]?.answer, { outcome: "failed", code: "store.failed" });
  await take(command(), "status");
  t.match((await replied(2))[1]?.answer, { outcome: "ok" });
  t.same(done, ["status"]);
});

t.test("a deadline is a duration, measured by the best clock there is", async (t) => {
  const { done, desk } = await node(t);
  const hour = 3_600_000;
  const at2026 = Date.parse("2026-01-01T00:00:00Z");
  const ts = new Date(at2026).toISOString();
  const instantly: Wait = (ms, signal) => (ms < 1_000 ? Promise.resolve() : realWait(ms, signal));
  const answers = async (own: number, controllers: number | null, verb = "service.heal") => {
    const { take, replied } = desk({ time: () => ({ own, controllers }), wait: instantly });
    await take(command({ ts, args: verb === "status" ? {} : { id: "web" } }, 60_000), verb);
    return (await replied(1))[0]?.answer;
  };
  t.match(await answers(at2026 + 90_000, null), { outcome: "expired", detail: /it was 90 s old/ });
  t.match(await answers(at2026 - 30_000, null), { outcome: "ok" }, "clocks that differ a little");
  t.match(await answers(0, null), { outcome: "failed", code: "clock.unset" }, "1970: it may be days old");
  t.match(await answers(0, null, "status"), { outcome: "ok" }, "a question harms nobody");
  t.match(await answers(0, at2026 + 1_000), { outcome: "ok" }, "the controller's time is known");
  t.match(await answers(0, at2026 + hour), { outcome: "expired" });
  t.match(await answers(at2026 + 10 * hour, at2026 + 1_000), { outcome: "ok" }, "a clock that is ahead");
  t.same(done, ["heal web", "status", "heal web", "heal web"]);
});

t.test("what is still under way at its deadline is said to go on", async (t) => {
  const { journal, held, desk } = await node(t);
  let letGo: () => void = () => undefined;
  held.restart = new Promise((resolve) => (letGo = resolve));
  const { take, replied } = desk();
  const asked = command({ args: { id: "web.fw" } }, 50);
  await take(asked, "lvnf.restart");
  t.match((await replied(1))[0]?.answer, { outcome: "expired", detail: /goes on/ });
  letGo();
  await isSettled(journal);
  await take(asked, "lvnf.restart");
  t.match((await replied(2))[1]?.answer, { outcome: "expired" }, "the answer stays what it was");
});

t.test("the journal keeps the newest thousand commands", async (t) => {
  const { journal } = await node(t);
  const { commands } = journal;
  for (let i = 0; i < 1_005; i++) {
    await commands.begin({ id: `c${i}`, verb: "service.heal", digest: "d", again: null });
    await commands.answer(`c${i}`, "{}");
    await commands.sent(`c${i}`, true);
  }
  const known = { verb: "service.heal", digest: "d", again: null };
  t.match(await commands.begin({ id: "c5", ...known }), { id: "c5", answer: "{}" });
  t.equal(await commands.begin({ id: "c4", ...known }), null, "older ones are forgotten");
});
