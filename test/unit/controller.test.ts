import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { silentLog } from "../../bus/log.js";
import { readConfig } from "../../controller/config.js";
import { createFeed } from "../../controller/feed.js";
import { createFleet } from "../../controller/fleet.js";
import { hear, type Lives } from "../../controller/namesakes.js";
import { outcomeOf, waitingFor } from "../../controller/operation.js";
import type { ReportedService } from "../../controller/store/reports.js";
import { openStore } from "../../controller/store/store.js";
import { serviceViews } from "../../controller/views.js";
import { asNodeId, asServiceId, asSiteId } from "../../model/ids.js";
import type { ServiceStatus } from "../../model/messages/node.js";
import { openSqlite } from "../../store/sqlite.js";

const site = asSiteId("s1");
const node = asNodeId("n1");
const service = asServiceId("web");
const digest = `sha256:${"a".repeat(64)}`;
const install = { type: "INSTANTIATE" } as const;
const terminate = { type: "TERMINATE" } as const;

function reported(
  state: ServiceStatus["state"],
  change: Partial<ReportedService> & { code?: string; reason?: string } = {},
): ReportedService {
  const { code = null, reason = null, revision = 1, ...rest } = change;
  const status = {
    id: service,
    name: "web",
    packageDigest: digest,
    revision,
    state,
    code,
    reason,
    functions: [],
    chains: [],
  };
  return { site, node, service, removed: false, revision, status, reportedAt: "", receivedAt: "", ...rest };
}

const directory = async (t: { teardown(work: () => Promise<void>): void }): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), "lightmano-controller-"));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
};

t.test("an instantiation ends by what is reported of its own revision", async (t) => {
  t.same(outcomeOf(install, 1, [], true), { state: "PROCESSING" });
  t.same(outcomeOf(install, 1, [reported("deploying")], true), { state: "PROCESSING" });
  t.same(outcomeOf(install, 1, [reported("degraded")], true), { state: "PROCESSING" });
  t.same(outcomeOf(install, 1, [reported("active")], true), { state: "COMPLETED" });
  t.same(
    outcomeOf(install, 3, [reported("active", { revision: 1 })], true),
    { state: "PROCESSING" },
    "of an earlier life",
  );
  t.same(
    outcomeOf(install, 1, [reported("active"), reported("deploying")], true),
    { state: "PROCESSING" },
    "all nodes that run it",
  );
  t.same(outcomeOf(install, 1, [reported("active", { removed: true })], true), { state: "PROCESSING" });
  const failed = outcomeOf(
    install,
    1,
    [reported("active"), reported("failed", { code: "sap.unknown", reason: "no port wan" })],
    true,
  );
  t.match(failed, { state: "FAILED", error: { code: "sap.unknown", detail: "no port wan" } });
  t.match(outcomeOf(install, 1, [reported("failed", { code: "not.ours" })], true), {
    error: { code: "agent.internal" },
  });
});

t.test(
  "a termination ends when all nodes said that it is gone, or when there never was a node",
  async (t) => {
    t.same(outcomeOf(terminate, 2, [reported("active")], true), { state: "PROCESSING" });
    t.same(outcomeOf(terminate, 2, [reported("active", { removed: true }), reported("active")], true), {
      state: "PROCESSING",
    });
    t.same(outcomeOf(terminate, 2, [reported("active", { removed: true })], true), { state: "COMPLETED" });
    t.same(
      outcomeOf(terminate, 2, [], true),
      { state: "PROCESSING" },
      "the site may hold it without having said so",
    );
    t.same(outcomeOf(terminate, 2, [], false), { state: "COMPLETED" });
  },
);

t.test("what an operation waits for is said in one sentence", async (t) => {
  const operation = { ...install, site };
  const away = { node, online: false, since: "2026-01-01T00:00:00Z" };
  t.match(waitingFor(operation, 1, [], []), /never been heard/);
  t.match(waitingFor(operation, 1, [], [away]), /away since 2026-01-01/);
  t.match(waitingFor(operation, 1, [], [{ ...away, online: true }]), /has not reported yet/);
  t.equal(
    waitingFor(operation, 1, [reported("degraded", { reason: "no image" })], [{ ...away, online: true }]),
    "n1: degraded (no image)",
  );
});

t.test("a termination says what is left and where, also of a node that went away over it", async (t) => {
  const operation = { ...terminate, site };
  const here = { node, online: true, since: null };
  const away = { node, online: false, since: "2026-01-01T00:00:00Z" };
  const other = { ...here, node: "n2" as typeof node };
  const left = reported("terminating", { reason: "still here: container web.cache" });
  t.same(outcomeOf(terminate, 1, [left], true), { state: "PROCESSING" });
  t.equal(waitingFor(operation, 1, [left], [here]), "n1: terminating (still here: container web.cache)");
  t.match(
    waitingFor(operation, 1, [left], [away, other]),
    /^n1: terminating \(still here: .*\), away since 2026-01-01/,
  );
  t.match(
    waitingFor(operation, 1, [left], [away]),
    /is away since .*; it goes on when it is back; last heard of n1: terminating/,
  );
  t.match(waitingFor(operation, 2, [reported("active")], [here]), /^n1: active, and has not said/);
  t.match(
    outcomeOf(install, 1, [left], true),
    { state: "PROCESSING" },
    "one that is ended is not up, and nothing that failed",
  );
});

