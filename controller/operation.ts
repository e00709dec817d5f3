/** Pure: what has become of an operation, by what the site's nodes reported. */
import { type ErrorCode, isErrorCode, type ProblemDetails, problemDetails } from "../model/errors.js";
import type { OperationRecord } from "./store/instances.js";
import type { NodeRecord } from "./store/nodes.js";
import type { ReportedService } from "./store/reports.js";

export type Outcome =
  | { readonly state: "PROCESSING" }
  | { readonly state: "COMPLETED" }
  | { readonly state: "FAILED"; readonly error: ProblemDetails };

/**
 * `revision` is the one that the operation made; what was reported of an older one says nothing. With
 * several nodes at a site, one that failed fails the operation, and all that report it must be active.
 */
export function outcomeOf(
  operation: Pick<OperationRecord, "type">,
  revision: number,
  reported: readonly ReportedService[],
  siteKnown: boolean,
): Outcome {
  if (operation.type === "TERMINATE")
    return removed(reported, siteKnown) ? { state: "COMPLETED" } : { state: "PROCESSING" };
  const current = reported.flatMap(({ removed: gone, status }) =>
    !gone && status && status.revision >= revision ? [status] : [],
  );
  const failed = current.find(({ state }) => state === "failed");
  if (failed)
    return {
      state: "FAILED",
      error: problemDetails(codeOf(failed.code), failed.reason ?? "the site gave no reason"),
    };
  const active = current.length > 0 && current.every(({ state }) => state === "active");
  return { state: active ? "COMPLETED" : "PROCESSING" };
}

/** A site that was never heard of holds nothing that could be removed. */
function removed(reported: readonly ReportedService[], siteKnown: boolean): boolean {
  return reported.length === 0 ? !siteKnown : reported.every((service) => service.removed);
}

const codeOf = (code: string | null): ErrorCode => (code && isErrorCode(code) ? code : "agent.internal");

/** One sentence that says what a PROCESSING operation waits for. */
export function waitingFor(
  operation: Pick<OperationRecord, "site" | "type">,
  revision: number,
  reported: readonly ReportedService[],
  nodes: readonly Pick<NodeRecord, "node" | "online" | "since">[],
): string {
  const { site } = operation;
  if (nodes.length === 0)
    return `site ${site} has never been heard of; it will be asked when it first connects`;
  const said = reported.flatMap(({ node, removed: gone, status }) => {
    const isOld = status !== null && status.revision < revision;
    if (gone || !status || (isOld && operation.type !== "TERMINATE")) return [];
    const words = `${node}: ${status.state}${status.reason ? ` (${status.reason})` : ""}${isOld ? ", and has not said that it heard of it" : ""}`;
    const record = nodes.find((each) => each.node === node);
    return record && !record.online ? `${words}, ${awayText(record.since)}` : words;
  });
  if (nodes.every(({ online }) => !online)) {
    const since = nodes
      .map((node) => node.since ?? "")
      .sort()
      .at(-1);
    const last = said.length > 0 ? `; last heard of ${said.join("; ")}` : "";
    return `site ${site} is ${awayText(since || null)}; it goes on when it is back${last}`;
  }
  return said.length > 0 ? said.join("; ") : `site ${site} is online and has not reported yet`;
}

const awayText = (since: string | null): string => `away${since ? ` since ${since}` : ""}`;
