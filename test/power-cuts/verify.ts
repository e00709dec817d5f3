/** Opens a journal as the next start would, and says what is not as it was promised. */
import { join } from "node:path";
import { type Journal, openJournal } from "../../agent/store/journal.js";
import type { ReportItem } from "../../model/messages/node.js";
import { nativeEngine } from "../../store/native-engine.js";
import { type Promises, STREAMS, streamName } from "./promises.js";

export interface Verdict {
  /** Empty: the journal is sound. */
  readonly faults: readonly string[];
  /** What is there, and has to be there from now on. */
  readonly found: Promises;
}

const ALL = 1_000_000;

/** Writes to the folder: give it a copy. */
export async function verify(root: string, promised: Promises): Promise<Verdict> {
  const path = join(root, "state", "journal.db");
  const integrity = await integrityOf(path);
  const journal = await openJournal(path, Date.now);
  try {
    const { faults, found } = await compare(journal, promised);
    return { faults: [...integrity, ...faults], found };
  } finally {
    await journal.close();
  }
}

async function integrityOf(path: string): Promise<readonly string[]> {
  const connection = await nativeEngine.open(path);
  try {
    const rows = await connection.all("PRAGMA integrity_check", []);
    const words = rows.map((row) => String(row.integrity_check));
    return words.length === 1 && words[0] === "ok" ? [] : words.map((word) => `integrity: ${word}`);
  } finally {
    await connection.close();
  }
}

async function compare(journal: Journal, promised: Promises): Promise<Verdict> {
  const faults: string[] = [];
  const must = (holds: boolean, words: string): void => void (holds || faults.push(words));
  must(
    promised.journalId === null || promised.journalId === journal.id,
    `the journal was ${promised.journalId} and is ${journal.id}`,
  );

  const events = (await journal.events({ limit: ALL })).map(({ object }) => object);
  const marks = new Map((await journal.eventMarks(STREAMS)).map((mark) => [mark.functionId, mark.number]));
  const reports = await journal.pendingReports(ALL, 0);
  for (const stream of STREAMS) {
    const last = marks.get(stream) ?? 0;
    const acknowledged = promised.appended.get(stream) ?? 0;
    must(last >= acknowledged, `${stream}: ${acknowledged} was acknowledged, ${last} is there`);
    faults.push(...wholeness(stream, last, events));
  }
  const order = eventsOf(reports);
  must(
    order.join() === events.slice(-order.length || events.length).join(),
    "events and their reports are not the same, or in another order",
  );

  const desired = new Map((await journal.desired()).map(({ id, revision }) => [id, revision]));
  for (const [id, revision] of promised.desired)
    must(
      (desired.get(id) ?? 0) >= revision,
      `service ${id}: revision ${revision} was acknowledged, ${desired.get(id)} is there`,
    );

  const [first] = reports;
  must(
    !first || first.seq > promised.acknowledged,
    `report ${first?.seq} waits, although ${promised.acknowledged} was acknowledged`,
  );
  for (const report of reports) {
    const sent = promised.sent.get(report.seq);
    const [name] = eventsOf([report]);
    must(sent === undefined || sent === name, `report ${report.seq} was ${sent} and is ${name}`);
  }
  await journal.append([], [{ removedService: "after the cut" }]);
  const next = (await journal.pendingReports(ALL, 0)).at(-1)?.seq ?? 0;
  must(
    next > promised.highestNumber,
    `the next report has number ${next}, and ${promised.highestNumber} was given before`,
  );
  return {
    faults,
    found: {
      ...promised,
      journalId: journal.id,
      appended: marks,
      desired,
      highestNumber: Math.max(promised.highestNumber, next - 1),
    },
  };
}

/** An event comes with its mark and after the one before it: a half of a commit shows here. */
function wholeness(stream: string, last: number, events: readonly string[]): readonly string[] {
  const mine = events.filter((object) => object.startsWith(`${stream}/`));
  const first = last - mine.length + 1;
  const wanted = mine.map((_, index) => streamName(stream, first + index));
  const at = mine.findIndex((object, index) => object !== wanted[index]);
  return at === -1
    ? []
    : [`${stream}: marked up to ${last}, but ${mine[at]} is where ${wanted[at]} should be`];
}

const eventsOf = (reports: readonly ReportItem[]): readonly string[] =>
  reports.flatMap(({ event }) => (event ? [event.object] : []));
