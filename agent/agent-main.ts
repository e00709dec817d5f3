import { parseArgs } from "node:util";
import { DEFAULT_CONFIG_PATH } from "./config.js";
import { main } from "./main.js";

const { values } = parseArgs({ options: { config: { type: "string", default: DEFAULT_CONFIG_PATH } } });
process.exit(await main(values.config));
