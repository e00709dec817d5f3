/** docs/reference/cli.md, from the `lightmano` command itself. */
import type { Command, Option } from "commander";
import { buildProgram } from "../../agent/cli/program.js";
import { DEFAULT_CONFIG_PATH } from "../../agent/config.js";
import { USAGE } from "../../controller/config.js";
import { LAB_USAGE } from "../../lab/cli.js";
import { EXIT_CODES } from "./errors.js";
import { code, fenced, literal, page, sentence, table } from "./markdown.js";

export function cliPage(): string {
  const program = buildProgram();
  const verbs = leavesOf(program);
  return page(
    "agent/cli/program.ts",
    "The `lightmano` command",
    "Talks to the agent of this node over its local socket. Tables are for people and may change; `--json` is for programs. Colour only on a terminal, never with `NO_COLOR`.",
    "Options before or after the verb:",
    optionsTable(program.options),
    table(
      ["Verb", "Does"],
      verbs.map((verb) => [`[${code(titleOf(verb))}](#${anchorOf(verb)})`, verb.description()]),
    ),
    ...verbs.map(verbSection),
    "## lightmano agent",
    `Runs the agent. \`--config FILE\` names its settings, by default ${code(DEFAULT_CONFIG_PATH)}. See [agent.yaml](agent-config.md).`,
    "## lightmano controller",
    `${fenced(USAGE)}\n\nSee [the controller's settings](controller-config.md).`,
    "## lightmano lab",
    fenced(LAB_USAGE),
    "## Exit codes",
    table(
      ["Exit code", "Meaning"],
      EXIT_CODES.map(([exit, meaning]) => [String(exit), meaning]),
    ),
    "Which error has which: [errors](errors.md).",
  );
}

function leavesOf(command: Command): readonly Command[] {
  const { commands } = command;
  return commands.flatMap((child) => (child.commands.length > 0 ? leavesOf(child) : [child]));
}

/** `lightmano service show`, without arguments. */
function titleOf(command: Command): string {
  return command.parent ? `${titleOf(command.parent)} ${command.name()}` : command.name();
}

const anchorOf = (command: Command): string => titleOf(command).replaceAll(" ", "-");

function verbSection(command: Command): string {
  const wanted = command.registeredArguments.map((argument) => ({
    name: argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    description: sentence(argument.description),
  }));
  const options = command.options.length > 0 ? ["[options]"] : [];
  return [
    `## ${titleOf(command)}`,
    fenced([titleOf(command), ...wanted.map(({ name }) => name), ...options].join(" ")),
    sentence(capital(command.description())),
    table(
      ["Argument", "Meaning"],
      wanted
        .filter(({ description }) => description !== "")
        .map(({ name, description }) => [code(name), description]),
    ),
    optionsTable(command.options),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function optionsTable(options: readonly Option[]): string {
  return table(
    ["Option", "Meaning", "Default", "Environment"],
    options.map(({ flags, description, defaultValue, envVar }) => [
      code(flags),
      sentence(capital(description)),
      defaultValue === undefined || defaultValue === false || isEmpty(defaultValue)
        ? ""
        : literal(defaultValue),
      envVar === undefined ? "" : code(envVar),
    ]),
  );
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
