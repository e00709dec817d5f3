import t from "tap";
import type { Step, Work } from "../../../agent/domain/steps.js";
import { createRunner } from "../../../agent/runner.js";

const REMOVE: Work = workOf("link/lmb1", [{ do: "link.remove", device: "lmb1" }]);
const MAKE: Work = workOf("function/s.f", [
  { do: "veths.create", pairs: [{ bridgeDevice: "lmb1", functionDevice: "lmf1" }] },
]);
const OTHER: Work = workOf("function/s.g", [
  { do: "veths.create", pairs: [{ bridgeDevice: "lmb2", functionDevice: "lmf2" }] },
]);

function workOf(object: string, steps: readonly Step[]): Work {
  return { object, digest: object, cause: "", rule: "", steps };
}

/** A runner whose steps end when they are told to, or are aborted. */
function world() {
  const begun: string[] = [];
  const ended: string[] = [];
  const finish = new Map<string, () => void>();
  const runner = createRunner({
    execute: (_step, signal) =>
      new Promise((resolve, reject) => {
        finish.set(begun.at(-1) as string, () => resolve(null));
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
    now: () => 0,
    started: ({ object }) => void begun.push(object),
    ended: ({ work, aborted }) => void ended.push(`${work.object}${aborted ? " aborted" : ""}`),
    signal: new AbortController().signal,
  });
  return { runner, begun, ended, finish };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

t.test("a work waits for one of another object that is about the same device", async (t) => {
  const { runner, begun, finish } = world();
  runner.reconcile([REMOVE], () => false);
  runner.reconcile([REMOVE, MAKE, OTHER], () => false);
  t.same(begun, ["link/lmb1", "function/s.g"], "and for no other");
  finish.get("link/lmb1")?.();
  await settled();
  runner.reconcile([MAKE, OTHER], () => false);
  t.same(begun, ["link/lmb1", "function/s.g", "function/s.f"]);
});

t.test("of two planned at once for one device the second waits", async (t) => {
  const { runner, begun } = world();
  runner.reconcile([MAKE, REMOVE], () => false);
  t.same(begun, ["function/s.f"]);
});

t.test("one in the way that is planned no more is aborted", async (t) => {
  const { runner, begun, ended } = world();
  runner.reconcile([REMOVE], () => false);
  runner.reconcile([MAKE], () => false);
  t.same(begun, ["link/lmb1"]);
  await settled();
  t.same(ended, ["link/lmb1 aborted"]);
  runner.reconcile([MAKE], () => false);
  t.same(begun, ["link/lmb1", "function/s.f"]);
});
