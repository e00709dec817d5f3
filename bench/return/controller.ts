/** The real controller, in a process of its own, with the probe in it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Probed, ToProbe } from "./wire.js";

export interface Controller {
  readonly startedAt: number;
  /** When it said that it is ready. */
  readonly readyAt: number;
  readonly rest: string;
  /** Warnings and errors by sentence. */
  readonly complaints: ReadonlyMap<string, number>;
  probe(): Promise<Probed>;
  kill(): Promise<void>;
}

const HOST = "127.0.0.1";
const now = (): number => performance.timeOrigin + performance.now();

export async function startController(
  root: string,
  stateDir: string,
  { restPort, mqttPort }: { readonly restPort: number; readonly mqttPort: number },
): Promise<Controller> {
  const startedAt = now();
  const ports = ["--rest-port", String(restPort), "--mqtt-port", String(mqttPort)];
  const child = spawn(
    process.execPath,
    [
      ...["--import", pathToFileURL(join(root, "dist/bench-return-probe.mjs")).href],
      join(root, "dist/controller.mjs"),
      ...["--host", HOST, ...ports, "--state-dir", stateDir, "--log-level", "warn"],
    ],
    {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, LIGHTMANO_PROBED_PORT: String(mqttPort) },
    },
  );
  const complaints = collectComplaints(child);
  const ready = once(child.stdout as NodeJS.ReadableStream, "data");
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the controller ended (${code}): ${[...complaints.keys()].join("; ")}`);
  });
  await Promise.race([ready, ended]);
  ended.catch(() => undefined); // it is killed in the end
  return {
    startedAt,
    readyAt: now(),
    rest: `http://${HOST}:${restPort}`,
    complaints,
    async probe() {
      const told = once(child, "message");
      child.send({ do: "tell" } satisfies ToProbe);
      return (await told)[0] as Probed;
    },
    async kill() {
      const gone = once(child, "close");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

function collectComplaints({ stderr }: ChildProcess): Map<string, number> {
  const complaints = new Map<string, number>();
  if (!stderr) return complaints;
  createInterface({ input: stderr }).on("line", (line) => {
    const sentence = line.startsWith("{") ? String((JSON.parse(line) as { msg?: string }).msg) : line;
    complaints.set(sentence, (complaints.get(sentence) ?? 0) + 1);
  });
  return complaints;
}
