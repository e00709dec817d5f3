/** Changes of what is desired that the agent died over: what the journal has tells whether they took effect. */
import t, { type Test } from "tap";
import { createDesk } from "../../agent/commands/desk.js";
import { silentLog } from "../../bus/log.js";
import { realWait } from "../../bus/wait.js";
import { envelope } from "../support/bus.js";
import { EXAMPLE_INPUTS, exampleSource } from "../support/example.js";
import { agent } from "../support/linked-agent.js";
import { until } from "../support/until.js";

const APPLY = { ...exampleSource(), id: "mec", name: "mec", inputs: EXAMPLE_INPUTS };

/** A command that is taken by a life of the agent that dies; `does` is how far it came. */
async function diedOver(t: Test, verb: string, args: Record<string, unknown>, does: "all" | "nothing") {
  const node = await agent(t);
  await node.catalogue.load();
  if (verb !== "apply") await node.operations.apply(APPLY);
  const end = new AbortController();
  const dead = new Promise<never>(() => undefined);
  let begun = false;
  const operations = {
    ...node.operations,
    async apply(request: typeof APPLY) {
      if (does === "all") await node.operations.apply(request);
      begun = true;
      return dead;
    },
    async terminate(id: string) {
      if (does === "all") await node.operations.terminate(id);
      begun = true;
      return dead;
    },
  } as never;
  const common = {
    store: node.journal.commands,
    time: () => ({ own: Date.now(), controllers: null }),
    wait: realWait,
    connected: async () => undefined,
    log: silentLog,
  };
  const first = createDesk({ ...common, operations, reply: async () => undefined, signal: end.signal });
  const { ts, id, v } = envelope();
  const deadline = new Date(Date.parse(ts) + 60_000).toISOString();
  await first.take({ v, id, ts, deadline, args }, verb);
  await until("it is under way", () => begun);
  end.abort();
  const answers: unknown[] = [];
  const second = createDesk({
    ...common,
    operations: node.operations,
    reply: async (_id, answer) => void answers.push(answer),
    signal: new AbortController().signal,
  });
  await second.resume();
  await until("it is answered", () => answers.length > 0);
  return answers[0];
}

t.test("apply that took effect", async (t) => {
  const answer = await diedOver(t, "apply", APPLY, "all");
  t.match(answer, { outcome: "ok", result: { id: "mec", revision: 1, packageDigest: /^sha256:/ } });
});
t.test("apply that did not", async (t) => {
  const answer = await diedOver(t, "apply", APPLY, "nothing");
  t.match(answer, { outcome: "failed", code: "operation.interrupted", detail: /before it took effect/ });
});
t.test("terminate that took effect", async (t) => {
  const answer = await diedOver(t, "service.terminate", { id: "mec" }, "all");
  t.match(answer, { outcome: "ok", result: { id: "mec" } });
});
t.test("terminate that did not", async (t) => {
  const answer = await diedOver(t, "service.terminate", { id: "mec" }, "nothing");
  t.match(answer, { outcome: "failed", code: "operation.interrupted", detail: /still wanted/ });
});
