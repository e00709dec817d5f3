/**
 * Writes what JavaScript a Node process is in whose event loop is blocked: `stack.mjs PID FILE` appends to the file. By the
 * inspector, which Node opens on SIGUSR1 in a thread of its own, on a port of the loopback that it chooses, and which can
 * interrupt even an endless loop. Started by lightmano-watchdog just before it kills the process, and given up after five seconds.
 */
import { randomBytes } from "node:crypto";
import { appendFile, readdir, readFile, readlink } from "node:fs/promises";
import { get } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 50;
const GIVE_UP_MS = 4_000;

interface CallFrame {
  readonly functionName: string;
  readonly location: {
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
}

const [pid = "", file = ""] = process.argv.slice(2);
const until = performance.now() + GIVE_UP_MS;
try {
  const before = await listening(pid);
  process.kill(Number(pid), "SIGUSR1");
  const port = await inspectorPort(before);
  const lines = await stackOf(await debuggerPath(port), port);
  await appendFile(file, `\nJavaScript:\n${lines.join("\n")}\n`);
} catch (error) {
  await appendFile(file, `\nJavaScript: no stack: ${error instanceof Error ? error.message : error}\n`);
}
process.exit(0);

async function inspectorPort(before: ReadonlySet<number>): Promise<number> {
  while (performance.now() < until) {
    for (const port of await listening(pid)) if (!before.has(port)) return port;
    await delay(POLL_MS);
  }
  throw new Error("the inspector did not open: the process is stopped, or in the kernel");
}

/** TCP ports on which the process listens (proc(5): net/tcp, state 0A). */
async function listening(of: string): Promise<ReadonlySet<number>> {
  const links = await Promise.all(
    (await readdir(`/proc/${of}/fd`)).map((fd) => readlink(`/proc/${of}/fd/${fd}`).catch(() => "")),
  );
  const table = (await readFile(`/proc/${of}/net/tcp`, "latin1")).split("\n").slice(1);
  return new Set(
    table.flatMap((line) => {
      const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
      const own = state === "0A" && links.includes(`socket:[${inode}]`);
      return own ? [Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16)] : [];
    }),
  );
}

async function debuggerPath(port: number): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: "/json/list" }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.once("end", () => resolve(body));
    }).once("error", reject);
  });
  const [target] = JSON.parse(text) as readonly { readonly webSocketDebuggerUrl: string }[];
  if (!target) throw new Error("the inspector has nothing to look at");
  return new URL(target.webSocketDebuggerUrl).pathname;
}

/** Chrome DevTools Protocol over a WebSocket (RFC 6455): two short requests, and the event that follows. */
function stackOf(path: string, port: number): Promise<readonly string[]> {
  const urls = new Map<string, string>();
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const timer = setTimeout(
      () => reject(new Error("it was not interrupted: it is in native code")),
      Math.max(0, until - performance.now()),
    );
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the inspector closed")));
    socket.once("connect", () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
      ),
    );
    let held = Buffer.alloc(0);
    let open = false;
    socket.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      if (!open) {
        const end = held.indexOf("\r\n\r\n");
        if (end < 0) return;
        open = true;
        held = held.subarray(end + 4);
        send(socket, { id: 1, method: "Debugger.enable" });
        send(socket, { id: 2, method: "Debugger.pause" });
      }
      for (let frame = takeFrame(held); frame !== null; frame = takeFrame(held)) {
        held = held.subarray(frame.length);
        const message = JSON.parse(frame.text || "{}") as {
          readonly method?: string;
          readonly params?: { readonly callFrames?: readonly CallFrame[]; scriptId?: string; url?: string };
        };
        const { scriptId = "", url = "", callFrames = [] } = message.params ?? {};
        if (message.method === "Debugger.scriptParsed") urls.set(scriptId, url);
        if (message.method !== "Debugger.paused") continue;
        clearTimeout(timer);
        resolve(callFrames.map((frame) => lineOf(frame, urls)));
      }
    });
  });
}

function lineOf({ functionName, location }: CallFrame, urls: ReadonlyMap<string, string>): string {
  const { scriptId, lineNumber, columnNumber } = location;
  return `  at ${functionName || "(anonymous)"} (${urls.get(scriptId)}:${lineNumber + 1}:${columnNumber + 1})`;
}

/** One masked text frame; ours are short. */
function send(socket: Socket, message: object): void {
  const payload = Buffer.from(JSON.stringify(message));
  const mask = randomBytes(4);
  for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0);
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload]));
}

/** A server's frame: never masked, and its texts are not cut into several. */
function takeFrame(bytes: Buffer): { readonly text: string; readonly length: number } | null {
  if (bytes.length < 2) return null;
  const short = (bytes[1] ?? 0) & 0x7f;
  const header = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < header) return null;
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const length = header + size;
  return bytes.length < length ? null : { text: bytes.toString("utf8", header, length), length };
}
