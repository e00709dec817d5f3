/**
 * This node in its site of several, running: the domain's reducer, with the journal, the connections and a
 * clock around it. It tells who is hub, and which services are this node's; it starts and stops none itself.
 */
import type { TimeAndChance } from "../../bus/envelope.js";
import { uuid } from "../../bus/envelope.js";
import type { Log } from "../../bus/log.js";
import { pause, realWait, type Wait } from "../../bus/wait.js";
import { problemOf } from "../../model/errors.js";
import { firstPromises, NO_LEASE, type Place, placeOf } from "../domain/site/member.js";
import type { Facts } from "../domain/site/messages.js";
import {
  hubOf,
  type SiteEffect,
  type SiteEvent,
  type SiteNode,
  servicesOf,
  startNode,
  step,
  wantsBroker,
} from "../domain/site/node.js";
import type { TermStore } from "../store/terms.js";
import { createEars, type SiteNetwork } from "./ears.js";
import type { HubUrls } from "./following-client.js";
import type { LeaseFile } from "./lease-file.js";
import { type HubConfig, ownBroker, settingsDigest, siteSettings } from "./settings.js";
import { createSiteTeller, type TellSite } from "./teller.js";
import { type SiteView, viewOf } from "./view.js";

export interface SiteOptions extends TimeAndChance {
  readonly site: string;
  readonly node: string;
  readonly hub: HubConfig;
  readonly terms: TermStore;
  /** Milliseconds that go on in suspend and are never set back: leases are counted by it. */
  readonly monotonic: () => number;
  readonly lease: LeaseFile;
  /** What the node knows and has now. */
  readonly facts: () => Facts;
  /** Who owns what changed: services may have come to this node or gone from it. */
  readonly onOwners: () => void;
  /** Something between this site and the controller, while this node is hub; null: there is no controller. */
  readonly bridge: ((localUrl: string) => { start(): Promise<void>; stop(): Promise<void> }) | null;
  readonly tell: TellSite;
  readonly log: Log;
  readonly wait?: Wait;
  /** For simulation: the real one without. */
  readonly network?: SiteNetwork;
  readonly signal: AbortSignal;
}

export interface Site {
  /**
   * Reads what the node has promised; at the first time it promises to keep what it ran before its site had a
   * hub (`kept`). Resolves with the services of which something may be there.
   */
  prepare(kept: readonly string[]): Promise<readonly string[]>;
  /** Begins to listen and to speak. */
  start(): Promise<void>;
  place(serviceId: string): Place;
  readonly hub: HubUrls;
  /** What is known changed; the next beat need not be waited for. */
  factsChanged(): void;
  view(): SiteView;
  stop(): Promise<void>;
}

