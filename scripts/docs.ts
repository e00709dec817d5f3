/**
 * `npm run docs`: writes docs/reference/ from the sources that the code itself uses. With `--check` it writes
 * nothing and fails when a page differs from what it would write, or is there and would not be written.
 */
import { parseArgs } from "node:util";
import { findProjectRoot } from "../lab/artifacts.js";
import { referencePages } from "./docs/pages.js";
import { REFERENCE_FOLDER, stalePages, writePages } from "./docs/tree.js";

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const root = await findProjectRoot();
  const pages = await referencePages(root);
  const stale = await stalePages(root, pages);
  if (!values.check) {
    await writePages(root, pages, stale);
    process.stdout.write(`${REFERENCE_FOLDER}: ${pages.size} pages, ${stale.length} changed\n`);
    return 0;
  }
  for (const { path, how } of stale) process.stderr.write(`${REFERENCE_FOLDER}/${path}: ${how}\n`);
  if (stale.length > 0) process.stderr.write("`npm run build:js && npm run docs` brings them up to date\n");
  return stale.length > 0 ? 1 : 0;
}

process.exitCode = await main();
