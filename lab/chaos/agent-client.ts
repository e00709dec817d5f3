/** The agent's REST on its local socket, from outside the node's namespaces and without a process a call. */
import { request } from "node:http";
import { LabError } from "../errors.js";

export interface AgentClient {
  /** The body of the answer. `lab.command` when there is none within the time, or a status of 400 or more. */
  get<T>(path: string): Promise<T>;
  send<T>(method: "POST" | "DELETE", path: string, body?: unknown): Promise<T>;
}

export function createAgentClient(socketPath: string, timeoutMs = 5_000): AgentClient {
  const call = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new LabError({ code: "lab.command", message: `${method} ${path}: ${why}` }));
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const headers = payload === undefined ? {} : { "content-type": "application/json" };
      const signal = AbortSignal.timeout(timeoutMs);
      const sent = request({ socketPath, method, path, headers, agent: false, signal }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.once("error", (error) => fail(error.message));
        answer.once("end", () => {
          const text = Buffer.concat(chunks).toString();
          if ((answer.statusCode ?? 500) >= 400) return fail(`${answer.statusCode} ${text}`);
          resolve((text === "" ? null : JSON.parse(text)) as T);
        });
      });
      sent.once("error", (error) => fail(signal.aborted ? `no answer in ${timeoutMs} ms` : error.message));
      sent.end(payload);
    });
  return { get: (path) => call("GET", path), send: call };
}
