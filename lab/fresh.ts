/** A lab for one run of a program (the demo, a bench): made anew, and taken away again however the run ends. */
import { setMaxListeners } from "node:events";
import { describeLabError, LabError } from "./errors.js";
import { createLab, type Lab, type LabOptions } from "./lab.js";

export interface FreshLabOptions extends Omit<LabOptions, "signal"> {
  /** Leaves the lab up at the end. */
  readonly keep?: boolean;
  /** Called with what the person at the terminal should know. */
  readonly say: (text: string) => void;
}

/**
 * Takes away what an earlier run left, brings the lab up, and runs `work` in it. SIGINT and SIGTERM end the
 * work at its next call of the lab, with `lab.aborted`.
 * Errors: what `work` rejects with, or `LabError`; the lab has been taken away then, too.
 */
export async function inFreshLab<T>(options: FreshLabOptions, work: (lab: Lab) => Promise<T>): Promise<T> {
  const { keep = false, say } = options;
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // whatever goes on side by side listens for the end
  const onSignal = () => {
    if (!stop.signal.aborted) say(`\nStopping${keep ? "" : " and taking the lab away"}.\n`);
    stop.abort();
  };
  // Not `once`: npm sends on the SIGINT of a Ctrl-C that has come here by itself, and the second one would kill.
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, onSignal);
  const lab = await createLab({ ...options, signal: stop.signal });
  await lab.down();
  let isDone = false;
  try {
    await lab.up();
    const result = await work(lab);
    isDone = true;
    return result;
  } finally {
    if (!keep)
      await lab.down().catch((error: unknown) => {
        // Told, where there is a failure before it that it must not hide.
        if (isDone || !(error instanceof LabError)) throw error;
        say(`${describeLabError(error)}\n`);
      });
  }
}
