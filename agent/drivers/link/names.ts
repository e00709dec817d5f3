/**
 * Names of the interfaces in a network namespace, from /proc/PID/net/dev. Not from /sys: in a namespace entered
 * with `nsenter -n` /sys still shows the host's.
 */
import { readFileSync } from "node:fs";

/** Of `/proc/net/dev`: two lines of heading, then `name: counters…`. */
export function parseNames(text: string): ReadonlySet<string> {
  const lines = text.split("\n").slice(2);
  return new Set(
    lines.map((line) => line.slice(0, line.lastIndexOf(":")).trim()).filter((name) => name !== ""),
  );
}

/** Every other second, for as long as the agent runs: by way of the thread pool it would cost ten times as much. Nothing here waits for a disk. */
export async function readNames(procNetDev: string): Promise<ReadonlySet<string>> {
  return parseNames(readFileSync(procNetDev, "latin1"));
}

export function sameNames(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((name) => other.has(name));
}
