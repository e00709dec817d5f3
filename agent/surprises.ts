/**
 * What nobody caught. A rejected promise has ended the unit that it belonged to, and nothing else: it is told,
 * and the agent goes on. After an exception on the stack of an event nothing is known of the state of who threw
 * it: it is told, and the agent ends; its supervisor starts it again, and it adopts the functions as they run.
 */
export interface SurpriseOptions {
  /** Takes what there is to say; resolves when it is on disk. */
  readonly tell: (detail: string) => Promise<void>;
  readonly signal: AbortSignal;
  /** The process. */
  readonly source: Pick<NodeJS.EventEmitter, "on" | "off">;
  readonly exit: (code: number) => void;
}

/** EX_SOFTWARE of sysexits(3): not 0, so that systemd's Restart=on-failure sees it. */
export const EXIT_AFTER_EXCEPTION = 70;
/** A journal that hangs must not keep a broken agent alive. */
const TELL_TIMEOUT_MS = 2_000;

export function takeSurprises({ tell, signal, source, exit }: SurpriseOptions): void {
  let ending = false;
  const onRejection = (error: unknown): void => {
    tell(`unhandled rejection: ${textOf(error)}`).catch(() => undefined); // whoever told it has logged it
  };
  const onException = (error: unknown): void => {
    if (ending) return; // while it is told; the first says most
    ending = true;
    const timer = setTimeout(end, TELL_TIMEOUT_MS);
    function end(): void {
      clearTimeout(timer);
      exit(EXIT_AFTER_EXCEPTION);
    }
    tell(`uncaught exception, the agent ends: ${textOf(error)}`).then(end, end);
  };
  source.on("unhandledRejection", onRejection);
  source.on("uncaughtException", onException);
  const stop = (): void => {
    source.off("unhandledRejection", onRejection);
    source.off("uncaughtException", onException);
  };
  signal.addEventListener("abort", stop, { once: true });
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
