/** A private dockerd for tests: its own data, sockets and containerd, no networks, one small image. */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, symlink } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCleanup, endProcess, sh, until } from "./real.js";

export const DOCKER_PROGRAMS = ["dockerd", "docker", "containerd", "busybox", "tar"] as const;
export const TEST_IMAGE = "lightmano-test/busybox";

export interface RealDocker {
  readonly socketPath: string;
  start(): Promise<void>;
  /** As by a crash: SIGKILL; containers go on (`--live-restore`). */
  stop(): Promise<void>;
  /** SIGSTOP: the socket takes connections, nobody answers. Resolves when every thread of it has stopped. */
  freeze(): Promise<void>;
  thaw(): void;
  docker(...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export async function startRealDocker(): Promise<RealDocker> {
  const cleanup = createCleanup();
  try {
    const folder = await mkdtemp(join(tmpdir(), "lmt-docker-"));
    cleanup.add(() => removeTree(folder));
    const real = daemonIn(folder, cleanup);
    await real.start();
    await importImage(folder, real);
    return real;
  } catch (thrown) {
    await cleanup.run();
    throw thrown;
  }
}

function daemonIn(folder: string, cleanup: ReturnType<typeof createCleanup>): RealDocker {
  const socketPath = join(folder, "docker.sock");
  let daemon: ChildProcess | null = null;
  const docker = (...args: readonly string[]) => sh("docker", "-H", `unix://${socketPath}`, ...args);
  const real: RealDocker = {
    socketPath,
    docker,
    async start() {
      // A containerd that was killed may stay a zombie, which dockerd takes for one that runs.
      for (const pid of ["docker.pid", "exec/containerd/containerd.pid"])
        await rm(join(folder, pid), { force: true });
      const paths = [
        "--data-root",
        join(folder, "data"),
        "--exec-root",
        join(folder, "exec"),
        "-p",
        join(folder, "docker.pid"),
      ];
      const quiet = ["--bridge=none", "--iptables=false", "--ip6tables=false", "--live-restore"];
      const log = await open(join(folder, "dockerd.log"), "a");
      const child = spawn("dockerd", ["-H", `unix://${socketPath}`, ...paths, ...quiet], {
        stdio: ["ignore", log.fd, log.fd],
      });
      daemon = child;
      await log.close();
      try {
        await until(
          "dockerd answers",
          async () => {
            if (child.exitCode !== null) throw new Error(`dockerd ended with exit code ${child.exitCode}`);
            return answers(socketPath);
          },
          30_000,
        );
      } catch (thrown) {
        const words = (await readFile(join(folder, "dockerd.log"), "utf8")).split("\n").slice(-30);
        throw new Error(`${(thrown as Error).message}; it wrote last:\n${words.join("\n")}`, {
          cause: thrown,
        });
      }
    },
    async stop() {
      if (daemon) await endProcess(daemon, "SIGKILL");
    },
    async freeze() {
      if (!daemon?.pid) throw new Error("there is no dockerd to freeze");
      const { pid } = daemon;
      daemon.kill("SIGSTOP");
      await until("every thread has stopped", () => isStopped(pid));
    },
    thaw: () => void daemon?.kill("SIGCONT"),
    close: () => cleanup.run(),
  };
  // SIGTERM: it ends its containerd too.
  cleanup.add(() => daemon && endProcess(daemon));
  cleanup.add(async () => {
    daemon?.kill("SIGCONT");
    if (!(await answers(socketPath))) await real.start();
    const ids = (await docker("ps", "-aq")).split("\n").filter(Boolean);
    if (ids.length > 0) await docker("rm", "-f", ...ids);
  });
  return real;
}

async function importImage(folder: string, real: RealDocker): Promise<void> {
  const root = join(folder, "image");
  await mkdir(join(root, "bin"), { recursive: true });
  await copyFile("/bin/busybox", join(root, "bin/busybox"));
  for (const applet of ["sh", "nc", "sleep", "echo", "cat", "seq"])
    await symlink("busybox", join(root, "bin", applet));
  await sh("tar", "-C", root, "-cf", join(folder, "image.tar"), ".");
  await real.docker("import", join(folder, "image.tar"), TEST_IMAGE);
}

/** A daemon that was killed leaves its mounts; what is still mounted must not be removed through them. */
async function removeTree(folder: string): Promise<void> {
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .flatMap((line) => line.split(" ")[1] ?? []);
  for (const mount of mounts
    .filter((path) => path.startsWith(`${folder}/`))
    .sort()
    .reverse())
    await sh("umount", mount);
  await rm(folder, { recursive: true, force: true });
}

/** A signal stops the threads of a process one after another; until then those that run go on answering. */
async function isStopped(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`);
  const states = await Promise.all(
    threads.map(async (thread) => {
      const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, "latin1");
      return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
    }),
  );
  return states.every((state) => state === "T");
}

/** `docker version` costs a process each time. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = get({ socketPath, path: "/_ping", timeout: 1_000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once("timeout", () => ping.destroy());
    ping.once("error", () => resolve(false));
  });
}
