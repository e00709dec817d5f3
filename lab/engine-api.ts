/** The few calls of the Docker Engine API (v1.41) that a lab needs, on the Unix socket. */
import { createReadStream } from "node:fs";
import { request } from "node:http";
import { pipeline } from "node:stream/promises";
import { LabError } from "./errors.js";

const VERSION = "/v1.41";

export async function engineAnswers(socket: string): Promise<boolean> {
  return call(socket, "GET", "/_ping").then(
    (answer) => answer.status === 200,
    () => false,
  );
}

export async function imageExists(socket: string, name: string): Promise<boolean> {
  return (await call(socket, "GET", `${VERSION}/images/${name}/json`)).status === 200;
}

export interface ImageSource {
  readonly name: string;
  readonly tag: string;
  readonly tarPath: string;
  /** Dockerfile lines for the configuration: USER, CMD, EXPOSE. */
  readonly changes: readonly string[];
}

/** Like `docker import`. */
export async function importImage(socket: string, source: ImageSource, signal?: AbortSignal): Promise<void> {
  const query = new URLSearchParams({ fromSrc: "-", repo: source.name, tag: source.tag });
  for (const change of source.changes) query.append("changes", change);
  const answer = await call(socket, "POST", `${VERSION}/images/create?${query}`, source.tarPath, signal);
  // Docker answers 200 before it knows; an error comes as a line of the body.
  if (answer.status === 200 && !answer.body.includes('"error"')) return;
  throw new LabError({ code: "lab.command", message: `docker import ${source.name}: ${answer.body.trim()}` });
}

/** Kills and removes every container; resolves with how many there were. */
export async function removeContainers(socket: string): Promise<number> {
  const { body } = await call(socket, "GET", `${VERSION}/containers/json?all=1`);
  const containers = JSON.parse(body) as readonly { readonly Id: string }[];
  await Promise.all(
    containers.map(({ Id }) => call(socket, "DELETE", `${VERSION}/containers/${Id}?force=1&v=1`)),
  );
  return containers.length;
}

/** As `docker restart -t 1` does it; resolves when the container has been started again. */
export async function restartContainer(socket: string, name: string): Promise<void> {
  const path = `${VERSION}/containers/${encodeURIComponent(name)}/restart?t=1`;
  const { status, body } = await call(socket, "POST", path);
  if (status !== 204) throw new LabError({ code: "lab.command", message: `docker restart ${name}: ${body}` });
}

function call(socketPath: string, method: string, path: string, bodyPath?: string, signal?: AbortSignal) {
  return new Promise<{ readonly status: number; readonly body: string }>((resolve, reject) => {
    const headers = bodyPath === undefined ? {} : { "content-type": "application/x-tar" };
    const outgoing = request(
      { socketPath, method, path, headers, agent: false, timeout: 30_000, ...(signal ? { signal } : {}) },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error(`${method} ${path}: no answer in 30 s`)));
    outgoing.on("error", reject);
    if (bodyPath === undefined) outgoing.end();
    else pipeline(createReadStream(bodyPath), outgoing).catch(reject);
  });
}
