/** What `npm run bench:return` computes of what it measures. */
import t from "tap";
import { percentile, spikeOf } from "../../../bench/return/figures.js";

t.test("a percentile is the nearest rank, of values in any order", async (t) => {
  const values = [30, 10, 20, 40];
  t.equal(percentile(values, 0.5), 20);
  t.equal(percentile(values, 0.51), 30);
  t.equal(percentile(values, 1), 40);
  t.ok(Number.isNaN(percentile([], 0.5)), "none of none");
});

t.test("a spike is the fullest stretch by what a stretch has on average", async (t) => {
  t.same(spikeOf([1_000, 1_100, 1_200, 1_300], 100), { peak: 1, mean: 1, factor: 1 }, "evenly");
  t.same(spikeOf([1_350, 1_000, 1_010, 1_020], 100), { peak: 3, mean: 1, factor: 3 }, "in any order");
  t.same(spikeOf([5, 6, 7], 100), { peak: 3, mean: 3, factor: 1 }, "all in one stretch");
});
