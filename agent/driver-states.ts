/** What is said of the drivers, from what they show. Pure. */
import type { DriverState } from "../model/messages/node.js";
import type { Observed } from "./domain/observed.js";

export const driverStates = (observed: Observed): DriverState[] =>
  Object.entries(observed).map(([name, view]) => ({
    name,
    state: view.state,
    reason: view.state === "ready" ? null : view.reason,
    version: view.state === "ready" && "version" in view.now ? view.now.version : null,
  }));
