/** Pages of docs/reference/ that are written by hand, in this folder. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { page } from "./markdown.js";

const FOLDER = "scripts/docs";

/** The page made of the text in `file`. */
export async function textPage(root: string, file: string, title: string): Promise<string> {
  const text = await readFile(join(root, FOLDER, file), "utf8");
  return page(`${FOLDER}/${file}`, title, text.trimEnd());
}
