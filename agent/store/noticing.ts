/** The same journal; who waits for nothing to be recorded hears as well that a write failed. */
import { problemOf } from "../../model/errors.js";
import type { Journal } from "./journal.js";

/** `failed` hears of each write that failed for the disk's sake, and why. `append` has a user who sees for himself. */
export function noticing(journal: Journal, failed: (reason: string) => void): Journal {
  const noticed =
    <A extends readonly unknown[], R>(write: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      write(...args).catch((error: unknown) => {
        const { code, detail } = problemOf(error);
        if (code === "store.failed") failed(detail);
        throw error;
      });
  const { commands, terms, outbox } = journal;
  return {
    ...journal,
    putDesired: noticed(journal.putDesired),
    acknowledgeReports: noticed(journal.acknowledgeReports),
    commands: {
      ...commands,
      begin: noticed(commands.begin),
      answer: noticed(commands.answer),
      sent: noticed(commands.sent),
    },
    terms: { ...terms, put: noticed(terms.put) },
    outbox: { ...outbox, trusted: noticed(outbox.trusted), renew: noticed(outbox.renew) },
  };
}
