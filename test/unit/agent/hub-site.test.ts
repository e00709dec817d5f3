/** A node in its site, with a network of which the test says what works: the shell around the reducer of hubs and terms. */
import t from "tap";
import { type Facts, NO_FACTS } from "../../../agent/domain/site/messages.js";
import type { DesiredService } from "../../../agent/domain/target.js";
import type { SiteNetwork } from "../../../agent/hub/ears.js";
import { factsOf } from "../../../agent/hub/facts.js";
import { createSite } from "../../../agent/hub/site.js";
import type { SiteNews } from "../../../agent/hub/teller.js";
import { ownerText, type SiteView } from "../../../agent/hub/view.js";
import type { Broker } from "../../../bus/broker.js";
import { silentLog } from "../../../bus/log.js";
import { LightmanoError, problem } from "../../../model/errors.js";
import { asServiceId } from "../../../model/ids.js";
import { createBrokerModel } from "../../simulation/network/broker-model.js";

const TAKE_OVER_MS = 4_000;

const OFFER = { ports: ["ran"], kinds: ["lvnf"] };

/** The node's own broker, which nobody else reaches: the simulation's model of one. */
function ownBroker(stopped = (): void => undefined) {
  const model = createBrokerModel();
  const listening: Broker = {
    port: 1884,
    clients: model.clients,
    retained: model.retained,
    async stop() {
      model.shut();
      stopped();
    },
  };
  const open: SiteNetwork["open"] = async (options, onMessage) => {
    let close = (_reason: string): void => undefined;
    const ended = new Promise<string>((resolve) => {
      close = resolve;
    });
    const attached = model.connect(options, {
      // Never within the call that published it.
      deliver: ({ topic, payload, retained }) =>
        void setImmediate(() => void onMessage({ topic, payload: Buffer.from(payload), retained })),
      close,
    });
    return {
      ended,
      publish: async (topic, payload, flags) => attached.publish(topic, payload, flags),
      subscribe: (patterns) => new Promise((resolve) => attached.subscribe(patterns, resolve)),
      async end() {
        attached.disconnect();
        close("ended");
      },
    };
  };
  return { open, listening };
}

const alone = (): SiteNetwork => {
  const { open, listening } = ownBroker();
  return { open, startBroker: async () => listening };
};

/** Runs a site of one node until its clock is at `untilMs`; `wantedAt`: what it knows then of what it is to run. */
async function reign(
  untilMs: number,
  wantedAt: (now: number) => Facts["wanted"] = () => ({}),
  network: SiteNetwork = alone(),
) {
  let now = 0;
  const end = new AbortController();
  const told: Pick<SiteNews, "type" | "cause">[] = [];
  const views: SiteView[] = [];
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
    facts: () => ({ ...NO_FACTS, wanted: wantedAt(now), offer: OFFER }),
    onOwners: () => undefined,
    bridge: null,
    tell: (news) => told.push(news),
    clock: () => now,
    random: () => 0.5,
    log: silentLog,
    network,
    async wait(ms) {
      // What the last beat began has gone on: it is published, heard, and what follows from that.
      for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      views.push(site.view());
      now += ms;
      if (now > untilMs) ended();
    },
    signal: end.signal,
  });
  await site.prepare([]);
  await site.start();
  await over;
  const { role } = site.view();
  const place = site.place("web");
  end.abort();
  await site.stop();
  return { told, role, place, views };
}

t.test("a broker that cannot listen is tried once a take-over, and told of once", async (t) => {
  let attempts = 0;
  const { told, role } = await reign(60_000, () => ({}), {
    ...alone(),
    async startBroker() {
      attempts += 1;
      throw new LightmanoError("object.conflict", "MQTT broker cannot listen on n1:1884");
    },
  });
  t.equal(role, "candidate");
  t.ok(attempts >= 10, `${attempts} attempts in a minute`);
  t.ok(attempts <= 60_000 / TAKE_OVER_MS, "and no more than one for each take-over");
  t.same(
    told.flatMap(({ type }) => (type === "site.broker-failed" ? [type] : [])),
    ["site.broker-failed"],
  );
});

t.test("one that listens makes the node hub, and is ended with it", async (t) => {
  const brokers: string[] = [];
  const { open, listening } = ownBroker(() => brokers.push("ended"));
  const { role } = await reign(20_000, () => ({}), {
    open,
    async startBroker({ host, port }) {
      brokers.push(`${host}:${port}`);
      return listening;
    },
  });
  t.equal(role, "hub");
  t.same(brokers, ["n1:1884", "ended"]);
});

const needs = (port: string): Facts["wanted"] => ({ web: { ports: [port], kinds: ["lvnf"] } });
const unplaced = (told: readonly Pick<SiteNews, "type" | "cause">[]) =>
  told.flatMap(({ type, cause }) => (type === "service.unplaced" ? [cause] : []));

t.test(
  "a service whose package has not come is given to nobody, and afterwards to who has what it needs",
  async (t) => {
    const missing: Facts["wanted"] = { web: "missing" };
    const { place, told, views } = await reign(60_000, (now) => (now < 30_000 ? missing : needs("wan")));
    t.equal(place, "unknown", "this node has no wan");
    t.same(unplaced(told), [
      "its package has not come to the hub yet",
      "no node that is there offers its SAPs and drivers",
    ]);
    const [before] = views.filter(({ role, withoutPackage }) => role === "hub" && withoutPackage.length > 0);
    t.match(
      before && ownerText(before, "web"),
      /owned by no node: its package has not come to this node yet/,
    );
    const last = views.at(-1);
    t.match(last && ownerText(last, "web"), /owned by no node: no node that is there offers what it needs/);

    const fits = await reign(60_000, (now) => (now < 30_000 ? missing : needs("ran")));
    t.equal(fits.place, "here");
  },
);

t.test("one whose descriptor cannot be read is given to somebody, who says so", async (t) => {
  const { place, told } = await reign(30_000, () => ({ web: "unreadable" }));
  t.equal(place, "here");
  t.same(unplaced(told), []);
});

t.test("a package that has not come is told apart from one that is at fault", async (t) => {
  const nothing = { state: "starting", reason: "not looked yet", last: null } as const;
  const service = (id: string, code: "package.missing" | "descriptor.invalid"): DesiredService => ({
    request: { id: asServiceId(id), name: id, packageDigest: `sha256:${"0".repeat(64)}`, inputs: {} },
    revision: 1,
    descriptor: null,
    problems: [problem(code, "as the catalogue has it")],
  });
  const input = {
    services: [service("late", "package.missing"), service("wrong", "descriptor.invalid")],
    tombstones: [],
    observed: { ovs: nothing, docker: nothing, click: nothing, link: nothing },
    ports: [],
  };
  t.same(factsOf(input, []).wanted, { late: "missing", wrong: "unreadable" });
});
