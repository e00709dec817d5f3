/**
 * YAML as a tree in which every value knows where it stands, so that whatever is found wrong with it later
 * can be reported as file:line:column.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { type Problem, problem, type SourcePlace } from "../errors.js";

export type Located = LocatedScalar | LocatedList | LocatedMap;
export interface LocatedScalar {
  readonly kind: "scalar";
  readonly place: SourcePlace;
  readonly value: string | number | boolean | null;
}
export interface LocatedList {
  readonly kind: "list";
  readonly place: SourcePlace;
  readonly items: readonly Located[];
}
export interface LocatedMap {
  readonly kind: "map";
  readonly place: SourcePlace;
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}
export interface LocatedEntry {
  readonly keyPlace: SourcePlace;
  readonly value: Located;
}

interface ParsedYaml {
  readonly tree: Located | null;
  readonly problems: readonly Problem[];
}

/** Values that aliases stand for: a few lines of them can stand for more than fits into memory. */
const MAX_ALIASED = 10_000;
class TooLarge extends Error {}

/** Parses one YAML 1.2 document. All syntax errors are returned at once; the tree is null if there are any. */
export function parseYaml(file: string, text: string): ParsedYaml {
  try {
    return readYaml(file, text);
  } catch (error) {
    // An alias of what it stands in overflows the stack before it reaches the limit.
    if (!(error instanceof TooLarge || error instanceof RangeError)) throw error;
    const detail = `YAML: aliases for more than ${MAX_ALIASED} values, or an alias of what it stands in`;
    return { tree: null, problems: [problem("descriptor.invalid", detail, { file, line: 1, column: 1 })] };
  }
}

function readYaml(file: string, text: string): ParsedYaml {
  const lines = new LineCounter();
  const placeOf = (offset: number): SourcePlace => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problems = document.errors.map((error) =>
    problem("descriptor.invalid", `YAML: ${error.message}`, placeOf(error.pos[0])),
  );
  if (problems.length > 0) return { tree: null, problems };

  let aliased = 0;
  let insideAliases = 0;
  const convert = (node: Node | null | undefined, fallback: SourcePlace): Located => {
    if (insideAliases > 0 && ++aliased > MAX_ALIASED) throw new TooLarge();
    if (!node) return { kind: "scalar", place: fallback, value: null };
    const place = node.range ? placeOf(node.range[0]) : fallback;
    if (isAlias(node)) {
      insideAliases += 1;
      const value = convert(node.resolve(document) ?? null, place);
      insideAliases -= 1;
      return value;
    }
    if (isSeq(node))
      return { kind: "list", place, items: node.items.map((item) => convert(item as Node, place)) };
    if (isMap(node)) {
      const entries = new Map<string, LocatedEntry>();
      for (const { key, value } of node.items) {
        const keyNode = key as Node;
        const keyPlace = keyNode.range ? placeOf(keyNode.range[0]) : place;
        const name = isScalar(keyNode) ? String(keyNode.value) : String(keyNode);
        entries.set(name, { keyPlace, value: convert(value as Node | null, keyPlace) });
      }
      return { kind: "map", place, entries };
    }
    return { kind: "scalar", place, value: scalarValue(isScalar(node) ? node.value : null) };
  };
  return { tree: convert(document.contents as Node | null, { file, line: 1, column: 1 }), problems };
}

/** The plain value, positions dropped. */
export function plain(located: Located): unknown {
  if (located.kind === "scalar") return located.value;
  if (located.kind === "list") return located.items.map(plain);
  return Object.fromEntries([...located.entries].map(([key, entry]) => [key, plain(entry.value)]));
}

/** A plain value as a tree whose every node stands at one place: for inputs and defaults. */
export function locate(value: unknown, place: SourcePlace): Located {
  if (Array.isArray(value)) return { kind: "list", place, items: value.map((item) => locate(item, place)) };
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).map(([key, member]): [string, LocatedEntry] => [
      key,
      { keyPlace: place, value: locate(member, place) },
    ]);
    return { kind: "map", place, entries: new Map(entries) };
  }
  return { kind: "scalar", place, value: scalarValue(value) };
}

/** What a value is, for "expected X, found Y". */
export function describe(located: Located): string {
  if (located.kind !== "scalar") return located.kind === "list" ? "a list" : "a map";
  return located.value === null ? "nothing" : `${typeof located.value} ${JSON.stringify(located.value)}`;
}

export const entryOf = (map: LocatedMap, key: string): Located | null => map.entries.get(key)?.value ?? null;

function scalarValue(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return String(value);
}
