/** What is left of functions that no target has: it goes because something is known, never because nothing is. */
import t from "tap";
import { claimOn } from "../../../agent/domain/claims.js";
import { plan } from "../../../agent/domain/plan.js";
import { targetOf } from "../../../agent/domain/target.js";
import { EXAMPLE_LAYOUT, exampleService } from "../../support/example.js";
import { NOW, outline, planIn, target } from "../../support/planning.js";
import { convergedWorld, EMPTY_WORLD } from "../../support/world.js";

const unread = { ...exampleService(), descriptor: null };
const unknown = targetOf([], EXAMPLE_LAYOUT);

t.test("a function may go when its service was terminated, or is there without it", async (t) => {
  t.match(claimOn("mec.cache", unknown), /knows no service/);
  t.equal(claimOn("mec.cache", targetOf([], EXAMPLE_LAYOUT, ["mec"])), null);
  t.equal(claimOn("mec.old", target), null, "a service's function of an earlier package");
  t.match(claimOn("mec.cache", targetOf([unread], EXAMPLE_LAYOUT)), /mec is wanted and cannot be read/);
  t.match(claimOn("me.cache", targetOf([], EXAMPLE_LAYOUT, ["mec"])), /knows no service/);
});

t.test("where an id can be of two services, the one that is not read keeps it", async (t) => {
  const dotted = { ...unread, request: { ...unread.request, id: "mec.two" } };
  t.match(claimOn("mec.two.cache", targetOf([dotted], EXAMPLE_LAYOUT, ["mec"])), /mec\.two is wanted/);
  t.equal(claimOn("mec.two.cache", targetOf([], EXAMPLE_LAYOUT, ["mec"])), null);
});

t.test("what is held keeps its ports, the node's ports and the flows that were found", async (t) => {
  const world = convergedWorld(target);
  const bridge = world.observed.ovs.state === "ready" ? world.observed.ovs.now.bridges.get("br0") : null;
  const found = bridge?.flowCookies ?? new Set<string>();
  t.ok(found.size > 0);
  const held = plan({ target: unknown, ...world, foundFlows: found, now: NOW });
  t.same(held.works, []);
  t.same([...held.held.keys()], ["mec.breakout", "mec.cache"]);
  const made = plan({ target: unknown, ...world, foundFlows: new Set(), now: NOW });
  t.same(outline(made.works), { flows: ["flows.apply"] }, "flows of this life are removed as ever");
  const gone = planIn(world, targetOf([], EXAMPLE_LAYOUT, ["mec"]));
  t.same(Object.keys(outline(gone.works)).sort(), [
    "flows",
    "function/mec.breakout",
    "function/mec.cache",
    "orphan-ports",
  ]);
  t.same([...gone.held], []);
});

t.test("flows that a wanted service can have are its own, also where they were found", async (t) => {
  const world = convergedWorld(target);
  const bridge = world.observed.ovs.state === "ready" ? world.observed.ovs.now.bridges.get("br0") : null;
  const found = bridge?.flowCookies ?? new Set<string>();
  const planned = plan({ target, ...world, foundFlows: found, now: NOW });
  t.ok([...found].every((cookie) => planned.ownFlows.has(cookie)));
});

t.test("interfaces are not taken away before it was seen whose they are", async (t) => {
  const { observed, ...world } = convergedWorld(target);
  const starting = { state: "starting" as const, reason: "not looked yet", last: null };
  const { ovs, click, docker } = EMPTY_WORLD.observed;
  const linksIn = (change: Partial<typeof observed>) =>
    planIn({ ...world, observed: { ...observed, ...change } }, unknown).works.filter(({ object }) =>
      object.startsWith("link/"),
    );
  t.same(linksIn({ ovs: starting, click, docker }), [], "its ports would tell");
  t.same(linksIn({ ovs, click: starting, docker }), []);
  t.same(linksIn({ ovs, click, docker: starting }), []);
  t.ok(linksIn({ ovs, click, docker }).length > 0, "they are nobody's");
});
