import { EventEmitter } from "node:events";
import t from "tap";
import { EXIT_AFTER_EXCEPTION, takeSurprises } from "../../../agent/surprises.js";
import { until } from "../../support/until.js";

function given(tell: (detail: string) => Promise<void> = async () => undefined) {
  const source = new EventEmitter();
  const told: string[] = [];
  const exits: number[] = [];
  const stop = new AbortController();
  takeSurprises({
    source,
    signal: stop.signal,
    exit: (code) => exits.push(code),
    tell(detail) {
      told.push(detail);
      return tell(detail);
    },
  });
  return { source, told, exits, stop };
}

t.test("an unhandled rejection is told, and the agent goes on", async (t) => {
  const { source, told, exits } = given(() => Promise.reject(new Error("disk full")));
  source.emit("unhandledRejection", new TypeError("no such port"));
  source.emit("unhandledRejection", "only words");
  t.match(told, [/^unhandled rejection: TypeError: no such port\n.*surprises\.test/, /only words/]);
  await new Promise((resolve) => setImmediate(resolve));
  t.same(exits, []);
});

t.test(
  "an uncaught exception is told, and only then the agent ends, for its supervisor to start it",
  async (t) => {
    let isOnDisk: () => void = () => undefined;
    const { source, told, exits } = given(() => new Promise((resolve) => (isOnDisk = resolve)));
    source.emit("uncaughtException", new Error("first"));
    source.emit("uncaughtException", new Error("second"));
    t.match(told, [/^uncaught exception, the agent ends: Error: first/]);
    t.equal(told.length, 1);
    await new Promise((resolve) => setImmediate(resolve));
    t.same(exits, [], "not before it is on disk");
    isOnDisk();
    await until("it ends", () => exits.length > 0);
    t.same(exits, [EXIT_AFTER_EXCEPTION]);
  },
);

t.test("it ends also where nothing can be told", async (t) => {
  const { source, exits } = given(() => Promise.reject(new Error("disk full")));
  source.emit("uncaughtException", new Error("x"));
  await until("it ends", () => exits.length > 0);
  t.same(exits, [EXIT_AFTER_EXCEPTION]);
});

t.test("after its end it listens no more", async (t) => {
  const { source, stop } = given();
  stop.abort();
  t.equal(source.listenerCount("unhandledRejection") + source.listenerCount("uncaughtException"), 0);
});
