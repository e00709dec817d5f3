/** The `lightmano` command: its verbs. Exit codes are design §4.3's; the error registry has them. */
import { resolve } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { ERRORS, formatProblem, LightmanoError, problemOf } from "../../model/errors.js";
import type { AgentEvent, FunctionStatus, NodeInventory, ServiceStatus } from "../../model/messages/node.js";
import { VERSION } from "../version.js";
import { type AgentClient, createAgentClient } from "./client.js";
import { handlerConsole, shellConsole } from "./console.js";
import { createOutput, type Output, size } from "./output.js";
import { readPackageFiles } from "./package-files.js";

const DEFAULT_SOCKET = "/run/lightmano/agent.sock";

interface GlobalOptions {
  readonly json: boolean;
  readonly socket: string;
}

/** Runs one command line; resolves with the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const program = buildProgram();
  const json = argv.includes("--json");
  // A program that reads our errors gets one object, also where the parser of the command line complains.
  if (json)
    for (const command of [program, ...everyCommand(program)])
      command.configureOutput({ writeErr: () => undefined });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    return failed(error, createOutput(json, process.stderr.isTTY === true));
  }
}

function failed(error: unknown, output: Output): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const detail =
      error.code === "commander.help" ? "a verb is missing" : error.message.replace(/^error: /, "");
    if (output.json) output.error(JSON.stringify({ code: "usage.invalid", detail, problems: [] }));
    return ERRORS["usage.invalid"].exit;
  }
  const { code, detail } = problemOf(error);
  const problems = error instanceof LightmanoError ? error.problems : [];
  if (output.json) output.error(JSON.stringify({ code, detail, problems }));
  else {
    for (const problem of problems) output.error(formatProblem(problem));
    output.error(`lightmano: ${detail} [${code}]`);
    if (problems.length === 0) output.error(output.dim(`  ${ERRORS[code].remedy}`));
  }
  return ERRORS[code].exit;
}

/** The whole command with its verbs; docs/reference/cli.md is generated from it. */
export function buildProgram(): Command {
  const program = new Command("lightmano")
    .description("LightMANO: the MANO of this node")
    .version(VERSION)
    .option("--json", "print JSON", false)
    .addOption(
      new Option("--socket <path>", "the agent's socket").env("LIGHTMANO_SOCKET").default(DEFAULT_SOCKET),
    )
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      "after",
      "\nAlso: lightmano lab up|down|status, lightmano agent, lightmano controller; each has --help.",
    );
  const tools = () => {
    const { json, socket } = program.opts<GlobalOptions>();
    return { client: createAgentClient(socket), output: createOutput(json, process.stdout.isTTY === true) };
  };
  addNodeVerbs(program, tools);
  addServiceVerbs(program, tools);
  addLvnfVerbs(program, tools);
  addImageVerbs(program, tools);
  for (const command of everyCommand(program)) command.exitOverride();
  return program;
}

type Tools = () => { readonly client: ReturnType<typeof createAgentClient>; readonly output: Output };

function everyCommand(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...everyCommand(child)]);
}

interface Status {
  readonly site: string;
  readonly node: string;
  readonly version: string;
  readonly uptimeS: number;
  readonly rssBytes: number;
  readonly journal: { readonly state: string; readonly reason: string | null };
  readonly link: {
    readonly controller: string | null;
    readonly connected: boolean;
    readonly pendingReports: number;
  };
  readonly drivers: readonly {
    readonly name: string;
    readonly state: string;
    readonly reason: string | null;
    readonly version: string | null;
  }[];
  readonly services: readonly ServiceStatus[];
}

type Inventory = Omit<NodeInventory, "v" | "id" | "ts">;

