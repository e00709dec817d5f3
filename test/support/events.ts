import type { AgentEvent } from "../../model/messages/node.js";

/** An event as tests want one: of this object, and with these words. */
export const agentEvent = (object: string, detail = object): AgentEvent => ({
  ts: "2026-01-01T00:00:00.000Z",
  object,
  type: "test",
  cause: null,
  rule: null,
  action: null,
  code: null,
  detail,
});
