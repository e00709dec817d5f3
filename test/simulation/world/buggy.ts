/** How the deliberate faults of bugs.ts are done. */
import type { Drivers } from "../../../agent/executor.js";
import type { Journal } from "../../../agent/store/journal.js";
import type { Inbox } from "../../../bus/inbox.js";
import type { OpenSession } from "../../../bus/session.js";

/** Says that it is on disk before it is. */
export const hasty = (journal: Journal): Journal => ({
  ...journal,
  async putDesired(object) {
    journal.putDesired(object).catch(() => undefined); // the fault: nobody hears of it
    return true;
  },
  async append(events, reports, marks) {
    journal.append(events, reports, marks).catch(() => undefined);
  },
});

export const restartsWith =
  (open: OpenSession, { click }: Drivers): OpenSession =>
  async (...args) => {
    const session = await open(...args);
    const view = click.view();
    for (const { functionId, pid, startTicks } of view.state === "ready" ? view.now.processes.values() : [])
      void click.stop(functionId, pid, startTicks, 0, { signal: new AbortController().signal });
    return session;
  };

/** Remembers nothing, so that everything is new. */
export const forgetful = (inbox: Inbox): Inbox => ({
  ...inbox,
  draft: () => ({
    admit: (_key, items) => ({
      items,
      upTo: items.at(-1)?.seq ?? 0,
      duplicates: 0,
      gaps: [],
      isRefused: false,
    }),
    commit: () => undefined,
  }),
});
