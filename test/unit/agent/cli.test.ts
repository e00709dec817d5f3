import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { createAgentClient } from "../../../agent/cli/client.js";
import { shellConsole } from "../../../agent/cli/console.js";
import { createOutput } from "../../../agent/cli/output.js";
import { readPackageFiles } from "../../../agent/cli/package-files.js";
import { runCli } from "../../../agent/cli/program.js";
import { type ErrorCode, type Problem, problemDetails } from "../../../model/errors.js";
import { agentEvent } from "../../support/events.js";

async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lmt-cli-"));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Runs one command line as a shell would: what it wrote where, and how it ended. */
async function run(t: Test, ...argv: readonly string[]) {
  const out = t.capture(process.stdout, "write", () => true);
  const error = t.capture(process.stderr, "write", () => true);
  const exit = await runCli(argv);
  out.restore();
  error.restore();
  const text = (calls: readonly { readonly args: readonly unknown[] }[]): string =>
    calls.map(({ args }) => String(args[0])).join("");
  return { exit, out: text(out()), error: text(error()) };
}

/** Something that listens where an agent would. */
async function agent(t: Test, listener: RequestListener): Promise<string> {
  const socket = join(await folder(t), "agent.sock");
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return socket;
}
const refusing =
  (code: ErrorCode, detail: string, problems: readonly Problem[] = []): RequestListener =>
  (request, response) => {
    request.resume();
    const details = problemDetails(code, detail, problems);
    response.writeHead(details.status, { "content-type": "application/problem+json" });
    response.end(JSON.stringify(details));
  };

t.test("wrong usage is 2, and says what is wrong", async (t) => {
  for (const [argv, words] of [
    [["frobnicate"], /unknown command 'frobnicate'/],
    [["status", "--colour"], /unknown option '--colour'/],
    [["why"], /missing required argument 'object'/],
    [["status", "now"], /too many arguments/],
    [["lvnf"], /Usage: lightmano lvnf/],
    [["lvnf", "logs", "f", "-n", "many"], /-n, --lines <count>.*'many'.*from 1 to 10000/],
    [["events", "--limit", "5x"], /'5x' is invalid.*from 1 to 1000/],
    [["events", "-n", "0"], /from 1 to 1000/],
    [[], /Usage: lightmano/],
    [["apply", ".", "--input", "novalue"], /--input novalue: expected NAME=VALUE/],
  ] as const) {
    const { exit, out, error } = await run(t, ...argv);
    t.equal(exit, 2, argv.join(" "));
    t.match(error, words);
    t.equal(out, "");
  }
});

t.test("with --json a usage error is one object too", async (t) => {
  for (const [argv, words] of [
    [["frobnicate"], /unknown command/],
    [["lvnf", "read", "x"], /missing required argument 'handler'/],
    [[], /a verb is missing/],
  ] as const) {
    const { exit, error } = await run(t, "--json", ...argv);
    t.equal(exit, 2);
    t.match(JSON.parse(error), { code: "usage.invalid", detail: words, problems: [] });
  }
});

t.test("help and version are no errors", async (t) => {
  t.match(await run(t, "--help"), { exit: 0, out: /Usage: lightmano/, error: "" });
  t.match(await run(t, "--version"), { exit: 0, out: /^\d+\.\d+\.\d+/ });
});

t.test("no agent is 5; with the reason and a remedy for people, as an object for programs", async (t) => {
  const socket = join(await folder(t), "none.sock");
  const people = await run(t, "--socket", socket, "status");
  t.match(people, { exit: 5, out: "", error: /no agent answers on .*none\.sock \(ENOENT\).*\n.*systemctl/ });
  const programs = await run(t, "--socket", socket, "--json", "status");
  t.equal(programs.exit, 5);
  t.match(JSON.parse(programs.error), { code: "agent.unreachable", detail: /ENOENT/, problems: [] });
});

t.test("an agent that dies while it answers, or is none, is 5 as well", async (t) => {
  const dying = await agent(t, (_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write('{"half":', () => response.destroy());
  });
  t.match(await run(t, "--socket", dying, "status"), { exit: 5, error: /agent\.unreachable/ });
  const other = await agent(t, (_request, response) => response.end("<html>"));
  t.match(await run(t, "--socket", other, "status"), { exit: 5, error: /is no agent/ });
});

t.test("the agent's refusals have their exit codes", async (t) => {
  for (const [code, exit] of [
    ["object.not-found", 3],
    ["handler.not-declared", 4],
    ["object.conflict", 4],
    ["usage.invalid", 2],
    ["store.failed", 1],
    ["operation.timeout", 6],
  ] as const) {
    const socket = await agent(t, refusing(code, "because"));
    const ended = await run(t, "--socket", socket, "lvnf", "read", "f", "h");
    t.match(ended, { exit, out: "", error: new RegExp(`because \\[${code.replace(".", "\\.")}\\]`) }, code);
  }
});

