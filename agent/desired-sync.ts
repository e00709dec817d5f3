/**
 * The controller's desired state, as cheaply as can be. The site's root digest comes with every connection;
 * where it is that of what the journal holds, nothing else is asked for. Where it is not, all desired objects
 * are subscribed to, once a root and connection, and those that are newer taken. The broker keeps that
 * subscription, so later changes come as they are made; one that lost its memory is asked again at the next
 * digest that differs. What a node holds that is newer than what the controller says is kept, and told loudly:
 * the controller was set back to an old copy of itself.
 */
import type { BusClient } from "../bus/client.js";
import { type DesiredEntry, desiredRoot } from "../bus/digest.js";
import type { Log } from "../bus/log.js";
import { pause, type Wait } from "../bus/wait.js";
import { LightmanoError, problemOf } from "../model/errors.js";
import type { SiteId } from "../model/ids.js";
import type { DesiredKind } from "../model/messages/desired.js";
import { TOPIC_PREFIX, topics } from "../model/topics.js";
import type { Catalogue, HeldObject } from "./catalogue.js";
import type { EventFields } from "./chronicle.js";

export interface DesiredSyncOptions {
  readonly client: BusClient;
  readonly site: SiteId;
  readonly catalogue: Pick<Catalogue, "takePackage" | "takeService" | "controllersObjects">;
  readonly note: (event: EventFields) => void;
  /** Tells the controller what this node holds that it does not know; rejects where it could not. */
  readonly tellHeld: (objects: readonly HeldObject[]) => Promise<void>;
  readonly wait: Wait;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface DesiredSync {
  /** Whether this node holds what the controller wants: null while the controller has not said. */
  inStep(): boolean | null;
}

/** A desired object that could not be journalled is tried again so often: it counts only once it is on disk. */
const RETRY_STORE_MS = 5_000;
/** What the journal has not taken for so long is not acknowledged: the broker keeps it, and others have its place. */
const HOLD_ACK_MS = 30_000;
/** Objects come one after the other; what has not come so long after the last one is not there. */
const QUIET_MS = 10_000;
const TELL_AGAIN_MS = 30_000;
const TELL_AGAIN_AT_MOST_MS = 3_600_000;

export async function startDesiredSync(options: DesiredSyncOptions): Promise<DesiredSync> {
  const { client, site, catalogue, note, tellHeld, wait, log, signal } = options;
  const patterns = [`${TOPIC_PREFIX}/${site}/desired/package/+`, `${TOPIC_PREFIX}/${site}/desired/service/+`];
  /** Root that the controller said last. */
  let said: string | null = null;
  /** What the controller says now it said then or later: an older word is the broker's memory of what it has lost. */
  let saidSince = "";
  let fetched: string | null = null;
  let told: string | null = null;
  /** Whoever tells what is held here; the one before then ends. */
  let telling = {};
  /** By `kind/id`: on its way to the journal, the newest that came of each. */
  const storing = new Map<string, Storing>();
  /** What was heard of each object last, by `kind/id`. */
  const heard = new Map<string, Heard>();
  let quiet = new AbortController();

  const isSame = (): boolean => said === desiredRoot(catalogue.controllersObjects()).root;

  /** Resolves when it is on disk, or refused for good: it may be acknowledged then. Tried until the agent ends. */
  function store(kind: DesiredKind, id: string, revision: number, put: () => Promise<void>): Promise<void> {
    const key = `${kind}/${id}`;
    const under = storing.get(key);
    if (under) {
      if (revision > under.revision) Object.assign(under, { revision, put });
      return under.done;
    }
    const mine: Storing = { revision, put, done: Promise.resolve() };
    mine.done = untilStored(`${kind} ${id}`, mine).finally(() => {
      storing.delete(key);
      void compare();
    });
    storing.set(key, mine);
    return mine.done;
  }

  async function untilStored(what: string, wanted: Storing): Promise<void> {
    for (;;) {
      const { put } = wanted;
      const isSettled = await tryStore(what, put);
      if (isSettled && wanted.put === put) return;
      if (!isSettled && !(await pause(wait, RETRY_STORE_MS, signal)))
        throw new LightmanoError("store.failed", `${what} is not in the journal: the agent is being stopped`);
    }
  }

  /** Rejects when it takes too long: tried on, but not acknowledged on this connection. */
  async function held(what: string, stored: Promise<void>): Promise<void> {
    const ended = new AbortController();
    const late = pause(wait, HOLD_ACK_MS, AbortSignal.any([signal, ended.signal])).then((elapsed) => {
      if (!elapsed) return stored;
      throw new LightmanoError(
        "store.failed",
        `${what} is not in the journal after ${HOLD_ACK_MS / 1000} s: it is not acknowledged, and tried on`,
      );
    });
    try {
      await Promise.race([stored, late]);
    } finally {
      ended.abort();
    }
  }

  /** False: to be tried again. */
  async function tryStore(what: string, put: () => Promise<void>): Promise<boolean> {
    try {
      await put();
      return true;
    } catch (error) {
      const { code, detail } = problemOf(error);
      if (!code.startsWith("store.")) {
        log.error({ code }, `${what} refused: ${detail}`);
        return true;
      }
      log.warn({ code }, `${what} not stored, will try again: ${detail}`);
      return false;
    }
  }

  /**
   * To be called when nothing is on its way to the journal: an object comes before the digest that counts it. A digest may be
   * heard before the connection is ready (a kept session, a retained message), and only then can be asked.
   */
  async function compare(): Promise<void> {
    if (said === null || storing.size > 0 || !client.connected()) return;
    quiet.abort();
    if (isSame()) {
      told = null;
      return;
    }
    const root = said;
    if (fetched !== root) {
      fetched = root;
      heard.clear();
      log.info({ site, root }, "the controller's desired state differs, asking for it");
      await client
        .ask(patterns)
        .catch((error: unknown) => log.warn({}, `desired state not asked for: ${problemOf(error).detail}`));
    }
    quiet = new AbortController();
    if (await pause(wait, QUIET_MS, AbortSignal.any([quiet.signal, signal]))) tellDifference(root);
  }

  function tellDifference(root: string): void {
    if (said !== root || storing.size > 0 || isSame() || told === root || !client.connected()) return;
    told = root;
    const newer = newerHere(catalogue.controllersObjects(), heard, saidSince);
    const event = newer.length > 0 ? aheadEvent(newer) : DIFFERS;
    log.warn({ site, root }, event.detail);
    note(event);
    if (newer.length > 0) void keepTelling(root);
  }

  /** Until the controller has it: it may have been away, or unable to write it down. */
  async function keepTelling(root: string): Promise<void> {
    const mine = {};
    telling = mine;
    for (
      let attempt = 0;
      telling === mine && said === root && !isSame() && client.connected();
      attempt += 1
    ) {
      await tellHeld(newerHere(catalogue.controllersObjects(), heard, saidSince)).catch((error: unknown) =>
        log.warn({}, `the controller was not told what is held here: ${problemOf(error).detail}`),
      );
      await pause(wait, Math.min(TELL_AGAIN_MS * 2 ** attempt, TELL_AGAIN_AT_MOST_MS), signal);
      if (signal.aborted) return;
    }
  }

  client.onChange((connected) => {
    quiet.abort();
    if (connected) return void compare();
    fetched = null;
    told = null; // who was told may have lost it since
    said = null;
  });
  client.on("desiredDigest", ({ root, since = "" }, at) => {
    if (at.site !== site) return;
    said = root;
    saidSince = since;
    void compare();
  });
  /** Acknowledged once it is on disk, many with one commit. */
  const take = (kind: DesiredKind, id: string, message: Heard, put: () => Promise<void>): Promise<void> => {
    heard.set(`${kind}/${id}`, message);
    return held(`${kind} ${id}`, store(kind, id, message.revision, put));
  };
  client.on(
    "desiredPackage",
    (message, { tail, site: of }) => {
      if (of !== site || tail === null) return;
      return take("package", tail, message, () => catalogue.takePackage(tail, message));
    },
    { holdsAck: true },
  );
  client.on(
    "desiredService",
    (message, { tail, site: of }) => {
      if (of !== site || tail === null) return;
      return take("service", tail, message, () => catalogue.takeService(tail, message));
    },
    { holdsAck: true },
  );
  await client.subscribe([topics.desiredDigest(site)]);
  return { inStep: () => (said === null ? null : storing.size === 0 && isSame()) };
}

interface Storing {
  revision: number;
  put: () => Promise<void>;
  done: Promise<void>;
}

/** What this node has of the controller's that is newer than what it says now, or that it does not know. Pure. */
export function newerHere<T extends DesiredEntry>(
  ours: readonly T[],
  heard: ReadonlyMap<string, Heard>,
  since: string,
): readonly T[] {
  const from = since === "" ? 0 : Date.parse(since);
  return ours.filter(({ kind, id, revision }) => {
    const said = heard.get(`${kind}/${id}`);
    return !said || Date.parse(said.ts) < from || revision > said.revision;
  });
}

export interface Heard {
  readonly revision: number;
  readonly ts: string;
}

function aheadEvent(newer: readonly DesiredEntry[]): EventFields {
  const names = newer.map(({ kind, id, revision, deleted }) => {
    const what = `${kind} ${kind === "package" ? id.slice(0, 12) : id}`;
    return `${what} at revision ${revision}${deleted ? " (removed)" : ""}`;
  });
  return {
    object: "link",
    type: "desired.ahead",
    cause: "the controller's desired state is older than this node's: it was restored from an old copy",
    rule: "an older revision is no news",
    action: "keep what runs here, and tell the controller what it is",
    detail: `this node holds what the controller does not know yet: ${names.join(", ")}`,
    data: { objects: newer.map(({ kind, id, revision, deleted }) => ({ kind, id, revision, deleted })) },
  };
}

const DIFFERS: EventFields = {
  object: "link",
  type: "desired.differs",
  cause: "an object was refused here, or did not come",
  rule: "the root digest is over all desired objects of the site",
  action: "ask for all of them again at the next connection",
  detail: "this node does not hold what the controller's root digest says that it should",
};
