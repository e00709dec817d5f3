/** What waits for the controller, in a real journal: bounded, collapsed, and numbered so that nothing is lost unsaid. */
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { type Journal, openJournal } from "../../agent/store/journal.js";
import { type Dropped, oldestOf } from "../../agent/store/outbox.js";
import { createInbox, type Gap } from "../../bus/inbox.js";
import { silentLog } from "../../bus/log.js";
import { createOutbox, type OutboxLink } from "../../bus/outbox.js";
import { asNodeId, asSiteId } from "../../model/ids.js";
import type { AgentEvent, ReportItem, ServiceStatus } from "../../model/messages/node.js";
import { agentEvent } from "../support/events.js";
import { until } from "../support/until.js";

const key = { site: asSiteId("s1"), node: asNodeId("n1") };
const service = (id: string, reason: string) => ({ id, reason }) as unknown as ServiceStatus;

async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lmt-outbox-"));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A controller in memory: its inbox, and what it took. */
function receiver() {
  let inbox = createInbox();
  let backup = new Map<string, number>();
  const last = new Map<string, number>();
  const taken: ReportItem[] = [];
  const gaps: Gap[] = [];
  return {
    taken,
    gaps,
    events: () => taken.flatMap(({ event }) => (event ? [event.object] : [])),
    /** What an image of it would have. */
    keep() {
      backup = new Map(last);
    },
    setBack() {
      inbox = createInbox();
      for (const [store, seq] of backup) inbox.restore({ ...key, store }, seq);
    },
    link(): OutboxLink {
      const acks = new Set<Parameters<OutboxLink["onAck"]>[0]>();
      return {
        connected: () => true,
        onChange: () => () => undefined,
        async send({ store, after, question, items }) {
          const draft = inbox.draft();
          const admission = draft.admit({ ...key, store }, items, {
            after,
            tellsAgain: question !== undefined,
          });
          draft.commit();
          taken.push(...admission.items);
          gaps.push(...admission.gaps);
          last.set(store, admission.upTo);
          const hello = items.length === 0 || admission.isRefused ? ({ hello: true } as const) : {};
          const answered = question === undefined ? {} : { question };
          for (const listener of acks) listener({ store, upTo: admission.upTo, ...hello, ...answered });
        },
        onAck(listener) {
          acks.add(listener);
          return () => void acks.delete(listener);
        },
      };
    },
  };
}

/** A life of the agent, as far as it reports; ends when all is acknowledged, or when it is told to. */
async function life(t: Test, path: string, controller: ReturnType<typeof receiver>) {
  const journal = await openJournal(path, Date.now);
  const end = new AbortController();
  const told: string[] = [];
  const outbox = createOutbox({
    store: { pending: journal.pendingReports, acknowledge: journal.acknowledgeReports },
    storeId: journal.id,
    numbering: journal.outbox,
    onSetBack: ({ has, sent }) => told.push(`set back: ${has} > ${sent}`),
    onForgotten: ({ has, acknowledged }) => told.push(`forgotten: ${has} < ${acknowledged}`),
    link: controller.link(),
    random: () => 0,
    log: silentLog,
    backoff: { baseMs: 5, capMs: 5 },
  });
  let running: Promise<void> | null = null;
  let isOpen = true;
  const stop = async () => {
    end.abort();
    await running;
    if (isOpen) await journal.close();
    isOpen = false;
  };
  t.teardown(stop);
  return {
    journal,
    told,
    stop,
    report: (...names: string[]) => {
      const events = names.map((name) => agentEvent(name));
      return journal.append(
        events,
        events.map((event) => ({ event })),
      );
    },
    async deliver() {
      running ??= outbox.run(end.signal);
      outbox.wake();
      await until("all is acknowledged", async () => (await journal.pendingCount()) === 0);
    },
  };
}

t.test("a journal that was set back to an older copy loses no report and repeats none", async (t) => {
  const at = await folder(t);
  const path = join(at, "journal.db");
  const controller = receiver();
  const first = await life(t, path, controller);
  await first.report("a", "b");
  await first.deliver();
  await first.stop();
  await copyFile(path, join(at, "image.db"));
  const second = await life(t, path, controller);
  await second.report("lost-1", "lost-2", "lost-3");
  await second.deliver();
  t.same(second.told, [], "a restart is no reason");
  await second.stop();

  await copyFile(join(at, "image.db"), path);
  await rm(`${path}-wal`, { force: true });
  const offline = await life(t, path, controller);
  await offline.report("c", "d", "e", "f", "g");
  await offline.stop();
  const third = await life(t, path, controller);
  await third.report("h");
  await third.deliver();
  t.same(
    third.told,
    ["set back: 5 > 2"],
    "also though it has counted beyond that since, while it was offline",
  );
  t.same(controller.events(), ["a", "b", "lost-1", "lost-2", "lost-3", "c", "d", "e", "f", "g", "h"]);
  t.same(controller.gaps, []);
  await third.stop();
  const fourth = await life(t, path, controller);
  await fourth.report("i");
  await fourth.deliver();
  t.same(fourth.told, [], "once");
  t.equal(controller.events().at(-1), "i");
});

