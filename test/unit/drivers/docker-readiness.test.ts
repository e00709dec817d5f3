import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { createReadiness } from "../../../agent/drivers/docker/readiness.js";
import { readInspect } from "../../../agent/drivers/docker/spec.js";
import { until } from "../../support/until.js";

const HEADING = "  sl  local_address rem_address   st tx_queue rx_queue\n";
const socket = (port: string, state: string): string =>
  `   0: 00000000:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0\n`;

async function procOf(t: Test) {
  const procRoot = await mkdtemp(join(tmpdir(), "lmt-proc-"));
  t.teardown(() => rm(procRoot, { recursive: true }));
  return {
    procRoot,
    async write(pid: number, sockets: readonly string[]) {
      await mkdir(join(procRoot, String(pid), "net"), { recursive: true });
      await writeFile(join(procRoot, `${pid}/net/tcp`), HEADING + sockets.join(""));
    },
  };
}

function running(id: string, pid: number) {
  const found = readInspect({
    Id: id,
    Created: "x",
    State: { Status: "running", Pid: pid, ExitCode: 0, Error: "", StartedAt: "2026-11-23T00:00:00Z" },
    Config: { Labels: { "lightmano.function": id, "lightmano.ready-ports": "80" } },
  });
  if (!found) throw new Error("it is ours");
  return found;
}

t.test("who looks knows afterwards which containers listen, without waiting for the next look", async (t) => {
  const { procRoot, write } = await procOf(t);
  await write(7, [socket("0050", "0A")]);
  const [listens, silent] = [running("listens", 7), running("silent", 8)];
  const readiness = createReadiness(procRoot, () => undefined);
  t.teardown(() => readiness.stop());
  readiness.follow([listens, silent]);
  t.notOk(readiness.isReady(listens), "it has not been looked at");
  await readiness.look();
  t.ok(readiness.isReady(listens));
  t.notOk(readiness.isReady(silent));
});

t.test("one that stops listening is ready no more, and again when it listens", async (t) => {
  const { procRoot, write } = await procOf(t);
  const one = running("one", 7);
  let changes = 0;
  const readiness = createReadiness(procRoot, () => void changes++, 60_000);
  t.teardown(() => readiness.stop());
  await write(7, [socket("0050", "0A")]);
  readiness.follow([one]);
  await until("it is ready", () => readiness.isReady(one));
  await write(7, [socket("0050", "06")]);
  readiness.doubt("another");
  readiness.doubt("one");
  await until("it is doubted, and found not to listen", () => !readiness.isReady(one));
  await write(7, [socket("0050", "0A")]);
  await until("it is back", () => readiness.isReady(one));
  t.equal(changes, 3, "each change is told once");
});

t.test("one that stops listening of which nobody was told is found, too", async (t) => {
  const { procRoot, write } = await procOf(t);
  const [closes, ends] = [running("closes", 7), running("ends", 8)];
  const readiness = createReadiness(procRoot, () => undefined, 10);
  t.teardown(() => readiness.stop());
  for (const pid of [7, 8]) await write(pid, [socket("0050", "0A")]);
  readiness.follow([closes, ends]);
  await until("both are ready", () => readiness.isReady(closes) && readiness.isReady(ends));
  await write(7, []);
  await rm(join(procRoot, "8"), { recursive: true });
  await until("neither is", () => !readiness.isReady(closes) && !readiness.isReady(ends));
});

t.test("of many sockets only the listening ones are read, however many these are", async (t) => {
  const { procRoot, write } = await procOf(t);
  const one = running("one", 7);
  const readiness = createReadiness(procRoot, () => undefined);
  t.teardown(() => readiness.stop());
  const others = Array.from({ length: 100 }, (_, n) => socket((1000 + n).toString(16).toUpperCase(), "0A"));
  // One that listens behind one that is connected is in no table of the kernel's; here it shows where reading ends.
  const connected = Array.from({ length: 100 }, () => socket("1F90", "01"));
  await write(7, [...others, ...connected, socket("0050", "0A")]);
  readiness.follow([one]);
  await readiness.look();
  t.notOk(readiness.isReady(one));
  await write(7, [...others, socket("0050", "0A"), ...connected]);
  await readiness.look();
  t.ok(readiness.isReady(one));
});
