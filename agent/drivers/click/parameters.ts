/** Values for the names that a script defines, where there is no command line to give them on: in the kernel. */

/**
 * The script with these values in its `define`s, which is what NAME=VALUE on a command line does; lines keep their
 * numbers. What it does not define is defined before it.
 */
export function withParameters(
  script: string,
  parameters: Readonly<Record<string, string>>,
): { readonly before: string; readonly script: string } {
  const left = new Map(Object.entries(parameters));
  let text = "";
  let at = 0;
  for (const { from, to, name } of definitions(script)) {
    const value = parameters[name];
    if (value === undefined) continue;
    left.delete(name);
    const lines = script.slice(from, to).split("\n").length - 1;
    text += `${script.slice(at, from)} ${value}${"\n".repeat(lines)}`;
    at = to;
  }
  const before = [...left].map(([name, value]) => `define($${name} ${value});`).join("\n");
  return { before, script: text + script.slice(at) };
}

interface Definition {
  readonly name: string;
  /** Where its value is. */
  readonly from: number;
  readonly to: number;
}

/** What has no meaning in a script but as a whole: comments, and strings of both kinds. */
const OPAQUE = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\])*"|'[^']*'/y;
const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const DEFINE = /define\s*\(/y;
const NAME = /\$\w+/y;

/** Those of `define` outside of compound elements, in order. */
function definitions(script: string): readonly Definition[] {
  const found: Definition[] = [];
  let depth = 0;
  for (let at = 0; at < script.length; ) {
    const opaque = match(OPAQUE, script, at);
    if (opaque !== null) at += opaque.length;
    else if (depth === 0 && !/\w/.test(script[at - 1] ?? "") && match(DEFINE, script, at) !== null)
      at = takeArguments(script, at + (match(DEFINE, script, at)?.length ?? 0), found);
    else {
      if ("{([".includes(script[at] ?? "")) depth += 1;
      if ("})]".includes(script[at] ?? "")) depth -= 1;
      at += 1;
    }
  }
  return found;
}

/** From behind the opening parenthesis to behind the closing one. */
function takeArguments(script: string, begin: number, found: Definition[]): number {
  let depth = 0;
  let from = begin;
  const take = (to: number): void => {
    const start = from + (match(SPACE, script, from)?.length ?? 0);
    const head = match(NAME, script, start);
    const name = head?.slice(1);
    if (head !== null && name && start + head.length <= to)
      found.push({ name, from: start + head.length, to });
  };
  for (let at = begin; at < script.length; ) {
    const opaque = match(OPAQUE, script, at);
    if (opaque !== null) {
      at += opaque.length;
      continue;
    }
    const letter = script[at] ?? "";
    if (depth === 0 && (letter === "," || letter === ")")) {
      take(at);
      if (letter === ")") return at + 1;
      from = at + 1;
    }
    if ("{([".includes(letter)) depth += 1;
    if ("})]".includes(letter)) depth -= 1;
    at += 1;
  }
  return script.length;
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
