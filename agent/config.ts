/** agent.yaml: what the node is called, which ports it has, where its daemons are. */
import { readFile } from "node:fs/promises";
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { LightmanoError, type Problem, problem } from "../model/errors.js";
import { ID_PATTERN } from "../model/ids.js";

export const AgentConfig = Type.Object(
  {
    site: Type.String({ pattern: ID_PATTERN, description: "Site that the node belongs to." }),
    node: Type.String({ pattern: ID_PATTERN, description: "Name of the node, unique in its site." }),
    ports: Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 15 }), {
      default: {},
      description: "Ports for services: SAP name → network interface.",
    }),
    bridge: Type.Object(
      {
        name: Type.String({
          default: "lightmano0",
          maxLength: 15,
          description: "The Open vSwitch bridge; made by the agent.",
        }),
        datapathType: Type.Union([Type.Literal("system"), Type.Literal("netdev")], {
          default: "system",
          description: "system: kernel datapath; netdev: userspace.",
        }),
      },
      { default: {}, additionalProperties: false },
    ),
    controller: Type.Object(
      {
        url: Type.Union([Type.String({ pattern: "^mqtts?://" }), Type.Null()], {
          default: null,
          description: "mqtt://HOST:PORT, or null: the node is on its own.",
        }),
      },
      { default: {}, additionalProperties: false },
    ),
    stateDir: Type.String({ default: "/var/lib/lightmano", description: "Survives a reboot: the journal." }),
    runDir: Type.String({
      default: "/run/lightmano",
      description: "Does not: sockets, logs and state of LVNFs.",
    }),
    ovs: Type.Object(
      {
        database: Type.String({
          default: "/var/run/openvswitch/db.sock",
          description: "Socket of ovsdb-server.",
        }),
        runDir: Type.String({
          default: "/var/run/openvswitch",
          description: "Where ovs-vswitchd has its sockets.",
        }),
      },
      { default: {}, additionalProperties: false },
    ),
    docker: Type.Object(
      { socket: Type.String({ default: "/var/run/docker.sock", description: "Socket of dockerd." }) },
      { default: {}, additionalProperties: false },
    ),
    click: Type.Object(
      { program: Type.String({ default: "/usr/lib/lightmano/lclick", description: "lclick, or a click." }) },
      { default: {}, additionalProperties: false },
    ),
    telemetrySeconds: Type.Number({
      default: 10,
      minimum: 1,
      description: "Seconds between telemetry messages.",
    }),
  },
  { $id: "AgentConfig", additionalProperties: false },
);
export type AgentConfig = Static<typeof AgentConfig>;

export const DEFAULT_CONFIG_PATH = "/etc/lightmano/agent.yaml";

/** Reads and checks the file. All problems at once, each with the file's name and the key. */
export async function readConfig(path: string): Promise<AgentConfig> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new LightmanoError(
      "usage.invalid",
      `cannot read ${path}: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  });
  const { parseYaml, plain } = await import("../model/tosca/source.js");
  const { tree, problems } = parseYaml(path, text);
  if (!tree) throw invalid(path, problems);
  const value = Value.Default(AgentConfig, plain(tree));
  if (Value.Check(AgentConfig, value)) return value;
  throw invalid(
    path,
    [...Value.Errors(AgentConfig, value)].map((error) =>
      problem(
        "usage.invalid",
        `${error.path.slice(1).replaceAll("/", ".") || "the file"}: ${error.message}`,
        { file: path, line: 1, column: 1 },
      ),
    ),
  );
}

function invalid(path: string, problems: readonly Problem[]): LightmanoError {
  const unique = [...new Map(problems.map((p) => [p.detail, p])).values()];
  return new LightmanoError(
    "usage.invalid",
    `${path} has errors: ${unique.map(({ detail }) => detail).join("; ")}`,
    { problems: unique },
  );
}
