/** Flow changes as the messages of one OpenFlow 1.4 bundle (ONF TS-012 §7.3.4.1, §7.3.9). Pure. */
import { LightmanoError } from "../../../model/errors.js";
import type { Flow } from "../../domain/observed.js";
import { FlowSyntaxError, matchBytes, padded, portNumber, unsigned } from "./match.js";
import { ANY, MATCH_ALL, message, TYPE } from "./openflow-messages.js";

/** A flow mod without its header, and what it is in ovs-ofctl's words. */
export interface FlowMod {
  readonly body: Buffer;
  readonly text: string;
}

const ADD = 0;
const DELETE = 3;
const ALL_TABLES = 0xff;
const NO_BUFFER = 0xffffffff;
const APPLY_ACTIONS = 4;
const OUTPUT = 0;
const IN_PORT = 0xfffffff8;
const NORMAL = 0xfffffffa;

/**
 * Removals first, so that a flow may take the place of one that goes.
 * Errors: `ovs.failed` for a match or an action that is not known here, with the flow and the word.
 */
export function flowMods(add: readonly Flow[], removeCookies: readonly string[]): readonly FlowMod[] {
  return [...removeCookies.map(removal), ...add.map(addition)];
}

function removal(cookie: string): FlowMod {
  const fixed = flowMod({ cookie, cookieMask: -1n, table: ALL_TABLES, command: DELETE, priority: 0 });
  return { body: Buffer.concat([fixed, MATCH_ALL]), text: `delete cookie=${cookie}/-1` };
}

function addition(flow: Flow): FlowMod {
  const { cookie, table, priority, match, actions } = flow;
  const text = `add cookie=${cookie},table=${table},priority=${priority}${match && `,${match}`},actions=${actions}`;
  try {
    const fixed = flowMod({ cookie, cookieMask: 0n, table, command: ADD, priority });
    return { body: Buffer.concat([fixed, matchBytes(match), instructions(actions)]), text };
  } catch (thrown) {
    if (!(thrown instanceof FlowSyntaxError)) throw thrown;
    throw new LightmanoError("ovs.failed", `flow ${JSON.stringify(text)}: ${thrown.message}`);
  }
}

interface FixedPart {
  readonly cookie: string;
  readonly cookieMask: bigint;
  readonly table: number;
  readonly command: number;
  readonly priority: number;
}

/** struct ofp_flow_mod up to its match: no time-outs, no flags, any output. */
function flowMod({ cookie, cookieMask, table, command, priority }: FixedPart): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(cookie)), 0);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, cookieMask), 8);
  bytes.writeUInt8(table, 16);
  bytes.writeUInt8(command, 17);
  bytes.writeUInt16BE(priority, 22);
  bytes.writeUInt32BE(NO_BUFFER, 24);
  bytes.writeUInt32BE(ANY, 28);
  bytes.writeUInt32BE(ANY, 32);
  return bytes;
}

/** ovs-actions(7): `output:PORT`, `in_port`, `normal`, with commas; `drop` stands by itself. */
function instructions(actions: string): Buffer {
  if (actions === "drop") return Buffer.alloc(0);
  const list = Buffer.concat(actions.split(",").map((action) => output(outputPort(action))));
  return Buffer.concat([unsigned(APPLY_ACTIONS, 2), unsigned(8 + list.length, 2), Buffer.alloc(4), list]);
}

function outputPort(action: string): Buffer {
  if (action === "in_port") return unsigned(IN_PORT, 4);
  if (action === "normal") return unsigned(NORMAL, 4);
  if (action.startsWith("output:")) return portNumber(action.slice("output:".length));
  throw new FlowSyntaxError(`${JSON.stringify(action)} is no action that is known here`);
}

/** struct ofp_action_output; of what goes to no controller no length is asked for. */
function output(port: Buffer): Buffer {
  return padded(Buffer.concat([unsigned(OUTPUT, 2), unsigned(16, 2), port, unsigned(0, 2)]));
}

/** In a bundle's flags: all or nothing, and in this order. */
const ATOMIC_ORDERED = 0b11;
export const BUNDLE = { open: 0, opened: 1, commit: 4, committed: 5, discard: 6 } as const;

/** struct ofp_bundle_ctrl_msg without its header. */
export function bundleControl(bundleId: number, type: number): Buffer {
  return Buffer.concat([unsigned(bundleId, 4), unsigned(type, 2), unsigned(ATOMIC_ORDERED, 2)]);
}

/** struct ofp_bundle_add_msg without its header; the message in it has the same transaction id. */
export function bundleAdd(bundleId: number, xid: number, { body }: FlowMod): Buffer {
  const head = Buffer.concat([unsigned(bundleId, 4), unsigned(0, 2), unsigned(ATOMIC_ORDERED, 2)]);
  return Buffer.concat([head, message(TYPE.flowMod, xid, body)]);
}

/** ONF TS-012 §7.5.4, those that a flow change may bring. */
const ERROR_TYPES: ReadonlyMap<number, string> = new Map([
  [1, "OFPET_BAD_REQUEST"],
  [2, "OFPET_BAD_ACTION"],
  [3, "OFPET_BAD_INSTRUCTION"],
  [4, "OFPET_BAD_MATCH"],
  [5, "OFPET_FLOW_MOD_FAILED"],
  [17, "OFPET_BUNDLE_FAILED"],
]);

/** What the body of an OpenFlow error says, as far as these are known. */
export function errorText(body: Buffer): string {
  const [type, code] = [body.readUInt16BE(0), body.readUInt16BE(2)];
  return `OpenFlow error ${ERROR_TYPES.get(type) ?? `of type ${type}`}, code ${code}`;
}
