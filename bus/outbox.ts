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

export interface OutboxLink {
  connected(): boolean;
  onChange(listener: (connected: boolean) => void): () => void;
  /** Resolves when the broker has it, rejects when the connection dies. */
  send(report: Pick<NodeReport, "store" | "items">): Promise<void>;
  onAck(listener: (ack: Pick<ReportAck, "store" | "upTo">) => void): () => void;
}

export interface OutboxOptions {
  readonly store: OutboxStore;
  /** Identity of the journal; a new journal numbers from 1 again. */
  readonly storeId: string;
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
  const { store, storeId, link, random, log } = options;
  const { wait = realWait, batchItems = DEFAULTS.batchItems, batchBytes = DEFAULTS.batchBytes } = options;
  const { itemBytes = DEFAULTS.itemBytes } = options;
  const { ackTimeoutMs = DEFAULTS.ackTimeoutMs, backoff = DEFAULTS.backoff } = options;
  const gate = createGate();
  let acknowledged = 0;
  let received = 0;
  let sentUpTo = 0;
  let inFlight = 0;
  let failures = 0;
  let lastFailure: string | null = null;

  function onAck(ack: Pick<ReportAck, "store" | "upTo">): void {
    if (ack.store !== storeId) return;
    if (ack.upTo > sentUpTo && sentUpTo > 0) {
      log.warn(
        { upTo: ack.upTo, sentUpTo },
        "acknowledged more than was sent: is this journal a restored copy?",
      );
    }
    received = Math.max(received, Math.min(ack.upTo, sentUpTo));
    gate.open();
  }

  /** True when progress was made, false when there was nothing to send. Throws when it has to be tried again. */
  async function sendBatch(signal: AbortSignal): Promise<boolean> {
    const pending = await store.pending(batchItems, acknowledged);
    const items = take(pending.map(sendable), batchBytes);
    const last = items.at(-1);
    if (!last) return false;
    inFlight = items.length;
    sentUpTo = Math.max(sentUpTo, last.seq);
    // Subscribed to acknowledgements for good; what came before this batch cannot be above `acknowledged`.
    await link.send({ store: storeId, items });
    await waitForAck(signal);
    if (signal.aborted) return true;
    const upTo = received;
    await store.acknowledge(upTo);
    acknowledged = upTo;
    return true;
  }

  async function waitForAck(signal: AbortSignal): Promise<void> {
    const timeout = new AbortController();
    let late = false;
    const timer = pause(wait, ackTimeoutMs, timeout.signal).then((elapsed) => {
      late = elapsed;
      gate.open();
    });
    try {
      while (received <= acknowledged && !signal.aborted) {
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
      await pause(wait, backoffMs(failures, backoff, random), signal);
      failures += 1;
    } finally {
      inFlight = 0;
    }
  }

  return {
    async run(signal) {
      const forget = [link.onAck(onAck), link.onChange(gate.open)];
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
