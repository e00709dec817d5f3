/** The edge node's own Open vSwitch, in its namespace, with the userspace (netdev) datapath. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type ExecResult, runOk } from "./command.js";
import { type LabContext, ownershipMark } from "./context.js";
import { ensureProcess, findProcess, stopProcess, waitReady } from "./processes.js";

export const OVSDB_PROCESS = "ovsdb-server";
export const VSWITCHD_PROCESS = "ovs-vswitchd";

/** Carries S1 while no agent does. */
export const BARE_BRIDGE = "br-bare";

const SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema";

/** Its database lives as long as the lab: ports come back after a restart of the switch, flows do not. */
export async function ensureOvs(lab: LabContext): Promise<boolean> {
  const { ovsRunDir, ovsdbSocket, vswitchdControl } = lab.paths;
  const database = join(ovsRunDir, "conf.db");
  await mkdir(ovsRunDir, { recursive: true });
  if (!existsSync(database)) await runOk(["ovsdb-tool", "create", database, SCHEMA], { signal: lab.signal });

  const env = ovsEnvironment(lab);
  const server = await ensureProcess(lab, {
    name: OVSDB_PROCESS,
    ns: "edge",
    env,
    argv: [
      "ovsdb-server",
      database,
      `--remote=punix:${ovsdbSocket}`,
      `--pidfile=${join(ovsRunDir, "ovsdb-server.pid")}`,
      `--unixctl=${join(ovsRunDir, "ovsdb-server.ctl")}`,
      "-vconsole:warn",
      "--no-chdir",
    ],
  });
  const probe = ["ovs-vsctl", `--db=unix:${ovsdbSocket}`, "--timeout=2", "--no-wait", "init"];
  await waitReady(
    lab,
    server,
    "ovsdb-server answers",
    async () => existsSync(ovsdbSocket) && (await answers(probe)),
  );

  const vswitchd = await ensureProcess(lab, {
    name: VSWITCHD_PROCESS,
    ns: "edge",
    env,
    argv: [
      "ovs-vswitchd",
      `unix:${ovsdbSocket}`,
      `--pidfile=${join(ovsRunDir, "ovs-vswitchd.pid")}`,
      `--unixctl=${vswitchdControl}`,
      "-vconsole:warn",
      "--no-chdir",
    ],
  });
  if (vswitchd.started) {
    // Without --no-wait ovs-vsctl returns when the switch has taken the configuration over.
    const touch = ["ovs-vsctl", `--db=unix:${ovsdbSocket}`, "--timeout=1"];
    const configured = () =>
      answers([...touch, "set", "Open_vSwitch", ".", `external_ids:lab=${lab.prefix}`]);
    await waitReady(lab, vswitchd, "ovs-vswitchd has taken its configuration", configured);
  }
  return server.started || vswitchd.started;
}

export async function stopOvs(lab: LabContext, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
  await stopProcess(lab, VSWITCHD_PROCESS, { signal });
  await stopProcess(lab, OVSDB_PROCESS, { signal });
}

/** SIGKILL to the switch alone, as a crash does it. */
export async function killVswitchd(lab: LabContext): Promise<boolean> {
  return stopProcess(lab, VSWITCHD_PROCESS, { signal: "SIGKILL" });
}

export async function isOvsRunning(lab: LabContext): Promise<boolean> {
  const running = await Promise.all([findProcess(lab, OVSDB_PROCESS), findProcess(lab, VSWITCHD_PROCESS)]);
  return running.every((record) => record !== undefined);
}

export function ovsVsctl(lab: LabContext, ...words: readonly string[]): Promise<ExecResult> {
  const argv = ["ovs-vsctl", `--db=unix:${lab.paths.ovsdbSocket}`, "--timeout=10", ...words];
  return runOk(argv, { signal: lab.signal });
}

export function ovsOfctl(lab: LabContext, ...words: readonly string[]): Promise<ExecResult> {
  return runOk(["ovs-ofctl", "-O", "OpenFlow14", ...words], { env: ovsEnvironment(lab), signal: lab.signal });
}

/**
 * Joins s1-ran and s1-core by an ordinary learning bridge, as long as no agent is there to chain them.
 * Errors: `lab.command` when another bridge holds one of the ports.
 */
export async function bridgeS1Directly(lab: LabContext): Promise<void> {
  const bridge = ["--may-exist", "add-br", BARE_BRIDGE, "--", "set", "bridge", BARE_BRIDGE];
  // fail_mode standalone without a controller: the switch itself puts the NORMAL flow back after a restart.
  const settings = ["datapath_type=netdev", "fail_mode=standalone"];
  const ports = ["s1-ran", "s1-core"].flatMap((port) => ["--", "--may-exist", "add-port", BARE_BRIDGE, port]);
  await ovsVsctl(lab, ...bridge, ...settings, ...ports);
}

export async function unbridgeS1(lab: LabContext): Promise<void> {
  await ovsVsctl(lab, "--if-exists", "del-br", BARE_BRIDGE);
}

/** Bridge that holds a port now, whoever made it. */
export async function bridgeOf(lab: LabContext, port: string): Promise<string | undefined> {
  const argv = ["ovs-vsctl", `--db=unix:${lab.paths.ovsdbSocket}`, "--timeout=2", "port-to-br", port];
  return runOk(argv).then(
    (result) => result.stdout.trim(),
    () => undefined,
  );
}

function ovsEnvironment(lab: LabContext): Readonly<Record<string, string>> {
  const dir = lab.paths.ovsRunDir;
  return { OVS_RUNDIR: dir, OVS_LOGDIR: dir, OVS_DBDIR: dir, OVS_SYSCONFDIR: dir, ...ownershipMark(lab) };
}

async function answers(argv: readonly string[]): Promise<boolean> {
  return runOk(argv).then(
    () => true,
    () => false,
  );
}
