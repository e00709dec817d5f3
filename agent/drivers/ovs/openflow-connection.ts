/** One OpenFlow 1.4 connection to a bridge's management socket: HELLO, signs of life both ways, and questions with their answers. */
import { connect } from "node:net";
import { LightmanoError } from "../../../model/errors.js";
import { abortError, type WaitClock } from "../wait.js";
import { createOpenFlowFramer, HEADER_BYTES, HELLO_VERSION_1_4, message, TYPE } from "./openflow-messages.js";
import { SILENT_MS, untilSilent } from "./signs-of-life.js";

/** Takes what came with the transaction id of what was said. */
export type Receiver = (type: number, body: Buffer) => void;

export interface Conversation<T> {
  /** `body` may need the transaction id. What is said at once is written at once. */
  say(type: number, body: Buffer | ((xid: number) => Buffer), receive: Receiver): void;
  resolve(result: T): void;
  reject(error: Error): void;
}

export interface OpenFlowConnection {
  /** Settles when `hold` settles it, the signal aborts or the connection ends; answers that come later are for nobody. */
  converse<T>(what: string, signal: AbortSignal, hold: (conversation: Conversation<T>) => void): Promise<T>;
  /** An answer, if there is one, is for nobody. */
  send(type: number, body: Buffer): void;
  /** Resolves with the reason when the connection has ended. */
  readonly closed: Promise<string>;
  close(reason: string): void;
}

export interface ConnectionOptions {
  readonly socketPath: string;
  readonly clock: WaitClock;
  readonly signal: AbortSignal;
  /** Of each message that is no answer to what a conversation said. */
  heard(type: number, body: Buffer): void;
}

const unavailable = (why = "") =>
  new LightmanoError("driver.unavailable", `ovs-vswitchd does not answer${why}`);

/** Resolves when the switch has said HELLO. */
export function openOpenFlowConnection(options: ConnectionOptions): Promise<OpenFlowConnection> {
  const { socketPath, clock, signal, heard } = options;
  const socket = connect({ path: socketPath });
  const receivers = new Map<number, Receiver>();
  const underWay = new Set<(error: Error) => void>();
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
      for (const fail of underWay) fail(unavailable(`: ${reason}`));
      reportClosed(reason);
      reject(unavailable(`: ${reason}`));
    };
    const onAbort = () => close("stopped");
    const write = (type: number, xid: number, body: Buffer) => {
      if (!over.signal.aborted) socket.write(message(type, xid, body));
    };
    const connection: OpenFlowConnection = {
      closed,
      close,
      send: (type, body) => write(type, nextXid++, body),
      converse: (what, callSignal, hold) =>
        new Promise((resolveCall, rejectCall) => {
          if (over.signal.aborted) return rejectCall(unavailable());
          if (callSignal.aborted) return rejectCall(abortError(callSignal, what));
          const xids: number[] = [];
          const end = () => {
            for (const xid of xids) receivers.delete(xid);
            underWay.delete(fail);
            callSignal.removeEventListener("abort", onCallAbort);
          };
          const fail = (error: Error) => {
            end();
            rejectCall(error);
          };
          const onCallAbort = () => fail(abortError(callSignal, what));
          callSignal.addEventListener("abort", onCallAbort, { once: true });
          underWay.add(fail);
          socket.cork();
          process.nextTick(() => socket.uncork());
          hold({
            say(type, body, receive) {
              const xid = nextXid++;
              xids.push(xid);
              receivers.set(xid, receive);
              write(type, xid, typeof body === "function" ? body(xid) : body);
            },
            resolve(result) {
              end();
              resolveCall(result);
            },
            reject: fail,
          });
        }),
    };

    const receive = (type: number, xid: number, body: Buffer) => {
      lastHeardMs = performance.now();
      if (type === TYPE.echoRequest) return write(TYPE.echoReply, xid, body);
      if (type === TYPE.hello) return resolve(connection);
      const receiver = receivers.get(xid);
      if (receiver) receiver(type, body);
      else heard(type, body);
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
    connection.send(TYPE.hello, HELLO_VERSION_1_4);
    void untilSilent(
      {
        ask: () => connection.send(TYPE.echoRequest, Buffer.alloc(0)),
        lastHeardMs: () => lastHeardMs,
        nowMs: () => performance.now(),
        clock,
      },
      over.signal,
    ).then(() => close(`no answer in ${SILENT_MS} ms`));
  });
}
