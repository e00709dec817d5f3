/** The agent as a whole over a journal that is damaged or cannot be opened: it goes on, says so, and mends it. */
import { existsSync } from "node:fs";
import {
  copyFile,
  mkdir,
  mkdtemp,
  open,
  rename,
  rm,
  rmdir,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import t, { type Test } from "tap";
import { createAgentClient } from "../../agent/cli/client.js";
import { keepRunning } from "../../agent/main.js";
import { openJournal } from "../../agent/store/journal.js";
import type { AgentEvent } from "../../model/messages/node.js";
import { agentEvent } from "../support/events.js";
import { EXAMPLE_INPUTS, exampleSource } from "../support/example.js";
import { missingFor, sh } from "../support/real.js";
import { until } from "../support/until.js";

interface Status {
  readonly journal: { readonly state: string; readonly reason: string | null };
  readonly services: readonly { readonly id: string }[];
}

/** An agent without Open vSwitch and Docker: their drivers are degraded, and the rest works. */
async function agentOn(t: Test, prepare: (path: string) => Promise<unknown>) {
  const at = await mkdtemp(join(tmpdir(), "lmt-agent-journal-"));
  const runDir = join(at, "run");
  const stateDir = join(at, "state");
  const path = join(stateDir, "journal.db");
  const config = join(at, "agent.yaml");
  const nowhere = { ovs: { database: join(at, "none"), runDir: at }, docker: { socket: join(at, "none") } };
  const ports = { ran: "s1-ran", core: "s1-core", wan: "wan0" };
  const watchdog = { memoryMiB: 4096 }; // the test's own process is the agent's
  const text = JSON.stringify({ site: "s", node: "n", stateDir, runDir, ports, watchdog, ...nowhere });
  await writeFile(config, text);
  await mkdir(stateDir);
  const undo = await prepare(path);
  const stop = new AbortController();
  const running = keepRunning(config, stop.signal);
  t.teardown(async () => {
    stop.abort();
    await running;
    if (typeof undo === "function") await undo();
    await rm(at, { recursive: true, force: true });
  });
  const client = createAgentClient(join(runDir, "agent.sock"));
  /** While it begins anew nobody answers. */
  const ask = <T>(what: string): Promise<T | null> => client.get<T>(`/api/v1/${what}`).catch(() => null);
  return {
    path,
    client,
    status: () => ask<Status>("status"),
    event: async (type: string): Promise<AgentEvent | undefined> =>
      (await ask<readonly AgentEvent[]>("events"))?.find((event) => event.type === type),
  };
}
const PAGE_BYTES = 4096;
const SLOW = { deadlineMs: 30_000 };
const REQUEST = { ...exampleSource(), id: "mec", name: "mec", inputs: EXAMPLE_INPUTS };

t.test(
  "one that goes bad while the agent runs is set aside, and what was applied is wanted still",
  async (t) => {
    const agent = await agentOn(t, async (path) => {
      // More than SQLite's page cache has room for: what is not in it has to be read.
      const journal = await openJournal(path, Date.now);
      for (let i = 0; i < 6; i++)
        await journal.append(
          Array.from({ length: 1_000 }, () => agentEvent(`filler/${i}`, "z".repeat(900))),
          [],
        );
      await journal.close();
    });
    await until("it is up", agent.status, SLOW);
    await agent.client.send("POST", "/api/v1/services", REQUEST);
    const { size } = await stat(agent.path);
    const file = await open(agent.path, "r+");
    await file.write(Buffer.alloc(size - PAGE_BYTES, 0xa5), 0, undefined, PAGE_BYTES);
    await file.close();
    await t.rejects(agent.client.get("/api/v1/events?object=filler/0&limit=1000"), { code: "store.damaged" });
    const told = await until("it is told, in the new journal", () => agent.event("journal.set-aside"), SLOW);
    t.match(told, { object: "agent", code: "store.damaged", data: { restored: 2 } });
    const mended = await until("it is up again", agent.status, SLOW);
    t.match(mended, { services: [{ id: "mec" }], journal: { state: "ready", reason: null } });
  },
);

t.test("while it cannot be opened the agent runs without, and takes it as soon as it can be", async (t) => {
  const agent = await agentOn(t, (path) => mkdir(path)); // in its place a folder
  const without = await until("it says so", async () => {
    const status = await agent.status();
    return status?.journal.state === "degraded" && status;
  });
  t.match(without.journal.reason, /journal\.db/);
  await t.rejects(agent.client.send("POST", "/api/v1/services", REQUEST), { code: "store.failed" });
  t.match(await agent.status(), { services: [] });
  await rename(agent.path, `${agent.path}.was`);
  const started = await until(
    "it has a journal, with what was to be written meanwhile",
    () => agent.event("agent.started"),
    SLOW,
  );
  t.ok(started);
  t.match(await agent.status(), { journal: { state: "ready", reason: null } });
  await agent.client.send("POST", "/api/v1/services", REQUEST);
  t.match(await agent.status(), { services: [{ id: "mec" }] });
  await rmdir(`${agent.path}.was`);
});

/** A file system of its own, which an error makes read-only while files on it are open, as an SD card does that wears out. */
async function failingDisk(at: string) {
  const image = `${at}.image`;
  await writeFile(image, "");
  await truncate(image, 16 * 1024 * 1024);
  await sh("mkfs.ext4", "-q", "-F", image);
  const mounted = async (): Promise<string> => {
    const device = await sh("losetup", "-f", "--show", image);
    await sh("mount", "-o", "errors=remount-ro", device, at);
    return device;
  };
  let device = await mounted();
  const release = async (): Promise<void> => {
    await sh("umount", "-l", at);
    await sh("losetup", "-d", device);
  };
  return {
    release,
    fail: () => writeFile(`/sys/fs/ext4/${basename(device)}/trigger_fs_error`, "1"),
    async repair() {
      await release();
      const copy = `${image}.repaired`; // the old one may be in use until the agent lets go of it
      await copyFile(image, copy);
      await rename(copy, image);
      await sh("e2fsck", "-p", image).catch(() => undefined); // it tells by its exit code that it repaired
      device = await mounted();
    },
  };
}

t.test(
  "a file system that becomes read-only under it: nothing is acknowledged, it says so, and goes on when it is mended",
  {
    skip:
      missingFor(["mkfs.ext4", "e2fsck", "losetup", "mount", "umount"]) ??
      (existsSync("/sys/fs/ext4") && existsSync("/dev/loop-control")
        ? false
        : "no loop devices with ext4 here"),
  },
  async (t) => {
    let disk: Awaited<ReturnType<typeof failingDisk>> | undefined;
    const agent = await agentOn(t, async (path) => {
      disk = await failingDisk(dirname(path));
      return disk.release;
    });
    const started = () => agent.event("agent.started");
    await until("it is up", started, SLOW);
    await agent.client.send("POST", "/api/v1/services", REQUEST);
    await disk?.fail();
    await t.rejects(agent.client.send("DELETE", "/api/v1/services/mec"), { code: "store.failed" });
    const status = await until("it says so", async () => {
      const found = await agent.status();
      return found?.journal.state === "degraded" && found;
    });
    t.match(status, { journal: { reason: /read.?only|disk I\/O error/i }, services: [{ id: "mec" }] });
    t.match(await agent.client.get("/api/v1/why?object=journal"), { now: /cannot be written: .*goes on/ });
    await disk?.repair();
    const told = await until("it can be written again", () => agent.event("journal.writable"), SLOW);
    t.match(told, { object: "journal", detail: /can be written again/ });
    t.match(await agent.event("journal.unwritable"), { code: "store.failed", cause: /\S/ }, "and why");
    t.match(await agent.status(), { journal: { state: "ready", reason: null }, services: [{ id: "mec" }] });
    await agent.client.send("DELETE", "/api/v1/services/mec");
    t.match(await agent.status(), { services: [] }, "what it acknowledges now is on the mended disk");
  },
);
