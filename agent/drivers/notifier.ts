export interface Notifier {
  /** Who is told from now on, until the signal aborts. */
  begin(changed: () => void, signal: AbortSignal): void;
  /** Something changed. */
  notify(): void;
}

/** Calls `changed` after the present turn, once for however many changes there were in it. */
export function createNotifier(): Notifier {
  let planned = false;
  let listener: () => void = () => undefined;
  return {
    begin(changed, signal) {
      listener = () => {
        if (!signal.aborted) changed();
      };
    },
    notify() {
      if (planned) return;
      planned = true;
      setImmediate(() => {
        planned = false;
        listener();
      });
    },
  };
}
