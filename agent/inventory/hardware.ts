/** The node's hardware and system, for the inventory: read once, in a short-lived child process. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Static, Type } from "@sinclair/typebox";
import { LightmanoError } from "../../model/errors.js";
import { HardwareProperties } from "../../model/messages/node.js";
import { parserOf } from "../../model/validate.js";

const Hardware = Type.Object(HardwareProperties);
export type Hardware = Static<typeof Hardware>;

const TIMEOUT_MS = 30_000;
const parser = parserOf(Hardware, "hardware inventory");

/** `program` is the bundle of child.ts; it stands beside the agent's own. */
export function readHardware(
  signal: AbortSignal,
  program = fileURLToPath(new URL("./inventory.mjs", import.meta.url)),
): Promise<Hardware> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program], { timeout: TIMEOUT_MS, signal }, (error, stdout, stderr) => {
      if (error) {
        return reject(
          new LightmanoError("agent.internal", `the inventory cannot be read: ${stderr || error.message}`),
        );
      }
      const parsed = parser.json(stdout);
      if (parsed.ok) resolve(parsed.value);
      else reject(new LightmanoError("agent.internal", parsed.error.detail));
    });
  });
}
