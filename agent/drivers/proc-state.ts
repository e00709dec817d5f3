import { readFile } from "node:fs/promises";

/** The state letter of a process (proc(5), field 3 of stat): R, S, D, T stopped, Z…; null: it is gone. */
export async function processState(procRoot: string, pid: number): Promise<string | null> {
  const stat = await readFile(`${procRoot}/${pid}/stat`, "latin1").catch(() => null);
  // The name may hold spaces and brackets, so fields count from the last ")".
  return stat?.slice(stat.lastIndexOf(")") + 2)[0] ?? null;
}
