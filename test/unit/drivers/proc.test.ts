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
  const script =
    "require('node:child_process').spawn('cat', {stdio: ['pipe', 1, 1]}).on('spawn', () => console.log('up'))";
  const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => parent.kill("SIGKILL"));
  await once(parent.stdout, "data");
  const pid = parent.pid ?? 0;
  const [child] = (await readFile(`/proc/${pid}/task/${pid}/children`, "latin1")).split(" ").map(Number);
  // Pages may be shared anew between two looks: the child has at least 50 kB that nobody else has.
  const alone = await pssKib(pid);
  const stats = await processStats(pid);
  t.ok(child && (await pssKib(child)) > 50);
  t.ok(
    stats && stats.memoryBytes > (alone + 40) * 1024,
    `${stats?.memoryBytes} of both, ${alone} kB of the parent`,
  );
  t.ok(stats && stats.cpuSeconds > 0);
});

t.test("processStats of a process that is gone is null", async (t) => {
  const gone = spawn("true");
  await once(gone, "close");
  t.equal(await processStats(gone.pid ?? 0), null);
});
