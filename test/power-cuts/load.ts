/**
 * A program that loads a journal from all sides at once, and dies: LOAD ROOT SEED WRITES [BREAKAGE]. What it may
 * rely on it writes to ROOT/promises the moment it learns it, a line of JSON each; after so many lines it
 * kills itself. The recorder notes these lines among all else that is written, so the order is the true one.
 */
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Journal, openJournal } from "../../agent/store/journal.js";
import type { ReportItem } from "../../model/messages/node.js";
import type { Engine } from "../../store/engine.js";
import { nativeEngine } from "../../store/native-engine.js";
import { agentEvent } from "../support/events.js";
import { type Chance, chanceOf } from "./chance.js";
import { type Promised, STREAMS, streamName } from "./promises.js";

const [root = "", seed = "", writes = "", breakage = ""] = process.argv.slice(2);
const promises = openSync(join(root, "promises"), "a");
let left = Number(writes);
const promise = (line: Promised): void => {
  writeSync(promises, `${JSON.stringify(line)}\n`);
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
};

/** To show that a loss would be found: nothing waits for the disk. */
const careless: Engine = {
  async open(path) {
    const connection = await nativeEngine.open(path);
    return {
      ...connection,
      exec: (sql) => connection.exec(sql.replace("synchronous=FULL", "synchronous=OFF")),
    };
  },
};

const journal = await openJournal(
  join(root, "state", "journal.db"),
  Date.now,
  breakage === "synchronous-off" ? careless : nativeEngine,
);
promise({ opened: journal.id });
const marks = await journal.eventMarks(STREAMS);
const revisions = new Map((await journal.desired()).map(({ id, revision }) => [id, revision]));
const chance = chanceOf(Number(seed));
const padding = (): string => "x".repeat(chance.next() < 0.05 ? 30_000 : chance.below(2_000));

async function append(stream: string): Promise<never> {
  const last = marks.find(({ functionId }) => functionId === stream)?.number ?? 0;
  for (let number = last + 1; ; number++) {
    const event = agentEvent(streamName(stream, number), padding());
    const mark = { functionId: stream, handler: "h", process: "p", number };
    await journal.append([event], [{ event }], [mark]);
    promise({ appended: [stream, number] });
  }
}

async function want(own: Chance, ids: readonly string[]): Promise<never> {
  for (;;) {
    const id = own.pick(ids);
    const revision = (revisions.get(id) ?? 0) + 1;
    const body = own.next() < 0.2 ? null : { id, name: `${revision}`, packageDigest: padding(), inputs: {} };
    await journal.putDesired({ kind: "service", id, revision, origin: "controller", body });
    revisions.set(id, revision);
    promise({ desired: [id, revision] });
  }
}

/** As the outbox does it: what was sent is the receiver's, under its number, for ever. */
async function send(from: Journal): Promise<never> {
  for (;;) {
    const reports = await from.pendingReports(1 + chance.below(30), 0);
    const last = reports.at(-1)?.seq;
    if (last === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    promise({ sent: reports.map((report) => [report.seq, nameOf(report)]) });
    await from.acknowledgeReports(last);
    promise({ acknowledged: last });
  }
}

const nameOf = ({ event }: ReportItem): string => event?.object ?? "other";

await Promise.all([
  ...STREAMS.map(append),
  want(chanceOf(Number(seed) + 1), ["a", "b", "c"]),
  want(chanceOf(Number(seed) + 2), ["d", "e"]),
  send(journal),
]);
