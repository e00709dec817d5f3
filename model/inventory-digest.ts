import { createHash } from "node:crypto";
import { canonicalJson } from "./digest.js";
import type { NodeInventory } from "./messages/node.js";

/**
 * Names the content of an inventory in its node's status, in 16 characters, so that one which the controller has need not be
 * sent again over a thin link. What makes one message another (`v`, `id`, `ts`) does not count.
 */
export function inventoryDigest(
  inventory: Omit<NodeInventory, "v" | "id" | "ts"> & Partial<NodeInventory>,
): string {
  const { v: _version, id: _id, ts: _time, ...content } = inventory;
  return createHash("sha256").update(canonicalJson(content)).digest("base64url").slice(0, 16);
}
