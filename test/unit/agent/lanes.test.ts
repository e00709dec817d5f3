/** How much the agent does at once, and that what heals waits for nothing else. */
import { setImmediate as turn } from "node:timers/promises";
import t from "tap";
import type { Step, Work } from "../../../agent/domain/steps.js";
import { createLanes, laneOf, ROOM } from "../../../agent/lanes.js";
import { createRunner } from "../../../agent/runner.js";

const never = new AbortController().signal;
const image: Step = { do: "image.ensure", image: "lightmano/squid:1" };
const remove = (device: string): Step => ({ do: "link.remove", device });
const removeContainer = (functionId: string): Step => ({
  do: "container.remove",
  functionId,
  containerId: "c",
});
const work = (object: string, ...steps: readonly Step[]): Work => ({
  object,
  digest: "d",
  cause: "",
  rule: "",
  steps,
});

/** A runner whose steps end when the test lets them, or never. */
function bench(heals: readonly string[] = []) {
  const running: string[] = [];
  const release: (() => void)[] = [];
  const ended: string[] = [];
  const runner = createRunner({
    execute: (step, signal) =>
      new Promise((resolve, reject) => {
        running.push(step.do === "link.remove" ? step.device : step.do);
        release.push(() => resolve(null));
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
    heals: ({ object }) => heals.includes(object),
    now: () => 0,
    started: () => undefined,
    ended: ({ work: { object } }) => void ended.push(object),
    signal: never,
  });
  return { runner, running, release, ended };
}

t.test("so many steps run at once as there is room, the rest in the order of their coming", async (t) => {
  const { runner, running, release } = bench();
  const works = Array.from({ length: ROOM.local + 3 }, (_, i) => work(`function/f${i}`, remove(`l${i}`)));
  runner.reconcile(works, () => false);
  await turn();
  t.equal(running.length, ROOM.local);
  for (let more = 1; more <= 3; more++) {
    release.shift()?.();
    await turn();
    t.equal(running.at(-1), `l${ROOM.local + more - 1}`);
    t.equal(running.length, ROOM.local + more);
  }
});

t.test("what heals, and images, go past a hundred first starts that hang", async (t) => {
  const { runner, running } = bench(["function/dead", "flows"]);
  const works = Array.from({ length: 100 }, (_, i) => work(`function/f${i}`, remove(`l${i}`)));
  const containers = Array.from({ length: 100 }, (_, i) => work(`function/c${i}`, removeContainer(`c${i}`)));
  runner.reconcile(
    [
      ...works,
      ...containers,
      work("function/new", image),
      work("function/dead", remove("dead")),
      work("flows", remove("flows")),
    ],
    () => false,
  );
  await turn();
  t.equal(running.filter((name) => name === "container.remove").length, ROOM.container);
  t.equal(running.filter((name) => /^l\d/.test(name)).length, ROOM.local);
  t.ok(running.includes("image.ensure"));
  t.ok(running.includes("dead"));
  t.ok(running.includes("flows"));
});

t.test("a work that is aborted while it waits takes no place, and none is lost by it", async (t) => {
  const { runner, running, release, ended } = bench();
  const works = Array.from({ length: ROOM.local }, (_, i) => work(`function/f${i}`, remove(`l${i}`)));
  const waits = work("function/waits", remove("waits"));
  const next = work("function/next", remove("next"));
  runner.reconcile([...works, waits, next], () => false);
  await turn();
  runner.reconcile([...works, next], ({ object }) => object === "function/waits");
  await turn();
  t.same(ended, ["function/waits"]);
  release.shift()?.();
  await turn();
  t.equal(running.at(-1), "next");
  t.notOk(running.includes("waits"));
});

t.test("a step that fails gives its place to the next", async (t) => {
  const lanes = createLanes({ ...ROOM, local: 1 });
  const order: string[] = [];
  const failing = lanes.within("local", never, async () => {
    order.push("first");
    throw new Error("no");
  });
  const second = lanes.within("local", never, async () => order.push("second"));
  await t.rejects(failing, { message: "no" });
  await second;
  t.same(order, ["first", "second"]);
});

t.test("each step has its lane", async (t) => {
  t.equal(laneOf(image, true), null);
  t.equal(laneOf(removeContainer("a"), false), "container");
  t.equal(laneOf(removeContainer("a"), true), "container.heal");
  t.equal(laneOf(remove("a"), true), "local.heal");
});
