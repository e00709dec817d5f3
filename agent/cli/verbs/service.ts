/** Verbs about network services: apply, plan, service. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { LightmanoError } from "../../../model/errors.js";
import type { ServiceStatus } from "../../../model/messages/node.js";
import { readPackageFiles } from "../package-files.js";
import { printService, type Tools } from "./common.js";

interface ApplyOptions {
  readonly name?: string;
  readonly input: readonly string[];
}

export function addServiceVerbs(program: Command, tools: Tools): void {
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
    .description("try again now what failed, and forgive the failures of what runs")
    .action(async (id: string) => {
      const { client, output } = tools();
      output.show(
        await client.send<{ tried: string[]; forgiven: string[] }>(
          "POST",
          `/api/v1/services/${encodeURIComponent(id)}/heal`,
        ),
        ({ tried, forgiven }) => {
          if (tried.length > 0) output.line(`trying ${tried.join(", ")}`);
          if (forgiven.length > 0) output.line(`failures of ${forgiven.join(", ")} do not count any more`);
          if (tried.length + forgiven.length === 0) output.line("nothing has failed");
        },
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

/** Numbers and booleans are such, but for what a number would not give back as written: `001010000000001` is an IMSI. */
function scalarOf(text: string): string | number | boolean {
  if (/^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text) return Number(text);
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
