/**
 * The sending half of exactly-once reports: numbered items, one batch in flight, nothing deleted before the
 * receiver said that it is on its disk. The broker's PUBACK means only that the broker has it; the item
 * stays until the ReportAck. Every failure ends in the same place: the batch is read from the store and
 * sent again, and the receiver drops what it has already (bus/inbox.ts).
 */

import { type Backoff, backoffMs } from "../model/backoff.js";
import { type Problem, problem, problemOf } from "../model/errors.js";
import { type NodeReport, type ReportAck, ReportItem } from "../model/messages/node.js";
import { parserOf } from "../model/validate.js";
import { createGate } from "./gate.js";
import type { Log } from "./log.js";
import { pause, realWait, type Wait } from "./wait.js";

/** The journal's side, implemented by the agent on SQLite. */
export interface OutboxStore {
  /** Items with a greater number than `afterSeq`, in the order of their numbers. */
  pending(limit: number, afterSeq: number): Promise<readonly ReportItem[]>;
  /** All up to this number are on the controller's disk: they may be deleted. */
  acknowledge(upTo: number): Promise<void>;
}

/** How this journal's numbers stand to what may have left the node, kept with the items. */
export interface OutboxNumbering {
  /** `sentAtMost`: no greater number can have left, if this journal is the only one that the node ever had. */
  position(): Promise<{
    readonly id: string;
    readonly acknowledged: number;
    readonly sentAtMost: number;
  }>;
  /** The receiver has nothing that this journal has not sent: from now on numbers may leave. */
  trusted(): Promise<void>;
  /** The receiver has more: this journal was set back to an older copy. Resolves with a new name for its numbering. */
  renew(): Promise<string>;
}

export interface OutboxLink {
  connected(): boolean;
  onChange(listener: (connected: boolean) => void): () => void;
  /** Resolves when the broker has it, rejects when the connection dies. */
  send(report: Pick<NodeReport, "store" | "after" | "question" | "items">): Promise<void>;
  onAck(listener: (ack: Acknowledgement) => void): () => void;
}

export type Acknowledgement = Pick<ReportAck, "store" | "upTo" | "hello" | "ask" | "again" | "question">;

export interface OutboxOptions {
  readonly store: OutboxStore;
  /** Identity of the journal; a new journal numbers from 1 again. */
  readonly storeId: string;
  /** With it the receiver is asked how far it is before the first items of a connection; `storeId` is not used then. */
  readonly numbering?: OutboxNumbering;
  /** The receiver had number `has`, this journal cannot have sent more than `sent`: all that waits goes under a new name. */
  readonly onSetBack?: (found: { readonly has: number; readonly sent: number }) => void;
  /**
   * The receiver has less than it acknowledged: what lies between is gone here and there, and of the present it knows
   * nothing but what is told again. At most once a connection, before what waits is sent.
   */
  readonly onForgotten?: (found: { readonly has: number; readonly acknowledged: number }) => void;
  /** The receiver has what another said in this node's name: the present is to be told again. */
  readonly onAgain?: () => void;
  readonly link: OutboxLink;
  readonly random: () => number;
  readonly log: Log;
  readonly wait?: Wait;
  readonly batchItems?: number;
  /** A batch ends early at this size, so that a slow link gets acknowledgements too. One item always goes. */
  readonly batchBytes?: number;
  /** What is larger is not sent: a broker ends the connection over a message too large, each time anew. */
  readonly itemBytes?: number;
  /** Counted from the broker's PUBACK, so a slow uplink does not cause a resend. */
  readonly ackTimeoutMs?: number;
  readonly backoff?: Backoff;
}

export interface OutboxState {
  readonly acknowledged: number;
  readonly inFlight: number;
  /** In a row, since the last acknowledgement. */
  readonly failures: number;
  readonly lastFailure: string | null;
}

export interface Outbox {
  /** Pumps until the signal aborts. Never rejects for a failure of store or link: it tries again. */
  run(signal: AbortSignal): Promise<void>;
  /** To be called after an item was committed to the store. */
  wake(): void;
  state(): OutboxState;
}

