/**
 * The node's disk, as far as the agent has it: a small ext4 in a file. What is in the file is what has left the
 * page cache of that file system; so a copy of it is what a power cut would leave.
 */
import { copyFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, runOk } from "../command.js";
import type { Lab } from "../lab.js";

const SIZE_BYTES = 64 * 1024 ** 2;
const FILLER = "filler";

export interface Disk {
  readonly mountPoint: string;
  /** What would be there now if the power went. */
  snapshot(): Promise<void>;
  /** The disk as it was at the snapshot; nobody may have a file of it open. */
  revert(): Promise<void>;
  /** Not a byte is left for anybody. */
  fill(): Promise<void>;
  empty(): Promise<void>;
}

export async function makeDisk(lab: Lab): Promise<Disk> {
  const image = join(lab.paths.stateDir, "agent.img");
  const taken = join(lab.paths.stateDir, "agent.cut");
  const mountPoint = join(lab.paths.stateDir, "agent");
  await mkdir(mountPoint, { recursive: true });
  await writeFile(image, "");
  await runOk(["truncate", "-s", String(SIZE_BYTES), image]);
  // No reserve for root, who runs the agent here: full is to be full for it, too.
  await runOk(["mkfs.ext4", "-q", "-m", "0", image]);
  const mount = () => runOk(["mount", "-o", "loop,noatime", image, mountPoint]);
  await mount();
  const filler = join(mountPoint, FILLER);
  return {
    mountPoint,
    snapshot: () => copyFile(image, taken),
    async revert() {
      await runOk(["umount", mountPoint]);
      await rename(taken, image);
      await mount();
    },
    async fill() {
      // It ends when nothing more goes in, with an error, as it should. Small pieces take what large ones leave.
      for (const piece of ["1M", "4k", "1k"])
        await run([
          "dd",
          "if=/dev/zero",
          `of=${filler}-${piece}`,
          `bs=${piece}`,
          "conv=fsync",
          "status=none",
        ]);
    },
    async empty() {
      for (const name of await readdir(mountPoint))
        if (name.startsWith(FILLER)) await rm(join(mountPoint, name));
    },
  };
}
