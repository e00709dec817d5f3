import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { type AgentConfig, readConfig } from "../../../agent/config.js";
import { formatProblem, LightmanoError } from "../../../model/errors.js";

const LEAST = "site: s1\nnode: n1\n";

async function read(t: Test, text: string): Promise<AgentConfig> {
  const folder = await mkdtemp(join(tmpdir(), "lmt-config-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "agent.yaml"), text);
  return readConfig(join(folder, "agent.yaml"));
}

/** What is wrong with a file, problem by problem; its folder left out. */
async function wrong(t: Test, text: string): Promise<readonly string[]> {
  const error = await read(t, text).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LightmanoError)) throw new Error(`this was accepted: ${text}`);
  t.equal(error.code, "usage.invalid");
  t.match(error.detail, /agent\.yaml has errors: /);
  return error.problems.map((problem) => formatProblem(problem).replace(/^.*\/agent\.yaml/, "agent.yaml"));
}

t.test("the least that a node must say; the rest has defaults", async (t) => {
  t.match(await read(t, LEAST), {
    site: "s1",
    node: "n1",
    ports: {},
    bridge: { name: "lightmano0", datapathType: "system" },
    controller: { url: null, keepaliveSeconds: 600, keptReports: 50_000, keptReportBytes: 16_777_216 },
    stateDir: "/var/lib/lightmano",
    runDir: "/run/lightmano",
    ovs: { database: "/var/run/openvswitch/db.sock" },
    docker: { socket: "/var/run/docker.sock" },
    metrics: { port: null, host: "127.0.0.1" },
    telemetrySeconds: 60,
    telemetryAtLeastSeconds: 21_600,
  });
});

t.test("what is said is taken, and the defaults beside it stay", async (t) => {
  const config = await read(
    t,
    `${LEAST}ports: { ran: s1-ran }\nbridge: { datapathType: netdev }\ncontroller: { url: "mqtt://c:1883" }\n`,
  );
  t.match(config, {
    ports: { ran: "s1-ran" },
    bridge: { name: "lightmano0", datapathType: "netdev" },
    controller: {
      url: "mqtt://c:1883",
      keepaliveSeconds: 600,
      keptReports: 50_000,
      keptReportBytes: 16_777_216,
    },
  });
});

t.test("unknown keys are named, with the line that they stand in", async (t) => {
  const problems = await wrong(t, `${LEAST}colour: red\nbridge:\n  nam: br0\nmore:\n  a: 1\n`);
  t.equal(problems.length, 3);
  t.match(
    problems.find((text) => text.includes("more")),
    /^agent\.yaml:6:1: more: Unexpected property/,
  );
  t.match(problems.join("\n"), /^agent\.yaml:3:9: colour: Unexpected property/m);
  t.match(problems.join("\n"), /^agent\.yaml:5:8: bridge\.nam: Unexpected property/m);
});

t.test("a missing key is named, and once", async (t) => {
  t.strictSame(await wrong(t, "site: s1\n"), [
    "agent.yaml:1:1: node: Expected required property (Name of the node, unique in its site.)",
  ]);
  t.equal((await wrong(t, "")).length, 2, "an empty file lacks both");
});

t.test("wrong types and values: each with its place, all at once", async (t) => {
  const problems = await wrong(
    t,
    [
      "site: s 1",
      "node: 5",
      "ports: { ran: a-name-that-is-too-long }",
      "bridge: { datapathType: fast }",
      "controller:",
      "  url: http://c",
      "telemetrySeconds: 0",
      "docker: none",
    ].join("\n"),
  );
  for (const pattern of [
    /^agent\.yaml:1:7: site: /,
    /^agent\.yaml:2:7: node: /,
    /^agent\.yaml:3:15: ports\.ran: /,
    /^agent\.yaml:4:25: bridge\.datapathType: Expected system or netdev/,
    /^agent\.yaml:6:8: controller\.url: /,
    /^agent\.yaml:7:19: telemetrySeconds: /,
    /^agent\.yaml:8:9: docker: /,
  ])
    t.ok(
      problems.some((text) => pattern.test(text)),
      `${pattern} in ${problems.join("; ")}`,
    );
});

t.test("a controller that cannot be connected to, and a period that no timer can keep", async (t) => {
  const url = (text: string) => wrong(t, `${LEAST}controller:\n  url: "${text}"\n`);
  for (const text of ["mqtt://", "mqtt://:1883", "mqtt://c:99999", "mqtt://[c"])
    t.match(await url(text), [/^agent\.yaml:4:8: controller\.url: Expected mqtt:\/\/HOST:PORT, got /], text);
  t.match((await read(t, `${LEAST}controller: { url: "mqtts://[::1]" }\n`)).controller.url, "mqtts://[::1]");
  t.match(await wrong(t, `${LEAST}telemetrySeconds: 3000000\n`), [/telemetrySeconds: .*86400/]);
});

t.test("YAML that does not parse, with line and column", async (t) => {
  const [first = ""] = await wrong(t, `${LEAST}ports: { ran: [\n`);
  t.match(first, /^agent\.yaml:\d+:\d+: YAML: /);
  t.match(await wrong(t, `${LEAST}site: s2\n`), [/:3:1: YAML: .*unique/]);
  t.match(await wrong(t, "- a list\n"), [/the file: Expected object/]);
});

t.test("a file that is not there: which, and why", async (t) => {
  await t.rejects(readConfig("/no/such/agent.yaml"), {
    code: "usage.invalid",
    detail: /cannot read \/no\/such\/agent\.yaml: ENOENT/,
  });
});

const HUB = `${LEAST}hub:\n  candidates:\n    - { node: n1, url: "mqtt://a:1884" }\n    - { node: n2, url: "mqtt://b:1884" }\n`;

t.test("a site of several nodes: its defaults, and none of it where nothing is said", async (t) => {
  t.equal((await read(t, LEAST)).hub, undefined);
  t.match((await read(t, HUB)).hub, {
    candidates: [{ node: "n1" }, { node: "n2" }],
    listen: "0.0.0.0",
    unseen: "keep",
    takeOverSeconds: 4,
    preferSeconds: 60,
    leaseSeconds: 60,
  });
});

t.test("what cannot be a site of several nodes is said, key by key", async (t) => {
  t.match(await wrong(t, `${HUB}  nodes: [n2, n3, n3]\n`), [
    /hub\.nodes: node "n3" is there twice/,
    /hub\.nodes: candidate "n1" is missing: name all nodes/,
    /hub\.nodes: this node \("n1"\) is missing/,
  ]);
  t.match(await wrong(t, HUB.replace("a:1884", "a")), [
    /url of "n1": Expected mqtt:\/\/HOST:PORT with a port/,
  ]);
  t.match(await wrong(t, HUB.replace("node: n1, url", "node: n9, url")), [
    /hub\.candidates: this node \("n1"\) is missing/,
  ]);
  t.match(await wrong(t, `${HUB}  unseen: lease\n  leaseSeconds: 10\n`), [
    /hub\.leaseSeconds: Expected at least 24 \(6 times takeOverSeconds\)/,
  ]);
  t.match(await wrong(t, `${HUB}  unseen: majority\n`), [
    /hub\.unseen: Expected keep or lease or availability/,
  ]);
});
