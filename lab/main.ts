/** The lab on its own, for development: `node lab.mjs up --bare`. */
import { runLabCommand } from "./cli.js";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

const { stdout, stderr } = process;
process.exitCode = await runLabCommand(process.argv.slice(2), { stdout, stderr, signal: stop.signal });
