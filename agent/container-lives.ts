/** Containers say that they ended by their state alone, and one that somebody else restarted may never be seen in another than running. */
import type { Problem } from "../model/errors.js";
import { problem } from "../model/errors.js";
import { containerExit } from "./chronicle.js";
import { lifeOf, type ObservedContainer } from "./domain/observed.js";

const REMOVED_BY_OTHERS = problem("container.exited", "the container was removed by somebody else");
const RESTARTED_BY_OTHERS = problem(
  "container.exited",
  "the container was ended and started again by somebody else",
);

export interface ContainerLives {
  /** The function runs, in this container. */
  runs(functionId: string, container: ObservedContainer): void;
  /** Why the function that ran does not any more; null if it does. */
  end(functionId: string, container: ObservedContainer | undefined): Problem | null;
}

export function createContainerLives(): ContainerLives {
  const lives = new Map<string, string>();
  return {
    runs: (functionId, container) => void lives.set(functionId, lifeOf(container)),
    end(functionId, container) {
      if (!container) return REMOVED_BY_OTHERS;
      if (container.state !== "running") return containerExit(container);
      return lives.get(functionId) === lifeOf(container) ? null : RESTARTED_BY_OTHERS;
    },
  };
}
