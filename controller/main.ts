/** The controller as a program. Exit codes as the `lightmano` command's (design §4.3). */
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { ERRORS, problemOf } from "../model/errors.js";
import { parsePackage } from "../model/tosca/parse.js";
import { readConfig, USAGE } from "./config.js";
import { startController } from "./controller.js";

const VERSION = "0.1.0";
const RANDOM_STEPS = 2 ** 32;
const STOP_WITHIN_MS = 10_000;

async function main(): Promise<void> {
  // The bundle is dist/controller.mjs, the page is dashboard/ beside dist/.
  const dashboardDir = fileURLToPath(new URL("../dashboard", import.meta.url));
  const config = await readConfig(process.argv.slice(2), { dashboardDir });
  if (!config) return void process.stdout.write(`${USAGE}\n`);
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const random = (): number => randomInt(RANDOM_STEPS) / RANDOM_STEPS;
  const controller = await startController({
    ...config,
    version: VERSION,
    parsePackage,
    clock: Date.now,
    random,
    log,
  });

  const stop = (signal: string): void => {
    log.info({ signal }, "controller stops");
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    controller.stop().then(
      () => process.exit(0),
      (cause: unknown) => {
        log.error({ reason: problemOf(cause).detail }, "controller did not stop well");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const { restPort, mqttPort } = controller;
  process.stdout.write(
    `${JSON.stringify({ ready: true, host: config.host, restPort, mqttPort, pid: process.pid })}\n`,
  );
}

main().catch((cause: unknown) => {
  const { code, detail } = problemOf(cause);
  process.stderr.write(`controller: ${detail}\n`);
  process.exit(ERRORS[code].exit);
});
