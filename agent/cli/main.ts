import { runCli } from "./program.js";

const exitCode = await runCli(process.argv.slice(2));
// A console sets its shell's exit code itself.
if (exitCode !== 0) process.exitCode = exitCode;
