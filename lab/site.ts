/** The lab with LightMANO on it: a controller on the far side of the WAN, an agent on the edge node. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "./errors.js";
import type { Lab, LabProcess } from "./lab.js";
import { waitUntil } from "./wait.js";

export interface SiteOptions {
  readonly lab: Lab;
  readonly projectRoot: string;
  /** Keys of agent.yaml in the place of the lab's own; undefined: the default. */
  readonly agentSettings?: Readonly<Record<string, unknown>>;
  /** Asked at each start of the agent; what is left out is the checkout's. */
  readonly launch?: () => AgentLaunch;
}

/** How the agent is started. */
export interface AgentLaunch {
  /** Another `lightmano` command than the checkout's: another version. */
  readonly command?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A started program that can be killed and started again under the same name. */
export interface Program {
  start(): Promise<LabProcess>;
  /** SIGTERM. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  process(): LabProcess | null;
}

export interface Site {
  readonly agent: Program;
  readonly controller: Program;
  /** The `lightmano` command on the edge node: its JSON. Throws with what it wrote when it fails. */
  lightmano<T>(...argv: readonly string[]): Promise<T>;
  /** The controller's REST, from the far side of the WAN: the parsed body. Throws on a status of 400 or more. */
  rest<T>(method: string, path: string, body?: unknown): Promise<RestAnswer<T>>;
  readonly socket: string;
  readonly stateDir: string;
  readonly runDir: string;
}

export interface RestAnswer<T> {
  readonly status: number;
  readonly location: string | null;
  readonly body: T;
}

export const SITE = "demo";
export const NODE = "edge-1";
const REST_PORT = 8080;
export const MQTT_PORT = 1883;

export async function createSite({
  lab,
  projectRoot,
  agentSettings = {},
  launch = () => ({}),
}: SiteOptions): Promise<Site> {
  const stateDir = join(lab.paths.stateDir, "agent");
  const runDir = join(lab.paths.runDir, "agent");
  const configPath = join(lab.paths.runDir, "agent.yaml");
  const socket = join(runDir, "agent.sock");
  const command = join(projectRoot, "bin", "lightmano");
  await mkdir(runDir, { recursive: true });
  const config = { ...agentConfig(lab, projectRoot, stateDir, runDir), ...agentSettings };
  await writeFile(configPath, `${JSON.stringify(config, null, 2)}\n`); // JSON is YAML
  const controllerArgs = [
    "--host",
    lab.addresses.controller,
    "--rest-port",
    String(REST_PORT),
    "--mqtt-port",
    String(MQTT_PORT),
    "--state-dir",
    join(lab.paths.stateDir, "controller"),
  ];
  const startAgent = () => {
    const { command: other = command, env = {} } = launch();
    return { argv: [other, "agent", "--config", configPath], env };
  };
  const agent = program(lab, "edge", "agent", startAgent, () => answers(lab, command, socket));
  const controller = program(
    lab,
    "inet",
    "controller",
    () => ({ argv: [command, "controller", ...controllerArgs], env: {} }),
    async () => {
      const probe = await lab.exec("inet", [
        "curl",
        "-sf",
        "-o",
        "/dev/null",
        `http://${lab.addresses.controller}:${REST_PORT}/api/v1/health`,
      ]);
      return probe.code === 0;
    },
  );
  return {
    agent,
    controller,
    socket,
    stateDir,
    runDir,
    async lightmano<T>(...argv: readonly string[]) {
      const done = await lab.exec("edge", [command, "--json", "--socket", socket, ...argv]);
      if (done.code !== 0)
        throw new LabError({
          code: "lab.command",
          message: `lightmano ${argv.join(" ")} ended with ${done.code}: ${done.stderr.trim()}`,
        });
      return JSON.parse(done.stdout) as T;
    },
    rest: (method, path, body) =>
      rest(lab, method, `http://${lab.addresses.controller}:${REST_PORT}${path}`, body),
  };
}

function agentConfig(lab: Lab, projectRoot: string, stateDir: string, runDir: string) {
  return {
    site: SITE,
    node: NODE,
    ports: { ran: "s1-ran", core: "s1-core", wan: "wan0" },
    bridge: { name: "br-edge", datapathType: "netdev" },
    // Faults of the uplink are to be noticed while a test waits for that.
    controller: { url: `mqtt://${lab.addresses.controller}:${MQTT_PORT}`, keepaliveSeconds: 30 },
    stateDir,
    runDir,
    ovs: { database: lab.paths.ovsdbSocket, runDir: lab.paths.ovsRunDir },
    docker: { socket: lab.paths.dockerSocket },
    click: { program: join(projectRoot, "build", "click", "lclick") },
    telemetrySeconds: 5,
    links: { program: join(projectRoot, "build", "links", "lightmano-links") },
    watchdog: { program: join(projectRoot, "build", "watchdog", "lightmano-watchdog") },
  };
}

async function answers(lab: Lab, command: string, socket: string): Promise<boolean> {
  return (await lab.exec("edge", [command, "--json", "--socket", socket, "status"])).code === 0;
}

function program(
  lab: Lab,
  ns: "edge" | "inet",
  name: string,
  launch: () => { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> },
  isReady: () => Promise<boolean>,
): Program {
  let current: LabProcess | null = null;
  let starts = 0;
  return {
    process: () => current,
    async start() {
      starts += 1;
      const { argv, env } = launch();
      const started = await lab.spawn(ns, argv, {
        name,
        env,
        logPath: join(lab.paths.logDir, `${name}-${starts}.log`),
      });
      current = started;
      await waitUntil(
        `${name} answers`,
        async () => {
          if (!started.isRunning())
            throw new LabError({
              code: "lab.command",
              message: `${name} ended: ${(await readFile(started.logPath, "utf8")).slice(-2_000)}`,
            });
          return isReady();
        },
        { timeoutMs: 20_000 },
      );
      return started;
    },
    async stop() {
      await current?.stop();
      current = null;
    },
    async kill() {
      await current?.stop({ signal: "SIGKILL" });
      current = null;
    },
  };
}

async function rest<T>(lab: Lab, method: string, url: string, body: unknown): Promise<RestAnswer<T>> {
  const payload = body === undefined ? [] : ["-H", "content-type: application/json", "--data-binary", "@-"];
  const done = await lab.exec(
    "inet",
    ["curl", "-sS", "-X", method, ...payload, "-w", "\n%{http_code} %header{location}", url],
    body === undefined ? {} : { input: JSON.stringify(body) },
  );
  if (done.code !== 0)
    throw new LabError({ code: "lab.command", message: `${method} ${url}: ${done.stderr.trim()}` });
  const at = done.stdout.lastIndexOf("\n");
  const [status = "0", location = ""] = done.stdout.slice(at + 1).split(" ");
  const text = done.stdout.slice(0, at);
  if (Number(status) >= 400)
    throw new LabError({ code: "lab.command", message: `${method} ${url}: ${status} ${text}` });
  return {
    status: Number(status),
    location: location || null,
    body: (text === "" ? null : JSON.parse(text)) as T,
  };
}
