/** How the command speaks: tables for people, JSON for programs, colour only on a terminal. */
import Table from "cli-table3";
import colors from "picocolors";

export interface Output {
  readonly json: boolean;
  line(text: string): void;
  error(text: string): void;
  /** JSON of the value with --json, else what `text` makes of it. */
  show<T>(value: T, text: (value: T) => void): void;
  table(head: readonly string[], rows: readonly (readonly (string | number | null | undefined)[])[]): void;
  state(state: string): string;
  dim(text: string): string;
}

const GREEN = ["running", "active", "ready", "online", "ok"];
const RED = ["failed", "degraded", "backoff", "offline"];

export function createOutput(json: boolean, isTerminal: boolean): Output {
  const paint = colors.createColors(isTerminal && !process.env.NO_COLOR);
  const line = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    json,
    line,
    error: (text) => void process.stderr.write(`${text}\n`),
    show(value, text) {
      if (json) line(JSON.stringify(value, null, 2));
      else text(value);
    },
    table(head, rows) {
      if (rows.length === 0) return line(paint.dim("(none)"));
      const plain = {
        top: "",
        "top-mid": "",
        "top-left": "",
        "top-right": "",
        bottom: "",
        "bottom-mid": "",
        "bottom-left": "",
        "bottom-right": "",
        left: "",
        "left-mid": "",
        mid: "",
        "mid-mid": "",
        right: "",
        "right-mid": "",
        middle: "  ",
      };
      const table = new Table({
        head: head.map((name) => paint.bold(name)),
        chars: plain,
        style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
      });
      for (const row of rows)
        table.push(row.map((cell) => (cell === null || cell === undefined ? "" : String(cell))));
      line(
        table
          .toString()
          .split("\n")
          .map((text) => text.trimEnd())
          .join("\n"),
      );
    },
    state: (state) =>
      GREEN.includes(state)
        ? paint.green(state)
        : RED.includes(state)
          ? paint.red(state)
          : paint.yellow(state),
    dim: (text) => paint.dim(text),
  };
}

/** Bytes with a unit, three digits at most. */
export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return "";
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
