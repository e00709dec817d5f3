/** One node of a site, step by step: fence, lease, quorum, preference. */
import t from "tap";
import { elect, hearBeacon, newElection } from "../../../agent/domain/site/election.js";
import {
  beatSent,
  confirm,
  firstPromises,
  granted,
  leaseHolds,
  NO_LEASE,
  placeOf,
  take,
} from "../../../agent/domain/site/member.js";
import { NO_FACTS } from "../../../agent/domain/site/messages.js";
import { startNode, step } from "../../../agent/domain/site/node.js";
import { compareTerms, isQuorum, type SiteSettings, type Table } from "../../../agent/domain/site/terms.js";
import { createSiteTeller } from "../../../agent/hub/teller.js";

const SETTINGS: SiteSettings = {
  nodes: ["a", "b", "c"],
  candidates: ["a", "b"],
  unseen: "lease",
  beatMs: 1_000,
  takeOverMs: 4_000,
  preferMs: 60_000,
  leaseMs: 30_000,
};
const term = (number: number, hub: string, session = "s") => ({ number, hub, session });
const table = (number: number, hub: string, version: number, node: string): Table => ({
  term: term(number, hub),
  version,
  owners: { web: { node, release: false } },
});
const place = (promises: ReturnType<typeof firstPromises>) =>
  placeOf("b", "web", promises, NO_LEASE, 0, { ...SETTINGS, unseen: "keep" });

t.test("terms are ordered, and those of two hubs or two lives of one hub are never the same", async (t) => {
  const all = [term(1, "a"), term(1, "b"), term(1, "b", "t"), term(2, "a")];
  for (const [i, one] of all.entries())
    for (const [j, other] of all.entries())
      t.equal(Math.sign(compareTerms(one, other)), Math.sign(i - j), `${i} and ${j}`);
});

t.test("a quorum is more than half, or half with the first", async (t) => {
  const quorum = (present: string[], nodes: string[]) => isQuorum(new Set(present), nodes);
  t.ok(quorum(["a", "b"], ["a", "b", "c"]));
  t.notOk(quorum(["b"], ["a", "b", "c"]));
  t.ok(quorum(["a"], ["a", "b"]));
  t.notOk(quorum(["b"], ["a", "b"]));
  t.notOk(quorum(["x", "y", "b"], ["a", "b"]), "strangers do not count");
});

t.test("the fence: what bears a lower term than was heard of is refused", async (t) => {
  const begun = firstPromises("b", ["web"]);
  t.equal(place(begun), "here", "what it had before its site had a hub");
  const six = take(begun, { table: table(6, "a", 1, "b"), committed: 0, voice: null }, "s");
  t.same(take(six, { table: table(5, "a", 9, "c"), committed: 9, voice: null }, "s"), six);
  t.equal(
    place(
      confirm(take(six, { table: table(6, "a", 2, "c"), committed: 0, voice: null }, "s"), term(6, "a"), 1),
    ),
    "here",
  );
});

t.test("a table is obeyed once a quorum has it, not before", async (t) => {
  const taken = take(
    firstPromises("b", ["web"]),
    {
      table: table(6, "a", 2, "c"),
      committed: 0,
      voice: null,
    },
    "s",
  );
  t.equal(place(taken), "here");
  t.equal(
    place(confirm(taken, term(6, "a"), 1)),
    "here",
    "an earlier one is known to be there, not this one",
  );
  t.equal(place(confirm(taken, term(7, "a"), 2)), "here", "another term's count says nothing");
  t.equal(place(confirm(taken, term(6, "a"), 2)), "elsewhere");
});

t.test("a voice is given to one life of a node, and a late gift to an earlier one is none", async (t) => {
  const given = { table: table(6, "a", 2, "c"), committed: 0, voice: "earlier" };
  const begun = firstPromises("b", []);
  t.equal(take(begun, given, "s").voice, false);
  t.equal(take(begun, { ...given, voice: "s" }, "s").voice, true);
});

t.test("a lease counts from when it was asked for, however late the grant comes", async (t) => {
  const asked = beatSent(beatSent(NO_LEASE, "s.1", 1_000), "s.2", 20_000);
  t.notOk(leaseHolds(asked, 1_000, SETTINGS), "none yet");
  const lease = granted(asked, "s.1", SETTINGS);
  t.ok(leaseHolds(lease, 24_999, SETTINGS));
  t.notOk(leaseHolds(lease, 25_000, SETTINGS), "its end begins before it ends");
  t.equal(granted(lease, "t.1", SETTINGS), lease, "a beat of an earlier life");
  t.ok(leaseHolds(granted(lease, "s.2", SETTINGS), 43_000, SETTINGS));
});

t.test(
  "a better candidate waits before it takes the role back, and a gap begins the wait anew",
  async (t) => {
    const hear = (from: ReturnType<typeof newElection>, at: number) =>
      hearBeacon(from, term(3, "b"), at, SETTINGS);
    let election = newElection(0, null);
    t.equal(elect(election, "a", null, 3_999, SETTINGS), null);
    t.equal(elect(election, "a", null, 4_000, SETTINGS), "claim", "nobody is heard");
    t.equal(elect(election, "b", null, 5_999, SETTINGS), null, "the second waits longer");
    t.equal(elect(election, "b", null, 6_000, SETTINGS), "claim");
    t.equal(elect(election, "c", null, 99_000, SETTINGS), null, "no candidate");
    for (let at = 0; at <= 60_000; at += 1_000) election = hear(election, at);
    t.equal(elect(election, "a", null, 59_999, SETTINGS), null);
    t.equal(elect(election, "a", null, 60_000, SETTINGS), "claim");
    t.equal(elect(election, "a", null, 60_000, { ...SETTINGS, preferMs: null }), null);
    t.equal(elect(hear(election, 70_000), "a", null, 70_000, SETTINGS), null, "there was a gap");
  },
);

t.test("a member tells of each hub that it follows, and of none", async (t) => {
  const told: string[] = [];
  const teller = createSiteTeller("c", SETTINGS, ({ type, detail }) => void told.push(`${type}: ${detail}`));
  let node = startNode(
    {
      self: "c",
      settings: SETTINGS,
      promises: firstPromises("c", []),
      facts: NO_FACTS,
      session: "s",
      lease: NO_LEASE,
    },
    0,
  );
  const take = (event: Parameters<typeof step>[1], now: number): void => {
    const before = node;
    node = step(before, event, now).node;
    teller.changed(before, node, now);
  };
  const beacon = (of: ReturnType<typeof term>, at: number) =>
    take({ type: "beacon", beacon: { term: of, number: at, committed: 0, grants: {} } }, at);
  take({ type: "tick" }, 100);
  t.same(told, [], "nothing before the first one");
  beacon(term(1, "a"), 1_000);
  beacon(term(1, "a"), 2_000);
  take({ type: "tick" }, 5_999);
  take({ type: "tick" }, 6_000);
  beacon(term(2, "b"), 7_000);
  t.same(told, [
    "site.hub: node a is hub, by term 1 of a",
    "site.no-hub: no hub is heard; what runs here goes on",
    "site.hub: node b is hub, by term 2 of b",
  ]);
});
