/** How the deliberate faults of bugs.ts are done. */
import type { Drivers } from "../../../agent/executor.js";
import type { Journal } from "../../../agent/store/journal.js";
import { createInbox, type Inbox } from "../../../bus/inbox.js";
import type { OpenSession } from "../../../bus/session.js";
import type { Store } from "../../../controller/store/store.js";
import type { Bugs } from "../bugs.js";

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

/** Takes every command for one that never came before. */
export const oblivious = (journal: Journal): Journal => ({
  ...journal,
  commands: {
    ...journal.commands,
    async begin(command) {
      await journal.commands.begin(command);
      return null;
    },
  },
});

/** Knows nothing of what it promised its site before it was started. */
export const amnesiac = (journal: Journal): Journal => ({
  ...journal,
  terms: { ...journal.terms, promises: async () => null },
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

/** As if nothing could be missing of what was acknowledged. */
export const gullible = (inbox: Inbox): Inbox => ({
  ...inbox,
  last: () => Number.MAX_SAFE_INTEGER,
  draft() {
    const draft = inbox.draft();
    return {
      ...draft,
      admit(key, items, { after = 0 } = {}) {
        const admission = draft.admit(key, items);
        return { ...admission, upTo: Math.max(admission.upTo, after) };
      },
    };
  },
});

/** Takes whatever is known of a node for the node's own word. */
export const trusting = (store: Store): Store => ({
  ...store,
  reports: { ...store.reports, foreign: async () => [] },
});

/** What a node holds is lost on its way to the controller. */
export const deaf =
  (open: OpenSession): OpenSession =>
  (options, incoming, signal) =>
    open(options, (message) => (message.topic.includes("/held/") ? undefined : incoming(message)), signal);

/** The agent's journal as these faults leave it. */
export function journalOf(journal: Journal, bugs: Bugs): Journal {
  if (bugs.has("ack-before-commit")) return hasty(journal);
  if (bugs.has("no-term-memory")) return amnesiac(journal);
  return bugs.has("no-command-memory") ? oblivious(journal) : journal;
}

/** The controller's inbox as these faults leave it. */
export function inboxOf(bugs: Bugs): Inbox {
  if (bugs.has("no-dedup")) return forgetful(createInbox());
  return bugs.has("believes-nodes") ? gullible(createInbox()) : createInbox();
}