export function createSite(options: SiteOptions): Site {
  const { hub: config, terms, monotonic, log, wait = realWait } = options;
  const settings = siteSettings(config);
  const own = ownBroker(config, options.node);
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const urlListeners = new Set<(url: string | null) => void>();
  const teller = createSiteTeller(options.node, settings, options.tell);
  const ears = createEars({
    ...options,
    candidates: config.candidates,
    own,
    settings: settingsDigest(settings),
    onEvent: (event) => take(event),
    onStranger: teller.stranger,
  });
  let node: SiteNode | null = null;
  let mine: readonly string[] = [];
  let url: string | null = null;
  let ticking: Promise<void> = Promise.resolve();

  const take = (event: SiteEvent): void => {
    if (!node || signal.aborted) return;
    const before = node;
    const now = monotonic();
    const { node: next, effects } = step(before, event, now);
    node = next;
    for (const effect of effects) perform(effect);
    if (next.lease.until !== before.lease.until) options.lease.write(next.lease.until);
    follow(next, now);
    teller.changed(before, next, now);
    reign.manage();
    const services = servicesOf(next, now);
    const isSame = services.join() === mine.join() && next.promises.obeyed === before.promises.obeyed;
    mine = services;
    if (!isSame) options.onOwners();
  };
  const perform = (effect: SiteEffect): void => {
    if (effect.do !== "journal") return ears.say(effect);
    terms.put(effect.promises).then(
      () => take({ type: "journalled" }),
      (error: unknown) => {
        log.error({}, `the site's term or owners cannot be journalled: ${problemOf(error).detail}`);
        take({ type: "not-journalled" });
      },
    );
  };
  const follow = (next: SiteNode, now: number): void => {
    const hub = hubOf(next, now)?.hub ?? null;
    const to = hub === null ? null : urlOf(hub);
    if (to === url) return;
    url = to;
    for (const listener of [...urlListeners]) listener(to);
  };
  const urlOf = (hub: string): string | null =>
    hub === options.node
      ? (own?.url ?? null)
      : (config.candidates.find((candidate) => candidate.node === hub)?.url ?? null);

  const reign = createReign({
    wanted: () => node !== null && wantsBroker(node) && !signal.aborted,
    begin: async () => {
      await ears.lead();
      teller.brokerOpened();
      const bridge = options.bridge?.(own?.url ?? "");
      await bridge?.start();
      return async () => {
        await bridge?.stop(); // first: what is said while the broker ends is for nobody else
        await ears.follow();
      };
    },
    failed: (detail) => {
      if (teller.brokerFailed(detail)) log.error({}, detail);
    },
    changed: (state) => take({ type: "broker", state }),
  });

  return {
    async prepare(kept) {
      const known = await terms.promises();
      const promises = known ?? firstPromises(options.node, kept);
      if (!known) await terms.put(promises);
      node = startNode(
        {
          self: options.node,
          settings,
          promises,
          facts: options.facts(),
          session: uuid(options.random),
          lease: { ...NO_LEASE, until: options.lease.read() },
        },
        monotonic(),
      );
      mine = servicesOf(node, monotonic());
      return Object.entries(promises.obeyed?.owners ?? {}).flatMap(([service, owner]) =>
        owner.node === options.node ? [service] : [],
      );
    },
    async start() {
      await ears.start();
      ticking = (async () => {
        while (await pause(wait, settings.beatMs, signal)) {
          take({ type: "facts", facts: options.facts() });
          take({ type: "tick" });
        }
      })();
    },
    place: (serviceId) =>
      node ? placeOf(options.node, serviceId, node.promises, node.lease, monotonic(), settings) : "unknown",
    hub: {
      now: () => url,
      onChange(listener) {
        urlListeners.add(listener);
        return () => void urlListeners.delete(listener);
      },
    },
    factsChanged: () => take({ type: "facts", facts: options.facts() }),
    view: () => viewOf(node, settings, options.node, monotonic()),
    async stop() {
      ending.abort();
      await ticking;
      await reign.end();
      await ears.stop();
    },
  };
}

/** Keeps broker and bridge as the role wants them: one change at a time. */
function createReign(options: {
  readonly wanted: () => boolean;
  readonly begin: () => Promise<() => Promise<void>>;
  readonly failed: (detail: string) => void;
  readonly changed: (state: "open" | "failed" | "closed") => void;
}) {
  let end: (() => Promise<void>) | null = null;
  let changing: Promise<void> | null = null;
  const change = async (): Promise<void> => {
    try {
      while (options.wanted() !== (end !== null)) {
        const last = end;
        end = null;
        if (last) await last();
        else end = await options.begin();
        options.changed(last ? "closed" : "open");
      }
    } catch (error) {
      options.failed(`this node cannot be hub: ${problemOf(error).detail}`);
      options.changed("failed");
    }
    changing = null;
  };
  return {
    manage(): void {
      if (options.wanted() !== (end !== null)) changing ??= change();
    },
    async end(): Promise<void> {
      await changing;
      await end?.();
      end = null;
    },
  };
}
