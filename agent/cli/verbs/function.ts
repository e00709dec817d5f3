/** Verbs about functions: lvnf, image. */
import type { Command } from "commander";
import { LightmanoError } from "../../../model/errors.js";
import type { FunctionStatus } from "../../../model/messages/node.js";
import type { AgentClient } from "../client.js";
import { handlerConsole, shellConsole } from "../console.js";
import { size } from "../output.js";
import { countUpTo, type GlobalOptions, printFunctions, type Tools } from "./common.js";

export function addLvnfVerbs(program: Command, tools: Tools): void {
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
    .option("-n, --lines <count>", "how many", countUpTo(10_000), 100)
    .action(async (id: string, { lines }: { lines: number }) => {
      const { client, output } = tools();
      output.show(await client.get<{ text: string }>(path(id, `logs?lines=${lines}`)), ({ text }) =>
        output.line(text),
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

export function addImageVerbs(program: Command, tools: Tools): void {
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
