/** HTTP to the agent over its local socket. */
import { type IncomingMessage, request } from "node:http";
import { isErrorCode, LightmanoError, type Problem, type ProblemDetails } from "../../model/errors.js";

export interface AgentClient {
  get<T>(path: string): Promise<T>;
  send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T>;
  /** Server-sent events, each parsed; `onOpen` before the first. Ends with the connection or the signal. */
  stream(
    path: string,
    onEvent: (event: unknown) => void,
    signal: AbortSignal,
    onOpen?: () => void,
  ): Promise<void>;
}

const TIMEOUT_MS = 30_000;

export function createAgentClient(socketPath: string, timeoutMs = TIMEOUT_MS): AgentClient {
  const failure = (cause: NodeJS.ErrnoException, signal: AbortSignal): LightmanoError =>
    signal.aborted && (signal.reason as Error).name === "TimeoutError"
      ? new LightmanoError("operation.timeout", `the agent did not answer within ${timeoutMs / 1000} s`, {
          cause,
        })
      : unreachable(socketPath, cause);
  const open = (method: string, path: string, body: unknown, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const headers =
        payload === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) };
      const sent = request({ socketPath, method, path, headers, signal }, resolve);
      sent.once("error", (cause) => reject(failure(cause, signal)));
      sent.end(payload);
    });
  const exchange = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await open(method, path, body, signal);
    const text = await textOf(response).catch((cause: Error) => Promise.reject(failure(cause, signal)));
    if ((response.statusCode ?? 500) >= 400) throw refusal(text, response, socketPath);
    return jsonOf(text, socketPath) as T;
  };
  return {
    get: (path) => exchange("GET", path),
    send: (method, path, body) => exchange(method, path, body),
    async stream(path, onEvent, signal, onOpen) {
      const response = await open("GET", path, undefined, signal);
      if ((response.statusCode ?? 500) >= 400) throw refusal(await textOf(response), response, socketPath);
      onOpen?.();
      let buffer = "";
      try {
        for await (const chunk of response.setEncoding("utf8")) {
          const parts = `${buffer}${chunk}`.split("\n\n");
          buffer = parts.pop() ?? "";
          for (const part of parts)
            if (part.startsWith("data: ")) onEvent(JSON.parse(part.slice("data: ".length)));
        }
      } catch (error) {
        if (!signal.aborted) throw failure(error as Error, signal);
      }
    },
  };
}

/** No answer, or half of one: nobody is there (any more), or not for this user. */
export function unreachable(socketPath: string, cause: NodeJS.ErrnoException): LightmanoError {
  const reason = cause.code ?? cause.message;
  const words =
    reason === "EACCES" || reason === "EPERM"
      ? `this user may not open ${socketPath} (${reason}): run it as root, or as a user that the socket is open to`
      : `no agent answers on ${socketPath} (${reason})`;
  return new LightmanoError("agent.unreachable", words, { cause });
}

/** The agent's own error, from the problem details that it answered. */
export function refusal(text: string, response: IncomingMessage, socketPath: string): LightmanoError {
  const { code, detail, problems } = (jsonOf(text, socketPath) ?? {}) as Partial<ProblemDetails>;
  return new LightmanoError(
    code && isErrorCode(code) ? code : "agent.internal",
    detail ?? `HTTP ${response.statusCode}`,
    { problems: (problems ?? []) as readonly Problem[] },
  );
}

export async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return text;
}

function jsonOf(text: string, socketPath: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch (cause) {
    throw new LightmanoError("agent.unreachable", `what answers on ${socketPath} is no agent`, { cause });
  }
}
