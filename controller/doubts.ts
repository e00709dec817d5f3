/**
 * Whether what is known of a node is what that node said. It is not after this controller was restored from an old copy
 * (the node was acknowledged more than is here), nor where two agents spoke in one name. Each node's status says which
 * numbering it has and how much of it was acknowledged; where that does not fit, the node is asked. Nothing of it need
 * be remembered: what does not fit now does not fit at the next status either, until the node has told all again.
 */
import type { BusClient } from "../bus/client.js";
import type { InboxKey } from "../bus/inbox.js";
import type { Log } from "../bus/log.js";
import { problemOf } from "../model/errors.js";
import type { NodeId, SiteId } from "../model/ids.js";
import { inventoryDigest } from "../model/inventory-digest.js";
import type { AgentEvent } from "../model/messages/node.js";
import type { MessageOf } from "../model/topics.js";
import type { Fleet } from "./fleet.js";
import type { Intake } from "./intake.js";
import { hear, type Lives } from "./namesakes.js";
import type { AcceptedReport } from "./store/reports.js";
import type { Store } from "./store/store.js";

export interface DoubtsOptions {
  readonly store: Pick<Store, "reports">;
  readonly intake: Pick<Intake, "last" | "call">;
  readonly fleet: Pick<Fleet, "node">;
  /** Events were written: whoever watches is to be told. */
  readonly noted: () => void | Promise<void>;
  readonly clock: () => number;
  readonly log: Log;
}

export interface Doubts {
  listen(bus: BusClient): void;
  /** To be called after a commit: reports of a journal that is not the one of the node that speaks now. */
  taken(reports: readonly AcceptedReport[]): Promise<void>;
}

export function createDoubts({ store, intake, fleet, noted, clock, log }: DoubtsOptions): Doubts {
  /** Of each node the journal that its last status named, by `site/node`. */
  const speaking = new Map<string, InboxKey>();
  const lives = new Map<string, Lives>();
  /** Of each node the pairs of lives that were told. */
  const told = new Map<string, Set<string>>();
  /** What is to be written still, and nodes that are to be looked at still: while a disk is full or fails, until it takes something again. */
  const untold: { readonly site: SiteId; readonly node: NodeId; readonly event: AgentEvent }[] = [];
  const unexamined = new Map<string, InboxKey>();

  /** What comes while the store is read for others is looked at together: a fleet that comes back says as many statuses at once. */
  let next: { readonly keys: InboxKey[]; readonly done: Promise<void> } | null = null;
  let current: Promise<void> = Promise.resolve();

  function examine(key: InboxKey): Promise<void> {
    if (!next) {
      const keys: InboxKey[] = [];
      const done = current.then(() => {
        next = null;
        return examineAll(keys);
      });
      next = { keys, done };
      current = done.catch(() => undefined); // whoever asked for it hears of it
    }
    next.keys.push(key);
    return next.done;
  }

  async function examineAll(keys: readonly InboxKey[]): Promise<void> {
    for (const key of await store.reports.foreign(keys)) {
      log.warn(
        { ...key },
        "some of what is known of this node another journal said: it is to tell all again",
      );
      await intake.call(key, { again: true });
    }
  }

  function listenFor(site: SiteId, node: NodeId, life: string, ts: number): void {
    const name = `${site}/${node}`;
    const { lives: heard, other } = hear(lives.get(name) ?? [], { life, ts });
    lives.set(name, heard);
    if (other === null) return;
    const pairs = told.get(name) ?? new Set();
    told.set(name, pairs);
    const pair = [life, other].sort().join();
    if (pairs.has(pair)) return;
    pairs.add(pair);
    const event = namesakeEvent(node, [life, other], clock());
    log.error({ site, node, lives: [life, other] }, `TWO AGENTS SPEAK AS ONE NODE: ${event.detail}`);
    untold.push({ site, node, event });
  }

  async function tell(): Promise<void> {
    for (let next = untold.shift(); next; next = untold.shift()) {
      const { site, node, event } = next;
      try {
        await store.reports.note(site, node, event, event.ts);
      } catch (error) {
        untold.unshift(next);
        throw error;
      }
      await noted();
    }
  }

  async function heard(status: MessageOf<"status">, key: InboxKey, retained: boolean): Promise<void> {
    const { life, acknowledged = 0, ts } = status;
    if (life) listenFor(key.site, key.node, life, Date.parse(ts));
    // A retained one is from when the node connected: more may have been acknowledged since.
    if (retained || acknowledged > intake.last(key)) await intake.call(key, { ask: true });
    if (isOtherInventory(key, status.inventory)) await intake.call(key, { again: true });
    await examineOrRemember(key);
    await tell();
  }

  async function examineOrRemember(key: InboxKey): Promise<void> {
    try {
      await examine(key);
    } catch (error) {
      unexamined.set(`${key.site}/${key.node}`, key);
      throw error;
    }
  }

  /** The node does not send it again by itself, and here is none, or an older one. */
  function isOtherInventory({ site, node }: InboxKey, named: string | undefined): boolean {
    if (named === undefined) return false;
    const inventory = fleet.node(site, node)?.inventory;
    return !inventory || inventoryDigest(inventory) !== named;
  }

  return {
    listen(bus) {
      bus.on("status", (status, { site, node, retained }) => {
        if (!node || status.status !== "online" || status.store === undefined) return;
        const key: InboxKey = { site, node, store: status.store };
        speaking.set(`${site}/${node}`, key);
        void heard(status, key, retained).catch((error: unknown) =>
          log.error({ site, node, reason: problemOf(error).detail }, "a node's status was not looked at"),
        );
      });
    },
    async taken(reports) {
      const others = reports.flatMap(({ key, items }) => {
        const current = speaking.get(`${key.site}/${key.node}`);
        const isOfState = items.some(({ event }) => event === undefined);
        return current && current.store !== key.store && isOfState ? [current] : [];
      });
      const again = [...unexamined.values()];
      unexamined.clear();
      await Promise.all([...new Set([...others, ...again])].map(examineOrRemember));
      await tell();
    },
  };
}

function namesakeEvent(node: NodeId, lives: readonly string[], now: number): AgentEvent {
  return {
    ts: new Date(now).toISOString(),
    object: `node/${node}`,
    type: "node.two-agents",
    cause: `lives ${lives.join(" and ")} of an agent speak in turns, and a life that ended does not come back`,
    rule: "a node has one agent: two of one name take each other's connection, commands and acknowledgements",
    action: "whoever speaks last is asked to tell its present state again",
    code: null,
    detail: `two agents say that they are node ${node}: a disk was copied, or a name given twice. Stop one of them, or give it a name and an empty state directory of its own`,
    data: { lives },
  };
}
