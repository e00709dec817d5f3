import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { createReadiness } from "../../../agent/drivers/docker/readiness.js";
import { readInspect } from "../../../agent/drivers/docker/spec.js";

t.test("who looks knows afterwards which containers listen, without waiting for the next look", async (t) => {
  const procRoot = await mkdtemp(join(tmpdir(), "lmt-proc-"));
  const running = (id: string, pid: number) => {
    const found = readInspect({
      Id: id,
      Created: "x",
      State: { Status: "running", Pid: pid, ExitCode: 0, Error: "", StartedAt: "2026-11-23T00:00:00Z" },
      Config: { Labels: { "lightmano.function": id, "lightmano.ready-ports": "80" } },
    });
    if (!found) throw new Error("it is ours");
    return found;
  };
  await mkdir(join(procRoot, "7", "net"), { recursive: true });
  const listening = "   0: 00000000:0050 00000000:0000 0A 00000000:00000000\n";
  await writeFile(join(procRoot, "7/net/tcp"), `  sl  local_address\n${listening}`);
  const [listens, silent] = [running("listens", 7), running("silent", 8)];
  const readiness = createReadiness(procRoot, () => undefined);
  t.teardown(() => readiness.stop());
  t.teardown(() => rm(procRoot, { recursive: true }));
  readiness.follow([listens, silent]);
  t.notOk(readiness.isReady(listens), "it has not been looked at");
  await readiness.look();
  t.ok(readiness.isReady(listens));
  t.notOk(readiness.isReady(silent));
});
