/**
 * docs/reference/elements/, from the manual pages in the elements' header comments. Their marks are Click's
 * (click-elem2man): =c use, =s family and summary, =d description, =h handler, =a see also; C<code>, B<bold>,
 * I<italic>.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { code, fenced, page, table } from "./markdown.js";

export interface ElementPage {
  readonly name: string;
  /** The names that a configuration may call it by. */
  readonly classes: readonly string[];
  /** Folder under click-elements/elements. */
  readonly folder: string;
  readonly summary: string;
  readonly use: string;
  readonly description: string;
  readonly handlers: readonly { readonly names: string; readonly access: string; readonly text: string }[];
  readonly seeAlso: string;
  readonly ports: string;
  readonly processing: string;
}

const ELEMENTS = "click-elements/elements";

/** All elements of the tree. One that is exported and has no manual page is an error. */
export async function readElements(root: string): Promise<readonly ElementPage[]> {
  const folders = (await readdir(join(root, ELEMENTS), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const elements = await Promise.all(folders.map((folder) => readFolder(root, folder)));
  return elements.flat();
}

async function readFolder(root: string, folder: string): Promise<readonly ElementPage[]> {
  const files = (await readdir(join(root, ELEMENTS, folder))).filter((name) => name.endsWith(".cc")).sort();
  const pages = await Promise.all(
    files.map(async (file) => {
      const source = await readFile(join(root, ELEMENTS, folder, file), "utf8");
      if (!/^EXPORT_ELEMENT\(/m.test(source)) return [];
      const header = file.replace(/\.cc$/, ".hh");
      const text = await readManual(root, join(ELEMENTS, folder, header));
      const parsed = parseElement(folder, text);
      if (!parsed)
        throw new Error(`${ELEMENTS}/${folder}/${header}: no manual page (a comment that begins with =c)`);
      return [{ ...parsed, classes: exportedClasses(source) }];
    }),
  );
  return pages.flat();
}

/** `EXPORT_ELEMENT(CxxName)` or `CxxName-ClickName`, several with spaces between. */
export function exportedClasses(source: string): readonly string[] {
  return [...source.matchAll(/^EXPORT_ELEMENT\(([^)]*)\)/gm)]
    .flatMap(([, names = ""]) => names.trim().split(/\s+/))
    .map((name) => name.replace(/^.*-/, ""));
}

/** A header; of one that only includes a public header (information elements, as in Click), that one. */
async function readManual(root: string, path: string): Promise<string> {
  const text = await readFile(join(root, path), "utf8");
  const included = /^#include <(click\/standard\/\w+\.hh)>$/m.exec(text)?.[1];
  if (included === undefined || text.includes("\n=c\n")) return text;
  return readFile(join(root, "click-elements", "include", included), "utf8");
}

/** The manual page in a header, or null when there is none. */
export function parseElement(folder: string, header: string): ElementPage | null {
  const comment = /\/\*\s*\n(=c\n[\s\S]*?)\*\//.exec(header)?.[1];
  if (comment === undefined) return null;
  const sections = comment
    .split(/^(?==[a-z]+\b)/m)
    .map((text) => /^=([a-z]+)[ \t]*(.*)\n?([\s\S]*)$/.exec(text))
    .flatMap((match) =>
      match ? [{ mark: match[1] ?? "", rest: match[2] ?? "", body: (match[3] ?? "").trim() }] : [],
    );
  const one = (mark: string) => sections.find((section) => section.mark === mark);
  const use = one("c")?.body ?? "";
  return {
    name: /^\w+/.exec(use)?.[0] ?? "",
    classes: [/^\w+/.exec(use)?.[0] ?? ""],
    folder,
    summary: one("s")?.body ?? "",
    use,
    description: one("d")?.body ?? "",
    handlers: sections
      .filter(({ mark }) => mark === "h")
      .map(({ rest, body }) => {
        const [, names = rest, access = ""] =
          /^(.*?)\s+((?:read|write)(?:-only|\/write)?)$/.exec(rest.trim()) ?? [];
        return { names, access, text: body };
      }),
    seeAlso: [one("a")?.rest, one("a")?.body].filter(Boolean).join(" "),
    ports: constant(/port_count\(\) const override \{ return ([^;]+); \}/.exec(header)?.[1], PORTS) || "0/0",
    processing: constant(/processing\(\) const override \{ return ([^;]+); \}/.exec(header)?.[1], PROCESSING),
  };
}

/** The constants of click/element.hh. */
const PORTS: Readonly<Record<string, string>> = {
  PORTS_0_0: "0/0",
  PORTS_0_1: "0/1",
  PORTS_1_0: "1/0",
  PORTS_1_1: "1/1",
  PORTS_1_1X2: "1/1-2",
};
const PROCESSING: Readonly<Record<string, string>> = {
  AGNOSTIC: "a/a",
  PUSH: "h/h",
  PULL: "l/l",
  PUSH_TO_PULL: "h/l",
  PULL_TO_PUSH: "l/h",
  PROCESSING_A_AH: "a/ah",
};

function constant(text: string | undefined, names: Readonly<Record<string, string>>): string {
  return text === undefined ? "" : (names[text] ?? text.replaceAll('"', ""));
}

export function elementPage(element: ElementPage, all: readonly ElementPage[]): string {
  const { name, folder, summary, use, description, handlers, ports, processing } = element;
  const facts = [
    `Ports ${code(ports)}`,
    ports === "0/0" ? "" : `processing ${code(processing || "a/a")}`,
    `source ${code(`${ELEMENTS}/${folder}/`)}`,
  ];
  return page(
    `${ELEMENTS}/${folder}/${name.toLowerCase()}.hh`,
    name,
    `${capital(prose(summary))}.`,
    fenced(use, "click"),
    `${facts.filter(Boolean).join(" · ")}. [What that means](index.md#ports-and-processing).`,
    description && `## Description\n\n${prose(description)}`,
    handlers.length > 0
      ? `## Handlers\n\n${table(
          ["Handler", "Access", "Meaning"],
          handlers.map(({ names, access, text }) => [
            names.split(/,\s*/).map(code).join(", "),
            access,
            prose(text.replaceAll("\n", " ")),
          ]),
        )}`
      : "",
    element.seeAlso && `## See also\n\n${links(element.seeAlso, all)}`,
  );
}

export function elementsIndex(all: readonly ElementPage[]): string {
  const folders = [...new Set(all.map(({ folder }) => folder))];
  return page(
    `the header comments in ${ELEMENTS}/`,
    "Elements of lclick",
    `What a script of an LVNF can be made of: ${all.length} elements. Names and behaviour are Click's where Click has the element; a page says where one differs.`,
    ...folders.map((folder) => {
      const rows = all
        .filter((element) => element.folder === folder)
        .map(({ name, summary }) => [`[${name}](${name}.md)`, prose(summary.replaceAll("\n", " "))]);
      return `## ${folder}\n\n${table(["Element", "What it does"], rows)}`;
    }),
    `## Ports and processing`,
    "Ports are given as Click writes them, inputs/outputs: `1/1-2` is one input and one or two outputs, `1/-` any number of outputs. Processing: `h` push, `l` pull, `a` agnostic (takes the kind of what it is connected to); the last letter holds for all further ports. Every element has the handlers `name`, `class`, `config`, `ports` and `handlers` besides its own.",
  );
}

function links(seeAlso: string, all: readonly ElementPage[]): string {
  return seeAlso
    .split(/,\s*/)
    .map((name) => (all.some((element) => element.name === name) ? `[${name}](${name}.md)` : prose(name)))
    .join(", ");
}

/** Click's marks as Markdown. Split at what is code: the pieces at odd places are. */
function prose(text: string): string {
  return text
    .split(/(C<<\s.*?\s>>|C<[^<>]*>|`[^`]+`)/s)
    .map((piece, i) => (i % 2 === 0 ? marks(piece) : codeOf(piece)))
    .join("");
}

const marks = (text: string): string =>
  text
    .replace(/B<([^<>]*)>/g, "**$1**")
    .replace(/I<([^<>]*)>/g, "*$1*")
    .replaceAll("<", "&lt;");

const codeOf = (marked: string): string =>
  code(
    marked
      .replace(/^C<<\s|^C<|^`/, "")
      .replace(/\s>>$|>$|`$/, "")
      .replaceAll("\n", " "),
  );

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
