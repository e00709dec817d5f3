/** The journal and the controller's store, wrapped: what they promise goes into the ledger. */
import type { DesiredObject, Journal } from "../../../agent/store/journal.js";
import type { Store } from "../../../controller/store/store.js";
import type { ServiceRequest } from "../../../model/messages/desired.js";
import type { ReportItem } from "../../../model/messages/node.js";
import { type ControllerLedger, eventText, type NodeLedger, takeReports, type Wanted } from "./ledger.js";

export const wantedOf = (body: DesiredObject["body"]): Wanted =>
  body === null ? null : (body as ServiceRequest).packageDigest;

export function watchedJournal(journal: Journal, ledger: NodeLedger): Journal {
  return {
    ...journal,
    async putDesired(object) {
      const { kind, id, revision, body } = object;
      if (kind !== "service") return journal.putDesired(object);
      const asked = { revision, wanted: wantedOf(body) };
      ledger.maybe.set(id, [...(ledger.maybe.get(id) ?? []), asked]);
      const isStored = await journal.putDesired(object);
      const known = ledger.desired.get(id);
      if (isStored && (known?.revision ?? 0) < revision) ledger.desired.set(id, asked);
      ledger.maybe.set(
        id,
        (ledger.maybe.get(id) ?? []).filter((one) => one !== asked),
      );
      return isStored;
    },
    async append(events, reports, marks) {
      await journal.append(events, reports, marks);
      const promised = ledger.events.get(journal.id) ?? [];
      ledger.events.set(journal.id, promised);
      for (const report of reports) if ("event" in report) promised.push(eventText(report.event));
    },
  };
}

export function watchedStore(
  store: Store,
  ledger: ControllerLedger,
  told: (what: string) => void,
  violated: (error: unknown) => void,
): Store {
  return {
    ...store,
    reports: {
      ...store.reports,
      async take(reports) {
        await store.reports.take(reports);
        for (const { key, items } of reports) {
          told(`took reports ${items.map(reportText).join(", ")} of ${key.site}`);
          try {
            takeReports(ledger, key.store, items);
          } catch (error) {
            violated(error); // thrown on, it would be taken for a failure of the disk
          }
        }
      },
    },
  };
}

const reportText = ({ seq, service, removedService, event }: ReportItem): string =>
  `${seq}: ${service ? `${service.id} ${service.state}` : (removedService ?? event?.type)}`;
