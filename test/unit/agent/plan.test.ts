import t from "tap";
import { LVNF_GRACE_MS } from "../../../agent/domain/plan-chains.js";
import { NEW_FUNCTION } from "../../../agent/domain/supervision.js";
import { targetOf } from "../../../agent/domain/target.js";
import {
  EXAMPLE_INPUTS,
  EXAMPLE_LAYOUT,
  exampleService,
  exampleSource,
  exampleWith,
} from "../../support/example.js";
import { NOW, nothing, outline, planIn, stepOf, target } from "../../support/planning.js";
import { convergedWorld, EMPTY_WORLD, type World, withBridge } from "../../support/world.js";

t.test("on an empty node the bridge comes first, and what needs it says so", async (t) => {
  const planned = planIn(EMPTY_WORLD);
  t.same(outline(planned.works), { bridge: ["bridge.ensure"] });
  t.match(planned.functions.get("mec.breakout"), { state: "pending", reason: /bridge br0 is not there yet/ });
});

t.test("with the bridge there, everything is planned at once", async (t) => {
  const converged = convergedWorld(target);
  const bare = withBridge(
    { ...EMPTY_WORLD, observed: { ...EMPTY_WORLD.observed, ovs: converged.observed.ovs } },
    (b) => ({ ...b, ports: new Map(), flowCookies: new Set() }),
  );
  t.same(outline(planIn(bare).works), {
    "port/s1-core": ["node-port.attach"],
    "port/s1-ran": ["node-port.attach"],
    "port/wan0": ["node-port.attach"],
    "function/mec.breakout": ["veths.create", "port.add", "lvnf.start"],
    "function/mec.cache": ["image.ensure", "container.create", "container.start"],
  });
});

t.test("where nothing differs there is nothing to do", async (t) => {
  const planned = planIn(convergedWorld(target));
  t.same(planned.works, []);
  t.same(
    [...planned.functions.values()].map(({ state }) => state),
    ["running", "running"],
  );
  t.same(
    [...planned.chains.values()].map(({ state }) => state),
    ["active", "active", "active", "active", "active"],
  );
});

t.test("a dead LVNF is only started: its ports are there still, and its flows stay", async (t) => {
  const world = convergedWorld(target);
  const dead = {
    ...world,
    observed: {
      ...world.observed,
      click: {
        state: "ready" as const,
        now: { version: null, processes: new Map(), files: new Set<string>() },
      },
    },
    memory: new Map(world.memory).set("mec.breakout", {
      ...NEW_FUNCTION,
      diedAt: NOW - 3,
      nextAttemptAt: NOW,
    }),
  };
  const planned = planIn(dead);
  t.same(outline(planned.works), { "function/mec.breakout": ["lvnf.start"] });
  t.equal(planned.wakeAt, NOW - 3 + LVNF_GRACE_MS, "looks again when the grace ends");
});

t.test("an LVNF that stays away is bypassed: flows into it go, the way past stays", async (t) => {
  const world = convergedWorld(target);
  const problem = { code: "click.script-invalid", detail: "line 3: no" } as const;
  const gone = {
    ...world,
    observed: {
      ...world.observed,
      click: {
        state: "ready" as const,
        now: { version: null, processes: new Map(), files: new Set<string>() },
      },
    },
    memory: new Map(world.memory).set("mec.breakout", {
      ...NEW_FUNCTION,
      diedAt: NOW - 5_000,
      nextAttemptAt: NOW + 9_000,
      problem,
    }),
  };
  const planned = planIn(gone);
  const { add, removeCookies } = stepOf(planned.works, "flows.apply");
  t.same(add, []);
  t.equal(removeCookies.length, 3, "the two ways into the breakout, and the one from the WAN into its cache");
  t.match(planned.functions.get("mec.breakout"), {
    state: "failed",
    code: "click.script-invalid",
    reason: "line 3: no",
  });
  t.match(planned.chains.get("mec.s1-up"), { state: "bypassed" });
  t.match(planned.chains.get("mec.s1-other"), { state: "active", flows: 2 });
  t.equal(planned.wakeAt, NOW + 9_000);
});

t.test(
  "when the cache dies the breakout is bypassed too, at once: what it breaks out would end nowhere",
  async (t) => {
    const world = convergedWorld(target);
    const dead = {
      ...world,
      observed: {
        ...world.observed,
        docker: { state: "ready" as const, now: { version: null, containers: new Map() } },
      },
      memory: new Map(world.memory).set("mec.cache", { ...NEW_FUNCTION, diedAt: NOW, nextAttemptAt: NOW }),
    };
    const planned = planIn(dead);
    t.match(planned.chains.get("mec.s1-up"), { state: "bypassed", reason: /mec\.cache/ });
    t.equal(stepOf(planned.works, "flows.apply").removeCookies.length, 3);
  },
);

