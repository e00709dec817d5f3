/** What the controller does when a whole fleet comes at once. */
import t from "tap";
import { envelopeMaker } from "../../bus/envelope.js";
import { silentLog } from "../../bus/log.js";
import { createDesiredPublisher } from "../../controller/desired.js";
import { createFeed } from "../../controller/feed.js";
import { createLcm } from "../../controller/lcm.js";
import { createReportEffects } from "../../controller/report-effects.js";
import { asNodeId, asSiteId, type SiteId } from "../../model/ids.js";
import { topics } from "../../model/topics.js";

const envelope = envelopeMaker({ clock: () => 0, random: Math.random });
const node = asNodeId("n1");
const sites = Array.from({ length: 100 }, (_, i) => asSiteId(`s${i}`));
/** Until nothing more happens that waits for nobody. */
const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

t.test("one site's digest does not wait until the broker has answered for all before it", async (t) => {
  const readings: number[] = [];
  const said: string[] = [];
  const answers: (() => void)[] = [];
  const stop = new AbortController();
  const publisher = createDesiredPublisher({
    store: {
      desired: {
        sites: async () => sites,
        ofSites: async (asked: readonly SiteId[]) => {
          readings.push(asked.length);
          return new Map(asked.map((site) => [site, []]));
        },
      } as never,
    },
    bus: {
      connected: () => true,
      onChange: () => () => undefined,
      publish: (topic: string) =>
        new Promise<void>((resolve) => {
          said.push(topic);
          answers.push(resolve);
        }),
    } as never,
    envelope,
    knownSites: () => [],
    log: silentLog,
  });
  const running = publisher.run(stop.signal);
  let answered = 0;
  for (; said.length < sites.length && answered < sites.length; answered++) {
    await quiet();
    for (const answer of answers.splice(0)) answer();
  }
  await quiet();
  t.same(said.toSorted(), sites.map((site) => topics.desiredDigest(site)).toSorted());
  t.ok(answered <= 5, `the last is said after ${answered} answers' time`);
  t.equal(
    readings.reduce((sum, count) => sum + count),
    sites.length,
  );
  t.ok(readings.length <= 5, `the store is read ${readings.length} times`);
  stop.abort();
  publisher.changed(sites[0] as SiteId);
  await running;
});

t.test("nothing of a failed round is said while everything is said again", async (t) => {
  let under = 0;
  let failed = false;
  let underAtWait = -1;
  const stop = new AbortController();
  const publisher = createDesiredPublisher({
    store: {
      desired: {
        sites: async () => sites.slice(0, 3),
        ofSites: async (asked: readonly SiteId[]) => new Map(asked.map((site) => [site, []])),
      } as never,
    },
    bus: {
      connected: () => true,
      onChange: () => () => undefined,
      async publish() {
        if (!failed) {
          failed = true;
          throw new Error("connection lost");
        }
        under += 1;
        await quiet();
        under -= 1;
      },
    } as never,
    envelope,
    knownSites: () => [],
    log: silentLog,
    wait: async () => {
      underAtWait = under;
      stop.abort();
    },
  });
  await publisher.run(stop.signal);
  t.equal(underAtWait, 0);
});

t.test("what one node tells does not have the operations of all sites looked at", async (t) => {
  const looked: string[] = [];
  const operation = (site: SiteId) => ({
    id: `at-${site}`,
    instanceId: `web-${site}`,
    site,
    type: "TERMINATE",
  });
  const open = sites.map(operation);
  const lcm = createLcm({
    store: {
      instances: {
        processing: async () => open,
        processingOf: async (services: readonly string[], at: ReadonlySet<SiteId>) =>
          open.filter(({ instanceId, site }) => services.includes(instanceId) || at.has(site)),
      },
      desired: { get: async () => null },
      reports: {
        async ofService(site: SiteId) {
          looked.push(site);
          return [{ removed: false }];
        },
      },
    } as never,
    fleet: { ofSite: () => [{}] } as never,
    exclusive: (work: () => Promise<unknown>) => work(),
    log: silentLog,
  } as never);
  const effects = createReportEffects({
    store: { reports: { eventsAfter: async () => [] } } as never,
    desired: { changed: () => undefined },
    fleet: { reported: () => undefined } as never,
    feed: createFeed(),
    lcm,
    log: silentLog,
  });
  const report = (site: string, item: object) => ({
    key: { site: asSiteId(site), node, store: "a" },
    receivedAt: "",
    items: [{ seq: 1, ts: "", ...item }],
  });
  await effects.taken([report("s1", { removedService: "web-s1" }), report("s2", { present: [] })]);
  t.same(looked, ["s1", "s2"], "of the service that is gone, and of the site that told of all that it has");
  looked.length = 0;
  await lcm.settle();
  t.equal(looked.length, sites.length, "all are when the controller starts");
});
