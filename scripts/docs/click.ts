/**
 * docs/reference/click-compatibility.md and click-language.md: texts of this folder, and the table of element classes, made from
 * what Click and FastClick have (click-classes.txt) and from the elements that are there.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ElementPage } from "./elements.js";
import { code, page, table } from "./markdown.js";

const FOLDER = "scripts/docs";
const CLASSES = "click-classes.txt";
const TEXT = "click-compatibility.md";
const LANGUAGE = "click-language.md";
/** Where the text has the table. */
const MARK = "<!-- classes -->";

export interface ClickClass {
  readonly name: string;
  readonly origin: "click" | "fastclick" | "both";
  /** How lclick's differs, or why it is not there. */
  readonly remark: string;
}

/** The lines of click-classes.txt. One that is none, or a class that is said twice, is an error. */
export function parseClasses(text: string): readonly ClickClass[] {
  const seen = new Set<string>();
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name, origin, remark = ""] = /^(\w+) (click|fastclick|both)(?: (.+))?$/.exec(line) ?? [];
      if (name === undefined || seen.has(name)) throw new Error(`${FOLDER}/${CLASSES}: bad line "${line}"`);
      seen.add(name);
      return { name, origin: origin as ClickClass["origin"], remark };
    });
}

export async function compatibilityPage(root: string, elements: readonly ElementPage[]): Promise<string> {
  const classes = parseClasses(await readFile(join(root, FOLDER, CLASSES), "utf8"));
  const text = await readFile(join(root, FOLDER, TEXT), "utf8");
  if (!text.includes(MARK)) throw new Error(`${FOLDER}/${TEXT}: no ${MARK}`);
  return page(
    `${FOLDER}/${TEXT}, ${CLASSES} and the elements`,
    "Click compatibility",
    text.replace(MARK, () => classTables(classes, elements)).trimEnd(),
  );
}

export async function languagePage(root: string): Promise<string> {
  const text = await readFile(join(root, FOLDER, LANGUAGE), "utf8");
  return page(
    `${FOLDER}/${LANGUAGE}`,
    "Click compatibility: the language and the command line",
    text.trimEnd(),
  );
}

/** What is there of each origin, in numbers; then every class; then those that only lclick has. */
export function classTables(classes: readonly ClickClass[], elements: readonly ElementPage[]): string {
  const pages = new Map(
    elements.flatMap(({ name, classes }) => classes.map((one) => [one, `elements/${name}.md`])),
  );
  const known = new Set(classes.map(({ name }) => name));
  const own = [...pages].filter(([name]) => !known.has(name));
  const there = classes.filter(({ name }) => pages.has(name));
  const count = (origin: "click" | "fastclick", list: readonly ClickClass[]): number =>
    list.filter((one) => one.origin === "both" || one.origin === origin).length;
  return [
    `lclick has ${pages.size} element classes. Of the ${count("click", classes)} of Click it has ${count("click", there)}, of the ${count("fastclick", classes)} of FastClick ${count("fastclick", there)}; ${own.length} are its own. *There* means: by that name, with Click's ports and arguments, and no difference known.`,
    table(
      ["Class", "In", "State", "Remark"],
      classes.map((one) => [
        pages.has(one.name) ? `[${one.name}](${pages.get(one.name)})` : code(one.name),
        { click: "Click", fastclick: "FastClick", both: "both" }[one.origin],
        !pages.has(one.name) ? "missing" : one.remark === "" ? "there" : "differs",
        one.remark,
      ]),
    ),
    own.length === 0 ? "" : `Only in lclick: ${own.map(([name, path]) => `[${name}](${path})`).join(", ")}.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
