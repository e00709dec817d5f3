import t from "tap";
import { figuresOf } from "../../../agent/drivers/click/figures.js";
import type { Ran } from "../../../agent/drivers/click/rest.js";

t.test("figures are read anew when the process has done something, and now and then", async (t) => {
  let ran: Ran | null = { slices: 1, ns: 0 };
  let now = 0;
  let reads = 0;
  const figures = figuresOf(
    async () => ({ memoryBytes: ++reads, cpuSeconds: 0 }),
    () => ran,
    () => now,
  );
  const memory = async () => (await figures())?.memoryBytes;
  t.equal(await memory(), 1);
  ran = { slices: 9, ns: 900_000 };
  t.equal(await memory(), 1, "a little is nothing");
  ran = { slices: 10, ns: 1_100_000 };
  t.equal(await memory(), 2, "counted from the last reading on, not from the last asking");
  now += 59_000;
  t.equal(await memory(), 2);
  now += 2_000;
  t.equal(await memory(), 3);
  ran = null;
  t.equal(await memory(), 4, "who cannot know reads");
  t.equal(await memory(), 5);
});

t.test("a process that is gone has no figures, and none are held", async (t) => {
  let there = false;
  const figures = figuresOf(
    async () => (there ? { memoryBytes: 1, cpuSeconds: 0 } : null),
    () => ({ slices: 1, ns: 0 }),
  );
  t.equal(await figures(), null);
  there = true;
  t.match(await figures(), { memoryBytes: 1 });
});
