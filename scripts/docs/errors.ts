/** docs/reference/errors.md, from the registry in model/errors.ts. */
import { ERRORS } from "../../model/errors.js";
import { anchor, code, page, table } from "./markdown.js";

/** What the exit codes of `lightmano` mean; which error has which stands in the registry. */
export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, "done"],
  [1, "the operation failed"],
  [2, "wrong usage"],
  [3, "not found"],
  [4, "refused"],
  [5, "the agent cannot be reached"],
  [6, "timed out"],
];

export function errorsPage(): string {
  const all = Object.entries(ERRORS);
  return page(
    "model/errors.ts",
    "Errors",
    "A code is stable: it stands in REST problem details (RFC 9457, member `code`; `type` is `urn:lightmano:error:CODE`), in MQTT replies, in events, in the state of functions and services, and in the output of `lightmano`. What happened in the particular case is the `detail` beside it.",
    table(
      ["Code", "HTTP", "Exit code", "Title"],
      all.map(([name, { http, exit, title }]) => [
        `[${name}](${anchor(name)})`,
        String(http),
        String(exit),
        title,
      ]),
    ),
    ...all.map(
      ([name, { http, exit, title, remedy }]) =>
        `## ${name}\n\n${title}. HTTP ${http}, exit code ${exit}.\n\n**What to do.** ${remedy}`,
    ),
    "## Exit codes",
    table(
      ["Exit code", "Meaning", "Errors"],
      EXIT_CODES.map(([exit, meaning]) => [
        String(exit),
        meaning,
        all
          .filter(([, error]) => error.exit === exit)
          .map(([name]) => code(name))
          .join(" "),
      ]),
    ),
  );
}
