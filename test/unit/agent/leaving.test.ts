/** What the planner says of services that are not to be: a value of target, world and what is remembered, and of nothing else. */
import t from "tap";
import { plan } from "../../../agent/domain/plan.js";
import type { Departures } from "../../../agent/domain/plan-leaving.js";
import { NEW_FUNCTION } from "../../../agent/domain/supervision.js";
import { targetOf } from "../../../agent/domain/target.js";
import { serviceStatuses } from "../../../agent/status.js";
import { ServiceStatus } from "../../../model/messages/node.js";
import { parserOf } from "../../../model/validate.js";
import { EXAMPLE_LAYOUT, exampleService } from "../../support/example.js";
import { NOW, nothing, planIn, target } from "../../support/planning.js";
import { convergedWorld, EMPTY_WORLD, type World } from "../../support/world.js";

const NONE: Departures = {
  services: new Map(),
  functions: new Map(),
  ending: new Map(),
  problems: new Map(),
  tombstones: new Map(),
};
/** As the loop remembers it that the example was wanted before. */
const departures: Departures = {
  ...NONE,
  services: new Map([
    [
      "mec",
      {
        name: "cache at the edge",
        packageDigest: exampleService().request.packageDigest,
        revision: 3,
        isElsewhere: false,
        flows: planIn(convergedWorld(target)).ownFlows,
      },
    ],
  ]),
  functions: new Map(
    [...target.functions].map(([id, f]) => [id, { target: f, memory: { ...NEW_FUNCTION, restarts: 4 } }]),
  ),
};
const leavingIn = (world: World, known: Departures = departures, wanted = nothing) =>
  plan({ target: wanted, ...world, departures: known, now: NOW }).leaving.get("mec");
const observedIn = (world: World, part: Partial<World["observed"]>): World => ({
  ...world,
  observed: { ...world.observed, ...part },
});

t.test("of a service that is gone, or wanted and whole, nothing is said", async (t) => {
  t.equal(leavingIn(EMPTY_WORLD), undefined);
  t.equal(leavingIn(convergedWorld(target), NONE, target), undefined);
});

t.test("each kind of piece keeps it, until the last", async (t) => {
  const world = convergedWorld(target);
  const { ovs, docker, click, link } = EMPTY_WORLD.observed;
  const some = leavingIn(world);
  t.same(
    some?.functions.map(({ id, restarts }) => [id, restarts]),
    [
      ["mec.breakout", 4],
      ["mec.cache", 4],
    ],
  );
  const rest = observedIn(world, { docker, click });
  t.same(leavingIn(rest)?.functions, []);
  t.match(leavingIn(rest)?.reason, /^still here: port lmb\w+ of mec\.\w+ on br0, .* and \d+ more$/);
  t.match(leavingIn(observedIn(rest, { ovs }))?.reason, /^still here: interface lmb/);
  t.equal(leavingIn(observedIn(rest, { ovs, link })), undefined);
  const files = {
    state: "ready" as const,
    now: { version: null, processes: new Map(), files: new Set(["mec.breakout"]) },
  };
  t.equal(
    leavingIn(observedIn(EMPTY_WORLD, { click: files }))?.reason,
    "still here: files of LVNF mec.breakout",
  );
  if (world.observed.ovs.state !== "ready") throw new Error("the world has no bridge");
  const bridges = new Map(
    [...world.observed.ovs.now.bridges].map(([id, bridge]) => [id, { ...bridge, ports: new Map() }]),
  );
  const flows = observedIn(EMPTY_WORLD, { ovs: { state: "ready", now: { version: null, bridges } } });
  t.match(leavingIn(flows)?.reason, /^still here: \d+ flows on br0$/);
  t.equal(
    leavingIn(flows, { ...departures, services: new Map() }),
    undefined,
    "whose flows they are nobody knows",
  );
});

