import t from "tap";
import { desiredRoot } from "../../bus/digest.js";
import { envelopeMaker, uuid } from "../../bus/envelope.js";
import { createInbox } from "../../bus/inbox.js";
import { silentLog } from "../../bus/log.js";
import { createOutbox } from "../../bus/outbox.js";
import { createRetainedTrie } from "../../bus/retained.js";
import { backoffMs } from "../../model/backoff.js";
import { asNodeId, asSiteId, isId } from "../../model/ids.js";
import type { ReportItem } from "../../model/messages/node.js";

const key = { site: asSiteId("s1"), node: asNodeId("n1"), store: "journal-a" };
const items = (...seqs: number[]): ReportItem[] =>
  seqs.map((seq) => ({ seq, ts: "2026-01-01T00:00:00Z", removedService: "x" }));
const seqs = (list: readonly ReportItem[]): number[] => list.map(({ seq }) => seq);

t.test("an inbox takes each number once and in order", async (t) => {
  const inbox = createInbox();
  const draft = inbox.draft();
  t.same(seqs(draft.admit(key, items(2, 1, 2, 3)).items), [1, 2, 3]);
  const again = draft.admit(key, items(3, 4));
  t.same(seqs(again.items), [4], "a second report of the same draft sees the first");
  t.equal(again.duplicates, 1);
  t.equal(again.upTo, 4);
});

t.test("nothing is remembered of a draft that was not committed", async (t) => {
  const inbox = createInbox();
  inbox.draft().admit(key, items(1, 2));
  t.equal(inbox.last(key), 0);
  const draft = inbox.draft();
  t.same(seqs(draft.admit(key, items(1, 2)).items), [1, 2]);
  draft.commit();
  t.equal(inbox.last(key), 2);
});

t.test("a gap is named and does not block what follows", async (t) => {
  const inbox = createInbox();
  inbox.restore(key, 5);
  const admission = inbox.draft().admit(key, items(8, 9, 12));
  t.same(admission.gaps, [
    { from: 6, to: 7 },
    { from: 10, to: 11 },
  ]);
  t.equal(admission.upTo, 12);
});

t.test("another journal of the same node, and another node, number on their own", async (t) => {
  const inbox = createInbox();
  inbox.restore(key, 100);
  t.same(seqs(inbox.draft().admit({ ...key, store: "journal-b" }, items(1)).items), [1]);
  t.same(seqs(inbox.draft().admit({ ...key, node: asNodeId("n2") }, items(1)).items), [1]);
});

t.test("a report that is too large or not valid goes as a note, and blocks nothing behind it", async (t) => {
  const event = {
    ...{ ts: "2026-01-01T00:00:00Z", object: "function/a", type: "function.output", detail: "é".repeat(600) },
    ...{ cause: null, rule: null, action: null, code: null },
  };
  const journal: ReportItem[] = [
    { seq: 1, ts: event.ts, event },
    { seq: 2, ts: "yesterday", removedService: "a" },
    ...items(3),
  ];
  const stop = new AbortController();
  const sent: ReportItem[] = [];
  let acknowledge: (ack: { store: string; upTo: number }) => void = () => undefined;
  const outbox = createOutbox({
    store: {
      pending: async (limit, after) => journal.filter(({ seq }) => seq > after).slice(0, limit),
      acknowledge: async (upTo) => (upTo === 3 ? stop.abort() : undefined),
    },
    storeId: "j",
    link: {
      connected: () => true,
      onChange: () => () => undefined,
      async send(report) {
        sent.push(...report.items);
        acknowledge({ store: "j", upTo: report.items.at(-1)?.seq ?? 0 });
      },
      onAck(listener) {
        acknowledge = listener;
        return () => undefined;
      },
    },
    random: () => 0,
    log: silentLog,
    itemBytes: 1_000,
  });
  await outbox.run(stop.signal);
  t.match(sent, [
    { seq: 1, event: { type: "report.invalid", detail: /report 1 has 1\d\d\d bytes, at most 1000/ } },
    { seq: 2, event: { type: "report.invalid", detail: /\/ts/ } },
    { seq: 3, removedService: "x" },
  ]);
});

t.test("an acknowledgement that comes after it was given up ends the pause that followed", async (t) => {
  const stop = new AbortController();
  const sent: number[][] = [];
  let acknowledged = 0;
  let acknowledge: (ack: { store: string; upTo: number }) => void = () => undefined;
  const outbox = createOutbox({
    store: {
      pending: async (limit, after) =>
        items(1, 2)
          .filter(({ seq }) => seq > after)
          .slice(0, limit),
      async acknowledge(upTo) {
        acknowledged = upTo;
        if (upTo === 2) stop.abort();
      },
    },
    storeId: "j",
    link: {
      connected: () => true,
      onChange: () => () => undefined,
      async send(report) {
        sent.push(seqs(report.items));
        if (sent.length === 2) acknowledge({ store: "j", upTo: 2 });
      },
      onAck(listener) {
        acknowledge = listener;
        return () => undefined;
      },
    },
    random: () => 0.5,
    log: silentLog,
    batchItems: 1,
    wait: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        const isAckTimeout = delayMs === 15_000;
        if (isAckTimeout && sent.length === 1) return resolve();
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        if (!isAckTimeout) {
          t.equal(outbox.state().acknowledged, 0);
          acknowledge({ store: "another", upTo: 1 });
          acknowledge({ store: "j", upTo: 0 });
          t.notOk(signal.aborted, "one for another journal, or of nothing new, ends no pause");
          acknowledge({ store: "j", upTo: 1 });
        }
      }),
  });
  await outbox.run(stop.signal);
  t.equal(acknowledged, 2);
  t.same(sent, [[1], [2]], "what was acknowledged is not sent again");
  t.match(outbox.state(), { failures: 0, lastFailure: "no acknowledgement within 15000 ms" });
});

