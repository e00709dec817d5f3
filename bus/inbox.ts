import type { NodeId, SiteId } from "../model/ids.js";
import type { ReportItem } from "../model/messages/node.js";

/** Whose numbering it is. A node that lost its journal numbers from 1 again under a new `store`. */
export interface InboxKey {
  readonly site: SiteId;
  readonly node: NodeId;
  readonly store: string;
}

export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface Admission {
  /** What is new, in the order of its numbers. */
  readonly items: readonly ReportItem[];
  /** What may be acknowledged once the items are on disk. */
  readonly upTo: number;
  readonly duplicates: number;
  /** Numbers that were lost here, or on the way where the sender does not say what it had acknowledged. */
  readonly gaps: readonly Gap[];
  /** Nothing was taken: less is here than the sender was told, and it has to hear that first. */
  readonly isRefused: boolean;
}

/** What a report says of its numbering, beside the numbers of its items. */
export interface Position {
  /** What the node says that it had acknowledged; without, each number that is left out is a gap. */
  readonly after?: number | undefined;
  /** The node tells its present state again when it hears that less is here. */
  readonly tellsAgain?: boolean;
}

/**
 * De-duplication at the receiver. A draft admits reports on trial; nothing is remembered before `commit`,
 * which the caller calls after its own commit to disk. So a failed write leaves the inbox as it was, no
 * acknowledgement is sent, and the node sends again. One draft at a time.
 */
export interface Inbox {
  last(key: InboxKey): number;
  restore(key: InboxKey, lastSeq: number): void;
  draft(): InboxDraft;
}

export interface InboxDraft {
  admit(key: InboxKey, items: readonly ReportItem[], position?: Position): Admission;
  commit(): void;
}

export function createInbox(): Inbox {
  const committed = new Map<string, number>();
  const last = (key: InboxKey): number => committed.get(keyText(key)) ?? 0;
  return {
    last,
    restore: (key, lastSeq) => void committed.set(keyText(key), Math.max(last(key), lastSeq)),
    draft() {
      const tentative = new Map<string, number>();
      return {
        admit(key, items, position) {
          const text = keyText(key);
          const admission = admit(tentative.get(text) ?? last(key), items, position);
          tentative.set(text, admission.upTo);
          return admission;
        },
        commit() {
          for (const [text, seq] of tentative) committed.set(text, seq);
        },
      };
    },
  };
}

/**
 * Pure: what of these items is new after `last`. What the sender had acknowledged up to `after` must be here; what it left
 * out behind that it took back. Where it is not here, a sender that can tell its present state again is made to do so
 * first: taken now, these items would hide that others are missing. Of others a numbering begins where it begins.
 */
export function admit(
  last: number,
  items: readonly ReportItem[],
  { after, tellsAgain = false }: Position = {},
): Admission {
  if (tellsAgain && after !== undefined && after > last && items.length > 0)
    return { items: [], upTo: last, duplicates: 0, gaps: [], isRefused: true };
  const fresh: ReportItem[] = [];
  const gaps: Gap[] = [];
  if (after !== undefined && last > 0 && after > last && items.length > 0)
    gaps.push({ from: last + 1, to: after });
  let upTo = last;
  for (const item of items.toSorted((a, b) => a.seq - b.seq)) {
    if (item.seq <= upTo) continue;
    if (after === undefined && item.seq > upTo + 1) gaps.push({ from: upTo + 1, to: item.seq - 1 });
    fresh.push(item);
    upTo = item.seq;
  }
  return { items: fresh, upTo, duplicates: items.length - fresh.length, gaps, isRefused: false };
}

const keyText = ({ site, node, store }: InboxKey): string => JSON.stringify([site, node, store]);
