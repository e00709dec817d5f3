/**
 * `npm run bench:click-soak`: so many packets through lclick, memory to memory, while it is watched whether memory is asked of
 * the system: after the first thousandth no packet may need any. Fails if one does. `--help` lists the options.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ControlSocket, openControlSocket } from "../agent/drivers/click/control-socket.js";
import { findProjectRoot } from "../lab/artifacts.js";
import { CONFIGURATIONS } from "./click/configurations.js";
import { exited, RuntimeError, startRuntime } from "./click/runtimes.js";
import { commandLine, flag, whole } from "./command-line.js";
import { printResults, resultOf } from "./result.js";

/** Of these: packets written to, encapsulated, classified; clones made and killed; tunnels found. */
const NAMES = ["udpencap", "source", "gtpu"];
const POLL_MS = 200;

interface Sample {
  readonly packets: number;
  readonly allocations: number;
  readonly rssKb: number;
}

async function sample(control: ControlSocket, counter: string, pid: number): Promise<Sample> {
  const signal = AbortSignal.timeout(10_000);
  const pool = await control.read("packet_pool", signal);
  const status = await readFile(`/proc/${pid}/status`, "latin1");
  return {
    packets: Number(await control.read(counter, signal)),
    allocations: Number(/^allocations (\d+)$/m.exec(pool)?.[1]),
    rssKb: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]),
  };
}

/** Runs one configuration until `packets` have passed: what it was like early on, and at the end. */
async function soak(program: string, name: string, packets: number, folder: string) {
  const configuration = CONFIGURATIONS.find((one) => one.name === name);
  if (!configuration?.text.lclick) throw new RuntimeError(`there is no configuration ${name}`);
  const path = join(folder, name);
  const child = startRuntime(program, ["-u", path, "-e", configuration.text.lclick]);
  try {
    const control = await connected(path, child);
    const pid = child.pid ?? 0;
    const reached = async (count: number): Promise<Sample> => {
      for (;;) {
        const now = await sample(control, configuration.counter, pid);
        if (now.packets >= count) return now;
        await delay(POLL_MS);
      }
    };
    return { early: await reached(packets / 1000), late: await reached(packets) };
  } finally {
    child.kill("SIGTERM");
    await exited(child);
  }
}

async function connected(path: string, child: ReturnType<typeof startRuntime>): Promise<ControlSocket> {
  for (let tries = 0; ; tries++) {
    try {
      return await openControlSocket(path, AbortSignal.timeout(1_000));
    } catch (cause) {
      if (tries > 100 || child.exitCode !== null) throw new RuntimeError("lclick does not answer", { cause });
      await delay(20);
    }
  }
}

const options = commandLine("bench:click-soak", {
  json: flag("one object on standard output"),
  packets: whole("in all", 1e10, { least: NAMES.length }),
});
const total = options.packets;
const root = await findProjectRoot();
const folder = await mkdtemp(join(tmpdir(), "bench-click-"));
try {
  const results = [];
  for (const name of NAMES) {
    const { early, late } = await soak(
      join(root, "build", "click", "lclick"),
      name,
      total / NAMES.length,
      folder,
    );
    const grown = late.allocations - early.allocations;
    results.push(
      resultOf(`soak.${name}.packets`, "", [late.packets]),
      resultOf(`soak.${name}.allocations`, "", [grown], "asked of the system after the first thousandth"),
      resultOf(`soak.${name}.rss`, "kB", [early.rssKb, late.rssKb], "early, and at the end"),
    );
    if (grown !== 0) process.exitCode = 1;
  }
  printResults("click-soak", results, options.json, root);
} catch (error) {
  if (!(error instanceof RuntimeError)) throw error;
  process.stderr.write(`bench:click-soak: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