function addNodeVerbs(program: Command, tools: Tools): void {
  program
    .command("status")
    .description("what runs on this node")
    .action(async () => {
      const { client, output } = tools();
      output.show(await client.get<Status>("/api/v1/status"), (status) => {
        const { link } = status;
        output.line(
          `node ${status.node} of site ${status.site}, agent ${status.version}, up ${status.uptimeS} s, ${size(status.rssBytes)}`,
        );
        output.line(
          `controller ${link.controller ?? "none"}: ${output.state(link.connected ? "online" : "offline")}, ${link.pendingReports} reports waiting; journal ${output.state(status.journal.state)}${status.journal.reason ? ` (${status.journal.reason})` : ""}`,
        );
        output.line(
          status.drivers
            .map((d) => `${d.name} ${output.state(d.state)}${d.reason ? ` (${d.reason})` : ""}`)
            .join(" · "),
        );
        for (const service of status.services) printService(service, output);
        if (status.services.length === 0) output.line(output.dim("no services"));
      });
    });
  program
    .command("doctor")
    .description("what this node needs and whether it has it")
    .action(async () => {
      const { client, output } = tools();
      const found = await client.get<{
        drivers: Status["drivers"];
        ports: { sap: string; interface: string; present: boolean }[];
        journal: string | null;
      }>("/api/v1/doctor");
      output.show(found, ({ drivers, ports, journal }) => {
        output.table(
          ["CHECK", "STATE", "DETAIL"],
          [
            ...drivers.map((d) => [d.name, output.state(d.state), d.reason ?? d.version ?? ""]),
            ...ports.map((p) => [
              `port ${p.sap}`,
              output.state(p.present ? "ok" : "failed"),
              p.present ? p.interface : `interface ${p.interface} is not there`,
            ]),
            ["journal", output.state(journal === null ? "ok" : "failed"), journal ?? ""],
          ],
        );
      });
      const healthy =
        found.drivers.every((d) => d.state === "ready") &&
        found.ports.every((p) => p.present) &&
        found.journal === null;
      if (!healthy) throw new LightmanoError("driver.unavailable", "the node is not healthy");
    });
  program
    .command("node")
    .description("the machine")
    .command("show")
    .description("hardware, system, ports")
    .action(async () => {
      const { client, output } = tools();
      output.show(await client.get<Inventory>("/api/v1/inventory"), (found) => {
        const { cpu, system } = found;
        output.line(
          `${system.manufacturer} ${system.model}${system.virtual ? " (virtual)" : ""}, ${found.os}, ${found.kernel}, ${found.architecture}`,
        );
        output.line(`${cpu.cores} × ${cpu.model}, ${size(found.memoryBytes)} memory`);
        output.table(
          ["DISK", "KIND", "SIZE"],
          found.disks.map((d) => [d.name, d.kind, size(d.sizeBytes)]),
        );
        output.table(
          ["PORT", "INTERFACE"],
          found.ports.map((p) => [p.name, p.interface]),
        );
      });
    });
  program
    .command("why <object>")
    .description("why a service, function, path or driver is in its state")
    .action(async (object: string) => {
      const { client, output } = tools();
      output.show(
        await client.get<{ now: string; events: AgentEvent[] }>(
          `/api/v1/why?object=${encodeURIComponent(object)}`,
        ),
        ({ now, events }) => {
          output.line(now);
          for (const event of events) {
            output.line(`${output.dim(event.ts)} ${event.detail}`);
            const chain = [
              event.cause && `cause: ${event.cause}`,
              event.rule && `rule: ${event.rule}`,
              event.action && `action: ${event.action}`,
            ].filter(Boolean);
            if (chain.length > 0) output.line(output.dim(`    ${chain.join(" → ")}`));
          }
        },
      );
    });
  program
    .command("events")
    .description("what happened")
    .option("-f, --follow", "go on as it happens", false)
    .option("-n, --limit <count>", "how many", "50")
    .action(async ({ follow, limit }: { follow: boolean; limit: string }) => {
      const { client, output } = tools();
      const print = (event: AgentEvent): void =>
        output.line(
          output.json
            ? JSON.stringify(event)
            : `${output.dim(event.ts)} ${event.object} ${event.type} ${event.detail}`,
        );
      const path = `/api/v1/events?limit=${Number.parseInt(limit, 10)}`;
      const past = await client.get<AgentEvent[]>(path);
      // With --follow there is no end to put a bracket at: then JSON is an object a line.
      if (output.json && !follow) output.line(JSON.stringify(past));
      else for (const event of past) print(event);
      if (!follow) return;
      const stop = new AbortController();
      process.once("SIGINT", () => stop.abort());
      await client.stream("/api/v1/stream", (event) => print(event as AgentEvent), stop.signal);
    });
  program
    .command("port")
    .description("ports of the bridge")
    .command("list")
    .description("all ports: OpenFlow number, link, what they are for")
    .action(async () => {
      const { client, output } = tools();
      output.show(
        await client.get<
          { name: string; ofport: number; linkUp: boolean; error: string | null; use: string | null }[]
        >("/api/v1/ports"),
        (ports) =>
          output.table(
            ["PORT", "OFPORT", "LINK", "USE", "ERROR"],
            ports.map((p) => [p.name, p.ofport, p.linkUp ? "up" : "down", p.use, p.error]),
          ),
      );
    });
  program
    .command("chain")
    .description("forwarding paths")
    .command("list")
    .description("all paths: state, flows on the bridge, why not active")
    .action(async () => {
      const { client, output } = tools();
      output.show(
        await client.get<{ id: string; state: string; reason: string | null; flows: number }[]>(
          "/api/v1/chains",
        ),
        (chains) =>
          output.table(
            ["PATH", "STATE", "FLOWS", "REASON"],
            chains.map((c) => [c.id, output.state(c.state), c.flows, c.reason]),
          ),
      );
    });
}

