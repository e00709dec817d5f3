import t from "tap";
import {
  collectAtRest,
  FRAGMENTED_BYTES,
  LOOK_EVERY_MS,
  REST_SHARE,
  WORTH_BYTES,
} from "../../../agent/heap-at-rest.js";

/** What the heap holds, how busy the loop was, and what is not in use of the heap, at each look; tells at which looks it was collected. */
async function collections(
  looks: readonly (readonly [heldBytes: number, busyShare: number, freeBytes?: number])[],
) {
  const stop = new AbortController();
  const collected: number[] = [];
  let look = -1;
  let held = 0;
  await collectAtRest({
    heap: {
      heldBytes: () => held,
      usedBytes: () => held - (looks[look]?.[2] ?? 0),
      collect() {
        collected.push(look);
        held = Math.max(10_000_000, Math.min(held, looks[look + 1]?.[0] ?? 0));
      },
    },
    busyShare: () => looks[look]?.[1] ?? 1,
    clock: {
      async delay(ms) {
        if (!(ms > 0 && ms <= LOOK_EVERY_MS + 5)) throw new Error(`${ms} ms`); // in step with other looks
        look += 1;
        held = looks[look]?.[0] ?? 0;
        if (look === looks.length) stop.abort();
      },
    },
    signal: stop.signal,
  });
  return collected;
}

t.test("after work, when there is none, garbage is collected once", async (t) => {
  t.same(
    await collections([
      [20_000_000, REST_SHARE],
      [20_000_000, 0.9],
      [20_000_000, 0.01],
      [10_000_000, 0.01],
      [10_000_000 + WORTH_BYTES - 1, 0.01],
      [10_000_000 + WORTH_BYTES, 0.5],
      [10_000_000 + WORTH_BYTES, 0.01],
    ]),
    [2, 6],
    "not while it works, and not for little",
  );
});

t.test("what V8 gave back by itself and takes again counts as growth", async (t) => {
  t.same(
    await collections([
      [20_000_000, 0],
      [8_000_000, 0],
      [8_000_000 + WORTH_BYTES, 0],
    ]),
    [0, 2],
  );
});

t.test("what a collection left in fragments is compacted by a second one, and not by a third", async (t) => {
  const left = (freeBytes: number, busyShare = 0) => [18_000_000, busyShare, freeBytes] as const;
  const much = FRAGMENTED_BYTES;
  t.same(await collections([[20_000_000, 0], left(much), left(much), left(much)]), [0, 1]);
  t.same(
    await collections([[20_000_000, 0], left(much, 0.5), left(much)]),
    [0, 2],
    "once there is rest again",
  );
  t.same(
    await collections([[20_000_000, 0], left(much - 1), left(much)]),
    [0],
    "not for little, and not later",
  );
});
