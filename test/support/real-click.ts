/** The real lclick for tests, and functions for it to run. */
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { LvnfTarget } from "../../agent/domain/target.js";
import type { HandlerDeclaration } from "../../model/service.js";
import { missingFor } from "./real.js";

export const LCLICK = fileURLToPath(new URL("../../build/click/lclick", import.meta.url));

const SCRIPT = "// three lines\nq :: Queue(10);\nIdle -> q -> Discard;\n";
export const lvnf = (name: string, script = SCRIPT, change: Partial<LvnfTarget> = {}): LvnfTarget => ({
  kind: "lvnf",
  id: `svc.${name}`,
  name,
  serviceId: "svc",
  digest: `sha256:${name}`,
  ports: [],
  script,
  parameters: {},
  handlers: [],
  runMode: "userlevel",
  ...change,
});

/** A handler as a descriptor declares it, named after itself. */
export const declared = (handler: string, change: Partial<HandlerDeclaration> = {}): HandlerDeclaration => ({
  name: handler.slice(handler.indexOf(".") + 1),
  handler,
  access: "read",
  state: false,
  periodMs: 1_000,
  changed: null,
  events: false,
  metrics: false,
  ...change,
});

/** Why tests with the real one cannot run here; null where they can. */
export async function missingClick(): Promise<string | null> {
  const found = await stat(LCLICK).catch(() => null);
  return (
    missingFor(["ip", "nsenter"]) ??
    (found ? null : `NOT RUN against the real thing; missing: ${LCLICK} (npm run build:click)`)
  );
}
