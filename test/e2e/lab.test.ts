/** The lab by its command: twice up, killed half-way, and nothing left of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import t from "tap";
import { run } from "../../lab/command.js";

const PREFIX = "lmu-";
const root = fileURLToPath(new URL("../..", import.meta.url));
const command = `${root}bin/lightmano`;
const missing =
  process.getuid?.() !== 0
    ? "root is needed for network namespaces"
    : existsSync(`${root}dist/lab.mjs`)
      ? null
      : "dist is not built: npm run build";

const lab = (...words: readonly string[]) =>
  run([command, "lab", ...words, "--prefix", PREFIX], { timeoutMs: 60_000 });
const status = async (): Promise<{ state: string }> =>
  JSON.parse((await lab("status", "--json")).stdout) as { state: string };

/** What of this lab can be seen in the system. */
function traces(): readonly string[] {
  const list = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);
  const namespaces = list("/run/netns").filter((name) => name.startsWith(PREFIX));
  const folders = ["/run/lightmano-lab", "/var/lib/lightmano-lab"].flatMap((folder) =>
    list(folder)
      .filter((name) => name === PREFIX)
      .map((name) => `${folder}/${name}`),
  );
  const processes = list("/proc").filter(
    (pid) => /^\d+$/.test(pid) && commandLine(pid).includes(`lightmano-lab/${PREFIX}/`),
  );
  return [...namespaces, ...folders, ...processes.map((pid) => `process ${pid}: ${commandLine(pid)}`)];
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // it has ended meanwhile
  }
}

t.test("lightmano lab", { timeout: 120_000, ...(missing && { skip: missing }) }, async (t) => {
  t.teardown(() => lab("down"));

  await t.test("up, and up again finds it there; down twice leaves nothing", async (t) => {
    t.equal((await lab("up")).code, 0);
    t.equal((await status()).state, "up");
    const again = await lab("up");
    t.equal(again.code, 0);
    t.match(again.stdout, /already so/);
    t.equal((await lab("down")).code, 0);
    t.same(traces(), []);
    t.equal((await lab("down")).code, 0, "where there is none, there is nothing to do");
    t.equal((await status()).state, "down");
  });

  await t.test("an up that is killed half-way can be taken down, or brought up", async (t) => {
    for (const then of ["down", "up"] as const) {
      const child = spawn(command, ["lab", "up", "--prefix", PREFIX], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const ended = once(child, "exit");
      await once(child.stdout, "data");
      child.kill("SIGKILL");
      await ended;
      t.equal((await lab(then)).code, 0, then);
      t.equal((await status()).state, then);
    }
    t.equal((await lab("down")).code, 0);
    t.same(traces(), []);
  });

  await t.test("wrong usage is said, with exit code 2", async (t) => {
    const wrong = await run([command, "lab", "sideways"], {});
    t.equal(wrong.code, 2);
    t.match(wrong.stderr, /usage: lightmano lab <up\|down\|status>/);
  });
});
