/**
 * As much of OpenFlow 1.4 (ONF TS-012) as tells whether ovs-vswitchd lives and which flows it has: HELLO,
 * echo both ways, flow statistics, and a flow monitor that says that something changed. Flows are written
 * by `ovs-ofctl bundle`, which knows the syntax of matches and actions.
 */
import { connect } from "node:net";
import { LightmanoError } from "../../../model/errors.js";
import { abortError, type WaitClock, withDeadline } from "../wait.js";

export interface FlowStatistics {
  /** `0x` and 16 hex digits. */
  readonly cookie: string;
  readonly packets: number;
  readonly bytes: number;
}

export interface OpenFlowSession {
  readFlows(signal: AbortSignal): Promise<readonly FlowStatistics[]>;
  /** Resolves with the reason when the connection has ended. */
  readonly closed: Promise<string>;
  close(reason: string): void;
}

/** Any cookie, from any notation (`0x1f`, decimal, bigint), as it is written everywhere here. */
export function cookieText(cookie: string | bigint): string {
  return `0x${BigInt.asUintN(64, BigInt(cookie)).toString(16).padStart(16, "0")}`;
}

const VERSION = 0x05;
const HEADER_BYTES = 8;
const TYPE = {
  hello: 0,
  error: 1,
  echoRequest: 2,
  echoReply: 3,
  multipartRequest: 18,
  multipartReply: 19,
} as const;
const MULTIPART = { flow: 1, flowMonitor: 16 } as const;
const MORE = 1;
const ECHO_EVERY_MS = 5_000;

interface PendingFlows {
  readonly flows: FlowStatistics[];
  resolve(flows: readonly FlowStatistics[]): void;
  reject(error: Error): void;
}

/** Resolves when the switch has said HELLO. `flowsChanged` is called when a flow came, went or was changed. */
export function openOpenFlowSession(
  socketPath: string,
  clock: WaitClock,
  flowsChanged: () => void,
  signal: AbortSignal,
): Promise<OpenFlowSession> {
  const socket = connect({ path: socketPath });
  const pending = new Map<number, PendingFlows>();
  const over = new AbortController();
  let lastHeardMs = performance.now();
  let nextXid = 1;

  return new Promise((resolve, reject) => {
    let reportClosed: (reason: string) => void = () => undefined;
    const closed = new Promise<string>((report) => {
      reportClosed = report;
    });
    const close = (reason: string) => {
      if (over.signal.aborted) return;
      over.abort();
      socket.destroy();
      signal.removeEventListener("abort", onAbort);
      const error = new LightmanoError("driver.unavailable", `ovs-vswitchd does not answer: ${reason}`);
      for (const call of pending.values()) call.reject(error);
      pending.clear();
      reportClosed(reason);
      reject(error);
    };
    const onAbort = () => close("stopped");
    const send = (type: number, body: Buffer, xid = nextXid++) => {
      if (!over.signal.aborted) socket.write(message(type, xid, body));
      return xid;
    };
    const session: OpenFlowSession = {
      closed,
      close,
      readFlows: (callSignal) =>
        new Promise((resolveFlows, rejectFlows) => {
          if (over.signal.aborted)
            return rejectFlows(new LightmanoError("driver.unavailable", "ovs-vswitchd does not answer"));
          if (callSignal.aborted) return rejectFlows(abortError(callSignal, "reading flows"));
          const xid = send(TYPE.multipartRequest, flowStatisticsRequest());
          const onCallAbort = () => {
            pending.delete(xid);
            rejectFlows(abortError(callSignal, "reading flows"));
          };
          callSignal.addEventListener("abort", onCallAbort, { once: true });
          const finished = () => callSignal.removeEventListener("abort", onCallAbort);
          pending.set(xid, {
            flows: [],
            resolve: (flows) => {
              finished();
              resolveFlows(flows);
            },
            reject: (error) => {
              finished();
              rejectFlows(error);
            },
          });
        }),
    };

    const receive = (type: number, xid: number, body: Buffer) => {
      lastHeardMs = performance.now();
      if (type === TYPE.echoRequest) send(TYPE.echoReply, body, xid);
      if (type === TYPE.hello) {
        send(TYPE.multipartRequest, flowMonitorRequest());
        resolve(session);
      }
      if (type !== TYPE.multipartReply && type !== TYPE.error) return;
      const call = pending.get(xid);
      if (type === TYPE.error) {
        // An Open vSwitch that knows no flow monitor answers so to it; then there is no call of that xid.
        pending.delete(xid);
        call?.reject(
          new LightmanoError(
            "ovs.failed",
            `ovs-vswitchd answered with OpenFlow error ${body.toString("hex", 0, 4)}`,
          ),
        );
      } else if (body.readUInt16BE(0) === MULTIPART.flowMonitor) {
        if (body.length > 8) flowsChanged();
      } else if (call) {
        call.flows.push(...readFlowStatistics(body.subarray(8)));
        if ((body.readUInt16BE(2) & MORE) !== 0) return;
        pending.delete(xid);
        call.resolve(call.flows);
      }
    };

    const messages = createOpenFlowFramer();
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const bytes of messages(chunk))
          receive(bytes.readUInt8(1), bytes.readUInt32BE(4), bytes.subarray(HEADER_BYTES));
      } catch (thrown) {
        close(`what came from it cannot be read: ${(thrown as Error).message}`);
      }
    });
    socket.on("error", (error) => close(error.message));
    socket.on("close", () => close("it closed the connection"));
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) return onAbort();
    send(TYPE.hello, HELLO_VERSION_1_4);
    void keepProbing(
      () => send(TYPE.echoRequest, Buffer.alloc(0)),
      () => lastHeardMs,
      close,
      clock,
      over.signal,
    );
  });
}

