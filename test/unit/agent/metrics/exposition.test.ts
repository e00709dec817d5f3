/** Prometheus' text format: what is accepted, what is refused with which words, and that nothing is changed on the way. */
import fc from "fast-check";
import t from "tap";
import { type Family, parseExposition, renderExposition } from "../../../../agent/metrics/exposition.js";

const parsed = (text: string): readonly Family[] => {
  const exposition = parseExposition(text);
  if (!exposition.ok) throw new Error(exposition.problem);
  return exposition.families;
};

/** From Prometheus' own description of the format. */
const DOCUMENTED = `# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# A histogram, which has a pretty complex representation in the text format:
# HELP http_request_duration_seconds A histogram of the request duration.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320

# Finally a summary, which has a complex representation, too:
# HELP rpc_duration_seconds A summary of the RPC duration in seconds.
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.01"} 3102
rpc_duration_seconds_sum 1.7560473e+07
rpc_duration_seconds_count 2693
`;

t.test("the format's own example is read as it is meant", async (t) => {
  const families = parsed(DOCUMENTED);
  t.same(
    families.map(({ name, type, samples }) => [name, type, samples.length]),
    [
      ["http_requests_total", "counter", 2],
      ["msdos_file_access_time_seconds", "untyped", 1],
      ["metric_without_timestamp_and_labels", "untyped", 1],
      ["something_weird", "untyped", 1],
      ["http_request_duration_seconds", "histogram", 4],
      ["rpc_duration_seconds", "summary", 3],
    ],
  );
  t.same(families[1]?.samples[0]?.labels, [
    ["path", "C:\\DIR\\FILE.TXT"],
    ["error", 'Cannot find file:\n"FILE.TXT"'],
  ]);
  t.match(families[3]?.samples[0], { value: "+Inf", timestamp: "-3982045" });
  t.same(parsed(renderExposition(families)), families, "and written so that it reads the same");
});

t.test(
  "HELP and TYPE stand once, before what they are of; a family without samples is left out",
  async (t) => {
    const text = '# TYPE b gauge\n# HELP a All\\nof \\\\it.\n# TYPE a counter\na{x="1"} 1\nc 2\na{x="2"} 3\n';
    t.equal(
      renderExposition(parsed(text)),
      '# HELP a All\\nof \\\\it.\n# TYPE a counter\na{x="1"} 1\na{x="2"} 3\n# TYPE c untyped\nc 2\n',
    );
  },
);

t.test("what is written in other ways is accepted", async (t) => {
  for (const [text, name, labels, value] of [
    ["a{} 1", "a", [], "1"],
    ['a{x="1",} 1', "a", [["x", "1"]], "1"],
    [
      '\ta \t{ x = "1" , y="2"}\t.5e-3',
      "a",
      [
        ["x", "1"],
        ["y", "2"],
      ],
      ".5e-3",
    ],
    ['a{x="}{,"} nan', "a", [["x", "}{,"]], "NaN"],
    ["a:b -inf", "a:b", [], "-Inf"],
    ["a Infinity", "a", [], "+Inf"],
    ['a{x="é☃"} +1.', "a", [["x", "é☃"]], "+1."],
  ] as const) {
    const [family] = parsed(`#comment\n#\n${text}`);
    t.match(family?.samples, [{ name, labels, value, timestamp: null }], text);
  }
  t.same(parsed(""), []);
  t.same(parsed("\n \t\n# nothing\n#HELPa no comment of ours\n"), []);
});

t.test("what does not keep to it is refused with line and reason", async (t) => {
  for (const [text, reason] of [
    ["a 1\nb", /^line 2: b: "" is no number/],
    ["a 1 2 3", /"3" is too much/],
    ["a 1 soon", /"soon" is no timestamp/],
    ["a 0x10", /"0x10" is no number/],
    ["a 1_000", /"1_000" is no number/],
    ["a 1\r\n", /"1\\r" is no number/],
    ["1a 2", /no metric's name at "1a 2"/],
    ['{a="b"} 1', /no metric's name/],
    ["a{x=1} 1", /no label at "x=1} 1"/],
    ['a{x="1} 1', /no label at/],
    ['a{x="1" y="2"} 1', /no comma at/],
    ['a{x="\\t"} 1', /no label at/],
    ['a{x="1",x="2"} 1', /label x comes twice/],
    ['a{__name__="b"} 1', /__name__/],
    ['a{x="1",y="2"} 1\na{y="2",x="1"} 1', /^line 2: a\{x="1",y="2"\} comes twice/],
    ["# TYPE a ratio", /a is of the type "ratio"/],
    ["# TYPE a", /a is of the type ""/],
    ["# TYPE a gauge\n# TYPE a gauge", /^line 2: a second TYPE of a/],
    ["# HELP a x\n# HELP a x", /a second HELP of a/],
    ["a 1\n# TYPE a gauge", /TYPE of a comes after its samples/],
    ["# TYPE 1a gauge", /TYPE of "1a"/],
    ["<html>", /no metric's name/],
  ] as const) {
    const exposition = parseExposition(text);
    t.match(exposition.ok ? "accepted" : exposition.problem, reason, JSON.stringify(text));
  }
});

t.test("whatever is in labels and help, it reads back as it was", async () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,6}$/);
  const text = fc.string({ unit: "binary", maxLength: 12 });
  const family = fc.record({
    help: fc.option(text.map((help) => help.replace(/^[ \t]+/, ""))),
    values: fc.array(fc.double(), { minLength: 1, maxLength: 4 }),
    labels: fc.dictionary(
      name.filter((one) => one !== "series"),
      text,
      { maxKeys: 3 },
    ),
    type: fc.constantFrom("counter", "gauge", "untyped"),
  });
  fc.assert(
    fc.property(fc.array(family, { maxLength: 4 }), (made) => {
      const families = made.map(
        ({ help, values, labels, type }, at): Family => ({
          name: `m${at}`,
          type: type as Family["type"],
          help,
          samples: values.map((value, series) => ({
            name: `m${at}`,
            labels: [...Object.entries(labels), ["series", String(series)]],
            value: Number.isFinite(value)
              ? String(value)
              : Number.isNaN(value)
                ? "NaN"
                : value > 0
                  ? "+Inf"
                  : "-Inf",
            timestamp: null,
          })),
        }),
      );
      return JSON.stringify(parsed(renderExposition(families))) === JSON.stringify(families);
    }),
  );
});

t.test("no text whatever is more than refused", async () => {
  const pieces = fc.constantFrom(
    "a",
    "{",
    "}",
    '"',
    "=",
    ",",
    " ",
    "\\",
    "\n",
    "1",
    "# TYPE ",
    "# HELP ",
    "gauge",
    "\t",
    "é",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const first = parseExposition(parts.join(""));
      return !first.ok || parseExposition(renderExposition(first.families)).ok;
    }),
    { numRuns: 2_000 },
  );
});
