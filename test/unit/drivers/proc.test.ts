import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import t from "tap";
import { processStats } from "../../../agent/drivers/proc.js";

async function pssKib(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "latin1");
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]);
}

t.test("processStats counts a process and its children", async (t) => {
  const parent = spawn("sh", ["-c", "sleep 100 & echo up; wait"], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  t.teardown(() => process.kill(-(parent.pid ?? 0), "SIGKILL"));
  await once(parent.stdout, "data");
  const pid = parent.pid ?? 0;
  const [child] = (await readFile(`/proc/${pid}/task/${pid}/children`, "latin1")).split(" ").map(Number);
  const [alone, stats] = [await pssKib(pid), await processStats(pid)];
  t.ok(child && (await pssKib(child)) > 50);
  t.ok(
    stats && stats.memoryBytes > (alone + 40) * 1024,
    `${stats?.memoryBytes} of both, ${alone} kB of the shell`,
  );
});

t.test("processStats of a process that is gone is null", async (t) => {
  const gone = spawn("true");
  await once(gone, "close");
  t.equal(await processStats(gone.pid ?? 0), null);
});
