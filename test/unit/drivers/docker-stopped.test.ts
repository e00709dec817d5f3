import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { watchStopped } from "../../../agent/drivers/docker/stopped.js";

t.test("a process that is stopped at two looks in a row is told of, once each time", async (t) => {
  const procRoot = await mkdtemp(join(tmpdir(), "lmt-proc-"));
  t.teardown(() => rm(procRoot, { recursive: true }));
  const stat = (pid: number, state: string) =>
    writeFile(join(procRoot, String(pid), "stat"), `${pid} (a) b) ${state} 1 1`);
  for (const pid of [1, 2, 3]) await mkdir(join(procRoot, String(pid)));
  /** By look: the states of processes 1 to 3. */
  const looks = ["SST", "TST", "TTS", "TST", "TST"];
  const stop = new AbortController();
  const told: string[] = [];
  let look = 0;
  await watchStopped(
    {
      procRoot,
      clock: {
        async delay() {
          const states = looks[look++];
          if (states === undefined) return stop.abort();
          for (const pid of [1, 2, 3]) await stat(pid, states[pid - 1] ?? "S");
        },
      },
      running: () => [1, 2, 3].map((pid) => ({ containerId: `c${pid}`, pid })),
      stopped: (id, pid) => void told.push(`${id} ${pid} at look ${look}`),
    },
    stop.signal,
  );
  t.strictSame(told, ["c3 3 at look 2", "c1 1 at look 3", "c3 3 at look 5"]);
});
