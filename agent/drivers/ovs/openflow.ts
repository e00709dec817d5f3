/**
 * As much of OpenFlow 1.4 (ONF TS-012) as tells whether ovs-vswitchd lives and which flows it has: HELLO,
 * echo both ways, flow statistics, and a flow monitor that says that something changed. Flows are written
 * by `ovs-ofctl bundle`, which knows the syntax of matches and actions.
 */
import { connect } from "node:net";
import { LightmanoError } from "../../../model/errors.js";
import { abortError, untilInStep, type WaitClock, withDeadline } from "../wait.js";
import {
  createOpenFlowFramer,
  type FlowStatistics,
  flowMonitorRequest,
  flowStatisticsRequest,
  HEADER_BYTES,
  HELLO_VERSION_1_4,
  MORE,
  MULTIPART,
  message,
  readFlowStatistics,
  TYPE,
} from "./openflow-messages.js";

export interface OpenFlowSession {
  readFlows(signal: AbortSignal): Promise<readonly FlowStatistics[]>;
  /** Resolves with the reason when the connection has ended. */
  readonly closed: Promise<string>;
  close(reason: string): void;
}

/** A switch that hangs forwards nothing in the userspace datapath, so it is asked often; an echo costs it nothing. */
const ECHO_EVERY_MS = 1_000;
/** Silent for so long though asked: it hangs. Taking up many ports at once keeps it from answering for a second or two. */
const SILENT_MS = 3_000;
/** An agent that was itself held up finds the time over before it has read the answer: it looks once more. */
const SECOND_LOOK_MS = 500;
const READ_FLOWS_TIMEOUT_MS = 5_000;

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
    new LightmanoError("driver.unavailable", `ovs-vswitchd did not answer in ${READ_FLOWS_TIMEOUT_MS} ms`);
  return withDeadline(signal, READ_FLOWS_TIMEOUT_MS, late, (limited) => session.readFlows(limited));
}

async function keepProbing(
  ask: () => void,
  lastHeardMs: () => number,
  close: (reason: string) => void,
  clock: WaitClock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    ask();
    await clock.delay(untilInStep(ECHO_EVERY_MS), signal);
    const isSilent = () => performance.now() - lastHeardMs() > SILENT_MS;
    if (isSilent()) await clock.delay(SECOND_LOOK_MS, signal);
    if (!signal.aborted && isSilent()) close(`no answer in ${SILENT_MS} ms`);
  }
}
