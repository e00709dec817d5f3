/** How every driver's contract suite begins: a world of its own, and the driver's first look at it. */
import type { Test } from "tap";
import type { Driver, StepContext } from "../../agent/drivers/driver.js";
import { until } from "./real.js";

/** Makes the world; when the test ends, its signal aborts and then the world is closed. */
export async function openWorld<World extends { close(): Promise<void> }>(
  t: Test,
  makeWorld: () => Promise<World>,
): Promise<World & { readonly context: StepContext }> {
  const world = await makeWorld();
  const stop = new AbortController();
  t.teardown(async () => {
    stop.abort();
    await world.close();
  });
  return { ...world, context: { signal: stop.signal } };
}

/** The first test of every suite: begins to watch. Gives how often the driver has called `changed`. */
export async function beginsWatching(
  t: Test,
  driver: Driver<unknown>,
  { signal }: StepContext,
): Promise<() => number> {
  let changes = 0;
  await t.test("says starting before it has looked, then ready, and tells by `changed`", async (t) => {
    t.equal(driver.view().state, "starting");
    driver.watch(() => changes++, signal);
    t.equal(changes, 0, "not synchronously");
    await until("ready", () => driver.view().state === "ready", 20_000);
    await until("changed was called", () => changes > 0);
  });
  return () => changes;
}
