/** A private Open vSwitch for tests: its own ovsdb-server and ovs-vswitchd, in a network namespace of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCleanup, endProcess, makeNamespace, sh, until } from "./real.js";

export const OVS_PROGRAMS = [
  "ip",
  "ovsdb-tool",
  "ovsdb-server",
  "ovs-vswitchd",
  "ovs-vsctl",
  "ovs-ofctl",
] as const;

export interface RealOvs {
  readonly namespace: string;
  readonly runDir: string;
  readonly ovsdbSocket: string;
  startDatabase(): Promise<void>;
  stopDatabase(): Promise<void>;
  startSwitch(): Promise<void>;
  /** As by a crash: SIGKILL. */
  stopSwitch(): Promise<void>;
  /** It stands still (SIGSTOP), and goes on. */
  pauseSwitch(): void;
  resumeSwitch(): void;
  ofctl(...args: readonly string[]): Promise<string>;
  vsctl(...args: readonly string[]): Promise<string>;
  ip(...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export async function startRealOvs(): Promise<RealOvs> {
  const cleanup = createCleanup();
  try {
    return await start(cleanup);
  } catch (thrown) {
    await cleanup.run();
    throw thrown;
  }
}

async function start(cleanup: ReturnType<typeof createCleanup>): Promise<RealOvs> {
  const runDir = await mkdtemp(join(tmpdir(), "lmt-ovs-"));
  cleanup.add(() => rm(runDir, { recursive: true, force: true }));
  const namespace = await makeNamespace(cleanup);
  const ovsdbSocket = join(runDir, "db.sock");
  const schema = "/usr/share/openvswitch/vswitch.ovsschema";
  const env = { ...process.env, OVS_RUNDIR: runDir, OVS_LOGDIR: runDir, OVS_DBDIR: runDir };
  await sh("ovsdb-tool", "create", join(runDir, "conf.db"), schema);

  const daemon = (program: string, ...args: readonly string[]) =>
    spawn("ip", ["netns", "exec", namespace, program, ...args, "-vconsole:off", "-vsyslog:off"], {
      env,
      stdio: "ignore",
    });
  let database: ChildProcess | null = null;
  let vswitchd: ChildProcess | null = null;
  const vsctl = (...args: readonly string[]) => sh("ovs-vsctl", `--db=unix:${ovsdbSocket}`, ...args);
  const real: RealOvs = {
    namespace,
    runDir,
    ovsdbSocket,
    vsctl,
    ofctl: (command, ...args) => sh("ovs-ofctl", "-O", "OpenFlow14", String(command), ...args),
    ip: (...args) => sh("ip", "-n", namespace, ...args),
    async startDatabase() {
      await rm(ovsdbSocket, { force: true });
      database = daemon(
        "ovsdb-server",
        join(runDir, "conf.db"),
        `--remote=punix:${ovsdbSocket}`,
        `--unixctl=${runDir}/ovsdb.ctl`,
      );
      await until("ovsdb-server listens", () =>
        access(ovsdbSocket).then(
          () => true,
          () => false,
        ),
      );
    },
    async stopDatabase() {
      if (database) await endProcess(database, "SIGKILL");
    },
    async startSwitch() {
      vswitchd = daemon(
        "ovs-vswitchd",
        `unix:${ovsdbSocket}`,
        `--unixctl=${runDir}/vswitchd.ctl`,
        `--pidfile=${runDir}/vswitchd.pid`,
      );
    },
    pauseSwitch: () => void vswitchd?.kill("SIGSTOP"),
    resumeSwitch: () => void vswitchd?.kill("SIGCONT"),
    async stopSwitch() {
      if (vswitchd) await endProcess(vswitchd, "SIGKILL");
    },
    close: () => cleanup.run(),
  };
  cleanup.add(() => real.stopDatabase());
  cleanup.add(() => real.stopSwitch());
  await real.startDatabase();
  await vsctl("--no-wait", "init");
  await real.startSwitch();
  return real;
}
