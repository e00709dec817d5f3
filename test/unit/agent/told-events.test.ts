/** Reading what an events handler answers. */
import fc from "fast-check";
import t from "tap";
import { readEvents, toldText } from "../../../agent/domain/told-events.js";

const listOf = (...numbers: readonly number[]): string =>
  JSON.stringify(numbers.map((number) => ({ number, at: number + 0.5, event: "path-down", end: "core" })));
const numbersOf = (text: string, seen: number): readonly number[] => {
  const reading = readEvents(text, seen);
  if ("problem" in reading) throw new Error(reading.problem);
  return reading.events.map(({ number }) => number);
};

t.test("news is what comes after the number that was seen", async (t) => {
  t.same(numbersOf(listOf(1, 2, 3), 0), [1, 2, 3]);
  t.same(numbersOf(listOf(1, 2, 3), 2), [3]);
  t.same(numbersOf(listOf(1, 2, 3), 3), []);
  t.same(numbersOf("[]", 0), []);
  t.same(numbersOf("[]", 7), [], "an emptied list takes nothing back");
  t.match(readEvents(listOf(3), 2), {
    lost: 0,
    newest: 3,
    events: [{ number: 3, event: "path-down", at: 3_500, fields: { end: "core" } }],
  });
});

t.test("what is not kept any more is counted as lost", async (t) => {
  t.match(readEvents(listOf(5, 6), 2), { lost: 2, newest: 6, events: [{ number: 5 }, { number: 6 }] });
  t.match(readEvents(listOf(5, 6), 0), { lost: 4 });
  t.match(readEvents(listOf(5, 7), 4), { lost: 1 }, "also in the middle");
  t.match(readEvents(listOf(5, 6), 4), { lost: 0 });
});

t.test("a numbering that begins anew is read from its beginning", async (t) => {
  t.match(readEvents(listOf(1, 2), 9), { lost: 0, newest: 2, events: [{ number: 1 }, { number: 2 }] });
});

t.test("however a numbered list is asked for, each event comes once or is counted as lost", async () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 9 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      (steps, kept) => {
        let told = 0;
        let seen = 0;
        const got: number[] = [];
        let lost = 0;
        for (const step of steps) {
          told += step;
          const from = Math.max(1, told - kept + 1);
          const reading = readEvents(
            listOf(...Array.from({ length: told - from + 1 }, (_, i) => from + i)),
            seen,
          );
          if ("problem" in reading) return false;
          got.push(...reading.events.map(({ number }) => number));
          lost += reading.lost;
          seen = reading.newest;
        }
        return seen === told && got.length + lost === told && new Set(got).size === got.length;
      },
    ),
  );
});

t.test("what is no list of numbered events is a problem, with the reason", async (t) => {
  for (const [text, reason] of [
    ["", /no JSON/],
    ["{}", /no list/],
    ["[null]", /no object/],
    ['[{"event":"a"}]', /number undefined/],
    ['[{"number":0,"event":"a"}]', /number 0/],
    ['[{"number":1.5,"event":"a"}]', /number 1\.5/],
    ['[{"number":1}]', /event 1 is called undefined/],
    ['[{"number":1,"event":"Path Down"}]', /event 1 is called "Path Down"/],
    [listOf(2, 2), /number 2 does not come after/],
    [listOf(2, 1), /number 1 does not come after/],
    [JSON.stringify([{ number: 1, event: "a", x: "y".repeat(5_000) }]), /more than 4096 bytes/],
    [JSON.stringify(["x".repeat(2 ** 20)]), /more than 1048576 bytes/],
  ] as const) {
    const reading = readEvents(text, 0);
    t.match("problem" in reading ? reading.problem : "none", reason, text.slice(0, 60));
  }
});

t.test("says when; a time that is none is left to the reader", async (t) => {
  for (const at of [undefined, "yesterday", 1e300, null]) {
    const reading = readEvents(JSON.stringify([{ number: 1, at, event: "a" }]), 0);
    t.match(reading, { events: [{ at: null }] }, String(at));
  }
  t.equal(
    toldText({ number: 1, event: "path-down", at: null, fields: { end: "core", vlan: 5, peer: null } }),
    "path-down, end core, vlan 5, peer null",
  );
});