t.test(
  "after the agent's start only the marks tell: its name is its id, and it has no package",
  async (t) => {
    const known = { ...NONE, tombstones: new Map([["mec", 9]]) };
    const planned = plan({ target: nothing, ...convergedWorld(target), departures: known, now: NOW });
    const [status, ...others] = serviceStatuses(
      nothing,
      planned,
      new Map(),
      () => "2026-01-01T00:00:00.000Z",
    );
    t.same(others, []);
    t.match(status, {
      id: "mec",
      name: "mec",
      packageDigest: null,
      revision: 9,
      state: "terminating",
      chains: [],
    });
    t.same(
      status?.functions.map(({ name, kind, state, restarts }) => [name, kind, state, restarts]),
      [
        ["breakout", "lvnf", "stopping", 0],
        ["cache", "container", "stopping", 0],
      ],
    );
    t.match(parserOf(ServiceStatus, "status").value(status), { ok: true }, "as the contract has it");
  },
);

t.test("what is held for a service that nothing is known of is not terminating", async (t) => {
  const unknown = targetOf([], EXAMPLE_LAYOUT);
  const planned = planIn(convergedWorld(target), unknown);
  t.ok(planned.held.size > 0);
  t.same([...planned.leaving], []);
});

t.test("what a driver that has not looked may have is not gone", async (t) => {
  const docker = { state: "starting" as const, reason: "not looked yet", last: null };
  const left = leavingIn(observedIn(EMPTY_WORLD, { docker }));
  t.match(left?.functions, [{ id: "mec.cache", kind: "container", code: "driver.unavailable" }]);
  t.match(left, {
    code: "driver.unavailable",
    reason: /container mec\.cache: driver docker is starting: not looked yet/,
  });
  t.equal(leavingIn(observedIn(EMPTY_WORLD, { docker }), NONE), undefined, "of others it is not said");
});

t.test("a service is not gone while a driver has looked at nothing, whatever functions it had", async (t) => {
  const noContainers = {
    ...departures,
    functions: new Map([...departures.functions].filter(([, { target: f }]) => f.kind === "lvnf")),
  };
  const docker = { state: "degraded", reason: "Docker does not answer", last: null } as const;
  t.match(leavingIn(observedIn(EMPTY_WORLD, { docker }), noContainers), {
    functions: [],
    code: "driver.unavailable",
    reason:
      "still here: what containers of it there may be: driver docker is degraded: Docker does not answer",
  });
  t.equal(leavingIn(EMPTY_WORLD, noContainers), undefined);
});

t.test("a call that ends it keeps it, though it is seen no more", async (t) => {
  const ending = { ...departures, ending: new Map([["mec.breakout", "lvnf" as const]]) };
  t.match(leavingIn(EMPTY_WORLD, ending)?.functions, [{ id: "mec.breakout", kind: "lvnf", pid: null }]);
  t.equal(leavingIn(EMPTY_WORLD), undefined);
  const unknown = { ...NONE, ending: new Map([["mec.cache", "container" as const]]) };
  t.match(
    plan({
      target: { ...nothing, gone: new Set(["mec"]) },
      ...EMPTY_WORLD,
      departures: unknown,
      now: NOW,
    }).leaving.get("mec"),
    { reason: "still here: container mec.cache" },
    "also one of which only the call tells what it is",
  );
});

t.test("why it is held up comes first, and another node's is told as such", async (t) => {
  const problem = { code: "docker.failed" as const, detail: "the device is busy" };
  const stuck = { ...departures, problems: new Map([["function/mec.cache", problem]]) };
  t.match(leavingIn(convergedWorld(target), stuck), {
    code: "docker.failed",
    reason: /^still here: container mec\.cache: the device is busy, and \d+ more$/,
  });
  const [[id, service] = ["", undefined]] = [...departures.services];
  if (!service) throw new Error("nothing departed");
  const elsewhere = { ...departures, services: new Map([[id, { ...service, isElsewhere: true }]]) };
  t.match(
    leavingIn(convergedWorld(target), elsewhere)?.reason,
    /^another node of the site is to have it; still here: /,
  );
});

t.test("an id with dots is of the longest service that is known", async (t) => {
  const both = targetOf([], EXAMPLE_LAYOUT, ["mec", "mec.cache"]);
  const click = EMPTY_WORLD.observed.click;
  const files = {
    state: "ready" as const,
    now: { version: null, processes: new Map(), files: new Set(["mec.cache.f"]) },
  };
  const { leaving } = plan({ target: both, ...observedIn(EMPTY_WORLD, { click: files }), now: NOW });
  t.same([...leaving.keys()], ["mec.cache"]);
  t.equal(click.state, "ready");
});
