/**
 * Reports in: from the bus to the disk, and only then an acknowledgement. What came while the last commit
 * was being written goes into the next one together (group commit), so a slow disk makes larger commits and
 * not a longer queue. When a write fails nothing is remembered and nothing acknowledged: the nodes keep
 * their reports and send them again.
 */
import type { BusClient } from "../bus/client.js";
import { createGate } from "../bus/gate.js";
import { createInbox, type Inbox, type InboxKey } from "../bus/inbox.js";
import type { Log } from "../bus/log.js";
import { problemOf } from "../model/errors.js";
import type { Envelope } from "../model/messages/envelope.js";
import type { ReportAck, ReportItem } from "../model/messages/node.js";
import { topics } from "../model/topics.js";
import type { AcceptedReport } from "./store/reports.js";
import type { Store } from "./store/store.js";

export interface IntakeOptions {
  readonly store: Pick<Store, "reports" | "prune">;
  readonly bus: BusClient;
  readonly envelope: () => Envelope;
  readonly clock: () => number;
  readonly log: Log;
  /** Who was heard up to where; a simulation gives one that forgets. */
  readonly inbox?: Inbox;
  /** After the commit, with what was new in it. */
  readonly onTaken: (reports: readonly AcceptedReport[]) => void | Promise<void>;
}

export interface Intake {
  restore(): Promise<void>;
  /** Up to which number this node's reports are on the disk. */
  last(key: InboxKey): number;
  /** Has the node ask how far the receiver is, or tell its present state again. */
  call(key: InboxKey, what: Pick<ReportAck, "ask" | "again">): Promise<void>;
  listen(): void;
  run(signal: AbortSignal): Promise<void>;
}

interface Arrived {
  readonly key: InboxKey;
  readonly items: readonly ReportItem[];
  readonly after: number | undefined;
  /** Repeated in the answer; a node that gives one tells its present state again where less is here than it thinks. */
  readonly question: number | undefined;
}

/** One commit takes at most this many reports (of up to 50 items each). */
const GROUP = 40;
/** What does not fit is dropped here and sent again by its node: memory stays bounded while the disk hangs. */
const QUEUE = 2_000;
/** Of report items; and at every start. */
const PRUNE_EVERY = 10_000;

export function createIntake(options: IntakeOptions): Intake {
  const { store, bus, envelope, clock, log, onTaken, inbox = createInbox() } = options;
  const gate = createGate();
  const queue: Arrived[] = [];
  let sincePrune = 0;

  /** True when on disk (or known already); acknowledgements are out or will be asked for again. */
  async function take(group: readonly Arrived[]): Promise<boolean> {
    const draft = inbox.draft();
    const receivedAt = new Date(clock()).toISOString();
    const admissions = group.map(({ key, items, after, question }) => {
      const admission = draft.admit(key, items, { after, tellsAgain: question !== undefined });
      return { key, question, hello: items.length === 0 || admission.isRefused, ...admission };
    });
    const fresh = admissions
      .filter(({ items }) => items.length > 0)
      .map(({ key, items }) => ({ key, items, receivedAt }));
    try {
      if (fresh.length > 0) await store.reports.take(fresh);
    } catch (cause) {
      log.error(
        { reason: problemOf(cause).detail, reports: fresh.length },
        "reports not written, none is acknowledged",
      );
      return false;
    }
    draft.commit();
    for (const { key, gaps } of admissions)
      if (gaps.length > 0) log.warn({ ...key, gaps }, "reports are missing for good");
    for (const { key, isRefused, upTo } of admissions)
      if (isRefused)
        log.warn({ ...key, upTo }, "less is here than the node was told: it will tell all again");
    for (const { key, upTo, hello, question } of admissions)
      void acknowledge(key, upTo, {
        ...(hello ? { hello } : {}),
        ...(question === undefined ? {} : { question }),
      });
    if (fresh.length > 0) await taken(fresh);
    sincePrune += fresh.reduce((sum, { items }) => sum + items.length, 0);
    if (sincePrune >= PRUNE_EVERY) await prune();
    return true;
  }

  async function acknowledge(
    { site, node, store: journal }: InboxKey,
    upTo: number,
    more: Pick<ReportAck, "hello" | "question" | "ask" | "again">,
  ): Promise<void> {
    const ack = { ...envelope(), store: journal, upTo, ...more };
    try {
      await bus.publish(topics.reportAck(site, node), ack);
    } catch (cause) {
      log.debug(
        { site, node, reason: problemOf(cause).detail },
        "acknowledgement not sent: the node will ask by sending again",
      );
    }
  }

  async function taken(fresh: readonly AcceptedReport[]): Promise<void> {
    try {
      await onTaken(fresh);
    } catch (cause) {
      log.error(
        { reason: problemOf(cause).detail },
        "reports are written, but what follows from them failed",
      );
    }
  }

  async function prune(): Promise<void> {
    sincePrune = 0;
    try {
      await store.prune();
    } catch (cause) {
      log.error({ reason: problemOf(cause).detail }, "what is old was not removed, will try again");
    }
  }

  return {
    async restore() {
      for (const { key, lastSeq } of await store.reports.numbering()) inbox.restore(key, lastSeq);
      await prune();
    },
    last: inbox.last,
    call: (key, what) => acknowledge(key, inbox.last(key), what),
    listen() {
      bus.on("report", (report, { site, node }) => {
        if (!node) return;
        if (queue.length >= QUEUE)
          return log.warn({ site, node }, "too many reports at once, one is left to be sent again");
        const { store: journal, items, after, question } = report;
        queue.push({ key: { site, node, store: journal }, items, after, question });
        gate.open();
      });
    },
    async run(signal) {
      while (!signal.aborted) {
        const group = queue.splice(0, GROUP);
        if (group.length === 0) await gate.passed(signal);
        // One that cannot be written must not keep the others out: then each goes alone.
        else if (!(await take(group)) && group.length > 1) for (const each of group) await take([each]);
      }
    },
  };
}
