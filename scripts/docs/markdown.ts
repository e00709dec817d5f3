/** The little Markdown that the reference pages are made of. */

/** First line of every page: where it comes from, and that it is not to be edited. */
export function page(source: string, title: string, ...parts: readonly string[]): string {
  const head = `<!-- Generated from ${source} by scripts/docs.ts: change that, then \`npm run docs\`. -->`;
  return `${[head, `# ${title}`, ...parts.filter((part) => part !== "")].join("\n\n")}\n`;
}

/** A table; nothing when there are no rows. Columns that are empty in every row are left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const used = head.map((_, column) => rows.some((row) => row[column] !== ""));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, column) => used[column])
      .map(cell)
      .join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** Inline code, whatever is in it. */
export function code(text: string): string {
  if (text === "") return "";
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

export const fenced = (text: string, language = ""): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** A value as a reader would write it. */
export const literal = (value: unknown): string => code(JSON.stringify(value));

/** GitHub's anchor of a heading. */
export const anchor = (heading: string): string =>
  `#${heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-")}`;

/** A description that may be absent, as a sentence. */
export const sentence = (text: string | undefined): string =>
  text === undefined || text === "" ? "" : /[.!?:)]$/.test(text) ? text : `${text}.`;
