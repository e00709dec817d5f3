/** Names of what the agent makes on a node. Interface names have 15 characters at most, so they are hashed. */
import { createHash } from "node:crypto";

/** `<service>.<function>`: unique on a node, and what people type. */
export const functionId = (serviceId: string, functionName: string): string => `${serviceId}.${functionName}`;

/** The end of a function's port that stays with Open vSwitch. */
export const bridgeDevice = (functionId: string, order: number): string => `lmb${hash(functionId, order)}`;

/** The end that Click opens, or that is moved into the container (and renamed there). */
export const functionDevice = (functionId: string, order: number): string => `lmf${hash(functionId, order)}`;

/** Whether an interface has a name that `bridgeDevice` makes. */
export const isBridgeDevice = (name: string): boolean => /^lmb[0-9a-f]{10}$/.test(name);

/** Interface name inside a container. */
export const containerInterface = (order: number): string => `eth${order}`;

function hash(functionId: string, order: number): string {
  return createHash("sha256").update(`${functionId}/${order}`).digest("hex").slice(0, 10);
}
