/** Where the controller's settings come from: defaults, then a YAML file, then flags. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Static, Type } from "@sinclair/typebox";
import { parse } from "yaml";
import { LightmanoError } from "../model/errors.js";
import { parserOf } from "../model/validate.js";

const port = (description: string) => Type.Integer({ minimum: 0, maximum: 65_535, description });

export const ControllerConfig = Type.Object(
  {
    host: Type.String({ minLength: 1, description: "Address that REST and MQTT listen on." }),
    restPort: port("TCP port of REST and the page; 0: any free one."),
    mqttPort: port("TCP port of the embedded broker; 0: any free one."),
    brokerUrl: Type.Optional(
      Type.String({ description: "Another MQTT broker instead of the embedded one." }),
    ),
    stateDir: Type.String({ minLength: 1, description: "Where controller.db is kept." }),
    dashboardDir: Type.String({ minLength: 1, description: "Where the page lies." }),
    logLevel: Type.Union(
      (["debug", "info", "warn", "error"] as const).map((level) => Type.Literal(level)),
      { description: "Least severity that is logged." },
    ),
  },
  { $id: "ControllerConfig", additionalProperties: false },
);
export type ControllerConfig = Static<typeof ControllerConfig>;

const FLAGS = {
  config: { type: "string" },
  host: { type: "string" },
  "rest-port": { type: "string" },
  "mqtt-port": { type: "string" },
  "broker-url": { type: "string" },
  "state-dir": { type: "string" },
  "dashboard-dir": { type: "string" },
  "log-level": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

export const USAGE = `usage: controller [--config FILE] [--host ADDRESS] [--rest-port N] [--mqtt-port N] [--broker-url URL]
                  [--state-dir DIR] [--dashboard-dir DIR] [--log-level debug|info|warn|error]
Ports may be 0 (any free one). When ready it prints one JSON line with the ports in use.`;

/** Null when help was asked for. Throws `usage.invalid` with a sentence that names what is wrong. */
export async function readConfig(
  argv: readonly string[],
  defaults: Partial<ControllerConfig>,
): Promise<ControllerConfig | null> {
  const flags = readFlags(argv);
  if (flags.help) return null;
  const file = flags.config === undefined ? {} : await readYaml(flags.config);
  const number = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  const given = {
    host: flags.host,
    restPort: number(flags["rest-port"]),
    mqttPort: number(flags["mqtt-port"]),
    brokerUrl: flags["broker-url"],
    stateDir: flags["state-dir"],
    dashboardDir: flags["dashboard-dir"],
    logLevel: flags["log-level"],
  };
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const fallback = {
    host: "127.0.0.1",
    restPort: 8080,
    mqttPort: 1883,
    stateDir: "/var/lib/lightmano-controller",
    logLevel: "info",
  };
  const parsed = parserOf(ControllerConfig, "configuration").value({
    ...fallback,
    ...defaults,
    ...file,
    ...said,
  });
  if (!parsed.ok) throw new LightmanoError(parsed.error.code, parsed.error.detail);
  return parsed.value;
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: false }).values;
  } catch (cause) {
    throw new LightmanoError("usage.invalid", cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
}

async function readYaml(path: string): Promise<object> {
  let value: unknown;
  try {
    value = parse(await readFile(path, "utf8")) ?? {};
  } catch (cause) {
    throw new LightmanoError("usage.invalid", `${path}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new LightmanoError("usage.invalid", `${path}: expected settings as \`name: value\``);
  return value;
}
