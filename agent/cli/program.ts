/** The `lightmano` command; its verbs are in verbs/. Exit codes are design §4.3's; the error registry has them. */
import { Command, CommanderError, Option } from "commander";
import { ERRORS, formatProblem, LightmanoError, problemOf } from "../../model/errors.js";
import { VERSION } from "../version.js";
import { createAgentClient } from "./client.js";
import { createOutput, type Output } from "./output.js";
import type { GlobalOptions } from "./verbs/common.js";
import { addImageVerbs, addLvnfVerbs } from "./verbs/function.js";
import { addNodeVerbs } from "./verbs/node.js";
import { addServiceVerbs } from "./verbs/service.js";
import { addSiteVerbs } from "./verbs/site.js";

const DEFAULT_SOCKET = "/run/lightmano/agent.sock";

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
  addSiteVerbs(program, tools);
  addServiceVerbs(program, tools);
  addLvnfVerbs(program, tools);
  addImageVerbs(program, tools);
  for (const command of everyCommand(program)) command.exitOverride();
  return program;
}

function everyCommand(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...everyCommand(child)]);
}