interface ApplyOptions {
  readonly name?: string;
  readonly input: readonly string[];
}

function addServiceVerbs(program: Command, tools: Tools): void {
  const inputOption = () =>
    new Option("-i, --input <name=value>", "an input of the service; can be given several times")
      .argParser((value: string, all: string[] = []) => [...all, value])
      .default([]);
  program
    .command("apply <package>")
    .description("run a service: a package is a directory with nsd.yaml, or that file")
    .option("--name <name>", "name of the service; default: the directory's")
    .addOption(inputOption())
    .action(async (path: string, options: ApplyOptions) => {
      const { client, output } = tools();
      const applied = await client.send<{ id: string; revision: number }>(
        "POST",
        "/api/v1/services",
        await applyBody(path, options),
      );
      output.show(applied, ({ id, revision }) =>
        output.line(
          `service ${id}, revision ${revision}: accepted; \`lightmano service show ${id}\` shows how it goes`,
        ),
      );
    });
  program
    .command("plan <package>")
    .description("what apply would do")
    .option("--name <name>", "name of the service; default: the directory's")
    .addOption(inputOption())
    .action(async (path: string, options: ApplyOptions) => {
      const { client, output } = tools();
      type Works = { object: string; cause: string; steps: { text: string }[] }[];
      output.show(
        await client.send<Works>("POST", "/api/v1/plan", await applyBody(path, options)),
        (works) => {
          for (const { object, cause, steps } of works) {
            output.line(`${object}: ${cause}`);
            for (const { text } of steps) output.line(`  ${text}`);
          }
          if (works.length === 0) output.line("nothing to do");
        },
      );
    });
  const service = program.command("service").description("network services");
  service
    .command("list")
    .description("all services in short")
    .action(async () => {
      const { client, output } = tools();
      output.show(await client.get<ServiceStatus[]>("/api/v1/services"), (services) =>
        output.table(
          ["SERVICE", "STATE", "FUNCTIONS", "REVISION", "REASON"],
          services.map((s) => [
            s.id,
            output.state(s.state),
            `${s.functions.filter((f) => f.state === "running").length}/${s.functions.length}`,
            s.revision,
            s.reason,
          ]),
        ),
      );
    });
  service
    .command("show <id>")
    .description("one service: functions and paths")
    .action(async (id: string) => {
      const { client, output } = tools();
      output.show(await client.get<ServiceStatus>(`/api/v1/services/${encodeURIComponent(id)}`), (found) =>
        printService(found, output),
      );
    });
  service
    .command("heal <id>")
    .description("try again now what failed")
    .action(async (id: string) => {
      const { client, output } = tools();
      output.show(
        await client.send<{ tried: string[] }>("POST", `/api/v1/services/${encodeURIComponent(id)}/heal`),
        ({ tried }) => output.line(tried.length > 0 ? `trying ${tried.join(", ")}` : "nothing has failed"),
      );
    });
  service
    .command("terminate <id>")
    .description("remove a service and all that was made for it")
    .action(async (id: string) => {
      const { client, output } = tools();
      await client.send("DELETE", `/api/v1/services/${encodeURIComponent(id)}`);
      output.show({ id }, () => output.line(`service ${id} is being terminated`));
    });
}

async function applyBody(path: string, { name, input }: ApplyOptions): Promise<unknown> {
  const inputs = Object.fromEntries(
    input.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new LightmanoError("usage.invalid", `--input ${pair}: expected NAME=VALUE`);
      return [pair.slice(0, at), scalarOf(pair.slice(at + 1))];
    }),
  );
  const { entry, files } = await readPackageFiles(path);
  const given = name ?? defaultName(path);
  return { id: given, name: given, entry, files, inputs };
}

/** As YAML reads it: numbers and booleans are such. */
function scalarOf(text: string): string | number | boolean {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text === "true" || text === "false" ? text === "true" : text;
}

function defaultName(path: string): string {
  const parts = resolve(path).split("/").filter(Boolean);
  const last = parts.at(-1) ?? "service";
  return (/\.ya?ml$/.test(last) ? (parts.at(-2) ?? last.replace(/\.ya?ml$/, "")) : last).replace(
    /[^A-Za-z0-9._-]/g,
    "-",
  );
}