t.test(
  "of a container whose process has ended nothing is begun until Docker says so; its traffic goes past it",
  async (t) => {
    const own = (target.functions.get("mec.cache")?.ports ?? []).map(({ bridgeDevice }) => bridgeDevice);
    t.equal(own.length, 2);
    const world = withBridge(convergedWorld(target), (b) => ({
      ...b,
      ports: new Map([...b.ports].filter(([name]) => !own.includes(name))),
    }));
    const { docker } = world.observed;
    if (docker.state !== "ready") return t.fail();
    const ended = new Map([...docker.now.containers].map(([id, c]) => [id, { ...c, ended: true }] as const));
    const planned = planIn({
      ...world,
      observed: { ...world.observed, docker: { state: "ready", now: { version: null, containers: ended } } },
    });
    t.equal(outline(planned.works)["function/mec.cache"], undefined);
    t.match(planned.functions.get("mec.cache"), {
      state: "starting",
      reason: "its process has ended",
      pid: 500,
    });
    t.match(planned.chains.get("mec.s1-up"), { state: "bypassed", reason: /mec\.cache/ });
  },
);

t.test("a container that was started again is attached anew", async (t) => {
  const world = convergedWorld(target);
  const { docker } = world.observed;
  if (docker.state !== "ready") return t.fail();
  const again = new Map([...docker.now.containers].map(([id, c]) => [id, { ...c, pid: 777 }] as const));
  const planned = planIn({
    ...world,
    observed: { ...world.observed, docker: { state: "ready", now: { version: null, containers: again } } },
  });
  t.same(outline(planned.works)["function/mec.cache"], [
    "port.remove",
    "container.attach",
    "container.attach",
    "port.add",
  ]);
  t.equal(stepOf(planned.works, "container.attach").pid, 777);
});

t.test(
  "a port whose interface is gone is made anew, and the process, which holds the dead one, too",
  async (t) => {
    const [port] = target.functions.get("mec.breakout")?.ports ?? [];
    const device = port?.bridgeDevice ?? "";
    const world = withBridge(convergedWorld(target), (b) => {
      const found = b.ports.get(device);
      return { ...b, ports: found ? new Map(b.ports).set(device, { ...found, ifindex: 0 }) : b.ports };
    });
    const planned = planIn(world);
    t.same(outline(planned.works)["function/mec.breakout"], [
      "lvnf.stop",
      "port.remove",
      "veths.create",
      "port.add",
      "lvnf.start",
    ]);
  },
);

t.test(
  "a port that is not bound, its interface being there, is bound again; the process goes on",
  async (t) => {
    const [port] = target.functions.get("mec.breakout")?.ports ?? [];
    const device = port?.bridgeDevice ?? "";
    for (const fault of [{ ofport: null }, { error: "could not open network device" }]) {
      const world = withBridge(convergedWorld(target), (b) => {
        const found = b.ports.get(device);
        return { ...b, ports: found ? new Map(b.ports).set(device, { ...found, ...fault }) : b.ports };
      });
      const steps = outline(planIn(world).works)["function/mec.breakout"];
      t.same(steps, ["port.remove", "veths.create", "port.add"], JSON.stringify(fault));
    }
    const world = withBridge(convergedWorld(target), (b) => ({
      ...b,
      ports: new Map([...b.ports].filter(([name]) => name !== device)),
    }));
    t.same(outline(planIn(world).works)["function/mec.breakout"], ["veths.create", "port.add"]);
  },
);

t.test("flows that were lost are put back in one change, foreign ones go", async (t) => {
  const planned = planIn(
    withBridge(convergedWorld(target), (b) => ({ ...b, flowCookies: new Set(["0x0000000000000bad"]) })),
  );
  t.same(outline(planned.works), { flows: ["flows.apply"] });
  const { add, removeCookies } = stepOf(planned.works, "flows.apply");
  t.same(removeCookies, ["0x0000000000000bad"]);
  t.equal(add.length, 10);
  t.equal(new Set(add.map(({ cookie }) => cookie)).size, 10, "each flow has its own cookie");
});

t.test("a changed script replaces the process and nothing else", async (t) => {
  const changed = targetOf(
    [exampleService("mec", exampleWith("gtp-breakout.yaml", "LOCAL_IP: 10.40.0.1", "LOCAL_IP: 10.40.0.2"))],
    EXAMPLE_LAYOUT,
  );
  const planned = planIn(convergedWorld(target), changed);
  t.same(outline(planned.works), {
    "function/mec.breakout": ["lvnf.stop", "lvnf.start"],
    flows: ["flows.apply"],
  });
});

t.test("what nothing wants is removed, if it bears our mark", async (t) => {
  const world = withBridge(convergedWorld(target), (b) => ({
    ...b,
    ports: new Map(b.ports).set("theirs", {
      name: "theirs",
      ofport: 99,
      error: null,
      linkUp: true,
      ifindex: 99,
      externalIds: {},
    }),
  }));
  const planned = planIn(world, nothing);
  t.same(outline(planned.works), {
    "function/mec.breakout": ["lvnf.stop"],
    "function/mec.cache": ["container.remove"],
    flows: ["flows.apply"],
    "orphan-ports": ["port.remove"],
  });
  t.notOk(stepOf(planned.works, "port.remove").devices.includes("theirs"));
});

