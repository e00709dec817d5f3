/** `npm run bench:gtp`: the beds it measures in, and that nothing is left of them, however it ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import t from "tap";
import { FLOOD_CABLES, PREFIX, withBed } from "../../bench/gtp/bed.js";
import { runIn } from "../../lab/context.js";
import { removeNamespaces } from "../../lab/namespaces.js";
import { startProcess } from "../../lab/processes.js";
import { waitUntil } from "../../lab/wait.js";
import { labTest, root, traces } from "../support/lab.js";

t.test("a bed is gone when what uses it fails", labTest(60_000), async (t) => {
  const signal = new AbortController().signal;
  const failing = withBed(root, signal, FLOOD_CABLES, async (lab) => {
    await startProcess(lab, { name: "sleep", ns: "edge", argv: ["sleep", "1000"] });
    const links = (await runIn(lab, "edge", ["ip", "-br", "link"])).stdout;
    for (const device of ["ran", "core", "local"]) t.match(links, new RegExp(`^${device}@.*UP`, "m"));
    t.match(traces(PREFIX).join("\n"), /process \d+: sleep 1000/, "a process of its own runs");
    throw new Error("as it had to come");
  });
  await t.rejects(failing, { message: "as it had to come" });
  t.same(traces(PREFIX), []);
});

t.test("a bed is gone when it is told to stop", labTest(60_000), async (t) => {
  const stop = new AbortController();
  const stopped = withBed(root, stop.signal, FLOOD_CABLES, async (lab) => {
    const running = runIn(lab, "edge", ["sleep", "1000"]);
    stop.abort();
    await running;
  });
  await t.rejects(stopped, /stopped on request/);
  t.same(traces(PREFIX), []);
});

t.test("the name of a namespace whose making was cut short goes too", labTest(60_000), async (t) => {
  // As `ip netns add` leaves it when it is killed: the name is there, nothing is mounted on it yet.
  await withBed(root, new AbortController().signal, [], async (lab) => {
    await removeNamespaces(lab);
    await writeFile(`/run/netns/${PREFIX}wan`, "");
    t.same(
      traces(PREFIX).filter((trace) => trace.startsWith("namespace")),
      [`namespace ${PREFIX}wan`],
    );
  });
  t.same(traces(PREFIX), []);
});

for (const signal of ["SIGINT", "SIGTERM"] as const)
  t.test(`${signal} stops the bench`, labTest(60_000, "dist/bench-gtp.mjs"), async (t) => {
    const bench = `${root}dist/bench-gtp.mjs`;
    const child = spawn(process.execPath, [bench, "--only", "tcp"], { stdio: "ignore" });
    const exited = once(child, "exit");
    const begun = () => existsSync(`/run/netns/${PREFIX}edge`);
    await waitUntil("the bench has made its namespaces", begun, { timeoutMs: 20_000 });
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    t.equal(code, 130);
    t.same(traces(PREFIX), []);
  });