/** Reads the flows with a deadline: a vswitchd that hangs keeps its socket open. */
export function readFlowsInTime(
  session: OpenFlowSession,
  signal: AbortSignal,
): Promise<readonly FlowStatistics[]> {
  const late = () =>
    new LightmanoError("driver.unavailable", `ovs-vswitchd did not answer in ${ECHO_EVERY_MS} ms`);
  return withDeadline(signal, ECHO_EVERY_MS, late, (limited) => session.readFlows(limited));
}

async function keepProbing(
  ask: () => void,
  lastHeardMs: () => number,
  close: (reason: string) => void,
  clock: WaitClock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const askedAtMs = performance.now();
    ask();
    await clock.delay(ECHO_EVERY_MS, signal);
    if (!signal.aborted && lastHeardMs() < askedAtMs) close(`no answer in ${ECHO_EVERY_MS} ms`);
  }
}

export function message(type: number, xid: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(VERSION, 0);
  header.writeUInt8(type, 1);
  header.writeUInt16BE(HEADER_BYTES + body.length, 2);
  header.writeUInt32BE(xid, 4);
  return Buffer.concat([header, body]);
}

/** Cuts a byte stream into OpenFlow messages by the length in their headers (§7.1). */
export function createOpenFlowFramer(): (chunk: Buffer) => Buffer[] {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const messages: Buffer[] = [];
    while (held.length >= HEADER_BYTES) {
      const length = held.readUInt16BE(2);
      if (length < HEADER_BYTES) throw new Error(`a message of length ${length}`);
      if (held.length < length) break;
      messages.push(held.subarray(0, length));
      held = held.subarray(length);
    }
    return messages;
  };
}

/** §7.3.5.2, struct ofp_flow_stats: length at 0, cookie at 24, packet count at 32, byte count at 40. */
export function readFlowStatistics(body: Buffer): FlowStatistics[] {
  const flows: FlowStatistics[] = [];
  for (let at = 0; at + 48 <= body.length; at += Math.max(48, body.readUInt16BE(at))) {
    flows.push({
      cookie: cookieText(body.readBigUInt64BE(at + 24)),
      packets: Number(body.readBigUInt64BE(at + 32)),
      bytes: Number(body.readBigUInt64BE(at + 40)),
    });
  }
  return flows;
}

/** Element OFPHET_VERSIONBITMAP with the bit of 1.4 alone (§7.5.1). */
const HELLO_VERSION_1_4 = Buffer.from("0001000800000020", "hex");
const ANY = 0xffffffff;
/** An OXM match without fields, padded to 8 bytes (§7.2.3.1). */
const MATCH_ALL = Buffer.from("0001000400000000", "hex");

/** All tables, any output port and group, any cookie (§7.3.5.2). */
function flowStatisticsRequest(): Buffer {
  const request = Buffer.alloc(40);
  request.writeUInt16BE(MULTIPART.flow, 0);
  request.writeUInt8(0xff, 8);
  request.writeUInt32BE(ANY, 12);
  request.writeUInt32BE(ANY, 16);
  return Buffer.concat([request, MATCH_ALL]);
}

/** Tell of flows added, removed and modified in any table, not of those there at first (§7.3.5.17). */
function flowMonitorRequest(): Buffer {
  const request = Buffer.alloc(24);
  request.writeUInt16BE(MULTIPART.flowMonitor, 0);
  request.writeUInt32BE(1, 8);
  request.writeUInt32BE(ANY, 12);
  request.writeUInt32BE(ANY, 16);
  request.writeUInt16BE(0b1110, 20);
  request.writeUInt8(0xff, 22);
  return Buffer.concat([request, MATCH_ALL]);
}
