/** The unit, as systemd itself reads it. */
import { execFile, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { WATCHDOG } from "../../agent/config.js";

const unit = fileURLToPath(new URL("../../systemd/lightmano.service", import.meta.url));
const isThere = spawnSync("systemd-analyze", ["--version"]).status === 0;

t.test("systemd finds nothing wrong with it", { skip: isThere ? false : "no systemd-analyze" }, async (t) => {
  const root = await mkdtemp(join(tmpdir(), "lmt-systemd-"));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const text = await readFile(unit, "utf8");
  const program = join(root, "lightmano");
  await writeFile(program, "#!/bin/sh\n");
  await chmod(program, 0o755);
  // It looks for the program, which is not installed here.
  const verify = async (body: string) => {
    const folder = join(root, "units");
    await mkdir(folder, { recursive: true });
    const path = join(folder, "lightmano.service");
    await writeFile(path, body.replace(/^ExecStart=\S+/m, `ExecStart=${program}`));
    return new Promise<string>((resolve) =>
      execFile(
        "systemd-analyze",
        ["verify", "--man=no", "--recursive-errors=no", path],
        (error, _out, said) => resolve(error ? said || String(error) : said),
      ),
    );
  };
  t.equal(await verify(text), "");
  t.match(
    await verify(text.replace("WatchdogSec=60", "WatchdogSec=soon")),
    /:\d+: Failed to parse/,
    "the check can fail",
  );
});

t.test("systemd waits longer than the watchdog that writes down what hangs", async (t) => {
  const seconds = Number(/^WatchdogSec=(\d+)$/m.exec(await readFile(unit, "utf8"))?.[1]);
  t.ok(seconds >= 2 * WATCHDOG.seconds);
});
