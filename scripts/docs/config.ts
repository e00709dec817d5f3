/** agent-config.md and controller-config.md, from the schemas that the files are read with. */
import { AgentConfig, DEFAULT_CONFIG_PATH } from "../../agent/config.js";
import { ControllerConfig, readConfig, USAGE } from "../../controller/config.js";
import { code, fenced, literal, page, table } from "./markdown.js";
import { membersOf } from "./schema.js";

export function agentConfigPage(): string {
  const rows = membersOf(AgentConfig).map(({ path, type, required, default: fallback, description }) => [
    code(path),
    type,
    fallback || (required && !isGroup(type) ? "**required**" : ""),
    description,
  ]);
  return page(
    "agent/config.ts",
    "agent.yaml",
    `The agent reads ${code(DEFAULT_CONFIG_PATH)}, or the file that \`lightmano agent --config FILE\` names, once, when it starts. An unknown key is an error.`,
    table(["Key", "Type", "Default", "Meaning"], rows),
  );
}

export async function controllerConfigPage(): Promise<string> {
  const dashboardDir = "(dashboard/ beside the program)";
  const defaults = (await readConfig([], { dashboardDir })) as Readonly<Record<string, unknown>> | null;
  const rows = membersOf(ControllerConfig).map(({ path, type, description }) => [
    code(path),
    code(`--${path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`),
    type,
    path === "dashboardDir" ? dashboardDir : defaults?.[path] === undefined ? "" : literal(defaults[path]),
    description,
  ]);
  return page(
    "controller/config.ts",
    "The controller's settings",
    "From a YAML file (`lightmano controller --config FILE`), from flags, or both: a flag wins.",
    table(["Key", "Flag", "Type", "Default", "Meaning"], rows),
    fenced(USAGE),
  );
}

const isGroup = (type: string): boolean => type === "object";
