/** The program that watches the agent from outside (watchdog/watchdog.c), and what it left of earlier agents. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Helper {
  /** One line. Lost without a word when the helper is gone: `ended` tells that. */
  say(line: string): void;
  /** Resolves with why it ended. */
  readonly ended: Promise<string>;
}

export interface HelperOptions {
  readonly program: string;
  readonly seconds: number;
  /** Where it writes what it saw of an agent that hung. */
  readonly directory: string;
  /** Called with the pid and the file when the agent hangs. */
  readonly dumpProgram: readonly string[];
}

/** Rejects when it cannot be started. */
export async function startHelper({
  program,
  seconds,
  directory,
  dumpProgram,
}: HelperOptions): Promise<Helper> {
  const child: ChildProcess = spawn(program, [`${seconds}`, directory, ...dumpProgram], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(child, "spawn");
  child.unref();
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
  child.stdin?.on("error", () => undefined); // it has ended, which `ended` tells
  return { say: (line) => void child.stdin?.write(`${line.replaceAll("\n", " ").slice(0, 400)}\n`), ended };
}

/** Marks a dump that was told of. */
const TOLD = ".told";

export interface HangDump {
  readonly path: string;
  /** Its first lines. */
  readonly summary: string;
}

/** What an earlier agent hung in, and has not been told of. Each is given once. */
export async function untoldHangs(directory: string, tell: (dump: HangDump) => void): Promise<void> {
  const names = await readdir(directory).catch(() => [] as string[]);
  const toldUpTo =
    names
      .filter((name) => name.endsWith(TOLD))
      .sort()
      .at(-1) ?? "";
  const news = names.filter((name) => /^hang-.*\.txt$/.test(name) && `${name}${TOLD}` > toldUpTo).sort();
  for (const name of news) {
    const path = join(directory, name);
    const text = await readFile(path, "utf8").catch((error: unknown) => String(error));
    tell({ path, summary: text.split("\n").slice(0, 2).join("; ") });
  }
  const newest = news.at(-1);
  if (newest === undefined) return;
  await writeFile(join(directory, `${newest}${TOLD}`), "");
  if (toldUpTo !== "") await rm(join(directory, toldUpTo), { force: true });
}
