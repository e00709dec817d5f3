/** Asks the agent's own API now and then whether it answers; what it answers is no matter. Whoever removed its socket has it again after a restart. */
import { request } from "node:http";
import type { WaitClock } from "../drivers/wait.js";
import type { Part } from "./parts.js";

const EVERY_MS = 60_000;
const TIMEOUT_MS = 10_000;

export async function probeApi(
  socketPath: string,
  part: Part,
  clock: WaitClock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    part.begin(); // of the first that is not answered the time counts
    if (await answers(socketPath)) part.end();
    await clock.delay(EVERY_MS, signal);
  }
}

const answers = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ socketPath, path: "/", agent: false, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(true);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });
