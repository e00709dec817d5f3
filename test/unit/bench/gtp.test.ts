/** What `npm run bench:gtp` computes of what it measures. */
import t from "tap";
import { capacity } from "../../../bench/gtp/capacity.js";
import { BODY_AT, LEG, PORT_AT, UP } from "../../../bench/gtp/frames.js";
import { merged, percentile } from "../../../bench/gtp/histogram.js";

t.test("a percentile is the upper end of the bucket that reaches the share", async (t) => {
  const histogram = [
    [10, 11, 50],
    [11, 12, 49],
    [64, 66, 1],
  ] as const;
  t.equal(percentile(histogram, 0.5), 11, "the 50th of 100 is in the first");
  t.equal(percentile(histogram, 0.51), 12);
  t.equal(percentile(histogram, 0.99), 12);
  t.equal(percentile(histogram, 0.999), 66, "rounded up: the last one");
  t.equal(percentile([[5, 6, 1]], 0), 6, "of one packet all are that one");
  t.ok(Number.isNaN(percentile([], 0.5)), "none of none");
});

t.test("histograms add up by bucket, lowest first", async (t) => {
  const first = [[64, 66, 1]] as const;
  const second = [
    [10, 11, 2],
    [64, 66, 3],
  ] as const;
  t.same(merged([first, second]), [
    [10, 11, 2],
    [64, 66, 4],
  ]);
  t.same(merged([]), []);
});

/** A function that keeps up with so much, and what was tried. */
function limited(limit: number) {
  const tried: number[] = [];
  const trial = async (pps: number) => {
    tried.push(pps);
    return pps <= limit;
  };
  return { trial, tried };
}

t.test("the capacity is searched for in a bounded number of trials", async (t) => {
  const { trial, tried } = limited(730);
  const found = await capacity(trial, { from: 100, most: 6400, steps: 4 });
  t.same(tried, [100, 200, 400, 800, 600, 700, 750, 725]);
  t.equal(found, 725, "the highest that was kept up with");
});

t.test("the search ends where nothing is kept up with, and at the most that is asked for", async (t) => {
  const slow = limited(99);
  t.equal(await capacity(slow.trial, { from: 100, most: 6400, steps: 4 }), 0);
  t.same(slow.tried, [100]);
  const fast = limited(Number.POSITIVE_INFINITY);
  t.equal(await capacity(fast.trial, { from: 100, most: 400, steps: 4 }), 400);
  t.same(fast.tried, [100, 200, 400]);
});

t.test("frames are what the generator takes them for", async (t) => {
  t.equal(UP.length, 100);
  t.equal(LEG.length, 64);
  t.equal(UP.readUInt16BE(PORT_AT.up), LEG.readUInt16BE(PORT_AT.leg), "the UE's port");
  t.same(UP.subarray(BODY_AT.up), LEG.subarray(BODY_AT.leg), "the payload");
  t.equal(UP.length - BODY_AT.up, 22, "with room for a stamp of 12 bytes");
});