t.test("a service that nobody reported is shown as wanted and without a state", async (t) => {
  const body = { id: "web", name: "the web", packageDigest: digest, inputs: {} };
  const wanted = { site, kind: "service", id: "web", revision: 1, deleted: false, body } as const;
  const fleet = { node: () => null };
  t.match(serviceViews([wanted], [], fleet), [
    { id: "web", name: "the web", node: null, state: null, wanted: true, nodeOnline: false },
  ]);
  t.match(serviceViews([wanted], [reported("active")], fleet), [
    { node: "n1", state: "active", wanted: true },
  ]);
  t.match(serviceViews([{ ...wanted, deleted: true, body: null }], [reported("active")], fleet), [
    { wanted: false, state: "active" },
  ]);
  t.same(
    serviceViews([{ ...wanted, deleted: true, body: null }], [reported("active", { removed: true })], fleet),
    [],
  );
  t.match(
    serviceViews([], [reported("active")], fleet),
    [{ wanted: false, wantedRevision: null }],
    "run there without having been asked for here",
  );
});

t.test("a write is whole or not at all, and a failure shows in the health until one succeeds", async (t) => {
  const path = join(await directory(t), "test.db");
  const sqlite = await openSqlite(path, ["CREATE TABLE a(x INTEGER PRIMARY KEY);"], () => 42);
  await t.rejects(sqlite.write([{ sql: "INSERT INTO a VALUES(1)" }, { sql: "INSERT INTO a VALUES(1)" }]), {
    code: "store.failed",
  });
  t.match(sqlite.health(), { ok: false, since: 42, reason: /UNIQUE/ });
  t.same(await sqlite.all("SELECT * FROM a"), []);
  await Promise.all([1, 2, 3].map((x) => sqlite.write([{ sql: "INSERT INTO a VALUES(?)", values: [x] }])));
  t.ok(sqlite.health().ok);
  t.equal((await sqlite.get("PRAGMA journal_mode"))?.journal_mode, "wal");
  t.equal((await sqlite.get("PRAGMA synchronous"))?.synchronous, 2);
  await sqlite.close();

  const again = await openSqlite(
    path,
    ["CREATE TABLE a(x INTEGER PRIMARY KEY);", "ALTER TABLE a ADD COLUMN y;"],
    Date.now,
  );
  t.same(
    await again.get("SELECT * FROM a WHERE x = 3"),
    { x: 3, y: null },
    "the second migration ran, the first was not run again",
  );
  await again.close();
  await (await openSqlite(path, ["only one"], Date.now)).close(); // a newer program added to it, and no more
  const broken = [...Array<string>(2).fill("SELECT 1;"), { breaks: true, sql: "DROP TABLE a;" } as const];
  await (await openSqlite(path, broken, Date.now)).close();
  await t.rejects(openSqlite(path, ["only one"], Date.now), { code: "store.newer", message: /schema 3/ });
});

t.test("what is not a database is refused with its path", async (t) => {
  const path = join(await directory(t), "controller.db");
  await writeFile(path, "this is no database, but it is long enough to be read as one".repeat(20));
  await t.rejects(openSqlite(path, [], Date.now), {
    code: "store.damaged",
    message: /controller\.db.*not a database/,
  });
});

t.test("revisions grow through removal and return, an unchanged package keeps its own", async (t) => {
  let now = 0;
  const store = await openStore(await directory(t), () => now);
  t.teardown(store.close);
  const content = { digest, entry: "ns.yaml", files: {} };
  const request = { id: "web", name: "web", packageDigest: digest, inputs: {} };
  const { desired } = store;
  await store.sqlite.write([desired.putPackage(site, content), desired.putService(site, request)]);
  await store.sqlite.write([
    desired.putPackage(site, content),
    desired.putService(site, request),
    desired.buryUnusedPackages(site),
  ]);
  const revisions = async () =>
    (await desired.ofSite(site)).map(
      ({ kind, revision, deleted }) => `${kind} ${revision}${deleted ? " deleted" : ""}`,
    );
  t.same(await revisions(), ["package 1", "service 2"]);
  await store.sqlite.write([desired.bury(site, "service", "web"), desired.buryUnusedPackages(site)]);
  await store.sqlite.write([desired.bury(site, "service", "web"), desired.buryUnusedPackages(site)]);
  t.same(await revisions(), ["package 2 deleted", "service 3 deleted"], "burying twice is once");
  await store.sqlite.write([desired.putPackage(site, content), desired.putService(site, request)]);
  t.same(await revisions(), ["package 3", "service 4"]);
  now = 1_000;
  await store.sqlite.write([desired.putService(site, request)]);
  t.same(await revisions(), ["package 3", "service 1000"], "they follow the clock");
  now = 500;
  await store.sqlite.write([desired.putService(site, request)]);
  t.same(await revisions(), ["package 3", "service 1001"], "and never go back with it");
});

