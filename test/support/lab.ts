/** A lab for a test: made anew, taken away when the test is over, and what can be seen of it in the system. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";
import { createLab, type Lab } from "../../lab/lab.js";

/** The checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Options for `t.test`: its time limit, and the reason to skip where a lab or one of these files is missing. */
export function labTest(timeoutMs: number, ...files: readonly string[]) {
  const unbuilt = files.find((file) => !existsSync(join(root, file)));
  const missing =
    process.getuid?.() !== 0
      ? "root is needed for network namespaces"
      : unbuilt !== undefined && `${unbuilt} is not built: npm run build`;
  return { timeout: timeoutMs, ...(missing && { skip: `NOT RUN: ${missing}` }) };
}

/** A lab that is up. One that an earlier test of this prefix left, because it was killed, is taken away first. */
export async function startLab(t: Test, prefix: string): Promise<Lab> {
  const lab = await createLab({ prefix, projectRoot: root });
  t.teardown(() => lab.down());
  await lab.down();
  await lab.up();
  return lab;
}

/** What the system shows of the lab with this prefix; empty when it has been taken away. */
export function traces(prefix: string): readonly string[] {
  const folders = ["/run/lightmano-lab", "/var/lib/lightmano-lab"].map((folder) => join(folder, prefix));
  const cgroups = ["", ...list("/sys/fs/cgroup")].map((controller) =>
    join("/sys/fs/cgroup", controller, `lightmano-lab-${prefix}`),
  );
  const processes = list("/proc").filter(
    (pid) => /^\d+$/.test(pid) && text(`/proc/${pid}/environ`).includes(`LIGHTMANO_LAB=${folders[0]}\0`),
  );
  return [
    ...list("/run/netns")
      .filter((name) => name.startsWith(prefix))
      .map((name) => `namespace ${name}`),
    ...[...folders, `${folders[0]}.lock`, ...cgroups].filter(existsSync),
    ...text("/proc/self/mounts")
      .split("\n")
      .filter((line) => folders.some((folder) => line.includes(` ${folder}/`))),
    ...processes.map((pid) => `process ${pid}: ${text(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`),
  ];
}

const list = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Empty when it has gone meanwhile, as processes do, or is not ours to read, as init's environment may be. */
function text(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      ["ENOENT", "ESRCH", "EACCES"].includes(String(error.code))
    )
      return "";
    throw error;
  }
}
