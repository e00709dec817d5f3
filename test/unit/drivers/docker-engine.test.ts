/** The Docker driver against an Engine API that the test plays: answers that are late, torn, wrong or out of order. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { latest } from "../../../agent/domain/planning.js";
import { createDockerDriver } from "../../../agent/drivers/docker/driver.js";
import { createEngine } from "../../../agent/drivers/docker/engine.js";
import { nowOf, until } from "../../support/real.js";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that gives each request to the first answer whose `METHOD /path` it begins with. */
async function serve(t: Test, answers: Readonly<Record<string, Answer>>) {
  const folder = await mkdtemp(join(tmpdir(), "lmt-engine-"));
  const socketPath = join(folder, "s");
  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url?.replace(/^\/v[\d.]+/, "")}`;
    const key = Object.keys(answers).find((start) => asked.startsWith(start));
    if (key === undefined) fail(404, `nobody answers ${asked}`)(request, response);
    else answers[key]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const stop = new AbortController();
  t.teardown(async () => {
    stop.abort();
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  });
  return { socketPath, signal: stop.signal };
}

const json =
  (value: unknown): Answer =>
  (_request, response) =>
    void response.end(JSON.stringify(value));
const fail =
  (status: number, message: string): Answer =>
  (_request, response) =>
    void response.writeHead(status).end(JSON.stringify({ message }));
/** The beginning of a longer body, and then nothing, or the end of the connection. */
const torn =
  (after: "silence" | "end"): Answer =>
  (_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write('{"Size":', () => after === "end" && response.destroy());
  };

const inspected = (status: "running" | "exited", pid: number) => ({
  Id: "c1",
  Created: "2026-01-01T00:00:00Z",
  State: { Status: status, Pid: pid, ExitCode: 0, Error: "", OOMKilled: false, StartedAt: "x" },
  Config: { Labels: { "lightmano.function": "f" } },
});

t.test("a body that stops half-way is late like an answer that does not come, and reported", async (t) => {
  const { socketPath, signal } = await serve(t, { "GET /x": torn("silence") });
  const hung: string[] = [];
  const engine = createEngine(socketPath, (reason) => void hung.push(reason));
  await t.rejects(engine.request({ method: "GET", path: "/x", signal, timeoutMs: 50 }), {
    code: "driver.unavailable",
    detail: /did not answer GET \/x in 50 ms/,
  });
  t.equal(hung.length, 1);
});

t.test("whatever comes back, an operation rejects with a code and words", async (t) => {
  const { socketPath, signal } = await serve(t, {
    "GET /images/torn": torn("end"),
    "GET /images/html": (_request, response) => void response.end("<html>"),
    "POST /images/create?fromImage=cut": torn("end"),
    "POST /images/create?fromImage=page": (_request, response) => void response.end("<html>\n"),
    "POST /images/create?fromImage=wait": torn("silence"),
    "DELETE /containers/busy": fail(409, "removal is already in progress"),
    "POST /containers/busy/wait": fail(500, "device or resource busy"),
    "GET /containers/busy/json": json(inspected("exited", 0)),
  });
  const driver = createDockerDriver({ socketPath });
  const context = { signal };
  await t.rejects(driver.imageBytes("torn", context), { code: "driver.unavailable" });
  await t.rejects(driver.imageBytes("html", context), { code: "docker.failed", detail: /<html>/ });
  await t.rejects(driver.ensureImage("cut", context), { code: "driver.unavailable" }, "torn pull");
  await t.rejects(driver.ensureImage("page", context), { code: "docker.failed", detail: /<html>/ });
  await t.rejects(driver.remove("busy", 0, context), {
    code: "docker.failed",
    detail: /device or resource busy/,
  });
  const given = new AbortController();
  const pull = driver.ensureImage("wait", { signal: given.signal });
  const refused = pull.catch((thrown: unknown) => thrown);
  setTimeout(() => given.abort(new Error("enough")), 20);
  t.match(await refused, { code: "operation.timeout", detail: /enough/ });
});

t.test("an event stream that is refused says why, in Docker's words", async (t) => {
  const { socketPath, signal } = await serve(t, { "GET /": fail(400, "client version 1.41 is too old") });
  const driver = createDockerDriver({ socketPath });
  driver.watch(() => undefined, signal);
  await until("degraded", () => driver.view().state === "degraded");
  t.match(driver.view(), { reason: /client version 1\.41 is too old/ });
});

t.test("without a socket nothing of Docker's runs; one that nobody answers at says nothing", async (t) => {
  const { socketPath, signal } = await serve(t, { "GET /": fail(500, "no") });
  const viewOf = async (path: string) => {
    const driver = createDockerDriver({ socketPath: path });
    driver.watch(() => undefined, signal);
    await until("degraded", () => driver.view().state === "degraded");
    return driver.view();
  };
  const none = await viewOf(`${socketPath}.none`);
  t.ok(none.state !== "ready" && none.last?.containers.size === 0);
  t.match(await viewOf(socketPath), { state: "degraded", last: null });
});

t.test("speaks the oldest version that a newer daemon still takes", async (t) => {
  const asked: string[] = [];
  const note: Answer = (request, response) => {
    asked.push(request.url ?? "");
    response.end("[]");
  };
  const { socketPath, signal } = await serve(t, {
    "GET /version": json({ Version: "29.0.0", MinAPIVersion: "1.44" }),
    "GET /events": (_request, response) => response.flushHeaders(),
    "GET /containers/json": note,
  });
  const driver = createDockerDriver({ socketPath });
  driver.watch(() => undefined, signal);
  await until("ready", () => driver.view().state === "ready");
  t.match(asked, [/^\/v1\.44\//]);
});

/** A dockerd with one container, whose inspections the test answers when it likes. */
async function watched(
  t: Test,
  answers: Readonly<Record<string, Answer>> = {},
  log?: (message: string) => void,
) {
  let events: ServerResponse | null = null;
  const asked: ServerResponse[] = [];
  const { socketPath, signal } = await serve(t, {
    ...answers,
    "GET /events": (_request, response) => {
      events = response;
      response.flushHeaders();
    },
    "GET /version": json({ Version: "20.10" }),
    "GET /containers/c1/json": (_request, response) => void asked.push(response),
    "GET /containers/json": answers["GET /containers/json"] ?? json([{ Id: "c1" }]),
  });
  const procRoot = await mkdtemp(join(tmpdir(), "lmt-proc-"));
  t.teardown(() => rm(procRoot, { recursive: true }));
  const driver = createDockerDriver({ socketPath, procRoot, ...(log && { log }) });
  driver.watch(() => undefined, signal);
  const answer = async (at: number, value: unknown) => {
    await until(`inspection ${at} is asked for`, () => asked.length > at);
    asked[at]?.end(JSON.stringify(value));
  };
  return {
    driver,
    signal,
    answer,
    procRoot,
    container: () => nowOf(driver.view())?.containers.get("f"),
    happen: () => void events?.write(`${JSON.stringify({ Actor: { ID: "c1" } })}\n`),
    hangUp: () => events?.destroy(),
    isAsked: (count: number) => until(`${count} inspections`, () => asked.length >= count),
  };
}

t.test("one container that cannot be inspected does not keep the others from being seen", async (t) => {
  const words: string[] = [];
  const { driver, answer, container } = await watched(
    t,
    {
      "GET /containers/json": json([{ Id: "sick" }, { Id: "c1" }]),
      "GET /containers/sick/json": fail(500, "layer does not exist"),
    },
    (message) => void words.push(message),
  );
  await answer(0, inspected("exited", 0));
  await until("ready", () => driver.view().state === "ready");
  t.match(container(), { state: "exited" });
  t.match(words, [/sick.*layer does not exist/]);
});

t.test("an inspection that is overtaken by a later one changes nothing", async (t) => {
  const { driver, signal, answer, container, happen, isAsked } = await watched(t, {
    "POST /containers/c1/start": (_request, response) => void response.writeHead(204).end(),
  });
  await answer(0, inspected("exited", 0));
  await until("ready", () => driver.view().state === "ready");
  const started = driver.start("c1", { signal });
  await isAsked(2);
  happen(); // It died at once.
  await answer(2, inspected("exited", 0));
  await until("the death is seen", () => container()?.state === "exited");
  await answer(1, inspected("running", 7));
  await started;
  t.equal(container()?.state, "exited");
});

t.test("that a process has ended shows at once, before Docker says so", async (t) => {
  const { driver, answer, container, happen, procRoot } = await watched(t);
  const statOf = async (pid: number, letter: string) => {
    await mkdir(join(procRoot, `${pid}`), { recursive: true });
    await writeFile(join(procRoot, `${pid}`, "stat"), `${pid} (a (Z) name) ${letter} 1 ${pid}`);
  };
  await statOf(7, "S");
  await answer(0, inspected("running", 7));
  await until("ready", () => driver.view().state === "ready");
  t.equal(container()?.ended, undefined);
  await statOf(7, "Z");
  t.match(container(), { state: "running", pid: 7, ended: true });
  await rm(join(procRoot, "7"), { recursive: true });
  t.equal(container()?.ended, true);
  await statOf(8, "R");
  happen();
  await answer(1, inspected("running", 8));
  await until("the next life is seen", () => container()?.pid === 8);
  t.equal(container()?.ended, undefined);
});

t.test("what ended while dockerd was away is seen; when it is back, what it says counts", async (t) => {
  const { driver, answer, hangUp } = await watched(t);
  // /proc of this test is empty: no process is there.
  await answer(0, inspected("running", 7));
  await until("ready", () => driver.view().state === "ready");
  hangUp();
  await until("its end is seen", () => latest(driver.view())?.containers.get("f")?.state === "exited");
  t.match(latest(driver.view())?.containers.get("f"), { pid: null, error: /while dockerd was away/ });
  await answer(1, inspected("running", 8));
  await until("ready", () => driver.view().state === "ready");
  t.match(nowOf(driver.view())?.containers.get("f"), { state: "running", pid: 8 });
});
