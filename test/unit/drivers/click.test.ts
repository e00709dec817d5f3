/** The Click driver's parts that need no Click. */
import { spawn } from "node:child_process";
import { closeSync, writeSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openControlSocket } from "../../../agent/drivers/click/control-socket.js";
import { createClickDriver } from "../../../agent/drivers/click/driver.js";
import {
  boundOutput,
  OUTPUT_LIMIT_BYTES,
  openOutput,
  outputTail,
} from "../../../agent/drivers/click/output.js";
import { identify, isRunning, type ProcessIdentity } from "../../../agent/drivers/proc.js";
import { until } from "../../support/until.js";

async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lmt-click-"));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}

t.test("an output that is too long keeps its newest lines, and goes on to be written", async (t) => {
  const path = join(await folder(t), "f.log");
  const fd = openOutput(path);
  t.teardown(() => closeSync(fd));
  const line = (n: number): string => `line ${String(n).padStart(8, "0")} ${"x".repeat(80)}`;
  let n = 0;
  const write = (lines: number): void => {
    const text = Array.from({ length: lines }, () => `${line(++n)}\n`).join("");
    writeSync(fd, text);
  };
  write(1_000);
  const before = await readFile(path, "utf8");
  boundOutput(path);
  t.equal(await readFile(path, "utf8"), before, "one that is not too long is left alone");
  write(20_000);
  t.ok((await stat(path)).size > OUTPUT_LIMIT_BYTES);
  boundOutput(path);
  t.ok((await stat(path)).size <= OUTPUT_LIMIT_BYTES / 2);
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  t.equal(lines.at(-1), line(n), "the newest is there");
  t.equal(lines[0], line(n - lines.length + 1), "from the beginning of a line on, and none is missing");
  write(1);
  t.equal(outputTail(path, 2), `${line(n - 1)}\n${line(n)}`, "the process appends, and leaves no hole");
  boundOutput(join(path, "..", "none"));
});

t.test("the tail of an output that grew while no agent ran is read without reading it all", async (t) => {
  const path = join(await folder(t), "f.log");
  await writeFile(path, "");
  for (let i = 0; i < 4; i++) await appendFile(path, "y".repeat(OUTPUT_LIMIT_BYTES));
  await appendFile(path, "\nlast but one\nlast\n");
  t.equal(outputTail(path, 2), "last but one\nlast");
  t.equal(outputTail(path, 10_000), "last but one\nlast", "a line that is not whole is left out");
  t.equal(outputTail(join(path, "..", "none"), 5), "");
});

/** A process with our marks, which is no Click. */
async function marked(t: Test, functionId: string, node: string, runDir: string): Promise<ProcessIdentity> {
  const child = spawn("sleep", ["60"], {
    stdio: "ignore",
    env: {
      PATH: process.env.PATH,
      LIGHTMANO_NODE: node,
      LIGHTMANO_RUN_DIR: runDir,
      LIGHTMANO_FUNCTION: functionId,
      LIGHTMANO_DIGEST: "d",
    },
  });
  t.teardown(() => void child.kill("SIGKILL"));
  await new Promise((resolve) => child.once("spawn", resolve));
  return until("it has been spawned", () => identify(child.pid ?? 0));
}

t.test("of two processes of one function the newer is adopted, and the older is ended", async (t) => {
  const runDir = await folder(t);
  const node = `test/${process.pid}-twice`;
  const older = await marked(t, "svc.f", node, runDir);
  const other = await marked(t, "svc.other", node, runDir);
  const newer = await marked(t, "svc.f", node, runDir);
  const elsewhere = await marked(t, "svc.f", node, join(runDir, "of-another-agent"));
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.write("Click::ControlSocket/1.3\r\n");
  });
  await new Promise<void>((resolve) => server.listen(join(runDir, "svc.f.sock"), resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const words: string[] = [];
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  const options = { nodeId: node, program: "/none", runDir, log: (text: string) => void words.push(text) };
  const driver = createClickDriver(options);
  driver.watch(() => undefined, stop.signal);
  const view = await until("it has looked", () => {
    const now = driver.view();
    return now.state === "ready" ? now.now : null;
  });
  t.same([...view.processes.keys()], ["svc.f"]);
  t.match(view.processes.get("svc.f"), newer);
  await until("the older has ended", async () => !(await isRunning(older)));
  await until("what does not answer has ended", async () => !(await isRunning(other)));
  t.ok(await isRunning(newer));
  t.ok(await isRunning(elsewhere), "what another agent's run directory has is another agent's");
  t.match(words.join("\n"), /svc\.f runs twice: pid \d+, the older, is stopped/);
  t.match(words.join("\n"), /Click cannot be used: `\/none --version`: cannot be run/);
});

/** A ControlSocket that answers READ x with these pieces, one after the other. */
async function answering(t: Test, pieces: readonly Buffer[]) {
  const path = join(await folder(t), "x.sock");
  const server = createServer(async (socket) => {
    socket.on("error", () => undefined);
    socket.write("Click::ControlSocket/1.3\r\n");
    await new Promise((resolve) => socket.once("data", resolve));
    for (const piece of pieces) {
      await new Promise((resolve) => socket.write(piece, resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => server.close());
  const control = await openControlSocket(path, AbortSignal.timeout(5_000));
  t.teardown(control.close);
  return control;
}

t.test("an answer is the same in whatever pieces it comes", async (t) => {
  const text = "200-Read handler\r\n200 OK\r\nDATA 12\r\né12\n67\r\n90a200 Read OK\r\nDATA 1\r\nz";
  const bytes = Buffer.from(text);
  for (const size of [1, 2, 3, 7, 25, bytes.length]) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    const control = await answering(t, pieces);
    const { signal } = new AbortController();
    const [first, second] = await Promise.all([control.read("x", signal), control.read("y", signal)]);
    t.equal(first, "é12\n67\r\n90a", `pieces of ${size}`);
    t.equal(second, "z");
  }
});

t.test("a large answer costs what it has, not its square", async (t) => {
  const line = Buffer.from(`session ${"x".repeat(55)}\n`);
  const piece = Buffer.concat(Array(64).fill(line)); // 4 KiB
  const pieces = 4_096;
  const head = Buffer.from(`200 OK\r\nDATA ${pieces * piece.length}\r\n`);
  const control = await answering(t, [head, ...Array<Buffer>(pieces).fill(piece)]);
  const begun = process.cpuUsage();
  const text = await control.read("x", AbortSignal.timeout(60_000));
  const { user, system } = process.cpuUsage(begun);
  t.equal(text.length, pieces * piece.length);
  t.equal(text.slice(-line.length), line.toString());
  // 16 MiB put together anew with each of 4096 pieces were 34 GB to copy.
  t.ok(user + system < 3_000_000, `${(user + system) / 1e6} s of CPU time`);
});