t.test("the root digest depends on revisions and tombstones, not on order", async (t) => {
  const a = { kind: "package", id: "a", revision: 1, deleted: false } as const;
  const b = { kind: "service", id: "a", revision: 3, deleted: true } as const;
  t.same(desiredRoot([a, b]), desiredRoot([b, a]));
  t.equal(desiredRoot([a, b]).objects, 2);
  t.not(desiredRoot([a, b]).root, desiredRoot([a, { ...b, revision: 4 }]).root);
  t.not(desiredRoot([a, b]).root, desiredRoot([a, { ...b, deleted: false }]).root);
  t.not(desiredRoot([]).root, desiredRoot([a]).root);
});

t.test("retained messages are found by filter as MQTT 3.1.1 §4.7 says", async (t) => {
  const trie = createRetainedTrie<string>();
  for (const topic of ["a", "a/b", "a/b/c", "a//c", "b/b/c", "$SYS/x"]) trie.set(topic, topic);
  const found = (filter: string): string[] => [...trie.match(filter)].sort();
  t.same(found("a/b"), ["a/b"]);
  t.same(found("a/#"), ["a", "a/b", "a/b/c", "a//c"].sort());
  t.same(found("+/b/c"), ["a/b/c", "b/b/c"]);
  t.same(found("a/+/c"), ["a/b/c", "a//c"].sort());
  t.same(found("#"), ["a", "a/b", "a/b/c", "a//c", "b/b/c"].sort(), "no $-topic under a leading wildcard");
  t.same(found("$SYS/#"), ["$SYS/x"]);
  trie.delete("a/b");
  trie.delete("nowhere");
  t.equal(trie.size(), 5);
  t.same(found("a/b"), []);
  t.same(found("a/b/c"), ["a/b/c"]);
});

t.test("back-off grows to its cap and is never nothing", async (t) => {
  const backoff = { baseMs: 500, capMs: 30_000 };
  t.same(
    [0, 1, 2, 6, 1000].map((attempt) => backoffMs(attempt, backoff, () => 1)),
    [500, 1000, 2000, 30_000, 30_000],
  );
  t.equal(
    backoffMs(3, backoff, () => 0),
    50,
  );
});

t.test("a fleet that lost its broker at one instant comes back evenly over the whole pause", async (t) => {
  const nodes = 1_000;
  for (const attempt of [0, 1, 4, 20]) {
    const delays = Array.from({ length: nodes }, (_, i) =>
      backoffMs(attempt, { baseMs: 500, capMs: 30_000 }, () => i / nodes),
    );
    const parts = new Array<number>(10).fill(0);
    const longest = Math.max(...delays);
    for (const delay of delays) {
      const part = Math.min(9, Math.floor(((delay - 50) / (longest - 50)) * 10));
      parts[part] = (parts[part] ?? 0) + 1;
    }
    t.equal(new Set(delays).size, nodes, "no two at the same instant");
    t.ok(Math.max(...parts) <= (nodes / 10) * 1.02, `a tenth of them in each tenth: ${parts.join(" ")}`);
  }
});

t.test("message ids come from the chance that was given", async (t) => {
  t.match(
    uuid(() => 0.999),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  t.ok(isId(uuid(() => 0)));
  t.same(envelopeMaker({ clock: () => 0, random: () => 0 })(), {
    v: 1,
    id: "00000000-0000-4000-8000-000000000000",
    ts: "1970-01-01T00:00:00.000Z",
  });
});

t.test("where less is here than a node was told, nothing is taken before it has heard that", async (t) => {
  const inbox = createInbox();
  inbox.restore(key, 80);
  const believes = { after: 100, tellsAgain: true };
  const draft = inbox.draft();
  t.match(draft.admit(key, items(101), believes), { items: [], upTo: 80, isRefused: true });
  t.match(
    draft.admit(key, [], believes),
    { items: [], upTo: 80, isRefused: false },
    "a question is answered",
  );
  draft.commit();
  t.equal(inbox.last(key), 80);
  const knows = inbox.draft().admit(key, items(101), { after: 80, tellsAgain: true });
  t.match(knows, { upTo: 101, gaps: [], isRefused: false });
  const older = inbox.draft().admit(key, items(101), { after: 100 });
  t.match(older, { upTo: 101, gaps: [{ from: 81, to: 100 }] }, "one that cannot tell again is taken at once");
});
