import { setMaxListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import t from "tap";
import type { Step, Work } from "../../../agent/domain/steps.js";
import { createRunner, type WorkOutcome } from "../../../agent/runner.js";

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
    heals: () => false,
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

for (const crowd of ["lvnf.start", "lvnf.stop", "link.remove"])
  t.test(
    `of works with ${crowd} a few run at once; what is of no crowd, and one that died, waits for none`,
    async (t) => {
      const stop = new AbortController();
      setMaxListeners(0, stop.signal); // each work listens for the end
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
        ({ object, digest: object, steps: [{ do: step, device: object }] }) as unknown as Work;
      const works = Array.from({ length: 40 }, (_, i) => work(`function/s.f${i}`, crowd));
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

t.test(
  "a container's interfaces are attached side by side, and what follows waits for all of them",
  async (t) => {
    const running: string[] = [];
    const settle = new Map<string, (error?: Error) => void>();
    const outcomes: WorkOutcome[] = [];
    const name = (step: Step): string => (step.do === "container.attach" ? step.port.bridgeDevice : step.do);
    const runner = createRunner({
      execute: (step) =>
        new Promise((resolve, reject) => {
          running.push(name(step));
          settle.set(name(step), (error) => (error ? reject(error) : resolve(null)));
        }),
      heals: () => false,
      now: () => 0,
      started: () => undefined,
      ended: (outcome) => void outcomes.push(outcome),
      signal: new AbortController().signal,
    });
    const attach = (bridgeDevice: string): Step =>
      ({
        do: "container.attach",
        functionId: "s.c",
        pid: 1,
        port: { bridgeDevice, interfaceName: "eth0" },
      }) as unknown as Step;
    const work = workOf("function/s.c", [
      { do: "port.remove", bridge: "b", devices: [] },
      attach("lmb1"),
      attach("lmb2"),
      { do: "port.add", bridge: "b", ports: [] },
    ]);
    runner.reconcile([work], () => false);
    t.same(running, ["port.remove"]);
    settle.get("port.remove")?.();
    await turn();
    t.same(running, ["port.remove", "lmb1", "lmb2"]);
    settle.get("lmb2")?.();
    await turn();
    t.equal(running.length, 3, "the port is not there before both are attached");
    settle.get("lmb1")?.(new Error("no such process"));
    await turn();
    t.equal(running.length, 3, "nor after one of them failed");
    t.match(outcomes, [
      { failedStep: { port: { bridgeDevice: "lmb1" } }, problem: { detail: /no such process/ } },
    ]);
  },
);
