import { parseArgs } from "node:util";
import { DEFAULT_CONFIG_PATH } from "./config.js";
import { main } from "./main.js";

const USAGE = `usage: lightmano agent [--config FILE]

Runs the node's agent until SIGTERM; the functions go on without it.
  --config FILE   default ${DEFAULT_CONFIG_PATH}; docs/reference/agent-config.md has the keys
`;

async function run(): Promise<number> {
  let values: { config: string; help: boolean };
  try {
    const config = { type: "string", default: DEFAULT_CONFIG_PATH } as const;
    const help = { type: "boolean", short: "h", default: false } as const;
    values = parseArgs({ options: { config, help } }).values;
  } catch (error) {
    process.stderr.write(`lightmano agent: ${error instanceof Error ? error.message : error}\n${USAGE}`);
    return 2;
  }
  if (!values.help) return main(values.config);
  process.stdout.write(USAGE);
  return 0;
}

process.exit(await run());
