/** A process full of nodes: `crowd.mjs URL FOLDER FIRST COUNT`, told and telling by `wire.ts`. */
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../bus/log.js";
import { type OpenSession, openSession } from "../../bus/session.js";
import { problemOf } from "../../model/errors.js";
import { type Node, startNode } from "./node.js";
import type { FromCrowd, ToCrowd } from "./wire.js";

/** Started so many at a time: at the beginning nothing is measured. */
const AT_ONCE = 20;
const LOOK_EVERY_MS = 100;

const [url = "", folder = "", first = "0", count = "0"] = process.argv.slice(2);
const now = (): number => performance.timeOrigin + performance.now();
const tell = (what: FromCrowd): void => void process.send?.(what);
let failed: Record<string, number> = {};
let complaints: Record<string, number> = {};
const count1 = (table: Record<string, number>, key: string): void => {
  table[key] = (table[key] ?? 0) + 1;
};
const complain = (_fields: object, sentence: string): void => count1(complaints, sentence);
const log: Log = { debug: () => undefined, info: () => undefined, warn: complain, error: complain };

const open: OpenSession = async (...all) => {
  try {
    return await openSession(...all);
  } catch (cause) {
    const { detail } = problemOf(cause);
    count1(failed, detail.replace(/^\S+ /, "").replace(/ \d+(\.\d+)+:\d+$/, ""));
    throw cause;
  }
};

async function startAll(): Promise<readonly Node[]> {
  const names = Array.from({ length: Number(count) }, (_, i) => `s${Number(first) + i}`);
  const nodes: Node[] = [];
  while (names.length > 0) {
    const some = names.splice(0, AT_ONCE);
    nodes.push(...(await Promise.all(some.map((name) => startNode({ name, url, folder, open, log })))));
  }
  return nodes;
}

/** Resolves when all are in step, with when each was. */
const allInStep = (nodes: readonly Node[]): Promise<readonly number[]> =>
  Promise.all(
    nodes.map(async (node) => {
      while (!(await node.inStep())) await delay(LOOK_EVERY_MS);
      return now();
    }),
  );

const nodes = await startAll();
const watch = async (): Promise<void> => {
  failed = {};
  complaints = {};
  while (nodes.some((node) => node.connected())) await delay(LOOK_EVERY_MS / 10);
  const inStepAt = await allInStep(nodes);
  tell({ is: "in-step", inStepAt, failed, complaints });
};
process.on("message", ({ do: what }: ToCrowd) => {
  if (what === "watch") void watch();
  else void Promise.all(nodes.map((node) => node.stop())).then(() => process.exit(0));
});
await allInStep(nodes);
tell({ is: "started" });
