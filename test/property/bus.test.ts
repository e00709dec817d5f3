import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { createInbox } from "../../bus/inbox.js";
import { silentLog } from "../../bus/log.js";
import { createOutbox, type OutboxLink } from "../../bus/outbox.js";
import { createRetainedTrie } from "../../bus/retained.js";
import { asNodeId, asSiteId } from "../../model/ids.js";
import type { NodeReport, ReportAck, ReportItem } from "../../model/messages/node.js";
import { parseTopic, topics } from "../../model/topics.js";

type Report = Pick<NodeReport, "store" | "items">;
type Ack = Pick<ReportAck, "store" | "upTo">;

const key = { site: asSiteId("s"), node: asNodeId("n"), store: "j" };
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A network that loses, doubles and delays, a receiver whose disk fails, and both ends restarting. */
async function deliver(seed: number, count: number, trouble: number): Promise<number[]> {
  const random = lcg(seed);
  const bad = (): boolean => random() < trouble;
  const journal: ReportItem[] = [];
  const onDisk: number[] = [];
  let diskInbox = 0;
  let inbox = createInbox();
  let connected = true;
  const flying: (() => void)[] = [];
  const acks = new Set<(ack: Ack) => void>();
  const changes = new Set<(connected: boolean) => void>();
  const fly = (action: () => void): void => {
    if (!bad()) flying.push(action);
    if (bad()) flying.push(action);
  };
  const receive = (report: Report): void => {
    const draft = inbox.draft();
    const admission = draft.admit({ ...key, store: report.store }, report.items);
    if (bad()) return; // the disk is full: nothing written, nothing remembered, no acknowledgement
    onDisk.push(...admission.items.map(({ seq }) => seq));
    diskInbox = admission.upTo;
    draft.commit();
    fly(() => {
      for (const listener of acks) listener({ store: report.store, upTo: admission.upTo });
    });
  };
  const link: OutboxLink = {
    connected: () => connected,
    onChange: (listener) => {
      changes.add(listener);
      return () => void changes.delete(listener);
    },
    onAck: (listener) => {
      acks.add(listener);
      return () => void acks.delete(listener);
    },
    async send(report) {
      await tick();
      if (!connected) throw new Error("gone");
      fly(() => receive(structuredClone(report)));
    },
  };
  const start = () => {
    const stop = new AbortController();
    const outbox = createOutbox({
      store: {
        async pending(limit, after) {
          if (bad()) throw new Error("read failed");
          return journal.filter(({ seq }) => seq > after).slice(0, limit);
        },
        async acknowledge(upTo) {
          while ((journal[0]?.seq ?? Number.POSITIVE_INFINITY) <= upTo) journal.shift();
        },
      },
      storeId: "j",
      link,
      random,
      log: silentLog,
      batchItems: 4,
      // Time is turns of the event loop: a wait of any length is over after a few of them.
      wait: async (_delay, signal) => {
        for (let turn = 0; turn < 5 && !signal.aborted; turn += 1) await tick();
      },
    });
    const running = outbox.run(stop.signal);
    return {
      outbox,
      async stop() {
        stop.abort();
        await running;
      },
    };
  };
  let sender = start();
  let next = 1;
  for (let turn = 0; turn < 20_000 && (next <= count || journal.length > 0); turn += 1) {
    if (next <= count && random() < 0.3) {
      journal.push({ seq: next, ts: "2026-01-01T00:00:00Z", removedService: "x" });
      next += 1;
      sender.outbox.wake();
    }
    const index = Math.floor(random() * flying.length);
    for (const action of flying.splice(index, 1)) action();
    if (random() < trouble / 10) {
      connected = !connected;
      for (const listener of changes) listener(connected);
    }
    if (turn > 10_000 && !connected) connected = true;
    if (random() < trouble / 20) {
      await sender.stop();
      sender = start();
    }
    if (random() < trouble / 20) {
      inbox = createInbox();
      inbox.restore(key, diskInbox);
    }
    await tick();
  }
  await sender.stop();
  return onDisk;
}

t.test(
  "reports arrive exactly once and in order, whatever is lost, doubled, delayed or restarted",
  async (t) => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 0.1, 0.3, 0.5),
        async (seed, count, trouble) => {
          const got = await deliver(seed, count, trouble);
          return got.length === count && got.every((seq, index) => seq === index + 1);
        },
      ),
      { numRuns: 60 },
    );
    t.pass("held in every run");
  },
);

const level = fc.constantFrom("a", "b", "c", "", "$d", "constructor");
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/"));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant("+")), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, rest]) => [...levels, ...(rest ? ["#"] : [])].join("/"));

t.test("the retained trie agrees with a naive matcher", async (t) => {
  const operation = fc.record({ topic, remove: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 40 }),
      fc.oneof(filter, fc.constant("#")),
      (operations, pattern) => {
        const trie = createRetainedTrie<string>();
        const naive = new Set<string>();
        for (const { topic: name, remove } of operations) {
          if (remove) {
            trie.delete(name);
            naive.delete(name);
          } else {
            trie.set(name, name);
            naive.add(name);
          }
        }
        assert.equal(trie.size(), naive.size);
        assert.deepEqual(
          [...trie.match(pattern)].sort(),
          [...naive].filter((name) => matches(pattern, name)).sort(),
        );
      },
    ),
  );
  t.pass("agreed in every run");
});

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);

t.test("every topic that is built parses to what it was built from", async (t) => {
  fc.assert(
    fc.property(id, id, id, (s, n, tail) => {
      const site = asSiteId(s);
      const node = asNodeId(n);
      const parts = { site, node };
      assert.deepEqual(parseTopic(topics.desired(site, "package", tail)), {
        name: "desiredPackage",
        site,
        node: null,
        tail,
      });
      assert.deepEqual(parseTopic(topics.desired(site, "service", tail)), {
        name: "desiredService",
        site,
        node: null,
        tail,
      });
      assert.deepEqual(parseTopic(topics.desiredDigest(site)), {
        name: "desiredDigest",
        site,
        node: null,
        tail: null,
      });
      for (const name of ["status", "inventory", "report", "reportAck", "telemetry"] as const) {
        assert.deepEqual(parseTopic(topics[name](site, node)), { name, ...parts, tail: null });
      }
      assert.deepEqual(parseTopic(topics.command(site, node, tail)), { name: "command", ...parts, tail });
      assert.deepEqual(parseTopic(topics.reply(site, node, tail)), { name: "reply", ...parts, tail });
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseTopic(text);
      parseTopic(`lightmano/v1/${text}`);
    }),
  );
  t.pass("parsed in every run");
});

function matches(pattern: string, name: string): boolean {
  if (name.startsWith("$") && /^[+#]/.test(pattern)) return false;
  const wanted = pattern.split("/");
  const levels = name.split("/");
  for (const [index, part] of wanted.entries()) {
    if (part === "#") return true;
    if (index >= levels.length || (part !== "+" && part !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}

function lcg(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