function addLvnfVerbs(program: Command, tools: Tools): void {
  const lvnf = program.command("lvnf").description("light virtual network functions (Click)");
  const path = (id: string, rest: string): string => `/api/v1/functions/${encodeURIComponent(id)}/${rest}`;
  lvnf
    .command("list")
    .description("all LVNFs")
    .action(async () => {
      const { client, output } = tools();
      output.show(await client.get<FunctionStatus[]>("/api/v1/lvnfs"), (all) => printFunctions(all, output));
    });
  lvnf
    .command("show <id>")
    .description("one LVNF and its declared handlers")
    .action(async (id: string) => {
      const { client, output } = tools();
      const all = await client.get<FunctionStatus[]>("/api/v1/lvnfs");
      const found = all.find((f) => f.id === id || f.name === id);
      if (!found) throw new LightmanoError("object.not-found", `no LVNF ${id}`);
      const handlers = await client.get<{ name: string; access: string; state: boolean }[]>(
        path(found.id, "handlers"),
      );
      output.show({ ...found, handlers }, () => {
        printFunctions([found], output);
        output.table(
          ["HANDLER", "ACCESS", "STATE"],
          handlers.map((h) => [h.name, h.access, h.state ? "kept" : ""]),
        );
      });
    });
  lvnf
    .command("read <id> <handler>")
    .description("the value of a declared handler")
    .action(async (id: string, handler: string) => {
      const { client, output } = tools();
      output.show(
        await client.get<{ value: string }>(path(id, `handlers/${encodeURIComponent(handler)}`)),
        ({ value }) => output.line(value.trimEnd()),
      );
    });
  lvnf
    .command("write <id> <handler> <value>")
    .description("write to a declared handler")
    .action(async (id: string, handler: string, value: string) => {
      const { client, output } = tools();
      await client.send("PUT", path(id, `handlers/${encodeURIComponent(handler)}`), { value });
      output.show({ id, handler }, () => output.line("done"));
    });
  lvnf
    .command("stats <id>")
    .description("memory and CPU time of a function")
    .action(async (id: string) => {
      const { client, output } = tools();
      output.show(
        await client.get<{ memoryBytes: number; cpuSeconds: number } | null>(path(id, "stats")),
        (stats) =>
          output.line(
            stats ? `memory ${size(stats.memoryBytes)}, CPU ${stats.cpuSeconds.toFixed(2)} s` : "not running",
          ),
      );
    });
  lvnf
    .command("logs <id>")
    .description("the last lines of a function's output")
    .option("-n, --lines <count>", "how many", "100")
    .action(async (id: string, { lines }: { lines: string }) => {
      const { client, output } = tools();
      output.show(
        await client.get<{ text: string }>(path(id, `logs?lines=${Number.parseInt(lines, 10)}`)),
        ({ text }) => output.line(text),
      );
    });
  lvnf
    .command("console <id>")
    .description("a dialogue with its handlers; for a container, a shell inside")
    .action((id: string) => openConsole(tools().client, program.opts<GlobalOptions>().socket, id));
  lvnf
    .command("restart <id>")
    .description("end the process or container; the agent starts it again")
    .action(async (id: string) => {
      const { client, output } = tools();
      output.show(await client.send<{ id: string }>("POST", path(id, "restart")), (done) =>
        output.line(`${done.id} is being restarted`),
      );
    });
}

/** The CLI's exit code is the shell's. */
async function openConsole(client: AgentClient, socket: string, id: string): Promise<void> {
  const lvnfs = await client.get<FunctionStatus[]>("/api/v1/lvnfs");
  const lvnf = lvnfs.find((f) => f.id === id || f.name === id);
  if (lvnf) return handlerConsole(client, lvnf.id);
  process.exitCode = await shellConsole(socket, id);
}

function addImageVerbs(program: Command, tools: Tools): void {
  program
    .command("image")
    .description("container images")
    .command("show <function>")
    .description("which image a container is of, and its size")
    .action(async (id: string) => {
      const { client, output } = tools();
      const path = `/api/v1/functions/${encodeURIComponent(id)}/image`;
      output.show(await client.get<{ image: string; bytes: number | null } | null>(path), (image) =>
        output.line(image ? `${image.image} ${size(image.bytes)}` : "no container image"),
      );
    });
}

function printService(service: ServiceStatus, output: Output): void {
  output.line(
    `\nservice ${service.id}: ${output.state(service.state)}${service.reason ? ` (${service.reason})` : ""}`,
  );
  printFunctions(service.functions, output);
  output.table(
    ["PATH", "STATE", "FLOWS"],
    service.chains.map((c) => [c.name, output.state(c.state), c.flows]),
  );
}

function printFunctions(functions: readonly FunctionStatus[], output: Output): void {
  output.table(
    ["FUNCTION", "KIND", "STATE", "PID", "BOOT", "RESTARTS", "SINCE", "REASON"],
    functions.map((f) => [
      f.id,
      f.kind,
      output.state(f.state),
      f.pid,
      f.bootMs === null ? null : `${f.bootMs} ms`,
      f.restarts,
      f.since,
      f.reason,
    ]),
  );
}
