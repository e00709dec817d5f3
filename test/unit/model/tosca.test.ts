import t from "tap";
import { formatProblem } from "../../../model/errors.js";
import { type PackageSource, parsePackage } from "../../../model/tosca/parse.js";
import { EXAMPLE_INPUTS, exampleSource, exampleWith } from "../../support/example.js";

/** A rule of a service's own, in place of the example's, which takes all that enters. */
const UDP_PORT =
  "properties: { ether_type: ipv4, protocol: udp, destination_port_range: [2152, 2152], priority: 100 }";
const withRule = (properties: string, targets = "[s1-up, s1-down]"): PackageSource =>
  exampleWith(
    "nsd.yaml",
    "properties: { priority: 100 }\n        targets: [s1-up, s1-down]",
    `${properties}\n        targets: ${targets}`,
  );

/** The problems as `file:line:column: detail`. */
function problemsOf(source: PackageSource, inputs?: Readonly<Record<string, unknown>>): readonly string[] {
  const parsed = parsePackage(source, inputs);
  return parsed.ok ? [] : parsed.error.map(formatProblem);
}

t.test("the example is read whole", async (t) => {
  const parsed = parsePackage(exampleSource(), EXAMPLE_INPUTS);
  if (!parsed.ok) return t.fail(parsed.error.map(formatProblem).join("\n"));
  const { value } = parsed;
  t.same([value.id, value.name, value.version], ["mobile-edge-cache", "Mobile edge cache", "1.0"]);
  t.same(value.saps, [{ name: "ran" }, { name: "core" }, { name: "wan" }]);
  t.same(
    value.functions.map((f) => [f.name, f.kind, f.ports.map((p) => p.name)]),
    [
      ["breakout", "lvnf", ["ran", "core", "local"]],
      ["cache", "container", ["service", "wan"]],
    ],
  );
  const [breakout, cache] = value.functions;
  t.match(breakout, {
    parameters: { RULE: "tcp and dst port 80" },
    runMode: "userlevel",
  });
  const handlers = breakout?.kind === "lvnf" ? breakout.handlers : [];
  t.same(
    handlers.filter(({ state }) => state),
    [
      {
        name: "state",
        handler: "sessions.state",
        access: "both",
        state: true,
        periodMs: 1_000,
        changed: "sessions.changes",
        events: false,
        metrics: false,
      },
    ],
  );
  t.same(
    handlers.filter(({ events }) => events).map(({ handler }) => handler),
    ["sessions.events"],
  );
  t.match(cache, {
    image: "lightmano/squid:1",
    memoryBytes: 256_000_000,
    readyPorts: [3128, 3129],
    ports: [
      { routes: [{ to: "172.16.222.0/24", via: "10.40.0.1" }], redirects: [{ port: 80, toPort: 3129 }] },
      { ipAddress: "10.50.0.10/24" },
    ],
  });
});

t.test("a path passes through a function and the rule classifies where traffic enters", async (t) => {
  const parsed = parsePackage(exampleSource(), EXAMPLE_INPUTS);
  if (!parsed.ok) return t.fail("does not parse");
  const up = parsed.value.chains.find((chain) => chain.name === "s1-up");
  t.same(up?.hops, [
    {
      from: { kind: "sap", sap: "ran" },
      to: { kind: "function", function: "breakout", port: "ran" },
      match: {},
      priority: 100,
    },
    {
      from: { kind: "function", function: "breakout", port: "core" },
      to: { kind: "sap", sap: "core" },
      match: {},
      priority: 0,
    },
  ]);
});

t.test("a bidirectional path has the way back with source and destination swapped", async (t) => {
  const source = withRule(UDP_PORT, "[s1-other]");
  const parsed = parsePackage(source, EXAMPLE_INPUTS);
  if (!parsed.ok) return t.fail(parsed.error.map(formatProblem).join("\n"));
  const other = parsed.value.chains.find((chain) => chain.name === "s1-other");
  t.same(
    other?.hops.map(({ match }) => match),
    [
      { etherType: "ipv4", protocol: "udp", destinationPorts: [2152, 2152] },
      { etherType: "ipv4", protocol: "udp", sourcePorts: [2152, 2152] },
    ],
  );
});

