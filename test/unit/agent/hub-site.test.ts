/** A node in its site, with a network of which the test says what works: the shell around the reducer of hubs and terms. */
import t from "tap";
import type { SiteNetwork } from "../../../agent/hub/ears.js";
import { createSite } from "../../../agent/hub/site.js";
import { silentLog } from "../../../bus/log.js";
import { LightmanoError } from "../../../model/errors.js";

const TAKE_OVER_MS = 4_000;
const nobody = new LightmanoError("agent.unreachable", "nobody is there");

/** Runs a site of one node until its clock is at `untilMs`. */
async function reign(untilMs: number, startBroker: SiteNetwork["startBroker"]) {
  let now = 0;
  const end = new AbortController();
  const told: string[] = [];
  let ended = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const site = createSite({
    site: "s1",
    node: "n1",
    hub: {
      candidates: [{ node: "n1", url: "mqtt://n1:1884" }],
      listen: "n1",
      unseen: "keep",
      takeOverSeconds: TAKE_OVER_MS / 1_000,
      preferSeconds: 60,
      leaseSeconds: 60,
    },
    terms: { promises: async () => null, put: async () => undefined },
    monotonic: () => now,
    lease: { read: () => Number.NEGATIVE_INFINITY, write: () => undefined },
    facts: () => ({ wanted: {}, buried: [], present: [], offer: { ports: [], kinds: [] } }),
    onOwners: () => undefined,
    bridge: null,
    tell: ({ type }) => told.push(type),
    clock: () => now,
    random: () => 0.5,
    log: silentLog,
    network: {
      open: async () => {
        throw nobody;
      },
      startBroker,
    },
    async wait(ms) {
      await new Promise((resolve) => setImmediate(resolve)); // what the last beat began has gone on
      now += ms;
      if (now > untilMs) ended();
    },
    signal: end.signal,
  });
  await site.prepare([]);
  await site.start();
  await over;
  const role = site.view().role;
  end.abort();
  await site.stop();
  return { told, role };
}

t.test("a broker that cannot listen is tried once a take-over, and told of once", async (t) => {
  let attempts = 0;
  const { told, role } = await reign(60_000, async () => {
    attempts += 1;
    throw new LightmanoError("object.conflict", "MQTT broker cannot listen on n1:1884");
  });
  t.equal(role, "candidate");
  t.ok(attempts >= 10, `${attempts} attempts in a minute`);
  t.ok(attempts <= 60_000 / TAKE_OVER_MS, "and no more than one for each take-over");
  t.same(
    told.filter((type) => type === "site.broker-failed"),
    ["site.broker-failed"],
  );
});

t.test("one that listens makes the node hub, and is ended with it", async (t) => {
  const brokers: string[] = [];
  const { role } = await reign(20_000, async ({ host, port }) => {
    brokers.push(`${host}:${port}`);
    return {
      port,
      clients: () => 0,
      retained: () => 0,
      stop: async () => void brokers.push("ended"),
    };
  });
  t.equal(role, "hub");
  t.same(brokers, ["n1:1884", "ended"]);
});
