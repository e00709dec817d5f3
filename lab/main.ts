/** The program behind `lightmano lab`. */
import { runLabCommand } from "./cli.js";

const stop = new AbortController();
// Not `once`: npm sends on the SIGINT of a Ctrl-C that has come here by itself, and the second one would kill.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());

const { stdout, stderr } = process;
process.exitCode = await runLabCommand(process.argv.slice(2), { stdout, stderr, signal: stop.signal });
