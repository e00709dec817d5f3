import { setImmediate as turn } from "node:timers/promises";
import t from "tap";
import type { Work } from "../../../agent/domain/steps.js";
import { createRunner } from "../../../agent/runner.js";

t.test(
  "of LVNFs a few start at once, the others after them; what is not a start, and one that died, waits for none",
  async (t) => {
    const stop = new AbortController();
    t.teardown(() => stop.abort());
    const started: string[] = [];
    const ends: (() => void)[] = [];
    const runner = createRunner({
      execute: () => new Promise((resolve) => ends.push(() => resolve({} as never))),
      heals: ({ object }) => object === "function/s.dead",
      now: () => 0,
      started: ({ object }) => void started.push(object),
      ended: () => undefined,
      signal: stop.signal,
    });
    const work = (object: string, step: string) =>
      ({ object, digest: object, steps: [{ do: step }] }) as unknown as Work;
    const works = Array.from({ length: 40 }, (_, i) => work(`function/s.f${i}`, "lvnf.start"));
    const past = [
      work("flows", "flows.apply"),
      work("function/s.c", "container.start"),
      work("function/s.dead", "lvnf.start"),
    ];
    const all = [...works, ...past];
    const pass = () =>
      runner.reconcile(
        all.filter(({ object }) => !done.has(object)),
        () => false,
      );
    const done = new Set<string>();
    pass();
    const first = started.length;
    t.same(
      started.slice(-3),
      past.map(({ object }) => object),
    );
    t.ok(first < 30, `${first} at once`);
    while (started.length < all.length) {
      const before = started.length;
      for (const object of started.slice(0, before)) done.add(object);
      for (const end of ends.splice(0)) end();
      await turn();
      pass();
      t.ok(started.length > before && started.length - before <= first);
    }
    t.equal(new Set(started).size, all.length, "each once");
  },
);
