import { runCli } from "./program.js";

// Whoever reads us may have read enough, as `| head` has: that is no error, and no reason for a stack trace.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const exitCode = await runCli(process.argv.slice(2));
// A console sets its shell's exit code itself.
if (exitCode !== 0) process.exitCode = exitCode;
