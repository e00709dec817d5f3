import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** The state letter of a process (proc(5), field 3 of stat): R, S, D, T stopped, Z…; null: it is gone. */
export async function processState(procRoot: string, pid: number): Promise<string | null> {
  const stat = await readFile(`${procRoot}/${pid}/stat`, "latin1").catch(() => null);
  return stat === null ? null : letterOf(stat);
}

/** Whether the process has ended, reaped by its parent or not. At once: what a view shows must not be older than what made somebody look. */
export function hasEnded(procRoot: string, pid: number): boolean {
  try {
    return ["Z", "X"].includes(letterOf(readFileSync(`${procRoot}/${pid}/stat`, "latin1")) ?? "");
  } catch (thrown) {
    // Read in vain for another reason (no descriptor left): nothing is known of its end.
    return ["ENOENT", "ESRCH"].includes(String((thrown as NodeJS.ErrnoException).code));
  }
}

/** The name may hold spaces and brackets, so fields count from the last ")". */
const letterOf = (stat: string): string | null => stat.slice(stat.lastIndexOf(")") + 2)[0] ?? null;