const DEFAULTS = {
  batchItems: 50,
  batchBytes: 65_536,
  itemBytes: 524_288,
  ackTimeoutMs: 15_000,
  backoff: { baseMs: 500, capMs: 30_000 },
} as const;
const itemParser = parserOf(ReportItem, "report item");

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, link, numbering, random, log } = options;
  const { wait = realWait, batchItems = DEFAULTS.batchItems, batchBytes = DEFAULTS.batchBytes } = options;
  const { itemBytes = DEFAULTS.itemBytes } = options;
  const { ackTimeoutMs = DEFAULTS.ackTimeoutMs, backoff = DEFAULTS.backoff } = options;
  const gate = createGate();
  let storeId = options.storeId;
  let acknowledged = 0;
  let received = 0;
  let sentUpTo = 0;
  /** Null until the journal has been asked. */
  let sentAtMost: number | null = null;
  let isTrusted = false;
  /** On this connection. */
  let isIntroduced = false;
  /** What the receiver said that it has, in answer to the last question. */
  let receiverHas: number | null = null;
  /** Names the last report that was sent. An answer may come late, or twice: only one to this report says how things are. */
  let question = Math.floor(random() * 2 ** 31);
  /** The receiver wants to be asked, also when nothing waits. */
  let isWanted = false;
  /** Where the receiver has less than was acknowledged: how much it has. Until it acknowledges more. */
  let known: number | null = null;
  /** The receiver has this number and we cannot have sent it. */
  let foreign: number | null = null;
  let inFlight = 0;
  let failures = 0;
  let lastFailure: string | null = null;
  /** Ends the pause after a failure. */
  let endPause: (() => void) | null = null;

  function onAck({ store: of, upTo, hello, ask, again, question: answered }: Acknowledgement): void {
    if (of !== storeId) return;
    if (again) options.onAgain?.();
    if (ask) isWanted = true;
    const most = Math.max(sentUpTo, sentAtMost ?? 0);
    if (numbering && sentAtMost !== null && upTo > most) foreign = upTo;
    else received = Math.max(received, Math.min(upTo, most));
    // Receivers of before repeat no question.
    if (hello && (answered === undefined || answered === question)) receiverHas = upTo;
    if (isAcknowledgedLate()) endPause?.();
    gate.open();
  }

  /** What was given up came after all. Not before it is known that the numbers are ours. */
  function isAcknowledgedLate(): boolean {
    return received > acknowledged && (!numbering || isTrusted);
  }

  /** True when progress was made, false when there was nothing to send. Throws when it has to be tried again. */
  async function sendBatch(signal: AbortSignal): Promise<boolean> {
    if (numbering) await takePosition(numbering);
    if (isAcknowledgedLate()) {
      await acknowledge(received);
      return true;
    }
    if (!isWanted && (await store.pending(1, acknowledged)).length === 0) return false;
    if (numbering && (isWanted || !isIntroduced)) await introduce(numbering, signal);
    const pending = await store.pending(batchItems, acknowledged);
    const items = take(pending.map(sendable), batchBytes);
    const last = items.at(-1);
    if (!last || signal.aborted) return false;
    inFlight = items.length;
    sentUpTo = Math.max(sentUpTo, last.seq);
    // Subscribed to acknowledgements for good; what came before this batch cannot be above `acknowledged`.
    const after = known ?? acknowledged;
    await send(items);
    const isSetBack = (): boolean => receiverHas !== null && receiverHas < after;
    await heard(() => received > acknowledged || isSetBack(), signal);
    if (signal.aborted) return true;
    if (received > acknowledged) await acknowledge(received);
    else isIntroduced = false;
    return true;
  }

  async function send(items: readonly ReportItem[]): Promise<void> {
    receiverHas = null;
    question = (question + 1) % 2 ** 31;
    const position = numbering ? { after: known ?? acknowledged, question } : {};
    await link.send({ store: storeId, ...position, items: [...items] });
  }

  async function acknowledge(upTo: number): Promise<void> {
    await store.acknowledge(upTo);
    acknowledged = upTo;
    known = null;
  }

  async function takePosition({ position, renew }: OutboxNumbering): Promise<void> {
    if (sentAtMost === null) {
      const known = await position();
      storeId = known.id;
      acknowledged = known.acknowledged;
      received = acknowledged;
      sentAtMost = known.sentAtMost;
    }
    if (foreign === null) return;
    const found = { has: foreign, sent: Math.max(sentUpTo, sentAtMost) };
    storeId = await renew();
    // What waits under the old name was not sent, or was taken for what another journal had sent before.
    foreign = null;
    isTrusted = true;
    isIntroduced = false;
    received = sentUpTo = sentAtMost = acknowledged = 0; // of the new name nothing was sent
    known = null;
    log.error(found, "this journal was set back to an older copy: its reports go under a new numbering");
    options.onSetBack?.(found);
  }

  /** Asks how far the receiver is. Nothing of this life leaves before it is known that the numbers are ours. */
  async function introduce({ trusted }: OutboxNumbering, signal: AbortSignal): Promise<void> {
    await send([]);
    await heard(() => receiverHas !== null, signal);
    if (signal.aborted) return;
    isWanted = false;
    const has = receiverHas ?? 0;
    if (has < (known ?? acknowledged)) {
      log.error({ has, acknowledged }, "the receiver has less than it acknowledged");
      known = has;
      options.onForgotten?.({ has, acknowledged });
    }
    if (has > acknowledged) await acknowledge(has);
    if (!isTrusted) await trusted();
    isTrusted = true;
    isIntroduced = true;
  }

  async function heard(what: () => boolean, signal: AbortSignal): Promise<void> {
    const timeout = new AbortController();
    let late = false;
    const timer = pause(wait, ackTimeoutMs, timeout.signal).then((elapsed) => {
      late = elapsed;
      gate.open();
    });
    try {
      while (!signal.aborted) {
        if (foreign !== null) throw new Error(`the receiver has report ${foreign}, which was not sent`);
        if (what()) return;
        if (late) throw new Error(`no acknowledgement within ${ackTimeoutMs} ms`);
        if (!link.connected()) throw new Error("connection lost before the acknowledgement");
        await gate.passed(signal);
      }
    } finally {
      timeout.abort();
      await timer;
    }
  }

  async function step(signal: AbortSignal): Promise<void> {
    try {
      const progressed = link.connected() && (await sendBatch(signal));
      if (progressed) failures = 0;
      else await gate.passed(signal);
    } catch (cause) {
      lastFailure = problemOf(cause).detail;
      log.warn({ reason: lastFailure, failures }, "reports not delivered, will send again");
      await backOff(signal);
      failures += 1;
    } finally {
      inFlight = 0;
    }
  }

  /** A receiver that answers after all is not to be spared: what waits goes on. */
  async function backOff(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    endPause = () => over.abort();
    signal.addEventListener("abort", endPause, { once: true });
    if (signal.aborted || isAcknowledgedLate()) endPause();
    await pause(wait, backoffMs(failures, backoff, random), over.signal);
    signal.removeEventListener("abort", endPause);
    endPause = null;
  }

  function onChange(connected: boolean): void {
    if (!connected) isIntroduced = false;
    gate.open();
  }

  return {
    async run(signal) {
      const forget = [link.onAck(onAck), link.onChange(onChange)];
      while (!signal.aborted) await step(signal);
      for (const each of forget) each();
    },
    wake: gate.open,
    state: () => ({ acknowledged, inFlight, failures, lastFailure }),
  };

  /** An item that the other end would refuse must not block those behind it: its number goes with a note. */
  function sendable(item: ReportItem): ReportItem {
    const found = faultOf(item);
    if (!found) return item;
    log.error({ seq: item.seq, problem: found.detail }, "a report in the journal cannot be sent");
    const ts = new Date(Number.isNaN(Date.parse(item.ts)) ? 0 : Date.parse(item.ts)).toISOString();
    const event = { ts, object: "agent", type: "report.invalid", cause: null, rule: null, action: null };
    return { seq: item.seq, ts, event: { ...event, code: found.code, detail: found.detail } };
  }

  function faultOf(item: ReportItem): Problem | null {
    const bytes = bytesOf(item);
    if (bytes > itemBytes)
      return problem("usage.invalid", `report ${item.seq} has ${bytes} bytes, at most ${itemBytes} are sent`);
    const checked = itemParser.value(item);
    return checked.ok ? null : checked.error;
  }
}

const bytesOf = (item: ReportItem): number => Buffer.byteLength(JSON.stringify(item));

function take(items: ReportItem[], maxBytes: number): ReportItem[] {
  let bytes = 0;
  const end = items.findIndex((item) => {
    bytes += bytesOf(item);
    return bytes > maxBytes;
  });
  return end === -1 ? items : items.slice(0, Math.max(1, end));
}
