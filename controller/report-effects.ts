/** What follows once reports are on disk: operations end, the node is noted, whoever watches is told. */
import type { ServiceId, SiteId } from "../model/ids.js";
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
}: {
  store: Pick<Store, "reports">;
  fleet: Fleet;
  feed: Feed;
  lcm: Lcm;
}) {
  let toldUpTo = 0;

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
      for (const changed of services.values()) feed.publish({ type: "service", ...changed });
      await lcm.settle(new Set([...services.values()].map(({ service }) => service)));
      await tellEvents();
    },
  };
}
