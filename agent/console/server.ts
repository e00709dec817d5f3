/** Consoles of containers: a shell inside, on a pseudo-terminal (node-pty), over the local API's connection. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { LightmanoError, problemDetails, problemOf } from "../../model/errors.js";
import { CONSOLE_PROTOCOL, createFrameReader, DATA, EXIT, frame, RESIZE } from "./protocol.js";

const PATH = /^\/api\/v1\/functions\/([^/]+)\/console$/;

/**
 * Answers upgrade requests. `pidOf` gives the host pid of a running container's first process, or throws;
 * `unexpected` takes what is nobody's mistake but ours.
 */
export function serveConsoles(
  server: Server,
  pidOf: (functionId: string) => number,
  unexpected: (what: string, error: unknown) => void,
): void {
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    socket.on("error", () => socket.destroy()); // the client is gone without a goodbye: its close says the rest
    open(request, socket, pidOf).catch((error: unknown) => {
      if (problemOf(error).code === "agent.internal") unexpected(`the console at ${request.url}`, error);
      refuse(socket, error);
    });
  });
}

async function open(request: IncomingMessage, socket: Duplex, pidOf: (id: string) => number): Promise<void> {
  const match = PATH.exec(request.url ?? "");
  if (!match || request.headers.upgrade !== CONSOLE_PROTOCOL) {
    throw new LightmanoError("usage.invalid", `no console at ${request.url} by ${request.headers.upgrade}`);
  }
  const pid = pidOf(decoded(match[1] ?? ""));
  // Loaded at the first use: its addon is there for glibc only, and an agent without consoles is still an agent.
  const { spawn } = await import("@lydell/node-pty").catch((cause: unknown) => {
    throw new LightmanoError("driver.unavailable", "consoles need node-pty, which does not load here", {
      cause,
    });
  });
  const inside = [
    "--target",
    String(pid),
    "--root",
    "--mount",
    "--uts",
    "--ipc",
    "--net",
    "--pid",
    "--",
    "/bin/sh",
  ];
  const pty = spawn("nsenter", inside, {
    name: "xterm-256color",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", TERM: "xterm-256color" },
  });
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${CONSOLE_PROTOCOL}\r\n\r\n`,
  );
  let ended = false;
  pty.onData((text) => {
    // A shell can say more than a terminal can show: what waits for the client would lie in our memory.
    if (!socket.write(frame(DATA, Buffer.from(text)))) pty.pause();
  });
  socket.on("drain", () => pty.resume());
  pty.onExit(({ exitCode }) => {
    ended = true;
    socket.end(frame(EXIT, Buffer.from([exitCode & 0xff])));
  });
  const input = new StringDecoder("utf8"); // a character may come in two frames
  const read = createFrameReader(({ type, body }) => {
    if (type === DATA) pty.write(input.write(body));
    else if (type === RESIZE && body.length === 4)
      pty.resize(Math.max(1, body.readUInt16BE(0)), Math.max(1, body.readUInt16BE(2)));
  });
  socket.on("data", (chunk: Buffer) => {
    if (ended) return;
    try {
      read(chunk);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
  const hangUp = (): void => {
    if (!ended) pty.kill();
  };
  if (socket.destroyed) hangUp();
  else socket.on("close", hangUp);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new LightmanoError(
      "usage.invalid",
      `no function has the id ${text}: it is not escaped as in a URL`,
      {
        cause,
      },
    );
  }
}

function refuse(socket: Duplex, error: unknown): void {
  const { code, detail } = problemOf(error);
  const details = problemDetails(code, detail);
  const body = JSON.stringify(details);
  socket.end(
    `HTTP/1.1 ${details.status} ${details.title}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
