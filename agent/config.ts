/** agent.yaml: what the node is called, which ports it has, where its daemons are. */
import { readFile } from "node:fs/promises";
import { type Static, Type } from "@sinclair/typebox";
import { Value, type ValueError } from "@sinclair/typebox/value";
import { LightmanoError, type Problem, problem, type SourcePlace } from "../model/errors.js";
import { ID_PATTERN } from "../model/ids.js";
import type { Located } from "../model/tosca/source.js";
import { HubConfig, hubFaults } from "./hub/settings.js";

/**
 * A ping and its answer are 160 bytes with all headers: at this period 23 KB a day. A node whose uplink broke shows as offline after
 * one and a half of it, one that stopped or crashed at once.
 */
export const KEEPALIVE_SECONDS = 600;
export const TELEMETRY_AT_LEAST_SECONDS = 21_600;

export const WATCHDOG = {
  program: "/usr/lib/lightmano/lightmano-watchdog",
  seconds: 30,
  memoryMiB: 512, // the state of a million sessions takes some 80 while it is saved
} as const;

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
        keepaliveSeconds: Type.Optional(
          Type.Integer({
            default: KEEPALIVE_SECONDS,
            minimum: 5,
            maximum: 65_535,
            description:
              "Seconds of silence after which the connection is tried. A lost uplink is noticed at the controller within one and a half of it; each try costs 160 bytes on the link.",
          }),
        ),
        keptReports: Type.Integer({
          default: 50_000,
          minimum: 100,
          maximum: 10_000_000,
          description:
            "So many reports wait at most while the controller is away; then the oldest go, and it is said.",
        }),
        keptReportBytes: Type.Integer({
          default: 16_777_216,
          minimum: 65_536,
          maximum: 17_179_869_184,
          description: "Or so many bytes of them, whichever comes first.",
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
    links: Type.Object(
      {
        program: Type.String({
          default: "/usr/lib/lightmano/lightmano-links",
          description: "lightmano-links: makes and sets network interfaces for the agent.",
        }),
      },
      { default: {}, additionalProperties: false },
    ),
    metrics: Type.Object(
      {
        port: Type.Union([Type.Integer({ minimum: 1, maximum: 65_535 }), Type.Null()], {
          default: null,
          description: "TCP port for `GET /metrics` and nothing else; null: on the Unix socket only.",
        }),
        host: Type.String({
          default: "127.0.0.1",
          minLength: 1,
          description: "Address that this port is on. Whoever reaches it may read the metrics.",
        }),
      },
      { default: {}, additionalProperties: false },
    ),
    watchdog: Type.Optional(
      Type.Object(
        {
          program: Type.String({
            default: WATCHDOG.program,
            description: "lightmano-watchdog: watches the agent from outside and speaks to systemd.",
          }),
          seconds: Type.Number({
            default: WATCHDOG.seconds,
            minimum: 1,
            maximum: 3600,
            description: "An agent that gives no sign of life for so long is ended, to be started again.",
          }),
          memoryMiB: Type.Integer({
            default: WATCHDOG.memoryMiB,
            minimum: 64,
            description: "An agent that needs more memory ends, to be started again.",
          }),
        },
        { default: {}, additionalProperties: false },
      ),
    ),
    /** Without it the node is its site. */
    hub: Type.Optional(HubConfig),
    telemetrySeconds: Type.Number({
      default: 60,
      minimum: 1,
      maximum: 86_400,
      description:
        "How often telemetry is looked at, in seconds. It is sent when figures have changed considerably…",
    }),
    telemetryAtLeastSeconds: Type.Optional(
      Type.Number({
        default: TELEMETRY_AT_LEAST_SECONDS,
        minimum: 1,
        maximum: 604_800,
        description: "…and after so many seconds in any case.",
      }),
    ),
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
  const value = Value.Default(AgentConfig, plain(tree) ?? {}) /* an empty file says nothing */;
  if (Value.Check(AgentConfig, value)) {
    const { url } = value.controller;
    const faults = value.hub ? hubFaults(value.hub, value.node) : [];
    const wrong = [
      ...(url === null || hostOf(url) !== ""
        ? []
        : [{ keys: ["controller", "url"], detail: `Expected mqtt://HOST:PORT, got ${url}` }]),
      ...faults.map(({ key, detail }) => ({ keys: ["hub", key], detail })),
    ];
    if (wrong.length === 0) return value;
    throw invalid(
      path,
      wrong.map(({ keys, detail }) =>
        problem("usage.invalid", `${keys.join(".")}: ${detail}`, placeOf(tree, keys)),
      ),
    );
  }
  const perKey = new Map([...Value.Errors(AgentConfig, value)].reverse().map((error) => [error.path, error]));
  throw invalid(
    path,
    [...perKey.values()].reverse().map((error) => {
      const keys = error.path.split("/").slice(1);
      return problem(
        "usage.invalid",
        `${keys.join(".") || "the file"}: ${expectation(error)}`,
        placeOf(tree, keys),
      );
    }),
  );
}

/** Empty where it names none, or is no URL at all. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : "");

/** What a key must be: the choices where there are some, what the schema says of it elsewhere. */
function expectation({ message, schema }: ValueError): string {
  const choices: readonly { readonly const?: unknown }[] = schema.anyOf ?? [];
  if (choices.length > 0 && choices.every((choice) => choice.const !== undefined))
    return `Expected ${choices.map((choice) => choice.const).join(" or ")}`;
  return schema.description ? `${message} (${schema.description})` : message;
}

/** Where a key's value stands; of one that is not there, where it is missing; of an unknown one, the key. */
function placeOf(tree: Located, keys: readonly string[]): SourcePlace {
  let at = tree;
  for (const [index, key] of keys.entries()) {
    const entry = at.kind === "map" ? at.entries.get(key) : undefined;
    if (!entry) return at.place;
    if (index === keys.length - 1 && entry.value.kind !== "scalar") return entry.keyPlace;
    at = entry.value;
  }
  return at.place;
}

function invalid(path: string, problems: readonly Problem[]): LightmanoError {
  const unique = [...new Map(problems.map((p) => [p.detail, p])).values()];
  return new LightmanoError(
    "usage.invalid",
    `${path} has errors: ${unique.map(({ detail }) => detail).join("; ")}`,
    { problems: unique },
  );
}