t.test("at onboarding, inputs without a default stay open", async (t) => {
  t.same(problemsOf(exampleSource()), []);
});

t.test("at instantiation they must be there, fit, and be known", async (t) => {
  t.same(problemsOf(exampleSource(), {}), [
    'nsd.yaml:17:5: input "ue_prefix" (string) has no value and no default',
    'nsd.yaml:21:5: input "wan_address" (string) has no value and no default',
    'nsd.yaml:25:5: input "wan_gateway" (string) has no value and no default',
  ]);
  t.same(problemsOf(exampleSource(), { ...EXAMPLE_INPUTS, ue_prefx: "x" }), [
    'inputs:1:1: unknown input "ue_prefx"; did you mean "ue_prefix"?',
  ]);
  t.match(problemsOf(exampleSource(), { ...EXAMPLE_INPUTS, wan_address: "here" }), [
    /^inputs:1:1: input wan_address: "here" does not fulfil pattern/,
  ]);
  t.same(
    problemsOf(exampleSource(), { ...EXAMPLE_INPUTS, rule: 80 }).at(0),
    "inputs:1:1: input rule: expected a string, found number 80",
  );
});

/** `file:line:column` of a piece of text in a source: where the problem with it must be reported. */
function placeOf({ files }: PackageSource, file: string, piece: string): string {
  const before = (files[file] ?? "").split(piece)[0] ?? "";
  const lines = before.split("\n");
  return `${file}:${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}

/** What is wrong, the file and the piece of it to which the problem must point, and its words. */
const BAD: readonly [what: string, source: PackageSource, file: string, piece: string, detail: string][] = [
  [
    "an unknown node type",
    exampleWith("nsd.yaml", "type: lightmano.examples.Squid", "type: lightmano.examples.Squit"),
    "nsd.yaml",
    "lightmano.examples.Squit",
    'node template cache: unknown node type "lightmano.examples.Squit"; did you mean "lightmano.examples.Squid"?',
  ],
  [
    "an unknown property",
    exampleWith("squid.yaml", "ready_ports:", "redy_ports:"),
    "squid.yaml",
    "redy_ports",
    'node template container: unknown property "redy_ports"; did you mean "ready_ports"?',
  ],
  [
    "a missing property",
    exampleWith("squid.yaml", "        image: { get_input: image }\n        memory", "        memory"),
    "squid.yaml",
    "container:\n",
    'node template container: property "image" is missing',
  ],
  [
    "a value of the wrong type",
    exampleWith("squid.yaml", "[3128, 3129]", "[3128, http]"),
    "squid.yaml",
    "http]",
    'node template container: ready_ports[1]: expected an integer, found string "http"',
  ],
  [
    "a value out of range",
    exampleWith("squid.yaml", "[3128, 3129]", "[3128, 70000]"),
    "squid.yaml",
    "70000",
    "node template container: ready_ports[1]: 70000 does not fulfil in_range [1,65535]",
  ],
  [
    "an unknown key",
    exampleWith("nsd.yaml", "description: >-", "descripton: >-"),
    "nsd.yaml",
    "descripton",
    'service template: unknown key "descripton"; did you mean "description"?',
  ],
  [
    "an unknown input",
    exampleWith("gtp-breakout.yaml", "RULE: { get_input: rule }", "RULE: { get_input: rules }"),
    "gtp-breakout.yaml",
    "rules }",
    'get_input: unknown input "rules"; did you mean "rule"?',
  ],
  [
    "a missing script",
    exampleSource({ "gtp-breakout.click": null }),
    "gtp-breakout.yaml",
    "gtp-breakout.click }",
    'LVNF click: the package has no file "gtp-breakout.click"',
  ],
  [
    "a missing import",
    exampleSource({ "squid.yaml": null }),
    "nsd.yaml",
    "squid.yaml",
    'the package has no file "squid.yaml"',
  ],
  [
    "a path over an unknown port",
    exampleWith(
      "nsd.yaml",
      "[ran, breakout.ran, breakout.core, core]",
      "[ran, breakout.run, breakout.core, core]",
    ),
    "nsd.yaml",
    "breakout.run",
    'forwarding path s1-up: function "breakout" has no port "run"; did you mean "ran"?',
  ],
  [
    "a path over an unknown SAP",
    exampleWith("nsd.yaml", "[cache.wan, wan]", "[cache.wan, lan]"),
    "nsd.yaml",
    "lan]",
    'forwarding path cache-wan: unknown SAP "lan"; did you mean "ran"?',
  ],
  [
    "a path that ends where it begins",
    exampleWith("nsd.yaml", "[cache.wan, wan]", "[wan, cache.wan, wan]"),
    "nsd.yaml",
    "wan], bidirectional",
    "forwarding path cache-wan: it ends where it begins (wan): traffic would go round for ever",
  ],
  [
    "ports without TCP or UDP",
    withRule(UDP_PORT.replace("protocol: udp, ", "")),
    "nsd.yaml",
    "[2152",
    "policy s1: destination_port_range needs protocol tcp, udp or sctp",
  ],
  [
    "a state handler that cannot be written",
    exampleWith("gtp-breakout.yaml", "access: both, state: true", "state: true"),
    "gtp-breakout.yaml",
    "- { name: sessions",
    'LVNF click: state handler "state" needs access both',
  ],
  [
    "a period of what is no state",
    exampleWith("gtp-breakout.yaml", "handler: sessions.stats }", "handler: sessions.stats, period: 5 s }"),
    "gtp-breakout.yaml",
    "- { name: sessions",
    'LVNF click: handler "stats": period and changed are of state handlers',
  ],
  [
    "a period that is too short",
    exampleWith("gtp-breakout.yaml", "changed: sessions.changes", "period: 99 ms"),
    "gtp-breakout.yaml",
    "- { name: sessions",
    'LVNF click: handler "state": period 99 ms: expected 100 ms to 1 d',
  ],
  [
    "a period that is no time",
    exampleWith("gtp-breakout.yaml", "changed: sessions.changes", "period: 5 parsecs"),
    "gtp-breakout.yaml",
    "5 parsecs",
    'node template click: handlers[19]: period: expected a time such as "5 s", found string "5 parsecs"',
  ],
  [
    "a run mode that there is not",
    exampleWith("gtp-breakout.yaml", "name: click\n", "name: click\n        run_mode: dpdk\n"),
    "gtp-breakout.yaml",
    "dpdk",
    'node template click: run_mode: "dpdk" does not fulfil valid_values ["userlevel","kernel"]',
  ],
  [
    "an events handler that cannot be read",
    exampleWith(
      "gtp-breakout.yaml",
      "sessions.events, events: true",
      "sessions.events, access: write, events: true",
    ),
    "gtp-breakout.yaml",
    "- { name: sessions",
    'LVNF click: events handler "events" needs access read or both',
  ],
  [
    "orders with a hole",
    exampleWith("gtp-breakout.yaml", "order: 2", "order: 3"),
    "gtp-breakout.yaml",
    "click:\n",
    "click: virtual ports must have the orders 0 to 2, each once; found ran=0, core=1, local=3",
  ],
  [
    "a foreign TOSCA version",
    exampleWith("nsd.yaml", "tosca_simple_yaml_1_3", "tosca_2_0"),
    "nsd.yaml",
    "tosca_2_0",
    'unknown tosca_definitions_version "tosca_2_0"; expected one of tosca_simple_yaml_1_2, tosca_simple_yaml_1_3',
  ],
];

for (const [what, source, file, piece, detail] of BAD) {
  t.test(`${what} is reported with its place`, async (t) => {
    const found = problemsOf(source);
    const expected = `${placeOf(source, file, piece)}: ${detail}`;
    t.equal(found.length, 1, "only that", { found });
    t.ok(found[0]?.startsWith(expected), expected, { found });
  });
}

t.test("YAML that is none is reported with its place", async (t) => {
  t.match(problemsOf(exampleSource({ "squid.yaml": "a: [1\nb: }" })), [/^squid\.yaml:2:\d+: YAML: /]);
});

t.test("two paths that want the same traffic are an impossible chain", async (t) => {
  const source = exampleWith(
    "nsd.yaml",
    "path: [core, breakout.core, breakout.ran, ran]",
    "path: [ran, core]",
  );
  t.match(problemsOf(source), [
    /what comes out of ran is sent to core here and to breakout\.ran by s1-up, with the same match and priority/,
  ]);
});

t.test("all problems come at once, in reading order", async (t) => {
  const source = exampleSource({
    "nsd.yaml": (exampleSource().files["nsd.yaml"] ?? "")
      .replace("designer: LightMANO", "desinger: LightMANO")
      .replace("[cache.wan, wan]", "[cache.won, wan]"),
  });
  const found = problemsOf(source);
  t.equal(found.length, 3);
  t.match(found, [
    /^nsd\.yaml:\d+:5: .*"designer" is missing/,
    /unknown property "desinger"/,
    /no port "won"/,
  ]);
});

t.test("a package of nothing is an error, not an exception", async (t) => {
  t.match(problemsOf({ entry: "nsd.yaml", files: {} }), [
    /^nsd\.yaml:1:1: the package has no file "nsd\.yaml"/,
  ]);
  t.match(problemsOf({ entry: "nsd.yaml", files: { "nsd.yaml": "" } }), [/expected a map, found nothing/]);
  t.match(
    problemsOf({
      entry: "nsd.yaml",
      files: { "nsd.yaml": "tosca_definitions_version: tosca_simple_yaml_1_3" },
    }),
    [/"topology_template" is missing/],
  );
});

t.test("YAML that stands for more than it says, or for itself, is a problem and no crash", async (t) => {
  const bomb = Array.from(
    { length: 12 },
    (_, i) => `a${i}: &a${i} [${`*a${i - 1}, `.repeat(i === 0 ? 0 : 10)}x]`,
  );
  for (const text of [bomb.join("\n"), "a: &a [*a]\n"]) {
    const problems = problemsOf(exampleSource({ "nsd.yaml": text }), EXAMPLE_INPUTS);
    t.match(problems, [/^nsd\.yaml:1:1: YAML: aliases for more than 10000 values/], text.slice(0, 20));
  }
});

t.test("a function's name is part of file names: what leads elsewhere is refused", async (t) => {
  for (const name of ["../../etc/x", "a.b", "a b", "x".repeat(64)]) {
    const text =
      exampleSource().files["nsd.yaml"]?.replace(/^( +)cache:/m, `$1${JSON.stringify(name)}:`) ?? "";
    const problems = problemsOf(exampleSource({ "nsd.yaml": text }), EXAMPLE_INPUTS);
    t.match(problems.join("\n"), `function ${JSON.stringify(name)}: a function's name has letters`, name);
  }
});

