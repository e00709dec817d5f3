/**
 * `npm run bench:gtp`: what the GTP elements cost a packet, by how many UEs there are, beside FastClick's where `--fastclick` names one or it is on
 * PATH; and how many packets a second the breakout forwards between veth devices, by lclick and by the kernel (GTPFastPath). As root.
 * `--json`; `--seconds N` a run; `--runs N`; `--only memory,fastclick,veth`.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { findProjectRoot } from "../lab/artifacts.js";
import { CONFIGURATIONS } from "./click/configurations.js";
import { nsPerPacket, onPath, RuntimeError } from "./click/runtimes.js";
import { latencyResults } from "./gtp/latency.js";
import { gtpNs, SESSIONS, type Work } from "./gtp/memory.js";
import { Table } from "./gtp/rounds.js";
import { tcpResults } from "./gtp/tcp.js";
import { printResults, type Result } from "./result.js";

const WORKS: readonly Work[] = ["decap", "encap", "breakout"];
const MODES = ["off", "generic", "native"] as const;
const FLOWS = 1000;

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    seconds: { type: "string", default: "1" },
    runs: { type: "string", default: "3" },
    only: { type: "string" },
    fastclick: { type: "string" },
  },
});
const root = await findProjectRoot();
const lclick = join(root, "build", "click", "lclick");
const seconds = Number(options.seconds);
const only = options.only?.split(",");
const wanted = (name: string): boolean => only === undefined || only.includes(name);
const rounds = Array.from({ length: Number(options.runs) });

const say = (line: string): void => void process.stderr.write(`bench:gtp: ${line}\n`);

/** Ctrl-C: what is under way ends, and what it made is taken away. */
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());

async function memory(): Promise<readonly Result[]> {
  const table = new Table();
  for (const _ of rounds)
    for (const work of WORKS) {
      const ns: number[] = [];
      for (const sessions of SESSIONS) {
        const measured = await gtpNs(lclick, work, sessions, seconds);
        ns.push(measured.ns);
        table.add(`gtp.${work}.${sessions.name}`, 1000 / measured.ns);
        if (work === "breakout") table.add(`gtp.resident.${sessions.name}`, measured.residentMB);
      }
      table.add(`gtp.${work}.growth`, (ns.at(-1) ?? Number.NaN) / (ns[0] ?? Number.NaN));
    }
  return table.results(
    (name) => (name.startsWith("gtp.resident") ? "MB" : name.endsWith("growth") ? "×" : "Mpps"),
    (name) =>
      name.endsWith("growth")
        ? "cost a packet with 2^20 UEs against one, round by round"
        : name.startsWith("gtp.resident")
          ? "of the process, flows included"
          : name === "gtp.breakout.1"
            ? "out of the tunnel by a rule and back into it, without what goes round"
            : undefined,
  );
}

async function besideFastClick(path: string): Promise<readonly Result[]> {
  const configuration = CONFIGURATIONS.find(({ name }) => name === "gtpu");
  const table = new Table();
  for (const _ of rounds) {
    const ns: number[] = [];
    for (const program of [
      { runtime: "lclick", path: lclick },
      { runtime: "fastclick", path },
    ] as const) {
      const text = configuration?.text[program.runtime] ?? "";
      ns.push(await nsPerPacket(program, text, configuration?.counter ?? "", seconds * 1000));
      table.add(`gtp.path.${program.runtime}`, 1000 / (ns.at(-1) ?? Number.NaN));
    }
    table.add("gtp.path.ratio", (ns[1] ?? Number.NaN) / (ns[0] ?? Number.NaN));
  }
  return table.results(
    (name) => (name.endsWith("ratio") ? "×" : "Mpps"),
    () => configuration?.note,
  );
}

/** One mode of the breakout between three veth pairs; packets a second by direction. */
async function veth(mode: string): Promise<Readonly<Record<string, number>>> {
  const script = join(root, "bench", "gtp", "fastpath.py");
  const { stdout } = await promisify(execFile)(
    "unshare",
    ["--net", "/usr/bin/python3", script, mode, String(FLOWS), String(seconds)],
    { timeout: 120_000 },
  );
  return JSON.parse(stdout) as Record<string, number>;
}

async function fastPath(): Promise<readonly Result[]> {
  await promisify(execFile)("cmake", ["--build", join(root, "build", "click"), "--target", "xdp-flood"]);
  const table = new Table();
  for (const _ of rounds) {
    const byMode = new Map<string, Readonly<Record<string, number>>>();
    for (const mode of MODES) {
      const pps = await veth(mode);
      byMode.set(mode, pps);
      for (const [direction, value] of Object.entries(pps))
        table.add(`gtp.veth.${mode}.${direction}`, value / 1e6);
    }
    for (const mode of MODES.slice(1))
      for (const [direction, slow] of Object.entries(byMode.get("off") ?? {}))
        table.add(
          `gtp.veth.ratio.${mode}.${direction}`,
          (byMode.get(mode)?.[direction] ?? Number.NaN) / slow,
        );
  }
  return table.results(
    (name) => (name.includes(".ratio.") ? "×" : "Mpps"),
    (name) => (name.includes(".ratio.") ? "the kernel's path against lclick's, round by round" : undefined),
  );
}

try {
  const results: Result[] = [];
  if (wanted("memory")) results.push(...(await memory()));
  const fastclick = options.fastclick ?? onPath("fastclick");
  if (wanted("fastclick") && fastclick !== undefined) results.push(...(await besideFastClick(fastclick)));
  if (wanted("veth")) results.push(...(await fastPath()));
  if (wanted("latency")) results.push(...(await latencyResults(root, stop.signal, rounds.length, seconds)));
  if (wanted("tcp")) results.push(...(await tcpResults(root, stop.signal, rounds.length, seconds, say)));
  printResults("gtp", results, options.json, root);
} catch (error) {
  if (!(error instanceof RuntimeError)) throw error;
  process.stderr.write(`bench:gtp: ${error.message}\n`);
  process.exitCode = 1;
}
