import t from "tap";
import { SECOND_LOOK_MS, SILENT_MS, untilSilent } from "../../../agent/drivers/ovs/signs-of-life.js";

/** What an answer takes: it is never there on the very second at which it was asked for. */
const ANSWER_MS = 4;

/** A switch that answers until `stopsAt`, and what it was asked meanwhile at `goesOnAt`, watched from `from` to `until`. */
async function watch(from: number, stopsAt: number, goesOnAt: number, until: number) {
  const over = new AbortController();
  let now = from;
  let heardAt = from;
  const asked: number[] = [];
  await untilSilent(
    {
      ask() {
        asked.push(now);
        if (now < stopsAt || now >= goesOnAt) heardAt = now + ANSWER_MS;
      },
      lastHeardMs: () => heardAt,
      nowMs: () => now,
      clock: {
        async delay(ms) {
          if (now < goesOnAt && now + ms >= goesOnAt) heardAt = goesOnAt;
          now += ms;
          if (now > until) over.abort();
        },
        random: () => 0,
      },
    },
    over.signal,
  );
  return { noticedAt: over.signal.aborted ? null : now, lastHeardAt: heardAt, asked };
}

t.test("a switch that falls silent is noticed by then, whenever it was heard last", async (t) => {
  for (let ms = 0; ms < 1_000; ms += 37) {
    const stopsAt = 60_000 + ms;
    const { noticedAt, lastHeardAt } = await watch(12_345.6, stopsAt, Number.POSITIVE_INFINITY, 120_000);
    t.ok(
      noticedAt !== null && noticedAt - lastHeardAt <= SILENT_MS + SECOND_LOOK_MS + 2,
      `${ms} ms into a second`,
    );
    t.ok(
      noticedAt !== null && noticedAt - lastHeardAt >= SILENT_MS + SECOND_LOOK_MS,
      "and not before its time",
    );
  }
});

t.test("one that answers is asked once a second, and never found silent", async (t) => {
  const { noticedAt, asked } = await watch(500, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 60_500);
  t.equal(noticedAt, null);
  t.equal(asked.length, 61);
});

t.test("one that answers in time again is not found silent", async (t) => {
  t.equal((await watch(0, 10_001, 13_400, 60_000)).noticedAt, null);
});

t.test("an agent that was held up looks once more before it believes that", async (t) => {
  const over = new AbortController();
  let now = 0;
  let heardAt = 0;
  let delays = 0;
  await untilSilent(
    {
      ask: () => undefined,
      lastHeardMs: () => heardAt,
      nowMs: () => now,
      clock: {
        async delay(ms) {
          delays += 1;
          if (delays === 1) now += 20_000;
          else if (delays === 2) heardAt = now += ms;
          else over.abort();
        },
        random: () => 0,
      },
    },
    over.signal,
  );
  t.ok(over.signal.aborted, "it went on");
  t.equal(delays, 3);
});