t.test(
  "files of a function that nothing wants are removed, of one that is down or unheard of they stay",
  async (t) => {
    const world: World = {
      ...EMPTY_WORLD,
      observed: {
        ...EMPTY_WORLD.observed,
        click: {
          state: "ready",
          now: { version: null, processes: new Map(), files: new Set(["mec.breakout", "mec.old"]) },
        },
      },
    };
    t.same(outline(planIn(world).works), { bridge: ["bridge.ensure"], "function/mec.old": ["lvnf.forget"] });
  },
);

t.test("Docker away: its functions wait with the reason, the others are not touched", async (t) => {
  const world = convergedWorld(target);
  const away = {
    ...world,
    observed: {
      ...world.observed,
      docker: { state: "degraded" as const, reason: "cannot connect", last: null },
    },
  };
  const planned = planIn(away);
  t.match(planned.functions.get("mec.cache"), {
    state: "pending",
    code: "driver.unavailable",
    reason: "docker: cannot connect",
  });
  t.match(planned.functions.get("mec.breakout"), { state: "running" });
  t.notOk(planned.works.some(({ object }) => object === "function/mec.cache"));
});

t.test("Open vSwitch away: nothing is planned on it, and a dead LVNF is started all the same", async (t) => {
  const world = convergedWorld(target);
  const { ovs } = world.observed;
  const away: World = {
    ...world,
    observed: {
      ...world.observed,
      ovs: { state: "degraded", reason: "gone", last: ovs.state === "ready" ? ovs.now : null },
      click: { state: "ready", now: { version: null, processes: new Map(), files: new Set() } },
    },
  };
  t.same(outline(planIn(away).works), { "function/mec.breakout": ["lvnf.start"] });
});

t.test("a node without a port that a service wants says which", async (t) => {
  const poor = targetOf([exampleService()], { ...EXAMPLE_LAYOUT, ports: { ran: "s1-ran", core: "s1-core" } });
  t.match(poor.services.get("mec")?.problems, [
    { code: "sap.unknown", detail: /SAP "wan": this node has no port of that name \(it has ran, core\)/ },
  ]);
  t.same(planIn(EMPTY_WORLD, poor).works, []);
});

t.test("two services that want the same traffic: the later is refused, the first goes on", async (t) => {
  const services = [
    { ...exampleService("a"), since: 2 },
    { ...exampleService("b"), since: 1 },
  ];
  const both = targetOf(services, EXAMPLE_LAYOUT);
  t.same(both.services.get("b")?.problems, []);
  t.match(both.services.get("a")?.problems, [
    { code: "object.conflict", detail: /service b already has/ },
    ...Array(4).fill({}),
  ]);
  t.same([...both.functions.keys()], ["b.breakout", "b.cache"]);
});

t.test("a service that is refused takes nothing from a third", async (t) => {
  const like = (id: string, since: number, ports: readonly number[]) => {
    const { descriptor, ...rest } = exampleService(id);
    const hops = ports.map((port) => ({
      from: { kind: "sap" as const, sap: "ran" },
      to: { kind: "sap" as const, sap: "core" },
      match: { protocol: "tcp" as const, destinationPorts: [port, port] as const },
      priority: 1,
    }));
    const only = { functions: [], chains: [{ name: "path", hops }] };
    return { ...rest, since, descriptor: descriptor && { ...descriptor, ...only } };
  };
  const all = [like("first", 1, [80]), like("refused", 2, [443, 80]), like("third", 3, [443])];
  const { services } = targetOf(all, EXAMPLE_LAYOUT);
  t.same(
    [...services].map(([id, { problems }]) => [id, problems.length]),
    [
      ["first", 0],
      ["refused", 1],
      ["third", 0],
    ],
  );
});

t.test("a SAP is a port of agent.yaml and nothing that every object has", async (t) => {
  const service = exampleService();
  const odd = {
    ...service,
    descriptor: service.descriptor && { ...service.descriptor, saps: [{ name: "constructor" }] },
  };
  t.match(targetOf([odd], EXAMPLE_LAYOUT).services.get("mec")?.problems, [{ code: "sap.unknown" }]);
});

t.test("a service whose descriptor does not parse is a failed service, not a failed node", async (t) => {
  const broken = exampleService("bad", exampleSource({ "nsd.yaml": "x" }), EXAMPLE_INPUTS);
  const both = targetOf([exampleService("mec"), broken], EXAMPLE_LAYOUT);
  t.ok((both.services.get("bad")?.problems.length ?? 0) > 0);
  t.equal(both.functions.size, 2);
});

t.test("a function is not replaced because the agent does something else with a handler of it", async (t) => {
  const digestOf = (source = exampleSource()) =>
    targetOf([exampleService("mec", source)], EXAMPLE_LAYOUT).functions.get("mec.breakout")?.digest;
  const without = exampleWith("gtp-breakout.yaml", "sessions.events, events: true", "sessions.events");
  t.equal(digestOf(without), digestOf());
  const other = exampleWith(
    "gtp-breakout.yaml",
    "sessions.events, events: true",
    "sessions.stats, events: true",
  );
  t.not(digestOf(other), digestOf());
});
