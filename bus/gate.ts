/**
 * A gate that one loop waits at and many may open. Opening it while nobody waits is remembered once, so a
 * wake-up between looking for work and waiting for it is never lost.
 */
export interface Gate {
  open(): void;
  /** Resolves when it was opened since the last pass, or when the signal aborts. */
  passed(signal: AbortSignal): Promise<void>;
}

export function createGate(): Gate {
  let opened = false;
  let release: (() => void) | null = null;
  return {
    open() {
      opened = true;
      release?.();
    },
    async passed(signal) {
      if (!opened && !signal.aborted) {
        await new Promise<void>((resolve) => {
          release = () => {
            signal.removeEventListener("abort", resolve as () => void);
            resolve();
          };
          signal.addEventListener("abort", resolve as () => void, { once: true });
        });
        release = null;
      }
      opened = false;
    },
  };
}
