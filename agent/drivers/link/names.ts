/**
 * Names of the interfaces in a network namespace, from /proc/PID/net/dev. Not from /sys: in a namespace entered
 * with `nsenter -n` /sys still shows the host's.
 */
import { readFile } from "node:fs/promises";

/** Of `/proc/net/dev`: two lines of heading, then `name: counters…`. */
export function parseNames(text: string): ReadonlySet<string> {
  const lines = text.split("\n").slice(2);
  return new Set(
    lines.map((line) => line.slice(0, line.lastIndexOf(":")).trim()).filter((name) => name !== ""),
  );
}

export async function readNames(procNetDev: string): Promise<ReadonlySet<string>> {
  return parseNames(await readFile(procNetDev, "latin1"));
}

export function sameNames(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((name) => other.has(name));
}
