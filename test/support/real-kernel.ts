/** A Click file system for tests: clickfs.py, by FUSE, with lclick for the kernel. */
import { spawn } from "node:child_process";
import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { missingFor } from "./real.js";
import { LCLICK, missingClick } from "./real-click.js";

const PROGRAM = fileURLToPath(new URL("./clickfs.py", import.meta.url));
const PYTHON = "/usr/bin/python3";

export interface KernelForTests {
  readonly path: string;
  /** As when the module is unloaded. */
  unmount(): Promise<void>;
}

/** Why there can be none here; null where it can. */
export async function missingKernel(): Promise<string | null> {
  const fuse = await access("/dev/fuse", constants.R_OK | constants.W_OK).then(
    () => null,
    () => "NOT RUN against a file system; missing: /dev/fuse",
  );
  return (await missingClick()) ?? missingFor(["python3"]) ?? fuse;
}

/** Mounted somewhere of its own until the test ends. */
export async function mountKernel(cleanup: { add(undo: () => unknown): void }): Promise<KernelForTests> {
  const path = await mkdtemp(join(tmpdir(), "lmt-clickfs-"));
  cleanup.add(() => rm(path, { recursive: true, force: true }));
  const child = spawn(PYTHON, [PROGRAM, path, LCLICK], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const unmount = async (): Promise<void> => {
    child.stdin.end(); // it ends with us, however we end
    await ended;
  };
  cleanup.add(unmount);
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`clickfs.py ended with ${code}`)));
  });
  return { path, unmount };
}
