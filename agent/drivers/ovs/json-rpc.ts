/**
 * JSON-RPC 1.0 as OVSDB speaks it (RFC 7047 §4): JSON objects one after another on a stream, with nothing
 * between them. Either side may call; the only call that a server makes is `echo`.
 */
import type { Duplex } from "node:stream";
import { LightmanoError } from "../../../model/errors.js";
import { abortError } from "../wait.js";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface JsonRpcSession {
  /** Rejects with `ovs.failed` on an error reply, `driver.unavailable` when the session ends first. */
  call(method: string, params: readonly Json[], signal: AbortSignal): Promise<Json>;
  /** Resolves with the reason when the session has ended. */
  readonly closed: Promise<string>;
  close(reason: string): void;
}

interface PendingCall {
  resolve(result: Json): void;
  reject(error: LightmanoError): void;
}

export function createJsonRpcSession(
  stream: Duplex,
  notify: (method: string, params: Json) => void,
): JsonRpcSession {
  const pending = new Map<number, PendingCall>();
  let nextId = 1;
  let ended: string | null = null;
  let reportClosed: (reason: string) => void = () => undefined;
  const closed = new Promise<string>((resolve) => {
    reportClosed = resolve;
  });

  const close = (reason: string) => {
    if (ended !== null) return;
    ended = reason;
    stream.destroy();
    for (const call of pending.values()) call.reject(unavailable(reason));
    pending.clear();
    reportClosed(reason);
  };

  const receive = (message: JsonObject) => {
    if (typeof message.method === "string") {
      if (message.method === "echo")
        send({ id: message.id ?? null, result: message.params ?? [], error: null });
      else notify(message.method, message.params ?? null);
      return;
    }
    const call = typeof message.id === "number" ? pending.get(message.id) : undefined;
    if (!call) return;
    pending.delete(message.id as number);
    const error = message.error ?? null;
    if (error === null) call.resolve(message.result ?? null);
    else call.reject(new LightmanoError("ovs.failed", `ovsdb-server answered: ${JSON.stringify(error)}`));
  };
  const send = (message: JsonObject) => {
    if (ended === null) stream.write(JSON.stringify(message));
  };

  const frames = createJsonFramer();
  stream.on("data", (chunk: Buffer) => {
    try {
      for (const text of frames(chunk)) receive(JSON.parse(text) as JsonObject);
    } catch (thrown) {
      close(`what came from ovsdb-server cannot be read: ${(thrown as Error).message}`);
    }
  });
  stream.on("error", (error) => close(error.message));
  stream.on("close", () => close("ovsdb-server closed the connection"));

  return {
    closed,
    close,
    call(method, params, signal) {
      if (ended !== null) return Promise.reject(unavailable(ended));
      if (signal.aborted) return Promise.reject(abortError(signal, `OVSDB ${method}`));
      const id = nextId++;
      return new Promise<Json>((resolve, reject) => {
        const onAbort = () => {
          pending.delete(id);
          reject(abortError(signal, `OVSDB ${method}`));
        };
        const finished = () => signal.removeEventListener("abort", onAbort);
        signal.addEventListener("abort", onAbort, { once: true });
        pending.set(id, {
          resolve: (result) => {
            finished();
            resolve(result);
          },
          reject: (error) => {
            finished();
            reject(error);
          },
        });
        send({ id, method, params });
      });
    },
  };
}

const unavailable = (reason: string) =>
  new LightmanoError("driver.unavailable", `ovsdb-server does not answer: ${reason}`);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Cuts a byte stream into the texts of top-level JSON objects, by brace depth outside strings. It works on
 * bytes: all bytes of a multi-byte UTF-8 character are ≥ 0x80, so a character split over two chunks is safe.
 */
export function createJsonFramer(maxBytes = 64 * 1024 * 1024): (chunk: Buffer) => string[] {
  let parts: Buffer[] = [];
  let heldBytes = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;

  return (chunk) => {
    const texts: string[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) {
        inString = true;
      } else if (byte === OPEN) {
        if (depth++ === 0) start = at;
      } else if (byte === CLOSE && depth > 0 && --depth === 0) {
        texts.push(Buffer.concat([...parts, chunk.subarray(start, at + 1)]).toString("utf8"));
        parts = [];
        heldBytes = 0;
        start = at + 1;
      }
    }
    if (depth > 0) {
      parts.push(chunk.subarray(start));
      heldBytes += chunk.length - start;
      if (heldBytes > maxBytes) throw new Error(`a message is longer than ${maxBytes} bytes`);
    }
    return texts;
  };
}
