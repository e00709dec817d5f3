/** The controller's desk of commands on a bus that brings messages in the order that the test says. */
import t from "tap";
import type { At, BusClient } from "../../bus/client.js";
import { silentLog } from "../../bus/log.js";
import { createCommands } from "../../controller/commands.js";
import type { CommandAnswer, CommandRecord, commandQueries } from "../../controller/store/commands.js";
import { LightmanoError } from "../../model/errors.js";
import type { NodeId, SiteId } from "../../model/ids.js";
import type { CommandReply } from "../../model/messages/node.js";
import { parseTopic, topics } from "../../model/topics.js";
import { until } from "../support/until.js";

const SITE = "s1" as SiteId;
const NODE = "n1" as NodeId;
const ENVELOPE = { v: 1, id: "e", ts: "2026-01-01T00:00:00.000Z" } as const;
type OnReply = (reply: CommandReply, at: At) => void | Promise<void>;

/** The commands of a store, in memory; what `full` says of it is thrown where an answer is to be kept. */
function memory(full: () => boolean): ReturnType<typeof commandQueries> {
  let kept: CommandRecord | null = null;
  const change = (with_: Partial<CommandRecord>): void => {
    if (kept) kept = { ...kept, ...with_ };
  };
  return {
    get: async () => kept,
    make: async (made) => {
      kept = { ...made, sentAt: null, answeredAt: null, answer: null };
      return kept;
    },
    sent: async (_, sentAt) => change({ sentAt }),
    async answered(_, answer: CommandAnswer, answeredAt) {
      if (full()) throw new LightmanoError("store.failed", "database or disk is full");
      change({ answer, answeredAt });
    },
    open: async () => (kept && !kept.answer ? [kept] : []),
    ofNode: async () => (kept ? [kept] : []),
  };
}

t.test(
  "an answer that comes before the broker has acknowledged its command, and cannot be kept, is asked for again",
  async (t) => {
    const stopped = new AbortController();
    let isFull = true;
    let onReply: OnReply = () => void t.fail("nobody listens");
    const asked: string[] = [];
    const reply: CommandReply = { ...ENVELOPE, outcome: "ok", result: null, code: null, detail: null };
    const bus: BusClient = {
      start: () => undefined,
      stop: async () => undefined,
      connected: () => true,
      onChange: () => () => undefined,
      subscribe: async () => undefined,
      ask: async () => undefined,
      onProblem: () => () => undefined,
      on(name, handler) {
        if (name === "reply") onReply = handler as unknown as OnReply;
        return () => undefined;
      },
      /** The node is quicker than the broker's PUBACK. */
      async publish(topic) {
        asked.push(topic);
        const answer = topics.reply(SITE, NODE, "one");
        const told = Promise.resolve(
          onReply(reply, { ...parseTopic(answer), topic: answer, retained: false } as At),
        );
        if (isFull)
          await t.rejects(told, { code: "store.failed" }, "the broker is told that it was not taken");
        isFull = false;
      },
    };
    const store = { commands: memory(() => isFull) };
    const commands = createCommands({
      store,
      bus,
      envelope: () => ENVELOPE,
      newId: () => "one",
      clock: () => 0,
      log: silentLog,
      wait: async () => undefined,
    });
    commands.listen();
    const running = commands.run(stopped.signal);
    await commands.ask({ site: SITE, node: NODE, verb: "status", args: {}, deadlineMs: 1_000 });
    const kept = await until(
      "its answer is kept",
      async () => (await store.commands.get(SITE, NODE, "one"))?.answer,
    );
    t.match(kept, { outcome: "ok" });
    t.equal(asked.length, 2);
    stopped.abort();
    await running;
  },
);