t.test(
  "a rule that no packet can fulfil is refused: Open vSwitch would refuse it with all others",
  async (t) => {
    const rule = (properties: string): readonly string[] =>
      problemsOf(withRule(UDP_PORT.replace("ether_type: ipv4", properties)), EXAMPLE_INPUTS);
    t.same(rule("ether_type: ipv4"), []);
    t.same(rule('ether_type: ipv6, source_ip_address_prefix: "2001:db8::/32"'), []);
    t.match(rule("ether_type: arp"), [/ether_type arp has no protocol/]);
    t.match(rule('source_ip_address_prefix: "::/0", destination_ip_address_prefix: 10.0.0.0/8'), [
      /one prefix is of IPv4/,
    ]);
    t.match(rule('ether_type: ipv4, source_ip_address_prefix: "::1"'), [
      /ipv4 does not go with a prefix of IPv6/,
    ]);
    for (const prefix of [":::::", "1:2", "fe80::1%eth0", "2001:db8::/129"])
      t.match(rule(`source_ip_address_prefix: "${prefix}"`), [/is no IP prefix/], prefix);
  },
);

t.test("how often state is saved is said with a unit", async (t) => {
  for (const [text, periodMs] of [
    ["5 s", 5_000],
    ["250ms", 250],
    ["1.5 m", 90_000],
    ["1 d", 86_400_000],
  ] as const) {
    const source = exampleWith("gtp-breakout.yaml", "changed: sessions.changes", `period: ${text}`);
    const parsed = parsePackage(source, EXAMPLE_INPUTS);
    if (!parsed.ok) return t.fail(parsed.error.map(formatProblem).join("\n"));
    const [breakout] = parsed.value.functions;
    const handlers = breakout?.kind === "lvnf" ? breakout.handlers : [];
    t.equal(handlers.find(({ state }) => state)?.periodMs, periodMs, text);
  }
});
