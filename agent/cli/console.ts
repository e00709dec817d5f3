/** `lightmano lvnf console`: a shell in a container, or a dialogue with an LVNF's handlers. */
import { request } from "node:http";
import { createInterface } from "node:readline";
import { problemOf } from "../../model/errors.js";
import { CONSOLE_PROTOCOL, createFrameReader, DATA, EXIT, frame, resizeFrame } from "../console/protocol.js";
import { type AgentClient, refusal, textOf, unreachable } from "./client.js";

/** What a terminal sends for Ctrl-D: a shell whose input ends so, as at the end of a pipe, ends as well. */
const END_OF_INPUT = Buffer.from([4]);

/** Joins the terminal to a shell inside the container; resolves with the shell's exit code. */
export function shellConsole(socketPath: string, functionId: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const path = `/api/v1/functions/${encodeURIComponent(functionId)}/console`;
    const asked = request({
      socketPath,
      path,
      headers: { Connection: "Upgrade", Upgrade: CONSOLE_PROTOCOL },
    });
    asked.once("error", (cause) => reject(unreachable(socketPath, cause)));
    asked.once("response", (response) => {
      textOf(response).then((text) => reject(refusal(text, response, socketPath)), reject);
    });
    asked.once("upgrade", (_response, socket, head) => {
      const { stdin, stdout } = process;
      const sendSize = (): void => void socket.write(resizeFrame(stdout.columns ?? 80, stdout.rows ?? 24));
      const sendInput = (chunk: Buffer): void => void socket.write(frame(DATA, chunk));
      let exitCode: number | null = null;
      let broken: Error = new Error("the connection ended before the shell did");
      socket.on("error", (error) => {
        broken = error;
      });
      const read = createFrameReader(({ type, body }) => {
        if (type === DATA) stdout.write(body);
        else if (type === EXIT) exitCode = body[0] ?? 1;
      });
      if (stdin.isTTY) stdin.setRawMode(true);
      const sendEnd = (): void => void socket.write(frame(DATA, END_OF_INPUT));
      stdin.on("data", sendInput).once("end", sendEnd);
      stdout.on("resize", sendSize);
      sendSize();
      const take = (chunk: Buffer): void => {
        try {
          read(chunk);
        } catch (error) {
          socket.destroy(error instanceof Error ? error : new Error(String(error)));
        }
      };
      take(head);
      socket.on("data", take);
      socket.once("close", () => {
        if (stdin.isTTY) stdin.setRawMode(false);
        stdin.off("data", sendInput).off("end", sendEnd).pause();
        stdout.off("resize", sendSize);
        if (exitCode === null) reject(unreachable(socketPath, broken));
        else resolve(exitCode);
      });
    });
    asked.end();
  });
}

const HELP = "handlers · read HANDLER · write HANDLER VALUE · quit";

/** Reads commands from standard input until `quit` or its end. Only handlers that the image declares answer. */
export async function handlerConsole(client: AgentClient, functionId: string): Promise<void> {
  const base = `/api/v1/functions/${encodeURIComponent(functionId)}/handlers`;
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const run = async (line: string): Promise<void> => {
    const [verb = "", handler = "", ...rest] = line.trim().split(/ +/);
    const path = `${base}/${encodeURIComponent(handler)}`;
    if (verb === "") return;
    if (verb === "read" && handler) return say((await client.get<{ value: string }>(path)).value.trimEnd());
    if (verb === "write" && handler) {
      await client.send("PUT", path, { value: rest.join(" ") });
      return say("done");
    }
    if (verb !== "handlers") return say(HELP);
    for (const { name, access } of await client.get<{ name: string; access: string }[]>(base))
      say(`${name} (${access})`);
  };
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: `${functionId}> `,
    terminal: process.stdin.isTTY === true,
  });
  if (process.stdin.isTTY) say(HELP);
  lines.prompt();
  for await (const line of lines) {
    if (/^ *(quit|exit) *$/.test(line)) break;
    await run(line).catch((error: unknown) => say(problemOf(error).detail));
    lines.prompt();
  }
  lines.close();
}
