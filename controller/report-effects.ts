/** What follows once reports are on disk: operations end, the node is noted, whoever watches is told. */

import type { Log } from "../bus/log.js";
import type { ServiceId, SiteId } from "../model/ids.js";
import { DesiredAhead } from "../model/messages/desired.js";
import { parserOf } from "../model/validate.js";
import type { DesiredPublisher } from "./desired.js";
import type { Feed } from "./feed.js";
import type { Fleet } from "./fleet.js";
import type { Lcm } from "./lcm.js";
import type { AcceptedReport } from "./store/reports.js";
import type { Store } from "./store/store.js";

/** One reading of new events for the stream; a burst of more is read in several. */
const EVENTS_AT_ONCE = 500;

export function createReportEffects({
  store,
  fleet,
  feed,
  lcm,
  desired,
  log,
}: {
  store: Pick<Store, "reports" | "desired">;
  desired: Pick<DesiredPublisher, "changed">;
  log: Log;
  fleet: Fleet;
  feed: Feed;
  lcm: Lcm;
}) {
  let toldUpTo = 0;
  const ahead = parserOf(DesiredAhead, "desired.ahead");

  /** A node that holds newer revisions than ours says that we were set back: our next ones have to be greater. */
  async function learnRevisions({ key: { site, node }, items }: AcceptedReport): Promise<void> {
    for (const { event } of items) {
      if (event?.type !== "desired.ahead") continue;
      const told = ahead.value(event.data);
      if (!told.ok) {
        log.error({ site, node, reason: told.error.detail }, "a node's desired.ahead cannot be read");
        continue;
      }
      log.error(
        { site, node },
        `THIS CONTROLLER WAS SET BACK to an older copy of its data: ${event.detail}. Look what of it is still wanted`,
      );
      await store.desired.learn(site, told.value.objects);
      desired.changed(site);
    }
  }

  async function tellEvents(): Promise<void> {
    for (;;) {
      const events = await store.reports.eventsAfter(toldUpTo, EVENTS_AT_ONCE);
      const last = events.at(-1);
      if (!last) return;
      toldUpTo = last.id;
      feed.publish({ type: "events", events });
    }
  }

  return {
    tellEvents,
    async restore(): Promise<void> {
      toldUpTo = await store.reports.lastEventId();
    },
    async taken(reports: readonly AcceptedReport[]): Promise<void> {
      const services = new Map<string, { site: SiteId; service: ServiceId }>();
      for (const { key, items } of reports) {
        fleet.reported(key.site, key.node);
        for (const item of items) {
          const service = (item.service?.id ?? item.removedService) as ServiceId | undefined;
          if (service) services.set(`${key.site}/${service}`, { site: key.site, service });
        }
      }
      for (const report of reports) await learnRevisions(report);
      for (const changed of services.values()) feed.publish({ type: "service", ...changed });
      const whole = reports.filter(({ items }) => items.some(({ present }) => present !== undefined));
      await lcm.settle({
        services: new Set([...services.values()].map(({ service }) => service)),
        sites: new Set(whole.map(({ key }) => key.site)),
      });
      await tellEvents();
    },
  };
}
