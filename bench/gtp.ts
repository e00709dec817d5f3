/**
 * `npm run bench:gtp`: what the GTP elements cost a packet, by how many UEs there are, beside FastClick's where `--fastclick` names one or it is on
 * PATH; and what the breakout does between veth devices, by lclick and by the kernel (GTPFastPath), beside Open vSwitch's `gtpu` port and plain veth: packets a
 * second, the latency that it adds, TCP. As root. `--help` lists the options.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProjectRoot } from "../lab/artifacts.js";
import { LabError } from "../lab/errors.js";
import { CONFIGURATIONS } from "./click/configurations.js";
import { nsPerPacket, onPath, RuntimeError } from "./click/runtimes.js";
import { commandLine, flag, path, seconds as secondsOf, some, whole } from "./command-line.js";
import { latencyResults } from "./gtp/latency.js";
import { gtpNs, SESSIONS, type Work } from "./gtp/memory.js";
import { Table } from "./gtp/rounds.js";
import { tcpResults } from "./gtp/tcp.js";
import { vethResults } from "./gtp/veth.js";
import { printResults, type Result } from "./result.js";

const WORKS: readonly Work[] = ["decap", "encap", "breakout"];
const MEMORY_GROWTH = "gtp.decap.growth.memory";

const options = commandLine("bench:gtp", {
  json: flag("one object on standard output"),
  seconds: secondsOf("of a run", 1),
  runs: whole("of each", 3),
  only: some("what is measured", ["memory", "fastclick", "veth", "latency", "tcp"]),
  fastclick: path("FastClick's program; without, the one on PATH"),
});
const root = await findProjectRoot();
const lclick = join(root, "build", "click", "lclick");
const { seconds } = options;
const wanted = (name: string): boolean => options.only.includes(name);
const rounds = Array.from({ length: options.runs });

const say = (line: string): void => void process.stderr.write(`bench:gtp: ${line}\n`);

/** Ctrl-C: what is under way ends, and what it made is taken away. */
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());

/** With what the program that failed said itself. */
const describe = ({ message, detail }: LabError): string =>
  [message, detail.stderr].filter(Boolean).join("\n");

async function memory(): Promise<readonly Result[]> {
  const table = new Table();
  for (const _ of rounds)
    for (const work of WORKS) {
      stop.signal.throwIfAborted();
      const ns: number[] = [];
      for (const sessions of SESSIONS) {
        const measured = await gtpNs(lclick, work, sessions, seconds);
        ns.push(measured.ns);
        table.add(`gtp.${work}.${sessions.name}`, 1000 / measured.ns);
        if (work === "breakout") table.add(`gtp.resident.${sessions.name}`, measured.residentMB);
      }
      const [one = Number.NaN, most = Number.NaN] = [ns[0], ns.at(-1)];
      table.add(`gtp.${work}.growth`, most / one);
      if (work === "decap") table.add(MEMORY_GROWTH, (one + (await memoryNs())) / one);
    }
  return table.results(
    (name) => (name.startsWith("gtp.resident") ? "MB" : name.includes("growth") ? "×" : "Mpps"),
    noteOf,
  );
}

function noteOf(name: string): string | undefined {
  if (name === MEMORY_GROWTH)
    return "one UE's cost and what two lines of memory take, none of it hidden behind work";
  if (name.endsWith("growth")) return "cost a packet with 2^20 UEs against one, round by round";
  if (name.startsWith("gtp.resident")) return "of the process, flows included";
  if (name === "gtp.breakout.1")
    return "out of the tunnel by a rule and back into it, without what goes round";
  return undefined;
}

/** What the lines of memory that decap needs take more, in ns, of 2^20 UEs than of one. */
async function memoryNs(): Promise<number> {
  const lookup = async (entries: number): Promise<number> => {
    const argv = [String(entries), String(seconds)];
    const { stdout } = await promisify(execFile)(join(root, "build", "click", "gtp-lookup"), argv, {
      signal: stop.signal,
    });
    return (JSON.parse(stdout) as { readonly ns: number }).ns;
  };
  const one = await lookup(1);
  return (await lookup(SESSIONS.at(-1)?.count ?? Number.NaN)) - one;
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
      stop.signal.throwIfAborted();
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

/** What only benchmarks need is built when it is asked for. */
async function build(program: "xdp-flood" | "gtp-lookup"): Promise<void> {
  const argv = ["--build", join(root, "build", "click"), "--target", program];
  await promisify(execFile)("cmake", argv, { signal: stop.signal });
}

const results: Result[] = [];
try {
  if (wanted("memory")) {
    await build("gtp-lookup");
    results.push(...(await memory()));
  }
  const fastclick = options.fastclick ?? onPath("fastclick");
  if (wanted("fastclick") && fastclick !== undefined) results.push(...(await besideFastClick(fastclick)));
  const [signal, runs] = [stop.signal, rounds.length];
  if (wanted("veth") || wanted("latency")) await build("xdp-flood");
  if (wanted("veth")) results.push(...(await vethResults(root, signal, runs, seconds, say)));
  if (wanted("latency")) results.push(...(await latencyResults(root, signal, runs, seconds)));
  if (wanted("tcp")) results.push(...(await tcpResults(root, signal, runs, seconds, say)));
} catch (error) {
  const stopped = stop.signal.aborted;
  if (!(stopped || error instanceof RuntimeError || error instanceof LabError)) throw error;
  say(stopped ? "stopped" : error instanceof LabError ? describe(error) : (error as Error).message);
  process.exitCode = stopped ? 130 : 1;
} finally {
  // What was measured before something failed, too.
  if (results.length > 0) printResults("gtp", results, options.json, root);
}
