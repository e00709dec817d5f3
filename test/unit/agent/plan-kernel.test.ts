/** LVNFs in the kernel: who has its one router, and how what runs there is stopped. */
import t from "tap";
import { targetOf } from "../../../agent/domain/target.js";
import { EXAMPLE_LAYOUT, exampleService, exampleSource, exampleWith } from "../../support/example.js";
import { planIn, stepOf, target } from "../../support/planning.js";
import { convergedWorld } from "../../support/world.js";

t.test("the kernel has one router: who came first has it, and the other is told why not", async (t) => {
  const inKernel = exampleWith(
    "gtp-breakout.yaml",
    "        name: click\n",
    "        name: click\n        run_mode: kernel\n",
  );
  const of = (id: string, since: number, source = inKernel) => ({ ...exampleService(id, source), since });
  const both = targetOf([of("a", 2), of("b", 1)], EXAMPLE_LAYOUT);
  t.same(both.services.get("b")?.problems, []);
  t.match(both.services.get("a")?.problems[0], {
    code: "object.conflict",
    detail:
      "function a.breakout wants run mode kernel, which b.breakout has: the kernel has one Click router; use run mode userlevel for one of them",
  });
  t.match(both.functions.get("b.breakout"), { kind: "lvnf", runMode: "kernel" });
  t.notOk(both.functions.has("a.breakout"));
  const beside = targetOf([of("a", 1), of("b", 2, exampleSource())], EXAMPLE_LAYOUT);
  t.same(
    beside.services.get("b")?.problems.filter(({ detail }) => detail.includes("kernel")),
    [],
    "a process beside it is none of its matter",
  );
  const refusedFirst = targetOf(
    [{ ...of("c", 0), problems: [], descriptor: null }, of("a", 1)],
    EXAMPLE_LAYOUT,
  );
  t.same(refusedFirst.services.get("a")?.problems, [], "what cannot be placed has nothing");
  t.not(
    both.functions.get("b.breakout")?.digest,
    targetOf([of("b", 1, exampleSource())], EXAMPLE_LAYOUT).functions.get("b.breakout")?.digest,
  );
});

t.test("what runs in the kernel has no pid to show, and is stopped there", async (t) => {
  const world = convergedWorld(target);
  const view = world.observed.click;
  const processes = view.state === "ready" ? view.now.processes : new Map<string, never>();
  const breakout = processes.get("mec.breakout");
  if (!breakout) return t.fail("the world has no breakout");
  const inKernel = (digest: string) => ({
    ...world,
    observed: {
      ...world.observed,
      click: {
        state: "ready" as const,
        now: {
          version: null,
          files: new Set<string>(),
          processes: new Map([["mec.breakout", { ...breakout, digest, pid: 0, startTicks: 5 }]]),
        },
      },
    },
  });
  t.match(planIn(inKernel(breakout.digest)).functions.get("mec.breakout"), { state: "running", pid: null });
  const { works } = planIn(inKernel("sha256:other"));
  t.match(stepOf(works, "lvnf.stop"), { functionId: "mec.breakout", pid: 0, startTicks: 5 });
  t.match(
    works.find(({ object }) => object === "function/mec.breakout")?.cause,
    "the kernel runs an older description",
  );
});