t.test("an agent that died before it heard the acknowledgement takes itself for no older copy", async (t) => {
  const path = join(await folder(t), "journal.db");
  const controller = receiver();
  const first = await life(t, path, controller);
  await first.report("a", "b");
  const deaf = controller.link();
  const { id } = await first.journal.outbox.position();
  await deaf.send({ store: id, after: 0, items: [] });
  await first.journal.outbox.trusted();
  await deaf.send({ store: id, after: 0, items: [...(await first.journal.pendingReports(10, 0))] });
  await first.stop();
  const second = await life(t, path, controller);
  await second.report("c");
  await second.deliver();
  t.same(second.told, []);
  t.same(controller.events(), ["a", "b", "c"]);
});

t.test("a controller that was set back is told what it lost", async (t) => {
  const path = join(await folder(t), "journal.db");
  const controller = receiver();
  const first = await life(t, path, controller);
  await first.report("a", "b");
  await first.deliver();
  controller.keep();
  await first.report("c", "d");
  await first.deliver();
  await first.stop();
  controller.setBack();
  const second = await life(t, path, controller);
  await second.report("e");
  await second.deliver();
  t.same(second.told, ["forgotten: 2 < 4"]);
  t.same(controller.gaps, [], "and takes it for known from then on");
  t.equal(controller.events().at(-1), "e");
});

t.test("of a service only the newest state waits; what was left out is no gap at the receiver", async (t) => {
  const path = join(await folder(t), "journal.db");
  const controller = receiver();
  const { journal, report, deliver } = await life(t, path, controller);
  await report("before");
  for (let i = 0; i < 100; i++)
    await journal.append([], [{ service: service("web", `${i}`) }, { service: service("dns", `${i}`) }]);
  await journal.append([], [{ removedService: "dns" }]);
  await report("after");
  t.equal(await journal.pendingCount(), 4);
  // Its schema wants more of a status than matters here: the outbox would make a note of it.
  const waiting = await journal.pendingReports(10, 0);
  t.same(
    waiting.map(({ event, service: s, removedService }) => event?.object ?? s?.reason ?? removedService),
    ["before", "99", "dns", "after"],
  );
  await deliver();
  t.equal(controller.taken.length, 4);
  t.same(controller.gaps, []);
});

t.test("what waits is bounded: details go first, then the oldest events, and it is said", async (t) => {
  const path = join(await folder(t), "journal.db");
  const limits = { reports: 200, bytes: 1_000_000 };
  const journal: Journal = await openJournal(path, Date.now, undefined, undefined, limits);
  t.teardown(() => journal.close());
  const put = (event: AgentEvent) => journal.append([event], [{ event }]);
  for (let i = 0; i < 150; i++) await put(agentEvent(`e${i}`));
  for (let i = 0; i < 100; i++) await put({ ...agentEvent(`d${i}`), type: "work.done" });
  await journal.append([], [{ service: service("web", "up") }]);
  const objects = async () =>
    (await journal.pendingReports(1_000, 0)).map(({ event, service: s }) => event?.object ?? s?.id);
  const after250 = await objects();
  t.ok(after250.length <= 205, `${after250.length} wait`);
  t.equal(after250.filter((o) => o?.startsWith("e")).length, 150, "no event went while there were details");
  for (let i = 150; i < 600; i++) await put(agentEvent(`e${i}`));
  const left = await objects();
  t.ok(left.length <= 205, `${left.length} wait`);
  t.ok(left.includes("web"), "the last word on a service stays");
  t.equal(left.filter((o) => o?.startsWith("d")).length, 0);
  const events = left.filter((o) => o?.startsWith("e"));
  t.same(
    events,
    Array.from({ length: events.length }, (_, i) => `e${600 - events.length + i}`),
    "the newest, in order",
  );
  const notes = (await journal.pendingReports(1_000, 0)).filter(
    ({ event }) => event?.type === "reports.dropped",
  );
  t.equal(notes.length, 1, "one note for all");
  const data = notes[0]?.event?.data as unknown as Dropped;
  t.equal(data.reports, 700 - events.length, "as many as are not there");
  t.equal(data.details, 100);
  t.match(notes[0]?.event?.detail, /\d+ reports between numbers 1 and \d+ were dropped.*100 of them details/);
  t.match(
    await journal.events({ object: "link" }),
    [{ type: "reports.dropped" }],
    "the node's own history has it",
  );
});

t.test("large reports are bounded by their bytes", async (t) => {
  const path = join(await folder(t), "journal.db");
  const journal = await openJournal(path, Date.now, undefined, undefined, {
    reports: 10_000,
    bytes: 100_000,
  });
  t.teardown(() => journal.close());
  for (let i = 0; i < 50; i++) {
    const event = agentEvent(`e${i}`, "x".repeat(10_000));
    await journal.append([event], [{ event }]);
  }
  const waiting = await journal.pendingReports(1_000, 0);
  t.ok(Buffer.byteLength(JSON.stringify(waiting)) < 115_000);
  t.ok(waiting.length >= 8);
  t.equal(waiting.at(-2)?.event?.object ?? "", "e49");
});

t.test("which rows go", async (t) => {
  const row = (seq: number, detail = false) => ({ seq, detail, bytes: 10 });
  t.same(oldestOf([], { reports: 1, bytes: 0 }), null);
  t.same(oldestOf([row(1)], { reports: 0, bytes: 0 }), null);
  t.match(oldestOf([row(7, true), row(1), row(2)], { reports: 2, bytes: 0 }), {
    from: 1,
    to: 7,
    reports: 2,
    details: 1,
    detailsUpTo: 7,
    eventsUpTo: 1,
  });
  t.match(oldestOf([row(1), row(2), row(3)], { reports: 0, bytes: 15 }), { reports: 2, bytes: 20 });
});
