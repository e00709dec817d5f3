/**
 * A client of Click's ControlSocket (protocol Click::ControlSocket/1.3) on a Unix socket. The connection is
 * kept open: the kernel closes it in the moment the process dies, which is how the death of a process that
 * is not our child (it was adopted) is noticed at once.
 */
import { connect, type Socket } from "node:net";
import { LightmanoError } from "../../../model/errors.js";
import { createInbox } from "./inbox.js";
import { type Ran, type RunMeter, restedSince, runMeter } from "./rest.js";

export interface ControlSocket {
  /** The value of a read handler. */
  read(handler: string, signal: AbortSignal): Promise<string>;
  /** The same as bytes, which lie outside of V8's heap: one may have a hundred megabytes, and the heap has not. */
  readBytes(handler: string, signal: AbortSignal): Promise<Buffer>;
  write(handler: string, value: string | Buffer, signal: AbortSignal): Promise<void>;
  /** Resolves when the connection ends, for whatever reason. */
  readonly closed: Promise<void>;
  close(): void;
  /** How much its process has run so far; null, or not there at all, where that cannot be known. */
  ran?(): Ran | null;
}

/** One of a process, which may hang (liveness.ts). */
export interface ProcessSocket extends ControlSocket {
  /** When it last said anything (performance.now()). */
  heardAtMs(): number;
  ran(): Ran | null;
  /** It has not run since it last said anything: it cannot hang then. False where that cannot be known. */
  hasRested(): boolean;
}

interface Answer {
  readonly code: number;
  readonly text: string;
  readonly data: Buffer;
}

interface Pending {
  readonly wantsData: boolean;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Connects and waits for the greeting. Rejects when nobody listens or the greeting is another. With the pid of the process it can
 * tell whether that has rested.
 */
export async function openControlSocket(
  path: string,
  signal: AbortSignal,
  pid?: number,
): Promise<ProcessSocket> {
  signal.throwIfAborted();
  const socket = connect(path);
  const greeting = /^Click::ControlSocket\/1\.\d+\r?\n/;
  const received = createInbox();
  let greeted = false;
  let heardAtMs = performance.now();
  let meter: RunMeter | null = null;
  let ranAtHeard: Ran | null = null;
  const pending: Pending[] = [];
  const { promise: ready, resolve: isReady, reject: isNotReady } = deferred<void>();
  const { promise: closed, resolve: isClosed } = deferred<void>();

  const abort = (): void => void socket.destroy(new Error("aborted"));
  signal.addEventListener("abort", abort, { once: true });
  socket.on("data", (chunk) => {
    heardAtMs = performance.now();
    ranAtHeard = meter?.read() ?? null;
    for (let buffer = received.add(chunk); buffer !== null; buffer = received.next()) {
      if (!greeted) {
        const match = greeting.exec(buffer.toString("latin1", 0, 64));
        if (!match) {
          if (buffer.includes(10)) socket.destroy(new Error("not a Click ControlSocket"));
          return received.keep(buffer, 0);
        }
        greeted = true;
        buffer = buffer.subarray(match[0].length);
        signal.removeEventListener("abort", abort);
        isReady();
      }
      let neededBytes = 0;
      while (pending.length > 0 && neededBytes === 0) {
        const parsed = parseAnswer(buffer, pending[0]?.wantsData ?? false);
        if ("neededBytes" in parsed) {
          neededBytes = parsed.neededBytes;
          break;
        }
        buffer = buffer.subarray(parsed.length);
        pending.shift()?.resolve(parsed.answer);
      }
      received.keep(buffer, neededBytes);
    }
  });
  socket.on("error", (error) => isNotReady(error));
  socket.on("close", () => {
    signal.removeEventListener("abort", abort);
    const gone = new LightmanoError("click.not-answering", `ControlSocket ${path} closed`);
    isNotReady(gone);
    for (const { reject } of pending.splice(0)) reject(gone);
    meter?.close();
    isClosed();
  });
  await ready;
  if (pid !== undefined && !socket.destroyed) meter = runMeter(pid);
  const ran = (): Ran | null => meter?.read() ?? null;
  return {
    ...requests(socket, pending),
    heardAtMs: () => heardAtMs,
    ran,
    hasRested: () => restedSince(ranAtHeard, ran()),
    closed,
    close: () => void socket.destroy(),
  };
}

function requests(socket: Socket, pending: Pending[]): Pick<ControlSocket, "read" | "readBytes" | "write"> {
  const ask = (parts: readonly Buffer[], wantsData: boolean, signal: AbortSignal): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (socket.destroyed)
        return reject(new LightmanoError("click.not-answering", "ControlSocket is closed"));
      // An answer that nobody waits for any more must still be taken off the stream: the entry stays.
      const abort = (): void =>
        reject(new LightmanoError("operation.timeout", "the ControlSocket did not answer in time"));
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort, { once: true });
      const done = (): void => signal.removeEventListener("abort", abort);
      pending.push({
        wantsData,
        resolve: (answer) => {
          done();
          resolve(answer);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      socket.cork();
      for (const part of parts) socket.write(part);
      socket.uncork();
    });
  const check = ({ code, text, data }: Answer, handler: string): Buffer => {
    if (code >= 200 && code < 300) return data;
    throw new LightmanoError("handler.failed", `${handler}: ${code} ${text}`);
  };
  const readBytes = async (handler: string, signal: AbortSignal): Promise<Buffer> =>
    check(await ask([Buffer.from(`READ ${handler}\r\n`)], true, signal), handler);
  return {
    readBytes,
    read: async (handler, signal) => (await readBytes(handler, signal)).toString("utf8"),
    write: async (handler, value, signal) => {
      const body = typeof value === "string" ? Buffer.from(value) : value;
      check(
        await ask([Buffer.from(`WRITEDATA ${handler} ${body.length}\r\n`), body], false, signal),
        handler,
      );
    },
  };
}

type Parsed =
  | { readonly answer: Answer; readonly length: number }
  /** It is not all there, and cannot be before there are so many bytes. */
  | { readonly neededBytes: number };
const MORE: Parsed = { neededBytes: 0 };
const NO_DATA = Buffer.alloc(0);

/** One answer at the start of the buffer. */
function parseAnswer(buffer: Buffer, wantsData: boolean): Parsed {
  const lines: string[] = [];
  let at = 0;
  for (;;) {
    const end = buffer.indexOf("\n", at);
    if (end < 0) return MORE;
    const line = buffer.toString("utf8", at, end).replace(/\r$/, "");
    at = end + 1;
    lines.push(line.slice(4));
    if (line[3] !== "-") {
      const code = Number(line.slice(0, 3));
      const text = lines.join("\n");
      if (!wantsData || code < 200 || code >= 300)
        return { answer: { code, text, data: NO_DATA }, length: at };
      return withData(buffer, at, code, text);
    }
  }
}

function withData(buffer: Buffer, at: number, code: number, text: string): Parsed {
  const end = buffer.indexOf("\n", at);
  if (end < 0) return MORE;
  const size = Number(/^DATA (\d+)\r?$/.exec(buffer.toString("latin1", at, end))?.[1] ?? 0);
  const start = end + 1;
  if (buffer.length < start + size) return { neededBytes: start + size };
  return { answer: { code, text, data: buffer.subarray(start, start + size) }, length: start + size };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined); // whoever awaits it sees the rejection; nobody has to
  return { promise, resolve, reject };
}
