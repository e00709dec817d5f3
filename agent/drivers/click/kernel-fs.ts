/**
 * Click's kernel module, as its file system shows it (click.o(8)): a configuration is installed by writing it to
 * `config`, which fails when the file is closed and has the words in `errors`; `ELEMENT/.h/HANDLER` is a handler.
 */
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LightmanoError } from "../../../model/errors.js";
import { abortable } from "../wait.js";

/** What stands in the first line of a configuration of ours: whose it is. */
export interface KernelMark {
  readonly node: string;
  readonly runDir: string;
  readonly functionId: string;
  readonly digest: string;
  /** When it was installed, ms since the epoch. */
  readonly at: number;
}

export interface KernelClick {
  /** Where it is mounted. */
  readonly path: string;
  readonly version: string;
}

/** What the kernel runs: nothing, a configuration of ours, or somebody else's. */
export type Installed = KernelMark | "none" | "other";

const MARK = "// LightMANO ";

/** The first of the paths at which there is a Click file system. `click.kernel-missing` where there is none. */
export async function findKernelClick(paths: readonly string[], signal: AbortSignal): Promise<KernelClick> {
  for (const path of paths) {
    const read = (name: string) => readFile(join(path, name), "utf8").catch(() => null);
    const [version, classes, config] = await abortable(
      Promise.all(["version", "classes", "config"].map(read)),
      signal,
      `looking at ${path}`,
    );
    if (version !== null && classes !== null && config !== null)
      return { path, version: version?.trim() ?? "" };
  }
  throw new LightmanoError("click.kernel-missing", `no Click file system at ${paths.join(" or ")}`);
}

/** Null where the file system is gone. */
export async function installed({ path }: KernelClick): Promise<Installed | null> {
  const text = await readFile(join(path, "config"), "utf8").catch(() => null);
  if (text === null) return null;
  if (text.trim() === "") return "none";
  const [first = ""] = text.split("\n", 1);
  if (!first.startsWith(MARK)) return "other";
  try {
    return JSON.parse(first.slice(MARK.length)) as KernelMark;
  } catch (error) {
    if (error instanceof SyntaxError) return "other";
    throw error;
  }
}

export const markLine = (mark: KernelMark): string => MARK + JSON.stringify(mark);

/** `click.script-invalid` with the kernel's own words where it does not take it; then nothing is installed. */
export async function install(click: KernelClick, text: string): Promise<void> {
  try {
    await writeWhole(join(click.path, "config"), text);
  } catch (cause) {
    const words = await errorsOf(click);
    await uninstall(click); // what could not be initialised must not stay
    throw new LightmanoError("click.script-invalid", words || String(cause), { cause });
  }
}

/** An empty configuration gives the devices back to Linux. */
export async function uninstall({ path }: KernelClick): Promise<void> {
  await writeWhole(join(path, "config"), "\n");
}

export async function readHandler(click: KernelClick, handler: string): Promise<string> {
  try {
    return await readFile(fileOf(click, handler), "utf8");
  } catch (cause) {
    throw refused(handler, cause);
  }
}

export async function writeHandler(click: KernelClick, handler: string, value: string): Promise<void> {
  const path = fileOf(click, handler);
  const before = await errorsOf(click);
  try {
    await writeWhole(path, value);
  } catch (cause) {
    const after = await errorsOf(click);
    const words = after.startsWith(before) ? after.slice(before.length).trim() : after;
    throw words === ""
      ? refused(handler, cause)
      : new LightmanoError("handler.failed", `${handler}: ${words}`, { cause });
  }
}

/** What the kernel printed and complained of since the last configuration: some 4 KiB of either. */
export async function outputOf({ path }: KernelClick): Promise<string> {
  const [messages, errors] = await Promise.all(
    ["messages", "errors"].map((name) => readFile(join(path, name), "utf8").catch(() => "")),
  );
  return `${messages}${errors}`;
}

const errorsOf = async ({ path }: KernelClick): Promise<string> =>
  (await readFile(join(path, "errors"), "utf8").catch(() => "")).trim();

/** `a/b.count` is a/b/.h/count. No name leads out of the file system. */
function fileOf({ path }: KernelClick, handler: string): string {
  const dot = handler.lastIndexOf(".");
  const [element, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const parts = element.split("/");
  if (dot < 1 || name === "" || /[/\0 ]/.test(name) || parts.some((part) => /^\.*$|\0/.test(part)))
    throw new LightmanoError("handler.failed", `${handler}: no handler of the kernel's is called so`);
  return join(path, ...parts, ".h", name);
}

function refused(handler: string, cause: unknown): LightmanoError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const words = code === "ENOENT" ? "there is no such handler" : `the kernel refused it (${code})`;
  return new LightmanoError("handler.failed", `${handler}: ${words}`, { cause });
}

/** The file is closed before this resolves: what a write comes to is known only then. */
async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(text);
  } catch (error) {
    await file.close().catch((late: unknown) => void late);
    throw error;
  }
  await file.close();
}