t.test("no answer in time is 6", async (t) => {
  const hung = await agent(t, () => undefined);
  await t.rejects(createAgentClient(hung, 30).get("/api/v1/status"), { code: "operation.timeout" });
  const slow = await agent(t, (_request, response) => response.write("["));
  await t.rejects(createAgentClient(slow, 30).get("/api/v1/status"), { code: "operation.timeout" });
});

t.test("a descriptor's errors stand one a line, as file:line:column; as values with --json", async (t) => {
  const problems: readonly Problem[] = [
    { code: "descriptor.invalid", detail: "unknown type", place: { file: "nsd.yaml", line: 3, column: 7 } },
    { code: "descriptor.invalid", detail: "unknown input", place: { file: "vnf.yaml", line: 1, column: 2 } },
  ];
  const socket = await agent(t, refusing("descriptor.invalid", "2 problem(s)", problems));
  const at = await folder(t);
  await writeFile(join(at, "nsd.yaml"), "x: y");
  const people = await run(t, "--socket", socket, "apply", at);
  t.equal(people.exit, 1);
  t.match(people.error.split("\n").slice(0, 2), [
    "nsd.yaml:3:7: unknown type",
    "vnf.yaml:1:2: unknown input",
  ]);
  const programs = await run(t, "--socket", socket, "--json", "apply", at);
  t.match(JSON.parse(programs.error), { code: "descriptor.invalid", problems });
});

t.test("apply sends the package, its inputs as YAML reads them, and a name from the folder", async (t) => {
  const bodies: unknown[] = [];
  const socket = await agent(t, async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    bodies.push(JSON.parse(text));
    response.end(JSON.stringify({ id: "x", revision: 1 }));
  });
  const at = join(await folder(t), "my service");
  await mkdir(at);
  await writeFile(join(at, "nsd.yaml"), "a: 1\n");
  const inputs = ["n=5", "f=1.5", "b=true", "s=tcp and dst port 80", "e=", "q=a=b"];
  const argv = inputs.flatMap((input) => ["-i", input]);
  t.equal((await run(t, "--socket", socket, "apply", at, ...argv)).exit, 0);
  t.equal((await run(t, "--socket", socket, "apply", join(at, "nsd.yaml"), "--name", "other")).exit, 0);
  t.equal((await run(t, "--socket", socket, "apply", `${at}/../my service/.`)).exit, 0);
  t.match(bodies, [
    {
      id: "my-service",
      entry: "nsd.yaml",
      files: { "nsd.yaml": "a: 1\n" },
      inputs: { n: 5, f: 1.5, b: true, s: "tcp and dst port 80", e: "", q: "a=b" },
    },
    { id: "other", name: "other", entry: "nsd.yaml" },
    { id: "my-service" },
  ]);
});

t.test("a package is its descriptors and scripts, also in folders, and nothing else", async (t) => {
  const at = await folder(t);
  await mkdir(join(at, "vnf"));
  await mkdir(join(at, ".git"));
  for (const name of ["nsd.yaml", "vnf/f.yml", "vnf/f.click", "README.md", "secret.key", ".git/x.yaml"])
    await writeFile(join(at, name), name);
  const { entry, files } = await readPackageFiles(at);
  t.equal(entry, "nsd.yaml");
  t.same(files, { "nsd.yaml": "nsd.yaml", "vnf/f.yml": "vnf/f.yml", "vnf/f.click": "vnf/f.click" });
  t.equal((await readPackageFiles(join(at, "vnf", "f.yml"))).entry, "f.yml");
});

t.test("a package that cannot be read says which file and why", async (t) => {
  const at = await folder(t);
  const unreadable = { code: "package.unreadable" } as const;
  await t.rejects(readPackageFiles(join(at, "none")), {
    ...unreadable,
    detail: /cannot read .*none: ENOENT/,
  });
  await t.rejects(readPackageFiles(at), {
    ...unreadable,
    detail: /has an nsd\.yaml or nsd\.yml; found no descriptor/,
  });
  await writeFile(join(at, "other.yaml"), "");
  await t.rejects(readPackageFiles(at), { ...unreadable, detail: /found other\.yaml/ });
  await writeFile(join(at, "nsd.yaml"), "");
  await symlink(join(at, "gone"), join(at, "dangling.yaml"));
  await t.rejects(readPackageFiles(at), { ...unreadable, detail: /dangling\.yaml: ENOENT/ });
  await rm(join(at, "dangling.yaml"));
  await writeFile(join(at, "latin1.click"), Buffer.from([0x2f, 0x2f, 0xe4]));
  await t.rejects(readPackageFiles(at), { ...unreadable, detail: /latin1\.click: it is not UTF-8/ });
  t.match(await run(t, "apply", join(at, "none")), { exit: 1, error: /package\.unreadable/ });
});

