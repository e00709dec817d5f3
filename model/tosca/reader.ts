/** Reading a located tree while collecting every problem, instead of stopping at the first. */
import { type Problem, problem, type SourcePlace } from "../errors.js";
import { describe, type Located, type LocatedEntry, type LocatedMap } from "./source.js";

export interface Reader {
  readonly problems: readonly Problem[];
  report(place: SourcePlace, detail: string): void;
  /** The value as a map, or null after reporting. `what` names it in the message. */
  map(located: Located, what: string): LocatedMap | null;
  list(located: Located, what: string): readonly Located[] | null;
  text(located: Located, what: string): string | null;
  /** Entries of an optional map under a key: an absent or empty one has none. */
  entries(parent: LocatedMap, key: string): readonly [string, LocatedEntry][];
  optionalText(parent: LocatedMap, key: string): string | null;
  requiredText(parent: LocatedMap, key: string, what: string): string | null;
  /** Reports every key that is none of these, with the nearest of them as a suggestion. */
  onlyKeys(map: LocatedMap, allowed: readonly string[], what: string): void;
}

export function createReader(): Reader {
  const problems: Problem[] = [];
  const report = (place: SourcePlace, detail: string): void => {
    problems.push(problem("descriptor.invalid", detail, place));
  };
  const reader: Reader = {
    problems,
    report,
    map(located, what) {
      if (located.kind === "map") return located;
      report(located.place, `${what}: expected a map, found ${describe(located)}`);
      return null;
    },
    list(located, what) {
      if (located.kind === "list") return located.items;
      report(located.place, `${what}: expected a list, found ${describe(located)}`);
      return null;
    },
    text(located, what) {
      if (located.kind === "scalar" && located.value !== null) return String(located.value);
      report(located.place, `${what}: expected a string, found ${describe(located)}`);
      return null;
    },
    entries(parent, key) {
      const entry = parent.entries.get(key);
      if (!entry || (entry.value.kind === "scalar" && entry.value.value === null)) return [];
      return [...(reader.map(entry.value, key)?.entries ?? [])];
    },
    optionalText(parent, key) {
      const entry = parent.entries.get(key);
      return entry ? reader.text(entry.value, key) : null;
    },
    requiredText(parent, key, what) {
      const entry = parent.entries.get(key);
      if (entry) return reader.text(entry.value, `${what}: ${key}`);
      report(parent.place, `${what}: "${key}" is missing`);
      return null;
    },
    onlyKeys(map, allowed, what) {
      for (const [key, entry] of map.entries) {
        if (!allowed.includes(key))
          report(entry.keyPlace, `${what}: unknown key "${key}"${suggestion(key, allowed)}`);
      }
    },
  };
  return reader;
}

/** `; did you mean "x"?` when one of the names is near, else which there are (if few). */
export function suggestion(name: string, names: readonly string[]): string {
  const ranked = names
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const nearest = ranked[0];
  if (nearest && nearest.distance <= Math.max(2, Math.floor(name.length / 4)))
    return `; did you mean "${nearest.candidate}"?`;
  return names.length > 0 && names.length <= 12 ? `; expected one of ${names.join(", ")}` : "";
}

/** Levenshtein distance; names are short. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitute, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
