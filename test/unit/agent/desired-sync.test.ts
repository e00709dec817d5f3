/** When the controller's desired objects are asked for, with a connection whose moments the test chooses. */
import t from "tap";
import type { EventFields } from "../../../agent/chronicle.js";
import { startDesiredSync } from "../../../agent/desired-sync.js";
import type { BusClient } from "../../../bus/client.js";
import { silentLog } from "../../../bus/log.js";
import { asSiteId } from "../../../model/ids.js";

const ROOT = `sha256:${"1".repeat(64)}`;

async function synchronised() {
  const asked: (readonly string[])[] = [];
  const noted: EventFields[] = [];
  const changes: ((connected: boolean) => void)[] = [];
  const timers: { readonly signal: AbortSignal; ring(): void }[] = [];
  let isConnected = false;
  let hear = (_root: string): void => undefined;
  const client = {
    connected: () => isConnected,
    onChange: (listener: (connected: boolean) => void) => void changes.push(listener),
    on(name: string, handler: (message: object, at: object) => void) {
      if (name === "desiredDigest") hear = (root) => handler({ root }, { site: "s1" });
    },
    subscribe: async () => undefined,
    async ask(patterns: readonly string[]) {
      if (!isConnected) throw new Error("not connected");
      asked.push(patterns);
    },
  };
  const sync = await startDesiredSync({
    client: client as unknown as BusClient,
    site: asSiteId("s1"),
    catalogue: {
      controllersObjects: () => [],
      takePackage: async () => undefined,
      takeService: async () => undefined,
    },
    note: (event) => void noted.push(event),
    tellHeld: async () => undefined,
    wait: (_ms, signal) =>
      new Promise((resolve, reject) => {
        timers.push({ signal, ring: () => resolve() });
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
    log: silentLog,
    signal: new AbortController().signal,
  });
  return {
    sync,
    asked,
    noted,
    hear: (root: string) => hear(root),
    connect(connected: boolean): void {
      isConnected = connected;
      for (const listener of changes) listener(connected);
    },
    /** All that waits has waited long enough. */
    async ring(): Promise<void> {
      for (const timer of timers.splice(0)) if (!timer.signal.aborted) timer.ring();
      await new Promise((resolve) => setImmediate(resolve));
    },
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

t.test("a digest that is heard before the connection is ready is asked about when it is", async (t) => {
  const { sync, asked, noted, hear, connect, settled, ring } = await synchronised();
  hear(ROOT);
  await settled();
  t.same(asked, [], "nobody can be asked yet");
  connect(true);
  await settled();
  t.equal(asked.length, 1);
  hear(ROOT);
  await settled();
  t.equal(asked.length, 1, "once a root and connection");
  t.equal(sync.inStep(), false);
  await ring();
  t.match(noted, [{ type: "desired.differs" }], "and what did not come is told");
});

t.test("a digest of the connection before is no word of this one", async (t) => {
  const { sync, asked, hear, connect, settled } = await synchronised();
  connect(true);
  hear(ROOT);
  await settled();
  connect(false);
  t.equal(sync.inStep(), null);
  connect(true);
  await settled();
  t.equal(asked.length, 1);
  hear(ROOT);
  await settled();
  t.equal(asked.length, 2, "asked again: the broker may have lost what it had of this node");
});
