/** Makes the library that notes what a program does to its disk. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Compiles `recorder.c` below `project` unless that was done; resolves with the library's path. Needs `cc`. */
export async function compileRecorder(project: string): Promise<string> {
  const source = join(project, "test", "power-cuts", "recorder.c");
  const digest = createHash("sha256")
    .update(await readFile(source))
    .digest("hex")
    .slice(0, 12);
  const folder = join(project, "build", "power-cuts");
  const library = join(folder, `recorder-${digest}.so`);
  if (await exists(library)) return library;
  await mkdir(folder, { recursive: true });
  const made = `${library}.${process.pid}`; // another run may compile it at the same time
  await promisify(execFile)("cc", ["-shared", "-fPIC", "-O1", "-o", made, source, "-ldl", "-lpthread"]);
  await rename(made, library);
  return library;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
