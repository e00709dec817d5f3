/**
 * Desired state out: every object of every site as a retained message, then the site's root digest. What
 * the broker has is remembered per connection only; with each new one everything is said again, so a broker
 * that lost its memory, or is another one, has it all a moment later.
 */
import type { BusClient } from "../bus/client.js";
import { desiredRoot } from "../bus/digest.js";
import { createGate } from "../bus/gate.js";
import type { Log } from "../bus/log.js";
import { pause, realWait, type Wait } from "../bus/wait.js";
import { LightmanoError, problemOf } from "../model/errors.js";
import type { SiteId } from "../model/ids.js";
import type { Envelope } from "../model/messages/envelope.js";
import { topics } from "../model/topics.js";
import type { DesiredObject } from "./store/desired.js";
import type { Store } from "./store/store.js";

export interface DesiredPublisher {
  /** To be called after a change was committed. */
  changed(site: SiteId): void;
  run(signal: AbortSignal): Promise<void>;
}

export interface DesiredOptions {
  readonly store: Pick<Store, "desired">;
  readonly bus: BusClient;
  readonly envelope: () => Envelope;
  /** Sites that were heard of: they get a digest too when nothing is wanted of them. */
  readonly knownSites: () => readonly SiteId[];
  readonly log: Log;
  readonly wait?: Wait;
}

/** Objects of a site. */
const AT_ONCE = 32;
/**
 * While a whole fleet comes back the broker's answers take long, and a node is in step only when its site's digest was said:
 * one site after the other the last would wait for as many answers as there are sites.
 */
const SITES_AT_ONCE = 32;
const RETRY_MS = 1_000;

export function createDesiredPublisher({
  store,
  bus,
  envelope,
  knownSites,
  log,
  wait = realWait,
}: DesiredOptions): DesiredPublisher {
  const gate = createGate();
  const dirty = new Set<SiteId>();
  let everything = true;
  /** Topic → revision (or root) that the broker acknowledged on this connection. */
  let published = new Map<string, number | string>();
  /** When it was begun to say everything. */
  let since = "";

  async function publishOnce(topic: string, version: number | string, message: object): Promise<void> {
    if (published.get(topic) === version) return;
    try {
      await bus.publish(topic, { ...envelope(), ...message });
    } catch (cause) {
      if (!(cause instanceof LightmanoError) || cause.code !== "usage.invalid") throw cause;
      log.error({ topic, reason: cause.detail }, "a desired object is not valid and is not sent");
    }
    published.set(topic, version);
  }

  async function publishSite(site: SiteId, objects: readonly DesiredObject[]): Promise<void> {
    for (const kind of ["package", "service"] as const) {
      const ofKind = objects.filter((object) => object.kind === kind);
      for (let from = 0; from < ofKind.length; from += AT_ONCE) {
        const some = ofKind.slice(from, from + AT_ONCE);
        await Promise.all(
          some.map((object) =>
            publishOnce(topics.desired(site, kind, object.id), object.revision, content(object)),
          ),
        );
      }
    }
    const { root, objects: count } = desiredRoot(objects);
    await publishOnce(topics.desiredDigest(site), root, { root, objects: count, since });
  }

  async function step(): Promise<void> {
    if (everything) {
      everything = false;
      published = new Map();
      since = envelope().ts;
      for (const site of [...(await store.desired.sites()), ...knownSites()]) dirty.add(site);
    }
    while (dirty.size > 0) {
      const some = [...dirty].slice(0, SITES_AT_ONCE);
      for (const site of some) dirty.delete(site);
      await publishSites(some);
    }
  }

  /** Rejects when all have ended, if one of them failed: none goes on while everything is said again. */
  async function publishSites(sites: readonly SiteId[]): Promise<void> {
    const found = await store.desired.ofSites(sites);
    const ends = await Promise.allSettled([...found].map(([site, objects]) => publishSite(site, objects)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  return {
    changed(site) {
      dirty.add(site);
      gate.open();
    },
    async run(signal) {
      const forget = bus.onChange((connected) => {
        everything ||= connected;
        gate.open();
      });
      while (!signal.aborted) {
        try {
          if (bus.connected() && (everything || dirty.size > 0)) await step();
          else await gate.passed(signal);
        } catch (cause) {
          everything = true;
          log.warn({ reason: problemOf(cause).detail }, "desired state not published, will do it again");
          await pause(wait, RETRY_MS, signal);
        }
      }
      forget();
    },
  };
}

function content(object: DesiredObject): object {
  const { revision, deleted, kind, body } = object;
  return deleted || !body ? { revision, deleted: true } : { revision, [kind]: body };
}
