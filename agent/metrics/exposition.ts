/**
 * Prometheus' text format, version 0.0.4: read, checked, and written again. What does not keep to it is refused as a
 * whole, for a scraper that is given one bad line drops the page.
 */

export type MetricType = "counter" | "gauge" | "histogram" | "summary" | "untyped";
export type Labels = readonly (readonly [name: string, value: string])[];

export interface Sample {
  /** That of the family, or with `_bucket`, `_sum` or `_count` behind it. */
  readonly name: string;
  readonly labels: Labels;
  /** As it is written: `12`, `0.5`, `NaN`, `+Inf`. */
  readonly value: string;
  /** ms since the epoch, or null. */
  readonly timestamp: string | null;
}

export interface Family {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string | null;
  readonly samples: readonly Sample[];
}

export type Exposition =
  | { readonly ok: true; readonly families: readonly Family[] }
  | { readonly ok: false; readonly problem: string };

export const METRIC_NAME = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const TYPES: readonly string[] = ["counter", "gauge", "histogram", "summary", "untyped"];
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const SUFFIXES: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["_sum", "_count"],
};
const LABEL = /[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\[\\"n])*)"[ \t]*/y;

interface Building {
  type: MetricType | null;
  help: string | null;
  readonly samples: Sample[];
}

/** Families in the order in which they first appear. A problem names its line. */
export function parseExposition(text: string): Exposition {
  const families = new Map<string, Building>();
  const seen = new Set<string>();
  const familyOf = (name: string): Building => {
    const known = families.get(name);
    if (known) return known;
    const made: Building = { type: null, help: null, samples: [] };
    families.set(name, made);
    return made;
  };
  for (const [at, line] of text.split("\n").entries()) {
    const problem = /^[ \t]*$/.test(line)
      ? null
      : /^[ \t]*#/.test(line)
        ? takeComment(line, familyOf)
        : takeSample(line, families, familyOf, seen);
    if (problem !== null) return { ok: false, problem: `line ${at + 1}: ${problem}` };
  }
  return {
    ok: true,
    families: [...families].map(([name, { type, help, samples }]) => ({
      name,
      type: type ?? "untyped",
      help,
      samples,
    })),
  };
}

/** `# HELP` and `# TYPE`; other comments have no meaning. */
function takeComment(line: string, familyOf: (name: string) => Building): string | null {
  const [, keyword, rest = ""] = /^[ \t]*#[ \t]*(HELP|TYPE)(?:[ \t]+(.*))?$/s.exec(line) ?? [];
  if (keyword === undefined) return null;
  const [, name = "", words = ""] = /^([^ \t]*)[ \t]*(.*)$/s.exec(rest) ?? [];
  if (!METRIC_NAME.test(name)) return `${keyword} of ${quoted(name)}, which is no metric's name`;
  const family = familyOf(name);
  if (keyword === "HELP") {
    if (family.help !== null) return `a second HELP of ${name}`;
    family.help = words.replace(/\\([\\n])/g, (_all, letter) => (letter === "n" ? "\n" : "\\"));
    return null;
  }
  const type = words.replace(/[ \t]+$/, "");
  if (!TYPES.includes(type)) return `${name} is of the type ${quoted(type)}; known are ${TYPES.join(", ")}`;
  if (family.type !== null) return `a second TYPE of ${name}`;
  if (family.samples.length > 0) return `TYPE of ${name} comes after its samples`;
  family.type = type as MetricType;
  return null;
}

/** `NAME{LABEL="VALUE",…} VALUE [TIMESTAMP]` */
function takeSample(
  line: string,
  families: ReadonlyMap<string, Building>,
  familyOf: (name: string) => Building,
  seen: Set<string>,
): string | null {
  const [head = "", name = ""] = /^[ \t]*([A-Za-z_:][A-Za-z0-9_:]*)[ \t]*/.exec(line) ?? [];
  if (name === "") return `no metric's name at ${quoted(line)}`;
  const labelled =
    line[head.length] === "{" ? readLabels(line, head.length + 1) : { labels: [], end: head.length };
  if (typeof labelled === "string") return `${name}: ${labelled}`;
  const { labels, end } = labelled;
  const [word = "", timestamp = null, ...more] = line
    .slice(end)
    .replace(/^[ \t]+|[ \t]+$/g, "")
    .split(/[ \t]+/);
  const value = numberOf(word);
  if (value === null) return `${name}: ${quoted(word)} is no number`;
  if (timestamp !== null && !/^[+-]?\d+$/.test(timestamp))
    return `${name}: ${quoted(timestamp)} is no timestamp`;
  if (more.length > 0) return `${name}: ${quoted(more.join(" "))} is too much`;
  const key = seriesKey(name, labels);
  if (seen.has(key)) return `${key} comes twice`;
  seen.add(key);
  familyOf(familyName(name, families)).samples.push({ name, labels, value, timestamp });
  return null;
}

function readLabels(line: string, from: number): { readonly labels: Labels; readonly end: number } | string {
  const labels: [string, string][] = [];
  let at = from;
  for (;;) {
    const close = /[ \t]*\}/y;
    close.lastIndex = at;
    if (close.test(line)) return { labels, end: close.lastIndex };
    LABEL.lastIndex = at;
    const [, name, value] = LABEL.exec(line) ?? [];
    if (name === undefined || value === undefined) return `no label at ${quoted(line.slice(at))}`;
    if (labels.some(([other]) => other === name)) return `label ${name} comes twice`;
    if (name === "__name__") return `label ${name} is Prometheus' own`;
    labels.push([name, value.replace(/\\(.)/g, (_all, letter) => (letter === "n" ? "\n" : letter))]);
    at = LABEL.lastIndex;
    if (line[at] === ",") at += 1;
    else if (line[at] !== "}") return `no comma at ${quoted(line.slice(at))}`;
  }
}

function numberOf(word: string): string | null {
  if (NUMBER.test(word)) return word;
  if (/^[+-]?nan$/i.test(word)) return "NaN";
  const [, sign] = /^([+-]?)inf(?:inity)?$/i.exec(word) ?? [];
  return sign === undefined ? null : sign === "-" ? "-Inf" : "+Inf";
}

function familyName(name: string, families: ReadonlyMap<string, Building>): string {
  if (families.get(name)?.type) return name;
  for (const [suffixed, suffixes] of Object.entries(SUFFIXES))
    for (const suffix of suffixes)
      if (name.endsWith(suffix) && families.get(name.slice(0, -suffix.length))?.type === suffixed)
        return name.slice(0, -suffix.length);
  return name;
}

/** Names a series: equal for equal names and labels, in whatever order these stand. */
export function seriesKey(name: string, labels: Labels): string {
  return labels.length === 0 ? name : name + labelText(labels.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Each family once: HELP, TYPE, samples. One without samples is left out. */
export function renderExposition(families: readonly Family[]): string {
  const lines = families.flatMap(({ name, type, help, samples }) =>
    samples.length === 0
      ? []
      : [
          ...(help === null ? [] : [`# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}`]),
          `# TYPE ${name} ${type}`,
          ...samples.map(
            (sample) =>
              `${sample.name}${labelText(sample.labels)} ${sample.value}${sample.timestamp === null ? "" : ` ${sample.timestamp}`}`,
          ),
        ],
  );
  return lines.map((line) => `${line}\n`).join("");
}

function labelText(labels: Labels): string {
  if (labels.length === 0) return "";
  const escaped = (value: string): string =>
    value.replace(/[\\"\n]/g, (letter) => (letter === "\n" ? "\\n" : `\\${letter}`));
  return `{${labels.map(([name, value]) => `${name}="${escaped(value)}"`).join(",")}}`;
}

const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
