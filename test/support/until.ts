import { setTimeout as sleep } from "node:timers/promises";

/** Waits for a condition, never for a guess: returns its first truthy value, or fails after the deadline. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  { deadlineMs = 10_000, everyMs = 5 } = {},
): Promise<Exclude<T, false | 0 | "" | null | undefined>> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<T, false | 0 | "" | null | undefined>;
    if (Date.now() > end) throw new Error(`waited ${deadlineMs} ms in vain until ${what}`);
    await sleep(everyMs);
  }
}
