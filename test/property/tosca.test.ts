import fc from "fast-check";
import t from "tap";
import { type PackageSource, parsePackage } from "../../model/tosca/parse.js";
import { EXAMPLE_INPUTS, exampleSource } from "../support/example.js";

const source = exampleSource();
const names = Object.keys(source.files).filter((name) => name.endsWith(".yaml"));

/** One careless edit of a descriptor, as people make them. */
const edit = fc.record({
  file: fc.constantFrom(...names),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  kind: fc.constantFrom("drop-line", "double-line", "indent", "drop-character", "insert", "swap-value"),
  text: fc.constantFrom(
    ":",
    "[",
    "]",
    "{",
    "}",
    "- ",
    '"',
    "#",
    "&a ",
    "*a",
    "x",
    "null",
    "1e9",
    "get_input: rule",
    "\t",
    "\u0000",
    "ü",
  ),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited({ entry, files }: PackageSource, { file, at, kind, text }: Edit): PackageSource {
  const old = files[file] ?? "";
  const lines = old.split("\n");
  const line = Math.floor(at * lines.length);
  const offset = Math.floor(at * old.length);
  const made: Readonly<Record<Edit["kind"], () => string>> = {
    "drop-line": () => lines.toSpliced(line, 1).join("\n"),
    "double-line": () => lines.toSpliced(line, 0, lines[line] ?? "").join("\n"),
    indent: () => lines.with(line, `  ${lines[line] ?? ""}`).join("\n"),
    "drop-character": () => old.slice(0, offset) + old.slice(offset + 1),
    insert: () => old.slice(0, offset) + text + old.slice(offset),
    "swap-value": () => lines.with(line, (lines[line] ?? "").replace(/: .*$/, `: ${text}`)).join("\n"),
  };
  return { entry, files: { ...files, [file]: made[kind]() } };
}

t.test(
  "a descriptor that was edited carelessly is read, or refused with places that exist; never an exception",
  async (t) => {
    let refused = 0;
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.boolean(), (edits, instantiate) => {
        const changed = edits.reduce(edited, source);
        const parsed = parsePackage(changed, instantiate ? EXAMPLE_INPUTS : undefined);
        if (parsed.ok) return;
        refused += 1;
        if (parsed.error.length === 0) throw new Error("refused without a reason");
        for (const { detail, place } of parsed.error) {
          if (!place) throw new Error(`no place: ${detail}`);
          const lines = (changed.files[place.file] ?? "").split("\n").length;
          const known = place.file in changed.files || place.file === "inputs";
          if (!known || place.line < 1 || place.line > lines + 1 || place.column < 1) {
            throw new Error(`${place.file}:${place.line}:${place.column} is not in the package: ${detail}`);
          }
        }
      }),
      { numRuns: 150 },
    );
    t.ok(refused > 50, `${refused} of 150 were refused: the edits do harm`);
  },
);

t.test("the same text gives the same descriptor: parsing has no memory", async (t) => {
  t.same(parsePackage(source, EXAMPLE_INPUTS), parsePackage(exampleSource(), EXAMPLE_INPUTS));
});