t.test("a group of reports is taken in one commit, the last word on a service wins", async (t) => {
  const store = await openStore(await directory(t), Date.now);
  t.teardown(store.close);
  const event = {
    ts: "2026-01-01T00:00:00Z",
    object: "agent",
    type: "agent.started",
    cause: null,
    rule: null,
    action: null,
    code: null,
    detail: "it's on",
  };
  const status = reported("active").status as ServiceStatus;
  const item = (seq: number, content: object) => ({ seq, ts: `2026-01-01T00:00:0${seq}Z`, ...content });
  const key = { site, node, store: "j" };
  const other = { ...key, node: asNodeId("n2") };
  await store.reports.take([
    {
      key,
      receivedAt: "r1",
      items: [
        item(1, { event }),
        item(2, { service: { ...status, state: "deploying" } }),
        item(3, { service: status }),
      ],
    },
    {
      key: other,
      receivedAt: "r1",
      items: [item(7, { service: status }), item(8, { removedService: "web" })],
    },
  ]);
  const [first, second] = await store.reports.ofService(site, "web");
  t.match(first, {
    node: "n1",
    removed: false,
    status: { state: "active" },
    reportedAt: "2026-01-01T00:00:03Z",
  });
  t.match(second, { node: "n2", removed: true, status: { state: "active" } });
  t.match(await store.reports.eventsAfter(0, 10), [{ id: 1, event }]);
  t.same(await store.reports.numbering(), [
    { key, lastSeq: 3 },
    { key: other, lastSeq: 8 },
  ]);
});

t.test("a fleet that was restored is offline until it says otherwise", async (t) => {
  const store = await openStore(await directory(t), Date.now);
  t.teardown(store.close);
  const record = {
    site,
    node,
    online: true,
    since: "a",
    agentVersion: "1",
    heardAt: "b",
    reportedAt: null,
    inventory: null,
    telemetry: null,
  };
  await store.nodes.save([record]);
  const fleet = createFleet({ store, feed: createFeed(), clock: Date.now, log: silentLog });
  await fleet.restore();
  t.same(fleet.nodes(), [{ ...record, online: false, since: "b" }]);
});

t.test(
  "the configuration comes from defaults, a file, then flags, and says what is wrong with it",
  async (t) => {
    const path = join(await directory(t), "controller.yaml");
    await writeFile(path, "restPort: 1000\nmqttPort: 2000\n");
    const config = await readConfig(["--config", path, "--rest-port", "0", "--state-dir", "/x"], {
      dashboardDir: "/d",
    });
    t.match(config, { host: "127.0.0.1", restPort: 0, mqttPort: 2000, stateDir: "/x", dashboardDir: "/d" });
    t.equal(await readConfig(["--help"], {}), null);
    await t.rejects(readConfig(["--rest-port", "many"], { dashboardDir: "/d" }), {
      code: "usage.invalid",
      message: /restPort/,
    });
    await t.rejects(readConfig(["--nonsense"], {}), { code: "usage.invalid" });
    await writeFile(path, "resPort: 1\n");
    await t.rejects(readConfig(["--config", path], { dashboardDir: "/d" }), {
      code: "usage.invalid",
      message: /resPort/,
    });
    await t.rejects(readConfig(["--rest-port", ""], { dashboardDir: "/d" }), { message: /restPort/ });
    await writeFile(path, "8080\n");
    await t.rejects(readConfig(["--config", path], { dashboardDir: "/d" }), { message: /name: value/ });
  },
);

t.test("a life that comes back after another was heard is a second agent", async (t) => {
  const say = (...voices: readonly (readonly [life: string, ts: number])[]) => {
    let lives: Lives = [];
    return voices.map(([life, ts]) => {
      const heard = hear(lives, { life, ts });
      lives = heard.lives;
      return heard.other;
    });
  };
  t.same(say(["a", 1], ["a", 2], ["b", 3], ["b", 4], ["c", 5]), [null, null, null, null, null], "starts");
  t.same(say(["a", 1], ["b", 2], ["a", 3], ["b", 4]), [null, null, "b", "a"], "two in turns");
  t.same(
    say(["a", 1], ["b", 3], ["a", 1], ["a", 2]),
    [null, null, null, null],
    "what a hub says again is old",
  );
  t.same(say(["a", 1_000], ["b", 5], ["a", 1_001]), [null, null, "b"], "one clock behind the other");
});