t.test(
  "a socket that this user may not open: 5, and what to do",
  { skip: process.geteuid?.() !== 0 },
  async (t) => {
    const socket = await agent(t, (_request, response) => response.end("[]"));
    await chmod(dirname(socket), 0o755);
    await chmod(socket, 0o600);
    process.seteuid?.(65_534);
    const refused = await run(t, "--socket", socket, "service", "list").finally(() => process.seteuid?.(0));
    t.match(refused, { exit: 5, error: /this user may not open .*agent\.sock \(EACCES\): run it as root/ });
  },
);

t.test(
  "events -f: what happens between the past and the stream is neither lost nor said twice",
  async (t) => {
    let streams = 0;
    const socket = await agent(t, (request, response) => {
      if (request.url === "/api/v1/stream") {
        streams++;
        response.write(": open\n\n");
        for (const name of ["past", "between"])
          response.write(`data: ${JSON.stringify(agentEvent(name))}\n\n`);
        setImmediate(() => response.end(`data: ${JSON.stringify(agentEvent("later"))}\n\n`));
        return;
      }
      if (streams !== 1) response.writeHead(500); // the stream is to be open before the past is read
      response.end(JSON.stringify([agentEvent("long ago"), agentEvent("past")]));
    });
    const { out } = await run(t, "--socket", socket, "--json", "events", "-f");
    const said = out.trim().split("\n");
    t.same(
      said.map((line) => (JSON.parse(line) as { object: string }).object),
      ["long ago", "past", "between", "later"],
    );
  },
);

t.test("an input is a number only where the number gives it back as written", async (t) => {
  const at = await folder(t);
  await writeFile(join(at, "nsd.yaml"), "x: y");
  let inputs: unknown;
  const socket = await agent(t, async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    ({ inputs } = JSON.parse(body) as { inputs: unknown });
    response.end("{}");
  });
  const given = ["imsi=001010000000001", "n=42", "r=-1.5", "big=12345678901234567890", "on=true", "s=1.0"];
  await run(t, "--socket", socket, "apply", at, ...given.flatMap((pair) => ["-i", pair]));
  t.same(inputs, {
    imsi: "001010000000001",
    n: 42,
    r: -1.5,
    big: "12345678901234567890",
    on: true,
    s: "1.0",
  });
});

t.test("a stream that the agent refuses says why, and is not taken for one without events", async (t) => {
  const socket = await agent(t, refusing("agent.internal", "no stream today"));
  const { signal } = new AbortController();
  await t.rejects(
    createAgentClient(socket).stream("/api/v1/stream", () => undefined, signal),
    {
      code: "agent.internal",
      detail: "no stream today",
    },
  );
});

t.test(
  "a console: refused in the agent's words; one that breaks off is 5, and not the shell's end",
  async (t) => {
    const refused = await agent(t, refusing("object.conflict", "f is failed"));
    await t.rejects(shellConsole(refused, "f"), { code: "object.conflict", detail: "f is failed" });
    const none = join(await folder(t), "none.sock");
    await t.rejects(shellConsole(none, "f"), { code: "agent.unreachable", detail: /ENOENT/ });
    for (const said of [Buffer.alloc(0), Buffer.from([0, 0xff, 0xff, 0xff, 0xff])]) {
      const socket = join(await folder(t), "agent.sock");
      const server = createServer().on("upgrade", (_request, upgraded) => {
        upgraded.on("error", () => undefined);
        upgraded.write(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: lightmano-console/1\r\n\r\n",
        );
        upgraded.end(said);
      });
      await new Promise<void>((resolve) => server.listen(socket, resolve));
      t.teardown(() => server.close());
      await t.rejects(shellConsole(socket, "f"), { code: "agent.unreachable" });
    }
  },
);

t.test("colours only on a terminal, and not with NO_COLOR; empty, it does not count", async (t) => {
  const { NO_COLOR } = process.env;
  t.teardown(() => {
    if (NO_COLOR === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = NO_COLOR;
  });
  for (const [value, terminal, coloured] of [
    ["1", true, false],
    ["", true, true],
    ["", false, false],
  ] as const) {
    process.env.NO_COLOR = value;
    t.equal(createOutput(false, terminal).state("failed").includes("\u001b["), coloured);
  }
});

t.test("metrics are printed as Prometheus gets them, or as JSON", async (t) => {
  const families = [
    {
      name: "m",
      type: "gauge",
      help: "Ms.",
      samples: [{ name: "m", labels: [["x", 'a"b']], value: "1", timestamp: null }],
    },
  ];
  const socket = await agent(t, (request, response) => {
    response.writeHead(request.url === "/api/v1/metrics" ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(families));
  });
  t.match(await run(t, "--socket", socket, "metrics"), {
    exit: 0,
    out: '# HELP m Ms.\n# TYPE m gauge\nm{x="a\\"b"} 1\n',
  });
  t.same(JSON.parse((await run(t, "--socket", socket, "--json", "metrics")).out), families);
});
