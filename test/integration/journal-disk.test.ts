/** The node's journal on a file system that is full or read-only when the agent starts. */
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { canOpen, openNodeJournal } from "../../agent/store/open-journal.js";
import { agentEvent } from "../support/events.js";
import { missingFor, sh } from "../support/real.js";

const skip = missingFor(["mount", "umount"]) ?? false;
const service = (id: string) => ({
  kind: "service" as const,
  id,
  revision: 1,
  origin: "local" as const,
  body: { id, name: id, packageDigest: `sha256:${"0".repeat(64)}`, inputs: {} },
});

/** A small file system of its own. */
async function disk(t: Test) {
  const at = await mkdtemp(join(tmpdir(), "lmt-disk-"));
  await mkdir(join(at, "disk"));
  await mkdir(join(at, "run"));
  const stateDir = join(at, "disk");
  await sh("mount", "-t", "tmpfs", "-o", "size=768k", "lmt-disk", stateDir);
  t.teardown(async () => {
    await sh("umount", "-l", stateDir);
    await rm(at, { recursive: true });
  });
  const ballast = join(stateDir, "ballast");
  return {
    stateDir,
    open: () =>
      openNodeJournal({
        stateDir,
        scratchDir: join(at, "run"),
        clock: Date.now,
        warn: () => undefined,
        damaged: (reason) => t.fail(reason),
      }),
    async fill() {
      let bytes = 0;
      for (let chunk = 256 * 1024; chunk >= 1; chunk = Math.floor(chunk / 2))
        for (let fits = true; fits; bytes += fits ? chunk : 0)
          fits = await writeFile(ballast, Buffer.alloc(bytes + chunk)).then(
            () => true,
            () => false,
          );
      await writeFile(ballast, Buffer.alloc(bytes)).catch(() => undefined);
    },
    drain: () => rm(ballast),
  };
}

t.test(
  "a full disk at the first start: the agent runs without, and has a journal once there is room",
  { skip },
  async (t) => {
    const full = await disk(t);
    await full.fill();
    const { journal, standsIn } = await full.open();
    t.match(standsIn, /journal\.db/);
    await t.rejects(journal.putDesired(service("a")), { code: "store.failed" });
    t.notOk(await canOpen(full.stateDir, Date.now));
    await full.drain();
    t.ok(await canOpen(full.stateDir, Date.now));
    const again = await full.open();
    t.equal(again.standsIn, null);
    t.ok(await again.journal.putDesired(service("a")));
    await again.journal.close();
  },
);

t.test(
  "a full disk at a later start: what is desired is known, and nothing new is acknowledged",
  { skip },
  async (t) => {
    const full = await disk(t);
    const first = await full.open();
    await first.journal.putDesired(service("a"));
    await first.journal.close();
    await full.fill();
    const second = await full.open();
    t.match(await second.journal.desired(), [{ id: "a" }]);
    const big = { ...agentEvent("e"), detail: "x".repeat(300_000) };
    await t.rejects(second.journal.append([big], []), { code: "store.failed" });
    await second.journal.close();
    await full.drain();
    const third = await full.open();
    t.equal(third.standsIn, null);
    t.match(await third.journal.desired(), [{ id: "a" }]);
    await third.journal.append([agentEvent("e")], []);
    t.equal((await third.journal.events({})).length, 1);
    await third.journal.close();
  },
);

t.test(
  "a read-only file system: the agent knows what is desired, and writes when it can again",
  { skip },
  async (t) => {
    const locked = await disk(t);
    const first = await locked.open();
    await first.journal.putDesired(service("a"));
    await first.journal.close();
    await sh("mount", "-o", "remount,ro", locked.stateDir);
    const second = await locked.open();
    t.match(second.standsIn, /read.?only|unable to open/i);
    t.match(await second.journal.desired(), [{ id: "a" }]);
    await t.rejects(second.journal.append([agentEvent("e")], []), { code: "store.failed" });
    t.notOk(await canOpen(locked.stateDir, Date.now));
    await sh("mount", "-o", "remount,rw", locked.stateDir);
    t.ok(await canOpen(locked.stateDir, Date.now));
    const third = await locked.open();
    t.same(third.events, [], "nothing was lost");
    t.match(await third.journal.desired(), [{ id: "a" }]);
    await third.journal.close();
  },
);

t.test("a damaged journal on a read-only file system is read, and stays where it is", { skip }, async (t) => {
  const locked = await disk(t);
  const first = await locked.open();
  await first.journal.putDesired(service("a"));
  await first.journal.close();
  const path = join(locked.stateDir, "journal.db");
  await writeFile(path, "no database, and long enough to be taken for one".repeat(50));
  const { size } = await stat(path);
  await sh("mount", "-o", "remount,ro", locked.stateDir);
  const second = await locked.open();
  t.ok(second.standsIn !== null);
  t.match(await second.journal.desired(), [{ id: "a" }]);
  t.equal((await stat(path)).size, size);
});
